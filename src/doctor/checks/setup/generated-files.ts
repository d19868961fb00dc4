import { LOCK_FILE } from '../../../plan/lock-file.ts';
import type { Check, Finding } from '../../check.ts';
import { settingOf } from '../../evidence.ts';

export const generatedFiles: Check = {
  id: 'X04',
  title: 'The generated package is complete',
  severity: 'error',
  why: 'A package with files missing does not build, or builds without the sync.',
  source: 'https://github.com/react-native-community/cli/blob/main/docs/autolinking.md',
  fix: 'Run `npx bgsync init` again: it puts back what is missing.',
  explain: [
    'bgsync.lock.json lists every file of the generated package. One that is missing was deleted, not committed, or lost in a merge. The native build then fails, or, where it is a file that nothing compiles against, the sync silently does less.',
    'A journal, in git’s own folder or in yours for state, says that a bgsync process was ended in the middle of a change. `npx bgsync init` first undoes what it left half done, then puts in what is missing. One in .bgsync, where bgsync 0.1.0 had it, may have come with the repo and is not carried out.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.integration !== undefined,
  async run(repo) {
    const { config, lock, interrupted } = repo.integration ?? {};
    const findings: Finding[] = [];
    if (interrupted !== undefined) {
      const message = 'an interrupted bgsync left a change half done';
      findings.push({ file: interrupted, message });
    }
    if (config === undefined) return findings;
    if (lock === undefined) {
      const file = `${config.moduleDir}/${LOCK_FILE}`;
      const message = (await repo.isAbsent(file))
        ? 'is missing'
        : 'is no lock file that this bgsync can read';
      const says = `the generated package is in ${config.moduleDir}`;
      const evidence = [await settingOf(repo, 'moduleDir', says)];
      return [...findings, { file, message, evidence }];
    }
    const paths = Object.keys(lock.files).map((path) => `${config.moduleDir}/${path}`);
    const absent = await Promise.all(paths.map((path) => repo.isAbsent(path)));
    for (const [index, file] of paths.entries()) {
      const evidence = [{ file: `${config.moduleDir}/${LOCK_FILE}`, says: 'lists it' }];
      if (absent[index] === true) findings.push({ file, message: 'is missing', evidence });
    }
    return findings;
  },
};
