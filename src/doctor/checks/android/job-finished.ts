import type { Check, Finding } from '../../check.ts';
import { bracketsOf } from '../../code/brackets.ts';
import { heldAt } from '../../code/kotlin-conditions.ts';
import {
  classesOf,
  functionAround,
  isKotlin,
  kotlinAndJava,
  membersOf,
} from '../../code/kotlin-declarations.ts';
import type { KotlinClass, KotlinFunction } from '../../code/kotlin-declarations.ts';
import { fateOf, missedBy, parametersOf } from '../../code/kotlin-handed.ts';
import type { Ending } from '../../code/kotlin-handed.ts';
import { released, waysTo } from '../../code/kotlin-reach.ts';
import type { Place } from '../../code/kotlin-reach.ts';
import type { DoctorRepo } from '../../repo.ts';

/** In one file. */
const MOST = 20;
const FINISHED: Ending = { method: 'jobFinished', isArgument: true };

export const jobFinished: Check = {
  id: 'A53',
  title: 'A job that goes on is finished',
  severity: 'warning',
  why: 'After onStartJob returned true the job goes on until jobFinished is called. Without that call JobScheduler keeps the phone awake for it until its time is over, stops it, and counts that against the app; a periodic job waits as long.',
  source:
    'https://developer.android.com/reference/android/app/job/JobService#onStartJob(android.app.job.JobParameters)',
  fix: 'Call jobFinished(params, false) when the work is over, on its failure too, or return false where all of it was done in onStartJob.',
  explain: [
    'onStartJob runs on the main thread, so that its work goes to a thread or a coroutine, and true says that it goes on there. The end is said with the same JobParameters: jobFinished(params, wantsReschedule). Nothing else tells JobScheduler: it holds a wake lock for the app, and after some minutes it calls onStopJob, as for work that hangs.',
    '    override fun onStartJob(params: JobParameters): Boolean {\n        job = scope.launch {\n            val isDone = runCatching { upload() }.isSuccess\n            jobFinished(params, !isDone)\n        }\n        return true\n    }',
    'doctor follows the JobParameters through the app’s functions, constructors and fields; where they are handed to what it cannot see it says nothing.',
  ].join('\n\n'),
  async run(repo) {
    const findings: Finding[] = [];
    for (const file of await kotlinAndJava(repo, ['onStartJob'])) {
      for (const owner of classesOf(file).slice(0, MOST)) {
        const start = membersOf(owner).find(({ name }) => name === 'onStartJob');
        if (start === undefined || !(await isJobService(repo, owner))) continue;
        const goesOn = whereTrue(start);
        const [name] = parametersOf(start);
        if (goesOn === undefined || name === undefined || name === '') continue;
        const fate = await fateOf(repo, { file, name, range: start.body }, FINISHED);
        if (fate.kind === 'unknown') continue;
        const ends = await reached(repo, fate.ends);
        const evidence = [
          { file: file.path, line: file.line(goesOn), says: 'true: the job goes on' },
        ];
        if (ends.length === 0) {
          const message =
            fate.ends.length === 0
              ? `onStartJob of ${owner.name} says that the job goes on, and nothing calls jobFinished for it`
              : `onStartJob of ${owner.name} says that the job goes on, and jobFinished is called where it is stopped alone, or never`;
          findings.push({ file: file.path, line: file.line(start.start), message, evidence });
          continue;
        }
        const missed = fate.isOpen ? undefined : missedBy(ends, FINISHED);
        if (missed === undefined) continue;
        findings.push({
          file: missed.file.path,
          line: missed.file.line(missed.offset),
          message: `where the work of ${owner.name} fails, nothing calls jobFinished`,
          evidence,
        });
      }
    }
    return findings;
  },
};

async function isJobService(repo: DoctorRepo, one: KotlinClass, depth = 0): Promise<boolean> {
  if (one.supertypes.includes('JobService')) return true;
  if (depth > 4) return false;
  for (const name of one.supertypes.slice(0, 8)) {
    for (const file of await kotlinAndJava(repo, [`class ${name}`])) {
      const above = classesOf(file).find((other) => other.name === name && other !== one);
      if (above !== undefined && (await isJobService(repo, above, depth + 1))) return true;
    }
  }
  return false;
}

/** Where a function itself returns true; undefined where it is not seen to. */
function whereTrue(one: KotlinFunction): number | undefined {
  const { file, body } = one;
  const { code } = file;
  if (isKotlin(file) && /=\s*$/.test(code.slice(0, body.start).slice(-20))) {
    return code.slice(body.start, body.end).trim() === 'true'
      ? body.start + code.slice(body.start, body.end).indexOf('true')
      : undefined;
  }
  const returned = /\breturn\s+true\b/g;
  returned.lastIndex = body.start;
  for (let match = returned.exec(code); match !== null; match = returned.exec(code)) {
    const at = match.index;
    if (at >= body.end) return undefined;
    if (functionAround(file, at) !== one) continue;
    const isOfLambda = bracketsOf(file)
      .around(at)
      .some(
        ({ kind, open }) =>
          kind === '{' &&
          open >= body.start &&
          /->\s*$/.test(code.slice(Math.max(0, open - 10), open)),
      );
    if (isOfLambda && !isKotlin(file)) continue;
    if (heldAt(file, at, body).dead === undefined) return at;
  }
  return undefined;
}

/** The calls that a run which is not stopped comes to. */
async function reached(repo: DoctorRepo, ends: readonly Place[]): Promise<readonly Place[]> {
  const found: Place[] = [];
  for (const one of ends) {
    const ways = released(await waysTo(repo, one.file, one.offset));
    const isStop = ways.every(({ entry }) => /^on(?:StopJob|Destroy)$/.test(entry?.name ?? ''));
    if (!isStop) found.push(one);
  }
  return found;
}
