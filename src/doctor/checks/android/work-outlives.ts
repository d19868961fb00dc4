import type { Check, Finding } from '../../check.ts';
import { functionAround, functionsOf, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { detachedFrom, outlives } from '../../code/kotlin-detached.ts';
import type { Way } from '../../code/kotlin-reach.ts';

/** Methods that Android, or WorkManager, takes for the work: with their end the work is over. */
const NAMES = ['doWork', 'onHandleWork', 'onHandleIntent', 'onStartJob'];

export const workOutlives: Check = {
  id: 'A55',
  title: 'The work of a run is over when the run says so',
  severity: 'warning',
  why: 'With Result.success() WorkManager counts the run as done, lets go of the wake lock and starts what depends on it. What goes on in another scope, a thread or a callback is cut when Android ends the process, and its failure is never tried again.',
  source:
    'https://developer.android.com/develop/background-work/background-tasks/persistent/threading',
  fix: 'Wait for it in doWork: suspend functions and coroutineScope in a CoroutineWorker, execute() or Tasks.await() in a Worker, a ListenableWorker with CallbackToFutureAdapter for callbacks alone.',
  explain: [
    'doWork returns the result of the work. A coroutine of GlobalScope or of another CoroutineScope, a thread, an executor and a callback all go on behind it: the worker returns success before the first byte is sent. It works while the app is open, as the process lives anyway. In the background Android ends the process soon after its last work, and a failure that only the callback sees brings no retry.',
    '    override suspend fun doWork(): Result = coroutineScope {\n        launch { upload(photos) }\n        launch { upload(notes) }\n        Result.success()\n    }',
    'A call of Retrofit is a suspend function, or execute() on the worker’s own thread; a Task of Firebase has await() of kotlinx-coroutines-play-services, or Tasks.await(). The same holds for onHandleWork of a JobIntentService, onHandleIntent of an IntentService, and onStartJob of a JobService that returns false.',
    'doctor follows the app’s own functions to the method; where anything there waits, for a job, a future, a latch or a callback, it says nothing.',
  ].join('\n\n'),
  async run(repo) {
    const entries = (await kotlinAndJava(repo, NAMES)).flatMap((file) =>
      functionsOf(file).filter(({ name }) => NAMES.includes(name)),
    );
    const findings = new Map<string, Finding>();
    for (const one of await detachedFrom(repo, entries)) {
      const { file } = one;
      const found = await outlives(repo, one, isWork);
      const entry = found?.way.entry;
      if (found === undefined || entry === undefined) continue;
      const says = saysDone(entry.name, found.text);
      if (says === undefined) continue;
      const { what, start } = one;
      const owner = entry.owner?.name ?? 'the worker';
      const message =
        what.startsWith('add') || what === 'enqueue' || what === 'the request queue'
          ? `${entry.name} of ${owner} ${says} before the answer that ${what} asks for is there`
          : `${entry.name} of ${owner} ${says} while what ${what} starts is still running`;
      const place = found.way.calls.at(-1);
      const around = place && functionAround(place.file, place.offset);
      const evidence =
        around === undefined
          ? []
          : [
              {
                file: around.file.path,
                line: around.file.line(around.start),
                says: `with the end of ${entry.name} the run is over`,
              },
            ];
      const line = file.line(start);
      findings.set(`${file.path}:${line}`, { file: file.path, line, message, evidence });
    }
    return [...findings.values()];
  },
};

const isWork = ({ kind, entry }: Way): boolean =>
  entry !== undefined &&
  (kind === 'worker' ? entry.name === 'doWork' : kind === 'service') &&
  NAMES.includes(entry.name);

/** How the method says that its work is done; undefined where it is not seen to. */
function saysDone(name: string, text: string): string | undefined {
  if (name === 'doWork')
    return /\bsuccess\b|\bSUCCESS\b/.test(text) ? 'returns success' : undefined;
  if (name !== 'onStartJob') return 'is over';
  return /\bfalse\b/.test(text) && !/\btrue\b|\bjobFinished\b/.test(text)
    ? 'returns false'
    : undefined;
}
