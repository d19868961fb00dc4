import { CONFIG_FILE } from '../../config.ts';
import type { Check } from '../check.ts';

export const configValid: Check = {
  id: 'X07',
  title: 'bgsync.config.json is valid',
  severity: 'error',
  why: 'The package is generated from it; with an invalid one neither init nor the other checks can work.',
  source: 'modules/background-sync/config.schema.json',
  fix: 'Mend the named key; the schema is beside the generated package.',
  run(repo) {
    return Promise.resolve(
      repo.configProblems.map(({ key, message, line }) => ({
        file: CONFIG_FILE,
        line,
        message: key === '' ? message : `${key}: ${message}`,
      })),
    );
  },
};
