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
        const policy = call.arguments.find((one) => REPLACES.test(codeOf(file, one)));
        if (policy === undefined || !(await runsAtStart(repo, call))) continue;
        const name = REPLACES.exec(codeOf(file, policy))?.[1] ?? '';
        const message = `${name} at each start of the app cancels a run and restarts the period`;
        findings.push({ file: file.path, line: file.line(policy.end - 1), message });
      }
    }
    return findings;
  },
};

/** Whether `onCreate` of the Application or an Activity makes the call, or calls the function that does. */
export async function runsAtStart(repo: DoctorRepo, { file, start }: KotlinCall): Promise<boolean> {
  const around = functionAround(file, start);
  if (around === undefined) return false;
  const isStart = (one: typeof around): boolean =>
    one.name === 'onCreate' &&
    (classAround(one.file, one.start)?.supertypes.some((name) => STARTS.test(name)) ?? false);
  if (isStart(around)) return true;
  const owner = classAround(file, start)?.name ?? '';
  const callers = await kotlinAndJava(repo, [around.name]);
  return callers.some((caller) =>
    callsOf(caller, around.name).some((call) => {
      const from = functionAround(caller, call.start);
      return from !== undefined && isStart(from) && mayMean(call, owner);
    }),
  );
}

/** Whether a call may be one of this class: functions called `schedule` or `init` are many. */
function mayMean({ file, start }: KotlinCall, owner: string): boolean {
  const line = file.code.slice(file.code.lastIndexOf('\n', start - 1) + 1, start);
  const receiver = /(?<![\w.()?\s])[\w.()?\s]*\.\s*$/.exec(line)?.[0];
  if (receiver === undefined) return true;
  // Its own, or of an extension function.
  if (/^\s*(?:this|INSTANCE|Companion)\b/.test(receiver) || owner === '') return true;
  const lastWord = /(?:[A-Z]|(?<![a-z\d]))[a-z\d]*$/.exec(owner)?.[0] ?? '';
  return receiver.toLowerCase().includes(lastWord.toLowerCase());
}
