import { dataProtectionOf } from '../../../project/info-plist.ts';
import type { Check } from '../../check.ts';
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
    'NSFileProtectionCompleteUntilFirstUserAuthentication, which iOS uses by default, keeps files readable from the first unlock after a restart. The class can also be set for a single file:',
    '    try FileManager.default.setAttributes(\n      [.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication],\n      ofItemAtPath: queueURL.path)',
  ].join('\n\n'),
  async run(repo) {
    const [need] = await iosNeedsOf(repo);
    if (need === undefined) return [];
    const evidence = [need.at];
    return (await repo.entitlements()).flatMap((file) => {
      const found = dataProtectionOf(file);
      if (found?.value !== 'NSFileProtectionComplete') return [];
      const message = `${found.key} is ${found.value}`;
      return [{ file: file.path, line: found.line, message, evidence }];
    });
  },
};
