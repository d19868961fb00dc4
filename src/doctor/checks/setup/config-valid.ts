import { CONFIG_FILE } from '../../../config.ts';
import type { Check } from '../../check.ts';

export const configValid: Check = {
  id: 'X07',
  title: 'bgsync.config.json is valid',
  severity: 'error',
  why: 'The package is generated from it; with an invalid one neither init nor the other checks can work.',
  source: 'modules/background-sync/config.schema.json',
  fix: 'Mend the named key; the schema is beside the generated package.',
  explain: [
    'bgsync.config.json is what the generated package is made from: ids, budgets, intervals. A key that is misspelt, of the wrong type or out of its limits would be ignored or break the build later, so the whole file is refused.',
    'The schema is strict: a key that it does not know is an error too. Each problem names the key and its line. While the file is not valid, the checks that need it find nothing; run doctor again once it is mended.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.integration !== undefined,
  run(repo) {
    return Promise.resolve(
      (repo.integration?.configProblems ?? []).map(({ key, message, line }) => ({
        file: CONFIG_FILE,
        line,
        message: key === '' ? message : `${key}: ${message}`,
      })),
    );
  },
};
