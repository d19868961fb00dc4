import type { Check, Finding } from '../../check.ts';
import { appleSourcesContaining } from '../../code/function-index.ts';
import { KEYCHAINS } from '../../code/keychain-packages.ts';
import { mayRunInBackground } from '../../code/task-libraries.ts';
import type { DoctorRepo } from '../../repo.ts';
import { iosNeedsOf } from './needs.ts';

export const keychainWhenUnlocked: Check = {
  id: 'I22',
  title: 'Keychain items that a background run needs are readable while the device is locked',
  severity: 'info',
  why: 'A run on a locked device gets errSecInteractionNotAllowed (-25308) for an item of class WhenUnlocked; apps that take that for “no token” sign the user out.',
  source: 'https://github.com/kishikawakatsumi/KeychainAccess/issues/509',
  fix: 'Where the sync reads the item, store it with kSecAttrAccessibleAfterFirstUnlock.',
  explain: [
    'An item of the keychain is stored with kSecAttrAccessibleWhenUnlocked unless something else is said. Background tasks run mostly while the device is locked; reading such an item then fails with -25308.',
    'In Swift and Objective-C doctor cannot know which items the sync reads; it names the places that store items of that class. Items that only the app in the foreground reads may stay as they are. In JavaScript it follows what background functions read through expo-secure-store, react-native-keychain, react-native-sensitive-info and @aparajita/capacitor-secure-storage; the default of the first and the last two is for an unlocked device.',
    '    query[kSecAttrAccessible as String] = kSecAttrAccessibleAfterFirstUnlock',
  ].join('\n\n'),
  async run(repo) {
    return [...(await inNativeCode(repo)), ...(await inJavaScript(repo))];
  },
};

async function inJavaScript(repo: DoctorRepo): Promise<Finding[]> {
  if (!KEYCHAINS.some(({ name }) => repo.depends(name))) return [];
  if (!(await mayRunInBackground(repo))) return [];
  const { lockedItems } = await import('../../code/js-keychains.ts');
  return (await lockedItems(repo)).map(({ file, line, library, accessibility, read }) => ({
    file,
    line,
    message: `${library} stores the item as ${accessibility}: it cannot be read while the device is locked`,
    evidence: [{ ...read, says: 'reads it in the background' }],
    fix: FIXES[library] ?? 'Store it so that it can be read after the first unlock.',
  }));
}

const FIXES: Readonly<Record<string, string>> = {
  'expo-secure-store':
    'Store it with { keychainAccessible: SecureStore.AFTER_FIRST_UNLOCK }; items that are there already have to be stored anew.',
  'react-native-keychain': 'Store it with { accessible: ACCESSIBLE.AFTER_FIRST_UNLOCK }.',
  'react-native-sensitive-info':
    "Store it with { kSecAttrAccessible: 'kSecAttrAccessibleAfterFirstUnlock' }.",
};

async function inNativeCode(repo: DoctorRepo): Promise<Finding[]> {
  const findings: Finding[] = [];
  const files = await appleSourcesContaining(repo, [
    'kSecAttrAccessibleWhenUnlocked',
    '.whenUnlocked',
  ]);
  const [need] = files.length === 0 ? [] : await iosNeedsOf(repo);
  if (need === undefined) return [];
  for (const file of files) {
    const [match] = file.code.matchAll(
      /\bkSecAttrAccessibleWhenUnlocked(?:ThisDeviceOnly)?\b|\.accessibility\(\s*\.whenUnlocked\w*/g,
    );
    if (match === undefined) continue;
    const message = `${match[0]}: the item cannot be read while the device is locked`;
    const evidence = [need.at];
    findings.push({ file: file.path, line: file.line(match.index), message, evidence });
  }
  return findings;
}
