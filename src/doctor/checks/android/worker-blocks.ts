import type { Check, Finding } from '../../check.ts';
import { callsOf, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { released, waysTo } from '../../code/kotlin-reach.ts';
import { workersOf } from '../../code/kotlin-workers.ts';

/** In one file: more say nothing new. */
const MOST = 20;

export const workerBlocks: Check = {
  id: 'A18',
  title: 'No worker blocks its thread',
  severity: 'warning',
  why: 'A worker in runBlocking or Thread.sleep does not hear that it was stopped: it goes on without network or quota until the process is ended, and its state is not written.',
  source:
    'https://developer.android.com/develop/background-work/background-tasks/persistent/threading/coroutineworker',
  fix: 'Extend CoroutineWorker and suspend: drop runBlocking, use delay for Thread.sleep.',
  explain: [
    'WorkManager stops a worker when its ten minutes are over, a constraint no longer holds, or the quota is used up. A CoroutineWorker’s coroutine is cancelled then. A plain Worker is only told through isStopped: code inside runBlocking does not look, nor does a thread that sleeps. WorkManager starts the work again in the meantime, and two runs overlap.',
    'In Kotlin:\n\n    class SyncWorker(context: Context, parameters: WorkerParameters) :\n        CoroutineWorker(context, parameters) {\n        override suspend fun doWork(): Result {\n            upload()\n            return Result.success()\n        }\n    }',
  ].join('\n\n'),
  async run(repo) {
    const workers = await workersOf(repo);
    if (workers.length === 0) return [];
    const findings: Finding[] = [];
    for (const file of await kotlinAndJava(repo, ['runBlocking', 'Thread.sleep'])) {
      const { code } = file;
      // runBlocking { … } has no parentheses.
      const places = [
        ...[...code.matchAll(/\brunBlocking\b(?=\s*[<({])/g)].map(({ index }) => ({
          start: index,
          what: 'runBlocking',
        })),
        ...callsOf(file, 'sleep')
          .filter(({ start }) =>
            /\bThread\s*\.\s*$/.test(code.slice(Math.max(0, start - 40), start)),
          )
          .map(({ start }) => ({ start, what: 'Thread.sleep' })),
      ];
      for (const { start, what } of places.slice(0, MOST)) {
        const way = released(await waysTo(repo, file, start)).find(
          ({ kind, entry, calls }) =>
            kind === 'worker' &&
            (entry?.name ?? '').endsWith('Work') &&
            // What lies in another file is the app's code for others as well, and may be there for a reason.
            calls.every((call) => call.file.path === file.path),
        );
        if (way?.entry === undefined) continue;
        const { entry } = way;
        const message = `${what} in ${entry.name} of ${entry.owner?.name ?? 'the worker'} does not hear that the work was stopped`;
        findings.push({ file: file.path, line: file.line(start), message });
      }
    }
    return findings;
  },
};
