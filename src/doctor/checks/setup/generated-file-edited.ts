import { LOCK_FILE } from '../../../plan/lock-file.ts';
import { isUntouched } from '../../../plan/line-endings.ts';
import type { Check, Finding } from '../../check.ts';

export const generatedFileEdited: Check = {
  id: 'X01',
  title: 'Generated files that you changed',
  severity: 'info',
  why: 'Your change is kept, and every update has to merge it with what is new; where both changed the same lines, you are asked.',
  source: 'docs/configuration.md, "What is yours and what is generated"',
  fix: 'Nothing, if it is meant: `npx bgsync diff` shows it, and `npx bgsync update` keeps it. To take the generated file back, delete yours and run `npx bgsync update`.',
  explain: [
    'bgsync.lock.json has the hash of every file that was generated, and its text. A file that differs was changed by someone. Line endings that git converts do not count, nor what a formatter such as Prettier changes in TypeScript and JSON.',
    '`npx bgsync diff` shows the change. `npx bgsync update` merges it with what a newer version generates, and marks the lines where both differ. Where the change was not meant, delete the file and run `npx bgsync update`: it is generated anew.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.integration !== undefined,
  async run(repo) {
    const { config, lock } = repo.integration ?? {};
    if (config === undefined || lock === undefined) return [];
    const findings: Finding[] = [];
    for (const [path, generated] of Object.entries(lock.files)) {
      const file = `${config.moduleDir}/${path}`;
      const text = await repo.read(file);
      if (text === undefined || isUntouched(text, generated.sha256)) continue;
      // The parser is most of doctor’s start-up.
      const { isAsGenerated } = await import('../../../plan/reformatted.ts');
      if (!isAsGenerated(path, text, generated)) {
        findings.push({
          file,
          message: 'differs from what was generated',
          evidence: [{ file: `${config.moduleDir}/${LOCK_FILE}`, says: 'has it as generated' }],
          // Mutations may be lost or sent twice; the rest of the package is there to be adapted.
          ...(/^src\/queue\/(?!drivers\/)/.test(path) && { severity: 'warning' }),
        });
      }
    }
    return findings;
  },
};
