import type { Check, Finding } from '../../check.ts';
import { dependencyOf } from '../../evidence.ts';
import type { DoctorRepo } from '../../repo.ts';
import { iosNeedsOf } from '../ios/needs.ts';

const LIBRARY = '@capacitor-community/sqlite';
const SETTING = 'iosIsEncryption';

export const lockedKeychain: Check = {
  id: 'Q06',
  title: 'The key of an encrypted database can be read while the device is locked',
  severity: 'warning',
  why: '@capacitor-community/sqlite keeps its passphrase in the keychain without an accessibility, so that it is readable on an unlocked device alone: a background run on a locked one cannot open the database.',
  source: 'https://github.com/capacitor-community/sqlite/issues/522',
  fix: 'Keep what the background run needs in a database that is not encrypted by the plugin, or one whose key the app stores with kSecAttrAccessibleAfterFirstUnlock.',
  explain: [
    'An item of the keychain that is stored without `kSecAttrAccessible` has the class WhenUnlocked (https://developer.apple.com/documentation/security/ksecattraccessiblewhenunlocked). Most background windows come while the device is locked; reading the item then fails, and with it the opening of the database.',
    'The plugin has no setting for it: its maintainer says in the issue that background work cannot get at an encrypted database.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.depends(LIBRARY),
  async run(repo) {
    const places = await encryptedAt(repo);
    const [need] = places.length === 0 ? [] : await iosNeedsOf(repo);
    if (need === undefined) return [];
    const evidence = [need.at, await dependencyOf(repo, LIBRARY)];
    return places.map((place) => ({
      ...place,
      message: `${LIBRARY} encrypts on iOS with a key that cannot be read while the device is locked, and the app has work in the background`,
      evidence,
    }));
  },
};

/** Where the plugin is told to encrypt: https://github.com/capacitor-community/sqlite#plugin-configuration */
async function encryptedAt(repo: DoctorRepo): Promise<Pick<Finding, 'file' | 'line'>[]> {
  const { settingsOf } = await import('../../code/capacitor-plugins.ts');
  const ways = await settingsOf(repo, LIBRARY, 'CapacitorSQLite', [SETTING]);
  const on = ways.find((way) => way.get(SETTING) === true);
  return on === undefined ? [] : [{ file: on.file, line: on.lineOf(SETTING) }];
}
