import type { Check, Finding } from '../../check.ts';
import { appleSourcesContaining } from '../../code/function-index.ts';
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
    'doctor cannot know which items the sync reads; it names the places that store items of that class. Items that only the app in the foreground reads may stay as they are.',
    '    query[kSecAttrAccessible as String] = kSecAttrAccessibleAfterFirstUnlock',
  ].join('\n\n'),
  async run(repo) {
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
  },
};
