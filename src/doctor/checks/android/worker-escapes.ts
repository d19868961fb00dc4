import { WORK } from '../../../facts.ts';
import { isWithin } from '../../../versions.ts';
import { workUse } from '../../evidence.ts';
import type { Check, Finding } from '../../check.ts';
import { escapes } from '../../code/kotlin-exceptions.ts';
import { callsOf } from '../../code/kotlin-declarations.ts';
import { requestsOf, workersOf } from '../../code/kotlin-workers.ts';
import type { WorkerClass } from '../../code/kotlin-workers.ts';

/** Of one worker: more say nothing new. */
const MOST = 20;
const TAKES_TIMEOUT =
  /\b(?:TimeoutCancellationException|CancellationException|IllegalStateException|RuntimeException|Exception|Throwable)\b/;

export const workerEscapes: Check = {
  id: 'A16',
  title: 'Nothing is thrown out of a periodic worker',
  severity: 'error',
  why: 'androidx.work 2.10 marks periodic work whose worker throws, or cancels itself as withTimeout does, as failed for ever: it never runs again.',
  source: 'https://developer.android.com/reference/androidx/work/PeriodicWorkRequest',
  fix: 'Use withTimeoutOrNull, catch what may be thrown in doWork, and return Result.retry() or Result.failure().',
  explain: [
    'A periodic work that returns Result.failure() goes on with its next period. One that throws does not, with androidx.work 2.10: WorkManager marks it FAILED, and UPDATE leaves the dead work as it is. The sync stops on that phone until the work is enqueued anew, which KEEP does with work that is finished. From 2.11.2 on it waits for its next period.',
    '`withTimeout` throws TimeoutCancellationException, which is a CancellationException: a handler that passes cancellations on, as handlers should, passes it on too. `withTimeoutOrNull` returns null instead.',
    'In Kotlin:\n\n    override suspend fun doWork(): Result =\n        try {\n            withTimeoutOrNull(8.minutes) { upload() } ?: return Result.retry()\n            Result.success()\n        } catch (stop: CancellationException) {\n            throw stop\n        } catch (error: Exception) {\n            Result.retry()\n        }',
  ].join('\n\n'),
  async run(repo) {
    const periodic = new Set(
      (await requestsOf(repo)).filter((one) => one.isPeriodic).map((one) => one.worker),
    );
    if (periodic.size === 0) return [];
    const work = (await repo.androidBuild())?.work;
    if (work === undefined) return [];
    if (!isWithin(work.version, WORK.throwIsFatal)) return [];
    return (await workersOf(repo))
      .filter(({ name }) => periodic.has(name))
      .flatMap((worker) => [...findTimeouts(worker), ...findThrows(worker)])
      .map((finding) => ({ ...finding, evidence: [workUse(work)] }));
  },
};

function findTimeouts({ file, base, work, name }: WorkerClass): Finding[] {
  if (work?.name !== 'doWork' || base !== 'CoroutineWorker') return [];
  return callsOf(file, 'withTimeout', work.body)
    .slice(0, MOST)
    .filter(({ start }) => escapes(file, work.body, start, (type) => TAKES_TIMEOUT.test(type)))
    .map(({ start }) => ({
      file: file.path,
      line: file.line(start),
      message: `when withTimeout ends, its exception leaves doWork of ${name}, which is periodic`,
    }));
}

function findThrows({ file, work, name }: WorkerClass): Finding[] {
  if (work?.name !== 'doWork') return [];
  const code = file.code.slice(work.body.start, work.body.end);
  return [...code.matchAll(/\bthrow\b(?!\s+(?:new\s+)?\w*CancellationException\b)/g)]
    .slice(0, MOST)
    .map(({ index }) => work.body.start + index)
    .filter((offset) => escapes(file, work.body, offset, () => true))
    .map((offset) => ({
      file: file.path,
      line: file.line(offset),
      message: `what is thrown here leaves doWork of ${name}, which is periodic`,
    }));
}
