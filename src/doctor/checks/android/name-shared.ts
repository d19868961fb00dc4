import type { Check, Finding } from '../../check.ts';
import {
  callsOf,
  codeOf,
  contains,
  functionAround,
  kotlinAndJava,
  valueSetOnce,
} from '../../code/kotlin-declarations.ts';
import type { KotlinCall } from '../../code/kotlin-declarations.ts';
import { textsOf } from '../../code/kotlin-names.ts';
import { released, waysTo } from '../../code/kotlin-reach.ts';
import type { Way } from '../../code/kotlin-reach.ts';
import { requestsOf } from '../../code/kotlin-workers.ts';
import type { DoctorRepo } from '../../repo.ts';

/** In one file. */
const MOST = 20;
const CALLS = ['enqueueUniqueWork', 'beginUniqueWork', 'enqueueUniquePeriodicWork'];
const POLICY = /\b(KEEP|REPLACE|APPEND|APPEND_OR_REPLACE|UPDATE|CANCEL_AND_REENQUEUE)$/;

/** What WorkManager makes of one-time work whose name a periodic one has. */
const EFFECTS: Readonly<Record<string, string>> = {
  KEEP: 'is left out for as long as the periodic work of that name is there',
  REPLACE: 'takes the place of the periodic work of that name, which runs no more',
  APPEND: 'waits for the periodic work of that name to end, which it never does',
  APPEND_OR_REPLACE: 'waits for the periodic work of that name to end, which it never does',
};

/** Where work is enqueued under a name. */
interface Unique {
  readonly call: KotlinCall;
  readonly text: string;
  readonly policy: string | undefined;
  readonly ways: readonly Way[];
}

export const nameShared: Check = {
  id: 'A58',
  title: 'No work stands in the way of another one of the same unique name',
  severity: 'warning',
  why: 'One-time and periodic work share one space of names. “Sync now” under the name of the periodic sync is left out by KEEP, ends the periodic sync by REPLACE, and never begins by APPEND; a worker that enqueues its successor by KEEP under its own name has none.',
  source: 'https://developer.android.com/reference/androidx/work/ExistingWorkPolicy',
  fix: 'Give one-time work a name of its own; let a worker’s successor be periodic work, or APPEND_OR_REPLACE.',
  explain: [
    'WorkManager looks a unique name up among all works that are not over. Periodic work is never over: it is enqueued, or runs. So KEEP finds it each time and leaves the new work out, REPLACE cancels it, and what is appended waits for its end. None of them says so; enqueueUniqueWork succeeds.',
    'A worker is not over either while doWork runs. Where it enqueues work of its own name by KEEP, that is left out, and the chain ends with the first run.',
    '    enqueueUniquePeriodicWork("sync", ExistingPeriodicWorkPolicy.KEEP, hourly)\n    enqueueUniqueWork("sync-now", ExistingWorkPolicy.KEEP, once)',
    'Where one function chooses between the two, doctor takes that for meant.',
  ].join('\n\n'),
  async run(repo) {
    const files = await kotlinAndJava(repo, CALLS);
    if (files.length === 0) return [];
    const all: Unique[] = [];
    for (const file of files) {
      if (!/\bandroidx\.work\b/.test(file.code)) continue;
      for (const call of CALLS.flatMap((name) => callsOf(file, name)).slice(0, MOST)) {
        all.push(...(await uniquesOf(repo, call)));
      }
    }
    return [...beside(all), ...(await successors(repo, all))];
  },
};

async function uniquesOf(repo: DoctorRepo, call: KotlinCall): Promise<Unique[]> {
  const { file, arguments: given } = call;
  const name = given.find((one) => /^uniqueWorkName\s*=(?!=)/.test(codeOf(file, one))) ?? given[0];
  const ways = released(await waysTo(repo, file, call.start));
  if (name === undefined || ways.length === 0) return [];
  const policy = given
    .map((one) => POLICY.exec(codeOf(file, valueSetOnce(file, one) ?? one))?.[1])
    .find((one) => one !== undefined);
  const texts = (await textsOf(repo, file, name)) ?? [];
  return texts.map((text) => ({ call, text, policy, ways }));
}

const isPeriodic = ({ call }: Unique): boolean => call.name === 'enqueueUniquePeriodicWork';

const placeOf = ({ call: { file, start } }: Unique) => ({
  file: file.path,
  line: file.line(start),
});

/** One-time work under the name of periodic work. */
function beside(all: readonly Unique[]): Finding[] {
  const findings = new Map<KotlinCall, Finding>();
  for (const one of all) {
    const effect = EFFECTS[one.policy ?? ''];
    if (isPeriodic(one) || effect === undefined) continue;
    const { file, start } = one.call;
    const periodic = all.find(
      (other) =>
        isPeriodic(other) &&
        other.text === one.text &&
        functionAround(other.call.file, other.call.start) !== functionAround(file, start),
    );
    if (periodic === undefined) continue;
    findings.set(one.call, {
      ...placeOf(one),
      message: `the one-time work “${one.text}” ${effect}`,
      evidence: [{ ...placeOf(periodic), says: `enqueues periodic work as “${one.text}”` }],
    });
  }
  return [...findings.values()];
}

/** Workers that enqueue themselves, under the name that they run by, and are left out. */
async function successors(repo: DoctorRepo, all: readonly Unique[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const one of all) {
    if (one.policy !== 'KEEP' || one.call.name !== 'enqueueUniqueWork') continue;
    const worker = one.ways.find(({ kind, entry }) => kind === 'worker' && entry?.name === 'doWork')
      ?.entry?.owner;
    if (worker === undefined) continue;
    const isOf = async ({ call }: Unique): Promise<boolean> => {
      const around = functionAround(call.file, call.start)?.body;
      return (await requestsOf(repo)).some(
        (request) =>
          request.worker === worker.name &&
          request.file === call.file &&
          around !== undefined &&
          contains(around, request.start),
      );
    };
    if (!(await isOf(one))) continue;
    const isFirst = ({ ways }: Unique): boolean =>
      ways.some(({ entry }) => entry?.owner?.name !== worker.name);
    let first: Unique | undefined = isFirst(one) ? one : undefined;
    for (const other of all) {
      if (first !== undefined) break;
      if (other !== one && other.text === one.text && isFirst(other) && (await isOf(other))) {
        first = other;
      }
    }
    if (first === undefined) continue;
    findings.push({
      ...placeOf(one),
      message: `KEEP leaves the next run of ${worker.name} out: “${one.text}” is the run that enqueues it, and not over yet`,
      evidence: [
        {
          file: worker.file.path,
          line: worker.file.line(worker.start),
          says: `doWork of ${worker.name} comes to it`,
        },
      ],
    });
  }
  return findings;
}
