import type { Check, Finding } from '../../check.ts';
import { callsOf, codeOf, kotlinAndJava, valueSetOnce } from '../../code/kotlin-declarations.ts';
import { placeOfStart, startOf } from '../../code/kotlin-starts.ts';

const REPLACES = /^(?:\w+\s*=\s*)?(?:[\w.]+\.\s*)?(REPLACE|CANCEL_AND_REENQUEUE)$/;
/** In one file. */
const MOST = 20;

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
          .map((one) => valueSetOnce(file, one) ?? one)
          .find((one) => REPLACES.test(codeOf(file, one)));
        if (policy === undefined) continue;
        const start = await startOf(repo, call);
        if (start === undefined) continue;
        const name = REPLACES.exec(codeOf(file, policy))?.[1] ?? '';
        const message = `${name} at each start of the app cancels a run and restarts the period`;
        findings.push({
          file: file.path,
          line: file.line(policy.end - 1),
          message,
          evidence: [placeOfStart(start)],
        });
      }
    }
    return findings;
  },
};
