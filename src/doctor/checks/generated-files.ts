import { LOCK_FILE } from '../../plan/lock-file.ts';
import type { Check, Finding } from '../check.ts';

export const generatedFiles: Check = {
  id: 'X04',
  title: 'The generated package is complete',
  severity: 'error',
  why: 'A package with files missing does not build, or builds without the sync.',
  source: 'https://github.com/react-native-community/cli/blob/main/docs/autolinking.md',
  fix: 'Run `npx bgsync init` again: it puts back what is missing.',
  async run(repo) {
    const { config, lock } = repo;
    if (config === undefined) return [];
    const findings: Finding[] = [];
    if (repo.hasPendingJournal) {
      const message = 'an interrupted bgsync left a change half done';
      findings.push({ file: '.bgsync/journal.json', message });
    }
    if (lock === undefined) {
      const file = `${config.moduleDir}/${LOCK_FILE}`;
      return [...findings, { file, message: 'is missing, or cannot be read' }];
    }
    for (const path of Object.keys(lock.files)) {
      const file = `${config.moduleDir}/${path}`;
      if ((await repo.read(file)) === undefined) findings.push({ file, message: 'is missing' });
    }
    return findings;
  },
};
