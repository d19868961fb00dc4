import type { Check, Finding } from '../../check.ts';
import { reachedInDart } from '../../code/dart-reach.ts';
import { dartArgument, dartCalls, dartFunctions } from '../../code/dart.ts';
import { callsOf, codeOf, kotlinAndJava, valueSetOnce } from '../../code/kotlin-declarations.ts';
import { placeOfStart, startOf } from '../../code/kotlin-starts.ts';
import { WORKMANAGER, dartUsing } from '../../code/pub-packages.ts';
import type { DoctorRepo } from '../../repo.ts';

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
    'In Flutter main() runs at each start: registerPeriodicTask of workmanager with ExistingPeriodicWorkPolicy.replace, or behind cancelAll(), does the same.',
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
    return [...findings, ...(await ofDart(repo))];
  },
};

/** Of workmanager for Flutter, in what main() calls. */
async function ofDart(repo: DoctorRepo): Promise<Finding[]> {
  const users = await dartUsing(repo, WORKMANAGER);
  if (users.length === 0) return [];
  const files = await repo.sources('dart');
  const mains = files
    .flatMap(dartFunctions)
    .filter(({ name, scope }) => name === 'main' && scope === 'library');
  const findings: Finding[] = [];
  for (const main of mains) {
    for (const { file, body } of reachedInDart(main, files)) {
      if (!users.includes(file)) continue;
      for (const call of dartCalls(file, /\bregisterPeriodicTask/)) {
        if (call.offset < body.start || call.offset > body.end) continue;
        const policy = dartArgument(call, 'existingWorkPolicy');
        const before = file.code.slice(body.start, call.offset);
        const isReplaced =
          policy !== undefined &&
          /\.\s*replace\s*$/.test(file.code.slice(policy.start, policy.end));
        const isCancelled = /\.\s*cancelAll\s*\(\s*\)/.test(before) && !/[{}]/.test(before);
        if (!isReplaced && !isCancelled) continue;
        const how = isReplaced ? 'replace' : 'cancelAll()';
        const message = `${how} at each start of the app cancels a run and restarts the period`;
        const line = main.file.line(main.offset);
        const evidence = [{ file: main.file.path, line, says: 'main() comes to it' }];
        findings.push({ file: file.path, line: file.line(call.offset), message, evidence });
      }
    }
  }
  return findings;
}
