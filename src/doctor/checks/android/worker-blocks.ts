import type { Check } from '../../check.ts';
import { callsOf } from '../../code/kotlin-declarations.ts';
import { workersOf } from '../../code/kotlin-workers.ts';

/** Of one worker: more say nothing new. */
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
    return (await workersOf(repo)).flatMap(({ file, name, work }) => {
      if (work === undefined) return [];
      const sleeps = callsOf(file, 'sleep', work.body).filter(({ start }) =>
        /\bThread\s*\.\s*$/.test(file.code.slice(Math.max(0, start - 40), start)),
      );
      // runBlocking { … } has no parentheses.
      const code = file.code.slice(work.body.start, work.body.end);
      const blocking = [...code.matchAll(/\brunBlocking\b(?=\s*[<({])/g)].map(({ index }) => ({
        start: work.body.start + index,
        what: 'runBlocking',
      }));
      const found = [...blocking, ...sleeps.map(({ start }) => ({ start, what: 'Thread.sleep' }))];
      return found.slice(0, MOST).map(({ start, what }) => ({
        file: file.path,
        line: file.line(start),
        message: `${what} in ${work.name} of ${name} does not hear that the work was stopped`,
      }));
    });
  },
};
