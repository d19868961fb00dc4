import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { checkApi } from './api.mjs';
import { PACKAGE, VECTORS, compileGenerated, generatedSources, runTests } from './behaviour.mjs';
import { BUILD } from './tools.mjs';

const MAIN = 'android/src/main/java/dev/bgsync';

/** Each breaks one promise of the generated text. `by` says what must notice. */
const MUTATIONS = [
  {
    name: 'an exception escapes doWork',
    file: 'BackgroundSyncWorker.kt',
    find: `        } catch (error: Throwable) {
            defect(error)
        }`,
    put: `        } catch (error: IllegalArgumentException) {
            defect(error)
        }`,
    by: 'tests',
  },
  {
    name: 'code that cancels itself counts as a stop',
    file: 'SyncRunner.kt',
    find: 'if (currentCoroutineContext().isActive) {',
    put: 'if (false) {',
    by: 'tests',
  },
  {
    name: 'a cancellation that is no stop escapes doWork',
    file: 'BackgroundSyncWorker.kt',
    find: 'if (!currentCoroutineContext().isActive) throw stop',
    put: 'throw stop',
    by: 'tests',
  },
  {
    name: 'register re-enqueues healthy work',
    file: 'SyncScheduler.kt',
    find: 'events.write(event("register").copy(why = "kept"))',
    put: 'enqueue(ExistingPeriodicWorkPolicy.CANCEL_AND_REENQUEUE, config.intervalSeconds)',
    by: 'tests',
  },
  {
    name: 'scheduleNext skipped on the failure path',
    file: 'SyncRunner.kt',
    find: 'next = schedule(run.record.id, report)',
    put: 'if (report.outcome == Outcome.DONE) next = schedule(run.record.id, report)',
    by: 'tests',
  },
  {
    name: 'scheduleNext re-enqueues instead of updating',
    file: 'SyncScheduler.kt',
    find: 'val next = enqueue(ExistingPeriodicWorkPolicy.UPDATE, delaySeconds)',
    put: 'val next = enqueue(ExistingPeriodicWorkPolicy.CANCEL_AND_REENQUEUE, delaySeconds)',
    by: 'tests',
  },
  {
    name: 'healing removed',
    file: 'SyncScheduler.kt',
    find: 'heal(work, config.backlogSeconds)',
    put: 'events.write(event("register").copy(why = "kept"))',
    by: 'tests',
  },
  {
    name: 'the completion guard removed',
    file: 'RunGate.kt',
    find: 'if (run.decision != null) return false',
    put: '',
    by: 'tests',
  },
  {
    name: 'the gate lets a second run in',
    file: 'RunGate.kt',
    find: 'if (current != null) return null\n            val attempt',
    put: 'val attempt',
    by: 'tests',
  },
  {
    name: 'withTimeout for withTimeoutOrNull, for the budget',
    file: 'SyncRunner.kt',
    find: 'withTimeoutOrNull(budgetMillis) { run.decided.await() } ?: gate.expire(run, BUDGET)',
    put: 'kotlinx.coroutines.withTimeout(budgetMillis) { run.decided.await() }',
    by: 'tests',
  },
  {
    name: 'withTimeout for withTimeoutOrNull, for JavaScript',
    file: 'SyncRunner.kt',
    find: 'withTimeoutOrNull(JS_LIMIT_MILLIS) {',
    put: 'kotlinx.coroutines.withTimeout(JS_LIMIT_MILLIS) {',
    by: 'tests',
  },
  {
    name: 'onStopped overridden',
    file: 'BackgroundSyncWorker.kt',
    find: '    private fun defect(',
    put: '    override fun onStopped() {}\n\n    private fun defect(',
    by: 'compiler',
  },
  {
    name: 'the host awaited on the main thread',
    file: 'ReactJsHost.kt',
    find: 'runInterruptible(Dispatchers.IO)',
    put: 'runInterruptible(Dispatchers.Main)',
    by: 'tests',
  },
  {
    name: 'an unguarded API 31 call (androidx)',
    file: 'BackgroundSyncWorker.kt',
    find: 'if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) StopReason.nameOf(stopReason) else "stopped"',
    put: 'StopReason.nameOf(stopReason)',
    by: 'api',
  },
  {
    name: 'an unguarded API 31 call (android)',
    file: 'Clock.kt',
    find: 'SystemClock.elapsedRealtime()',
    put: 'SystemClock.currentNetworkTimeClock().millis()',
    by: 'api',
  },
  {
    name: 'a guard at the wrong level',
    file: 'AndroidDevice.kt',
    find: 'Build.VERSION_CODES.P',
    put: 'Build.VERSION_CODES.O',
    by: 'api',
  },
  {
    name: 'a hidden member of the framework',
    file: 'Clock.kt',
    find: 'SystemClock.elapsedRealtime()',
    put: 'SystemClock.currentTimeMicro()',
    by: 'api',
  },
  {
    name: 'killed runs are not closed',
    file: 'SyncRunner.kt',
    find: 'val killed = gate.takeKilled() ?: return',
    put: 'val killed = gate.takeKilled().takeIf { false } ?: return',
    by: 'tests',
  },
  {
    name: 'a module that goes away keeps its place in the queue',
    file: 'RunGate.kt',
    find: 'if (waiting?.owner === owner) waiting = null',
    put: '',
    by: 'tests',
  },
  {
    name: 'a build that is not debuggable answers the debug receiver',
    file: '../../../../debug/java/dev/bgsync/BackgroundSyncDebugReceiver.kt',
    find: 'if (context.applicationInfo.flags and ApplicationInfo.FLAG_DEBUGGABLE == 0) return',
    put: '',
    by: 'tests',
  },
];

