import type { Check, Finding } from '../../check.ts';
import {
  callsOf,
  classAround,
  codeOf,
  functionAround,
  kotlinAndJava,
} from '../../code/kotlin-declarations.ts';
import type { KotlinCall } from '../../code/kotlin-declarations.ts';
import type { DoctorRepo } from '../../repo.ts';

const REPLACES = /\b(?:ExistingPeriodicWorkPolicy\s*\.\s*)?(REPLACE|CANCEL_AND_REENQUEUE)$/;
/** In one file. */
const MOST = 20;
const STARTS = /^(?:MultiDex)?Application$|Activity$/;

export const periodicReplaced: Check = {
  id: 'A14',
  title: 'Periodic work is kept when the app starts',
  severity: 'warning',
  why: 'Replacing periodic work at each start begins its period anew, and cancels a run that is going on: the worker’s own process start may end its worker.',
  source: 'https://github.com/expo/expo/issues/44663',
  fix: 'Use ExistingPeriodicWorkPolicy.KEEP, or UPDATE where the request changed.',
  explain: [
    'WorkManager starts the app’s process to run a worker, and onCreate of the Application runs with it. Where that enqueues the same unique work with REPLACE or CANCEL_AND_REENQUEUE, the run that is about to begin is cancelled, and the period begins anew. The same at each start by the user: someone who opens the app every ten minutes never reaches a period of fifteen.',
    'KEEP leaves what is there. UPDATE changes it without ending a run, and keeps the time of the next one:\n\n    WorkManager.getInstance(this).enqueueUniquePeriodicWork(\n        "sync", ExistingPeriodicWorkPolicy.KEEP, request)',
  ].join('\n\n'),
  async run(repo) {
    const findings: Finding[] = [];
    for (const file of await kotlinAndJava(repo, ['enqueueUniquePeriodicWork'])) {
      for (const call of callsOf(file, 'enqueueUniquePeriodicWork').slice(0, MOST)) {
        const policy = call.arguments
          .map((one) => REPLACES.exec(codeOf(file, one))?.[1])
          .find((found) => found !== undefined);
        if (policy === undefined || !(await runsAtStart(repo, call))) continue;
        const message = `${policy} at each start of the app cancels a run and restarts the period`;
        findings.push({ file: file.path, line: file.line(call.start), message });
      }
    }
    return findings;
  },
};

/** Whether `onCreate` of the Application or an Activity makes the call, or calls the function that does. */
async function runsAtStart(repo: DoctorRepo, { file, start }: KotlinCall): Promise<boolean> {
  const around = functionAround(file, start);
  if (around === undefined) return false;
  const isStart = (one: typeof around): boolean =>
    one.name === 'onCreate' &&
    (classAround(one.file, one.start)?.supertypes.some((name) => STARTS.test(name)) ?? false);
  if (isStart(around)) return true;
  const callers = await kotlinAndJava(repo, [around.name]);
  return callers.some((caller) =>
    callsOf(caller, around.name).some((call) => {
      const from = functionAround(caller, call.start);
      return from !== undefined && isStart(from);
    }),
  );
}
