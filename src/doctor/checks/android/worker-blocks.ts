import type { Check, Finding } from '../../check.ts';
import {
  callsOf,
  classAround,
  codeOf,
  functionAround,
  kotlinAndJava,
} from '../../code/kotlin-declarations.ts';
import { released, waysTo } from '../../code/kotlin-reach.ts';
import { workersOf } from '../../code/kotlin-workers.ts';
import type { WorkerClass } from '../../code/kotlin-workers.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { SourceFile } from '../../source-files.ts';

/** In one file: more say nothing new. */
const MOST = 20;

export const workerBlocks: Check = {
  id: 'A18',
  title: 'No worker blocks its thread, or asks it for a Looper',
  severity: 'warning',
  why: 'A worker in runBlocking or Thread.sleep does not hear that it was stopped: it goes on without network or quota until the process is ended, and its state is not written. A Handler for a thread without a Looper throws, and the work fails.',
  source:
    'https://developer.android.com/develop/background-work/background-tasks/persistent/threading/coroutineworker',
  fix: 'Extend CoroutineWorker and suspend: drop runBlocking, use delay for Thread.sleep.',
  explain: [
    'WorkManager stops a worker when its ten minutes are over, a constraint no longer holds, or the quota is used up. A CoroutineWorker’s coroutine is cancelled then. A plain Worker is only told through isStopped: code inside runBlocking does not look, nor does a thread that sleeps. WorkManager starts the work again in the meantime, and two runs overlap.',
    'The thread of doWork has no Looper: Handler() and Handler(Looper.myLooper()) end it with “Can’t create handler inside thread that has not called Looper.prepare()”.',
    'In Kotlin:\n\n    class SyncWorker(context: Context, parameters: WorkerParameters) :\n        CoroutineWorker(context, parameters) {\n        override suspend fun doWork(): Result {\n            upload()\n            return Result.success()\n        }\n    }',
  ].join('\n\n'),
  async run(repo) {
    const workers = await workersOf(repo);
    if (workers.length === 0) return [];
    const findings: Finding[] = await handlers(repo, workers);
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

/** Handlers for the thread of a worker, which has no Looper. */
async function handlers(repo: DoctorRepo, workers: readonly WorkerClass[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const file of await kotlinAndJava(repo, ['Handler('])) {
    for (const { start, end, arguments: given } of callsOf(file, 'Handler').slice(0, MOST)) {
      const code = given[0] && codeOf(file, given[0]);
      if (code === undefined ? given.length > 0 : !/^(?:\w+\.)?Looper\.myLooper\s*\(/.test(code))
        continue;
      // A declaration of the app's own, or one of its classes.
      if (/^\s*[{:]/.test(file.code.slice(end + 1, end + 20))) continue;
      const worker = await workerAt(repo, file, start, workers);
      if (worker === undefined) continue;
      const message = `Handler(${code ?? ''}) throws in ${worker}: its thread has no Looper`;
      findings.push({ file: file.path, line: file.line(start), message, severity: 'error' });
    }
  }
  return findings;
}

const MOVES =
  /\bDispatchers\s*\.\s*Main\b|\brunOnUiThread\b|\bpost\w*\b|\bHandlerThread\b|\bLooper\s*\.\s*prepare\b/;

/** The worker on whose thread a place runs. */
async function workerAt(
  repo: DoctorRepo,
  file: SourceFile,
  offset: number,
  workers: readonly WorkerClass[],
): Promise<string | undefined> {
  if (functionAround(file, offset) === undefined) {
    const line = file.code.slice(file.code.lastIndexOf('\n', offset) + 1, offset);
    const owner = classAround(file, offset);
    return /\b(?:lazy|fun|companion)\b/.test(line)
      ? undefined
      : workers.find((one) => one.file === file && one.start === owner?.start)?.name;
  }
  const way = released(await waysTo(repo, file, offset)).find(
    ({ kind, entry, calls }) =>
      kind === 'worker' &&
      entry?.name === 'doWork' &&
      calls.every((call) => {
        const { body } = functionAround(call.file, call.offset) ?? {};
        return body === undefined || !MOVES.test(call.file.code.slice(body.start, call.offset));
      }),
  );
  return way?.entry?.owner?.name;
}
