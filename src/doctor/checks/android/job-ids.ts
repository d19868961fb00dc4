import type { Check } from '../../check.ts';
import { callsOf, codeOf, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import { usesWork } from './uses-work.ts';

/** In one file. */
const MOST = 50;

export const jobIds: Check = {
  id: 'A26',
  title: 'The app’s own jobs and WorkManager’s have different ids',
  severity: 'info',
  why: 'Below Android 14 both share the app’s JobScheduler ids, and WorkManager counts from 0: a job with the same id replaces the other without a word.',
  source:
    'https://googlesamples.github.io/android-custom-lint-rules/checks/SpecifyJobSchedulerIdRange.md.html',
  fix: 'Give WorkManager a range of its own: Configuration.Builder().setJobSchedulerJobIdRange(10_000, 20_000).',
  explain: [
    'WorkManager runs on JobScheduler. Below Android 14, and with androidx.work below 2.10, its jobs are in one space with those that the app schedules itself. JobScheduler knows a job by its id alone: scheduling a second one under the same id cancels the first. WorkManager uses ids from 0 on, and small numbers are what one writes by hand.',
    'Give it a range in the Configuration.Provider, at least 1000 wide:\n\n    override val workManagerConfiguration: Configuration\n        get() = Configuration.Builder().setJobSchedulerJobIdRange(10_000, 20_000).build()',
  ].join('\n\n'),
  async run(repo) {
    const files = await kotlinAndJava(repo, ['JobInfo']);
    const user = files.length === 0 ? undefined : await usesWork(repo);
    if (user === undefined) return [];
    for (const file of await kotlinAndJava(repo, ['setJobSchedulerJobIdRange'])) {
      for (const { start } of callsOf(file, 'setJobSchedulerJobIdRange').slice(0, MOST)) {
        if (!(await isUnreleased(repo, file, start))) return [];
      }
    }
    const findings = files.flatMap((file) =>
      callsOf(file, 'Builder')
        .filter(({ start }) =>
          /\bJobInfo\s*\.\s*$/.test(file.code.slice(Math.max(0, start - 40), start)),
        )
        .slice(0, MOST)
        .flatMap((call) => {
          const [id] = call.arguments;
          const number = id && /^\d{1,4}$/.exec(codeOf(file, id))?.[0];
          if (number === undefined) return [];
          const message = `job ${number} is in the range that WorkManager takes its ids from`;
          const finding = { file: file.path, line: file.line(call.start), message };
          return [{ call, finding: { ...finding, evidence: [user] } }];
        }),
    );
    const dead = await Promise.all(
      findings.map(({ call }) => isUnreleased(repo, call.file, call.start)),
    );
    return findings.filter((_one, index) => dead[index] === false).map(({ finding }) => finding);
  },
};
