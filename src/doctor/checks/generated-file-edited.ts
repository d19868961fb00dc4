import { sha256 } from '../../plan/plan.ts';
import type { Check, Finding } from '../check.ts';

export const generatedFileEdited: Check = {
  id: 'X01',
  title: 'Generated files that you changed',
  severity: 'info',
  why: 'Your change is kept. A newer version of the file is then no longer put in for you.',
  source: 'README, "What is yours and what is generated"',
  fix: 'Nothing, if it is meant. To take the generated file back, delete yours and run `npx bgsync init`.',
  async run(repo) {
    const { config, lock } = repo;
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
