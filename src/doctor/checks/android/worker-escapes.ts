import { WORK } from '../../../facts.ts';
import { isWithin } from '../../../versions.ts';
import { workUse } from '../../evidence.ts';
import type { Check, Finding } from '../../check.ts';
import { escapes } from '../../code/kotlin-exceptions.ts';
import { callsOf, functionAround, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { released, waysTo } from '../../code/kotlin-reach.ts';
import type { Place } from '../../code/kotlin-reach.ts';
import { requestsOf, workersOf } from '../../code/kotlin-workers.ts';
import type { WorkerClass } from '../../code/kotlin-workers.ts';
import type { DoctorRepo } from '../../repo.ts';

/** In one file: more say nothing new. */
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
    const workers = (await workersOf(repo)).filter(({ name }) => periodic.has(name));
    const found = [...(await findTimeouts(repo, workers)), ...(await findThrows(repo, workers))];
    return found.map((finding) => ({ ...finding, evidence: [workUse(work)] }));
  },
};

/** The periodic worker whose doWork lets what is thrown at a place out; undefined where none does. */
async function leftBy(
  repo: DoctorRepo,
  workers: readonly WorkerClass[],
  { file, offset }: Place,
  catches: (type: string) => boolean,
): Promise<WorkerClass | undefined> {
  for (const { kind, entry, calls } of released(await waysTo(repo, file, offset))) {
    if (kind !== 'worker' || entry?.name !== 'doWork') continue;
    const worker = workers.find(
      (one) => one.file === entry.owner?.file && one.start === entry.owner.start,
    );
    const passes = calls.every((call) => {
      const around = functionAround(call.file, call.offset);
      return around !== undefined && escapes(call.file, around.body, call.offset, catches);
    });
    if (worker !== undefined && passes) return worker;
  }
  return undefined;
}

async function findTimeouts(repo: DoctorRepo, workers: readonly WorkerClass[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const file of await kotlinAndJava(repo, ['withTimeout'])) {
    for (const { start } of callsOf(file, 'withTimeout').slice(0, MOST)) {
      const takes = (type: string): boolean => TAKES_TIMEOUT.test(type);
      const worker = await leftBy(repo, workers, { file, offset: start }, takes);
      if (worker?.base !== 'CoroutineWorker') continue;
      const message = `when withTimeout ends, its exception leaves doWork of ${worker.name}, which is periodic`;
      findings.push({ file: file.path, line: file.line(start), message });
    }
  }
  return findings;
}

async function findThrows(repo: DoctorRepo, workers: readonly WorkerClass[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const file of new Set(workers.map((worker) => worker.file))) {
    const thrown = /\bthrow\b(?!\s+(?:new\s+)?\w*CancellationException\b)/g;
    for (const { index } of [...file.code.matchAll(thrown)].slice(0, MOST)) {
      const worker = await leftBy(repo, workers, { file, offset: index }, () => true);
      if (worker === undefined) continue;
      const message = `what is thrown here leaves doWork of ${worker.name}, which is periodic`;
      findings.push({ file: file.path, line: file.line(index), message });
    }
  }
  return findings;
}
