import type { Config } from '../../../config.ts';
import { CONFIG_FILE, generatedFrom, lineOfKey } from '../../../config.ts';
import { LOCK_FILE } from '../../../plan/lock-file.ts';
import type { LockFile } from '../../../plan/lock-file.ts';
import { isRecord } from '../../../records.ts';
import { VERSION } from '../../../version.ts';
import type { Check, Finding } from '../../check.ts';
import { runningConfig } from '../../repo.ts';

export const configValid: Check = {
  id: 'X07',
  title: 'bgsync.config.json is valid, and in effect',
  severity: 'error',
  why: 'The package is generated from it: with an invalid one neither init nor the other checks can work, and what has changed in it since is not in the app.',
  source: 'modules/background-sync/config.schema.json',
  fix: 'Mend the named key; the schema is beside the generated package.',
  explain: [
    'bgsync.config.json is what the generated package is made from: ids, budgets, intervals. A key that is misspelt, of the wrong type or out of its limits would be ignored or break the build later, so the whole file is refused.',
    'The schema is strict: a key that it does not know is an error too. Each problem names the key and its line. While the file is not valid, the checks that need it find nothing; run doctor again once it is mended.',
    'A setting that was changed is in the app once the package is generated from it: bgsync.lock.json has those that it was generated from, and what differs is a warning until `npx bgsync update` has run.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.integration !== undefined,
  async run(repo) {
    const problems = repo.integration?.configProblems ?? [];
    if (problems.length > 0) {
      return problems.map(({ key, message, line }) => ({
        file: CONFIG_FILE,
        line,
        message: key === '' ? message : `${key}: ${message}`,
      }));
    }
    const config = runningConfig(repo);
    const lock = repo.integration?.lock;
    if (config === undefined || lock === undefined) return [];
    return notInEffect(config, lock, (await repo.read(CONFIG_FILE)) ?? '');
  },
};

/** Settings that were changed since the package was generated. */
function notInEffect(config: Config, lock: LockFile, text: string): Finding[] {
  // Another version has other defaults, and X02 asks for the same update.
  if (lock.settings === undefined || lock.bgsync !== VERSION) return [];
  return changedKeys(generatedFrom(config), lock.settings).map((key) => ({
    file: CONFIG_FILE,
    line: lineOfKey(text, key),
    message: `${key} is not what the package was generated from: the app goes by the setting of before`,
    severity: 'warning',
    fix: 'Run `npx bgsync update`, and rebuild the app.',
    evidence: [{ file: `${config.moduleDir}/${LOCK_FILE}`, says: 'has the settings of before' }],
  }));
}

type Settings = Readonly<Record<string, unknown>>;

/** @returns dotted paths of what is not the same in `before`; of a list, that of the list */
function changedKeys(now: Settings, before: Settings, above = ''): string[] {
  return Object.entries(now).flatMap(([name, value]) => {
    const key = above + name;
    const was = before[name];
    if (isRecord(value) && isRecord(was)) return changedKeys(value, was, `${key}.`);
    return JSON.stringify(value) === JSON.stringify(was) ? [] : [key];
  });
}
