import { sha256 } from '../../../plan/plan.ts';
import type { Check, Finding } from '../../check.ts';

export const generatedFileEdited: Check = {
  id: 'X01',
  title: 'Generated files that you changed',
  severity: 'info',
  why: 'Your change is kept. A newer version of the file is then no longer put in for you.',
  source: 'README, "What is yours and what is generated"',
  fix: 'Nothing, if it is meant. To take the generated file back, delete yours and run `npx bgsync init`.',
  explain: [
    'bgsync keeps a hash of every file that it generated in bgsync.lock.json. A file that differs was changed by someone; init leaves it alone, so improvements of a newer version do not reach it.',
    'That is allowed. Where it was not meant, delete the file and run `npx bgsync init`: it is generated anew.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.integration !== undefined,
  async run(repo) {
    const { config, lock } = repo.integration ?? {};
    if (config === undefined || lock === undefined) return [];
    const findings: Finding[] = [];
    for (const [path, { sha256: generated }] of Object.entries(lock.files)) {
      const file = `${config.moduleDir}/${path}`;
      const text = await repo.read(file);
      if (text !== undefined && sha256(text) !== generated) {
        findings.push({ file, message: 'differs from what was generated' });
      }
    }
    return findings;
  },
};
