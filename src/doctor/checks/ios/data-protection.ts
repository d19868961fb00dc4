import { dataProtectionOf } from '../../../project/info-plist.ts';
import type { Check, Evidence, Finding } from '../../check.ts';
import { functionAround } from '../../code/apple-functions.ts';
import { isDebugOnly } from '../../code/conditions.ts';
import { appleSourcesContaining } from '../../code/function-index.ts';
import type { DoctorRepo } from '../../repo.ts';
import { iosNeedsOf } from './needs.ts';

export const dataProtection: Check = {
  id: 'I21',
  title: 'The app’s files can be read while the device is locked',
  severity: 'warning',
  why: 'Background tasks run mostly while the device is locked. With NSFileProtectionComplete the queue’s database cannot be opened then: the run fails, or takes the queue for empty.',
  source:
    'https://developer.apple.com/documentation/bundleresources/entitlements/com.apple.developer.default-data-protection',
  fix: 'Use NSFileProtectionCompleteUntilFirstUserAuthentication, or give the files of the queue that class.',
  explain: [
    'The entitlement sets the protection class of every file that the app makes. NSFileProtectionComplete takes the key away about ten seconds after the device is locked; a processing task runs at night, when it is. Reading then fails with “Operation not permitted”, SQLite with error 23 (authorization denied) or 14 (cannot open).',
    'NSFileProtectionCompleteUntilFirstUserAuthentication, which iOS uses by default, keeps files readable from the first unlock after a restart. The class can also be set for a single file; doctor knows one that is a store by what the function around it calls it:',
    '    try FileManager.default.setAttributes(\n      [.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication],\n      ofItemAtPath: queueURL.path)',
  ].join('\n\n'),
  async run(repo) {
    const [need] = await iosNeedsOf(repo);
    if (need === undefined) return [];
    const evidence = [need.at];
    const ofCode = await protectedStores(repo, evidence);
    const ofApp = (await repo.entitlements()).flatMap((file) => {
      const found = dataProtectionOf(file);
      if (found?.value !== 'NSFileProtectionComplete') return [];
      const message = `${found.key} is ${found.value}`;
      return [{ file: file.path, line: found.line, message, evidence }];
    });
    return [...ofApp, ...ofCode];
  },
};

/** The class that is lost as the device is locked: of Swift, of Objective-C, of a write, of SQLite. */
const COMPLETE =
  /\bFileProtectionType\s*\.\s*complete\b|\bprotectionKey\s*:\s*\.complete\b|\.completeFileProtection\b|\bNS(?:FileProtection|DataWritingFileProtection)Complete\b|\bSQLITE_OPEN_FILEPROTECTION_COMPLETE\b/g;
/** What a file is called that a sync reads: documents that a user keeps for herself may be of the class. */
const STORE =
  /sqlite|realm|grdb|fmdb|database|persistent_?store|outbox|(?<!ap)pending|\bqueue(?:\.|URL|Path|File)|\.db\b/i;

/** Stores that the app’s own code gives that class: https://github.com/groue/GRDB.swift/issues/1153 */
async function protectedStores(
  repo: DoctorRepo,
  evidence: readonly Evidence[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const needles = ['rotectionType.complete', '.complete', 'ProtectionComplete', 'TECTION_COMPLETE'];
  for (const file of await appleSourcesContaining(repo, needles)) {
    for (const { 0: text, index } of file.code.matchAll(COMPLETE)) {
      if (isDebugOnly(file, index)) continue;
      // What is asked for, and not set.
      if (/[!=]=\s*$|\bcase\s*$/.test(file.code.slice(Math.max(0, index - 20), index))) continue;
      const around = functionAround(file, index);
      const [from, to] = around ? [around.offset, around.body.end] : [index - 600, index + 300];
      if (!STORE.test(file.noComments.slice(Math.max(0, from), to))) continue;
      const message = `${text.replace(/\s/g, '')} is given to what a run reads: it cannot be opened while the device is locked`;
      findings.push({ file: file.path, line: file.line(index), message, evidence });
    }
  }
  return findings;
}