/** The sources with one file changed; fails where the text to change is not there exactly once. */
function mutate({ name, file, find, put }, directory) {
  const target = join(PACKAGE, MAIN, file);
  return generatedSources().map((path) => {
    if (path !== target) return path;
    const text = readFileSync(path, 'utf8');
    if (text.split(find).length !== 2)
      throw new Error(`The mutation "${name}" no longer fits ${relative(PACKAGE, path)}`);
    const mutated = join(directory, path.split('/').at(-1));
    writeFileSync(
      mutated,
      text.replace(find, () => put),
    );
    return mutated;
  });
}

async function verdict(mutation, directory) {
  const generated = join(directory, 'classes');
  const errors = await compileGenerated(mutate(mutation, directory), generated, { lenient: true });
  if (errors !== '') return { by: 'compiler', text: errors };
  const violations = await checkApi(generated);
  if (violations.length > 0) return { by: 'api', text: violations[0] };
  const { ok, output } = await runTests({ generated, events: join(directory, 'events.log') });
  return ok ? { by: 'nothing' } : { by: 'tests', text: output };
}

/** Applies each mutation alone; every one must turn the suite red, by what is meant to see it. */
export async function runMutations(log) {
  const failures = [];
  const directory = join(BUILD, 'mutation');
  for (const mutation of MUTATIONS) {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    const { by, text = '' } = await verdict(mutation, directory);
    const reds = text.split('\n').filter((line) => line.startsWith('FAIL ')).length;
    log(
      `${by === mutation.by ? 'red ' : 'FAIL'} ${mutation.name}: ${by === 'tests' ? `${reds} tests` : by}`,
    );
    if (by !== mutation.by)
      failures.push(
        `The mutation "${mutation.name}" was to be noticed by ${mutation.by}, not ${by}\n${text}`,
      );
  }
  const vectors = join(directory, 'vectors.json');
  const { configs, cases } = JSON.parse(readFileSync(VECTORS, 'utf8'));
  writeFileSync(
    vectors,
    JSON.stringify({
      configs,
      cases: cases.map((one, index) => (index === 0 ? { ...one, expect: one.expect + 1 } : one)),
    }),
  );
  const { ok } = await runTests({ vectors, events: join(directory, 'events.log') });
  log(`${ok ? 'FAIL' : 'red '} a policy vector changed`);
  if (ok) failures.push('The mutation "a policy vector changed" was not noticed');
  return { failures, count: MUTATIONS.length + 1 };
}
