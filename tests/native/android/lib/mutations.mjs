import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { checkApi } from './api.mjs';
import { GENERATED, PACKAGE, SEQUENCES, VECTORS, compileMutant, runTests } from './behaviour.mjs';
import { shareOf } from '../../../share.mjs';
import { inLanes } from '../../lanes.mjs';
import { ORDER_MUTATIONS } from './order-mutations.mjs';
import { BUILD } from './tools.mjs';

const MAIN = 'android/src/main/java/dev/bgsync';

/**
 * Each breaks one promise of the generated text. `by` says what must notice, `only` which tests of the suite run;
 * `sequences`: that many random sequences, which must find it by themselves.
 */
export const MUTATIONS = [
  {
    name: 'an exception escapes doWork',
    only: 'outside a run',
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
    only: 'an exception or an error',
    file: 'SyncRunner.kt',
    find: 'if (currentCoroutineContext().isActive) {',
    put: 'if (false) {',
    by: 'tests',
  },
  {
    name: 'a cancellation that is no stop escapes doWork',
    only: 'outside a run',
    file: 'BackgroundSyncWorker.kt',
    find: 'if (!currentCoroutineContext().isActive) throw stop',
    put: 'throw stop',
    by: 'tests',
  },
  {
    name: 'register re-enqueues healthy work',
    only: 'registering at every start',
    file: 'SyncScheduler.kt',
    find: `                else -> {
                    kept()`,
    put: `                else -> {
                    heal(work, timeAfter(requests.policy.intervalSeconds))`,
    by: 'tests',
  },
  {
    name: 'scheduleNext skipped on the failure path',
    only: 'every way to end',
    file: 'SyncRunner.kt',
    find: 'else -> schedule(run.task, run.record.id, report, isOpen = true)',
    put: 'else -> if (report.outcome == Outcome.DONE) schedule(run.task, run.record.id, report, isOpen = true) else null',
    by: 'tests',
  },
  {
    name: 'scheduleNext re-enqueues instead of updating',
    only: 'log out and in|T5|registering at every|cold run',
    file: 'SyncScheduler.kt',
    find: 'update(requests.make().setNextScheduleTimeOverride(next))\n        val updated = find()',
    put: 'val updated = find()\n        if (updated != null) return heal(updated, next)',
    by: 'tests',
  },
  {
    name: 'healing removed',
    only: 'log out, log in',
    file: 'SyncScheduler.kt',
    find: 'heal(work, timeAfter(requests.policy.backlogSeconds))',
    put: 'kept()',
    by: 'tests',
  },
  {
    name: 'the completion guard removed',
    only: 'answers twice',
    file: 'RunGate.kt',
    find: 'if (run.decision != null) return false',
    put: '',
    by: 'tests',
  },
  {
    name: 'the gate lets a second run in',
    only: 'two triggers at once',
    file: 'RunGate.kt',
    find: '(current?.task != task || current?.decision is Decision.Expired) && queued.add(task)',
    put: 'true',
    by: 'tests',
  },
  {
    name: 'withTimeout for withTimeoutOrNull, for the budget',
    only: 'never answers',
    file: 'SyncRunner.kt',
    find: 'withTimeoutOrNull(budgetMillis) { run.decided.await() } ?: gate.expire(run, RunReport.BUDGET)',
    put: 'kotlinx.coroutines.withTimeout(budgetMillis) { run.decided.await() }',
    by: 'tests',
  },
  {
    name: 'withTimeout for withTimeoutOrNull, for JavaScript',
    only: 'never asks',
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
    only: 'the host is started',
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
    find: 'VERSION_CODES.P) {\n            service(',
    put: 'VERSION_CODES.O) {\n            service(',
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
    only: 'process death in mid-run',
    file: 'SyncRunner.kt',
    find: 'val left = gate.takeKilled() ?: return@withLock',
    put: 'val left = gate.takeKilled().takeIf { false } ?: return@withLock',
    by: 'tests',
  },
  {
    name: 'a module that goes away keeps its place in the queue',
    only: 'the module',
    file: 'Receivers.kt',
    find: 'waiting.removeAll { it.owner === owner }',
    put: '',
    by: 'tests',
  },
  {
    name: 'a build that is not debuggable answers the debug receiver',
    only: 'receiver',
    file: '../../../../debug/java/dev/bgsync/BackgroundSyncDebugReceiver.kt',
    find: 'if (context.applicationInfo.flags and ApplicationInfo.FLAG_DEBUGGABLE == 0) return',
    put: '',
    by: 'tests',
  },
  {
    name: 'heal by a policy that refuses an override',
    only: 'log out, log in',
    file: 'SyncScheduler.kt',
    find: 'put(ExistingPeriodicWorkPolicy.KEEP, requests.make().setNextScheduleTimeOverride(next))',
    put: 'put(ExistingPeriodicWorkPolicy.CANCEL_AND_REENQUEUE, requests.make().setNextScheduleTimeOverride(next))',
    by: 'tests',
  },
  {
    name: 'the override on a policy that refuses it',
    only: 'a cold run',
    file: 'SyncScheduler.kt',
    find: 'put(ExistingPeriodicWorkPolicy.UPDATE, request)',
    put: 'put(ExistingPeriodicWorkPolicy.CANCEL_AND_REENQUEUE, request)',
    by: 'tests',
  },
  {
    name: 'health by state alone',
    only: 'a clock that was ahead for one run',
    file: 'SyncScheduler.kt',
    find: 'work.isDead || requests.isStranded(work, clock.now()) -> {',
    put: 'work.isDead -> {',
    by: 'tests',
  },
  {
    name: 'work without a job is healthy',
    only: 'has taken away',
    file: 'WorkRequests.kt',
    find: 'work.state == WorkInfo.State.ENQUEUED && !hasJob(work.id, longestDelayMillis)',
    put: 'false',
    by: 'tests',
  },
  {
    name: 'a job that a wrong clock has put off is healthy',
    only: 'made anew when the clock is right',
    file: 'SystemJobs.kt',
    find: ' && it.minLatencyMillis <= longestDelayMillis',
    put: '',
    by: 'tests',
  },
  {
    name: 'work that waits for its turn is told to be lost',
    only: 'more work than WorkManager gives',
    file: 'SyncScheduler.kt',
    find: 'updated == null || requests.isLost(updated)',
    put: 'updated == null',
    by: 'tests',
  },
  {
    name: 'the jobs of another namespace',
    only: 'has taken away|registering at every start',
    file: 'SystemJobs.kt',
    find: 'scheduler.forNamespace(NAMESPACE).allPendingJobs',
    put: 'scheduler.allPendingJobs',
    by: 'tests',
  },
  {
    name: 'the jobs of a WorkManager without a namespace are none',
    only: 'as 2.9 has none',
    file: 'SystemJobs.kt',
    find: 'shared + scheduler.forNamespace',
    put: 'scheduler.forNamespace',
    by: 'tests',
  },
  {
    name: 'what the app asked for is taken for a window of a wrong clock',
    only: 'a Retry-After of a day',
    file: 'WorkRequests.kt',
    find: 'val byApp = state.requestedNext ?: return byPolicy',
    put: 'val byApp = 0L',
    by: 'tests',
  },
  {
    name: 'a constraint dropped on update',
    only: 'a cold run',
    file: 'SyncScheduler.kt',
    find: 'put(ExistingPeriodicWorkPolicy.UPDATE, request)',
    put: 'put(ExistingPeriodicWorkPolicy.UPDATE, request.setConstraints(androidx.work.Constraints.Builder().build()))',
    by: 'tests',
  },
  {
    name: 'a constraint that the app has set is dropped on update',
    only: 'constraints set at run time',
    file: 'WorkRequests.kt',
    find: '.setConstraints(constraints.toWork())',
    put: '.setConstraints(task.constraints.toWork())',
    by: 'tests',
  },
  {
    name: "a stop for a constraint has another's name",
    only: 'stops the run by its name',
    file: 'StopReason.kt',
    find: '-> "not-charging"',
    put: '-> "no-network"',
    by: 'tests',
  },
  {
    name: 'register forgets what the app has set',
    only: 'constraints set at run time',
    file: 'RunLedger.kt',
    find: 'settings = json.optJSONObject("settings")?.let(SyncSettings::of) ?: SyncSettings()',
    put: 'settings = SyncSettings()',
    by: 'tests',
  },
  {
    name: 'configure forgets a constraint that is not the network',
    only: 'each constraint',
    file: 'SyncSettings.kt',
    find: '            .setRequiresStorageNotLow(storageNotLow)\n',
    put: '',
    by: 'tests',
  },
  {
    name: 'a shorter interval waits for the window after the next',
    only: 'an interval set at run time',
    file: 'BackgroundSyncRuntime.kt',
    find: 'if (isShorter) scheduler.timeAfter(interval) else null',
    put: 'null',
    by: 'tests',
  },
  {
    name: 'a killed run that onRun never hears of',
    only: 'onRun',
    file: 'RunLedger.kt',
    find: 'openRun?.let { ended.add(task, it, run, why) }',
    put: 'if (run.outcome != Outcome.KILLED) openRun?.let { ended.add(task, it, run, why) }',
    by: 'tests',
  },
  {
    name: 'a run that is acknowledged before it is told',
    only: 'onRun',
    file: 'EndedRuns.kt',
    find: 'val run = runs.firstOrNull()',
    put: 'val run = runs.removeFirstOrNull()?.also { write() }',
    by: 'tests',
  },
  {
    name: 'the promise of a second JavaScript takes that of the first',
    only: 'onRun: of two',
    file: 'EndedRuns.kt',
    find: 'receivers.wait(receiver)',
    put: 'receivers.takeWaiting().also { receivers.wait(receiver) }',
    by: 'tests',
  },
  {
    name: 'a run that two JavaScripts hear of',
    only: 'onRun: two',
    file: 'EndedRuns.kt',
    find: 'if (run == null || hearer != null) return',
    put: 'if (run == null) return',
    by: 'tests',
  },
  {
    name: 'what a JavaScript that is gone has heard stays with it',
    only: 'onRun: two',
    file: 'EndedRuns.kt',
    find: '            receivers.forget(owner)\n            if (hearer === owner) hearer = null\n',
    put: '            receivers.forget(owner)\n',
    by: 'tests',
  },
  {
    name: 'a random sequence finds settings that a restart loses',
    sequences: '40',
    file: 'RunLedger.kt',
    find: '        .put("settings", settings.toJson())\n',
    put: '',
    by: 'tests',
  },
  {
    name: 'a random sequence finds a stranded schedule that is kept',
    sequences: '100',
    file: 'SyncScheduler.kt',
    find: 'work.isDead || requests.isStranded(work, clock.now()) -> {',
    put: 'work.isDead -> {',
    by: 'tests',
  },
  {
    name: 'a known sequence finds a job that WorkManager has lost',
    sequences: '1',
    file: 'WorkRequests.kt',
    find: 'work.state == WorkInfo.State.ENQUEUED && !hasJob(work.id, longestDelayMillis)',
    put: 'false',
    by: 'tests',
  },
  {
    name: 'a random sequence finds an update that loses the next window',
    sequences: '40',
    file: 'SyncScheduler.kt',
    find: 'if (sooner == null) update(requests.make()) else',
    put: 'if (sooner == null) setNext(timeAfter(60)) else',
    by: 'tests',
  },
  {
    name: 'the report of a wish',
    only: 'scheduleNext answers what is stored',
    file: 'SyncScheduler.kt',
    find: `if (updated != null && updated.isLaterThan(next)) return heal(updated, next)
        return (updated?.storedTime ?: next).also(isSet)`,
    put: 'return next.also(isSet)',
    by: 'tests',
  },
  {
    name: 'work of another class is kept',
    only: 'work of another class',
    file: 'WorkRequests.kt',
    find: 'BackgroundSyncWorker::class.java.name in work.tags',
    put: 'true',
    by: 'tests',
  },
  {
    name: 'no limit around a call of WorkManager',
    only: 'executor is blocked',
    file: 'SyncScheduler.kt',
    find: 'withTimeoutOrNull(LIMIT_MILLIS) { changing.join() }',
    put: 'changing.join()',
    by: 'tests',
  },
  {
    name: "a run's end asks for a window after the app's cancel",
    only: 'cancel|log out|withdraw|switched',
    file: 'SyncScheduler.kt',
    find: 'requests.isSwitchedOff -> {\n                    null',
    put: 'false -> {\n                    null',
    by: 'tests',
  },
  {
    name: 'a stop pushes the next window back',
    only: 'flaps',
    file: 'SyncRunner.kt',
    find: 'report.isStop -> null',
    put: '(report.isStop && false) -> null',
    by: 'tests',
  },
  {
    name: 'the policy overrules the drain',
    only: 'scheduleNext holds',
    file: 'SyncRunner.kt',
    find: 'it.requestedNext != null }',
    put: 'it.requestedNext != null && false }',
    by: 'tests',
  },
  {
    name: 'a clock that is set back pushes away what the drain asked for',
    only: 'set back while',
    file: 'RunLedger.kt',
    find: 'minOf(it, now + requestedDelay)',
    put: 'it',
    by: 'tests',
  },
  {
    name: 'a kill forgets how far away that was which the drain asked for',
    only: 'set back while',
    file: 'RunLedger.kt',
    find: '.put("delay", requestedNext?.let { requestedDelay })',
    put: '',
    by: 'tests',
  },
  {
    name: 'a kill forgets what the drain asked for',
    only: 'what scheduleNext asked for in it holds',
    file: 'SyncRunner.kt',
    find: 'if (left.requestedNext == null) schedule',
    put: 'if (left.requestedNext == null || true) schedule',
    by: 'tests',
  },
  {
    name: 'a cancel forgotten at the next start',
    only: 'cancel outlives',
    file: 'BackgroundSyncWorker.kt',
    find: 'if (switchOn) runtime.gate.ledger.switchOn(task, true)',
    put: 'runtime.gate.ledger.switchOn(task, true)',
    by: 'tests',
  },
  {
    name: 'the host asked for off the main thread',
    only: 'hands its host over',
    file: 'ReactJsHost.kt',
    find: 'withContext(Dispatchers.Main) { BackgroundSync.hostProvider',
    put: 'run { BackgroundSync.hostProvider',
    by: 'tests',
  },
  {
    name: "the Application's own host asked for off the main thread",
    only: 'awaited off it',
    file: 'ReactJsHost.kt',
    find: 'BackgroundSync.hostProvider?.invoke() ?: (context as? ReactApplication)?.reactHost }',
    put: 'BackgroundSync.hostProvider?.invoke() } ?: (context as? ReactApplication)?.reactHost',
    by: 'tests',
  },
  {
    name: 'the host that the app hands over is not asked for',
    only: 'hands its host over',
    file: 'ReactJsHost.kt',
    find: 'BackgroundSync.hostProvider?.invoke() ?: ',
    put: '',
    by: 'tests',
  },
  {
    name: "the Application's own host goes before the one handed over",
    only: 'handed over goes before',
    file: 'ReactJsHost.kt',
    find: 'BackgroundSync.hostProvider?.invoke() ?: (context as? ReactApplication)?.reactHost',
    put: '(context as? ReactApplication)?.reactHost ?: BackgroundSync.hostProvider?.invoke()',
    by: 'tests',
  },
  {
    name: "Kotlin's execute answers that all is drained, whatever came of it",
    only: 'execute says what was not drained',
    file: 'BackgroundSyncWorker.kt',
    find: 'return report.outcome == Outcome.DONE',
    put: 'return report.outcome != Outcome.SKIPPED',
    by: 'tests',
  },
  {
    name: "Kotlin's execute counts as the system's window",
    only: 'execute drains after a cancel',
    file: 'BackgroundSyncWorker.kt',
    find: 'RunRequest(RunId.next(), taskId, Trigger.FOREGROUND)',
    put: 'RunRequest(RunId.next(), taskId, Trigger.OS)',
    by: 'tests',
  },
  {
    name: "Kotlin's execute drains the first sync, whichever was asked for",
    only: 'waits for its turn, and does not end busy',
    file: 'BackgroundSyncWorker.kt',
    find: 'RunRequest(RunId.next(), taskId, Trigger.FOREGROUND)',
    put: 'RunRequest(RunId.next(), BackgroundSyncConfig.WORK_NAME, Trigger.FOREGROUND)',
    by: 'tests',
  },
  {
    name: "Kotlin's handleExpiration is taken for a cancel",
    only: 'handleExpiration tells',
    file: 'BackgroundSyncWorker.kt',
    find: 'gate.expireOpenRun("app")',
    put: 'gate.expireOpenRun(RunReport.CANCELLED)',
    by: 'tests',
  },
  {
    name: "Kotlin's handleExpiration leaves the window open",
    only: 'handleExpiration tells',
    file: 'BackgroundSyncWorker.kt',
    find: 'gate.expireOpenRun("app")',
    put: 'gate.openRun.let { }',
    by: 'tests',
  },
  {
    name: 'a second sync shares the unique name',
    only: 'each sync has unique work',
    file: 'SyncTask.kt',
    find: 'if (name.isEmpty()) BackgroundSyncConfig.WORK_NAME else "${BackgroundSyncConfig.WORK_NAME}.$name"',
    put: 'if (name.isEmpty()) BackgroundSyncConfig.WORK_NAME else BackgroundSyncConfig.WORK_NAME',
    by: 'tests',
  },
  {
    name: 'a run that the app itself has cancelled went wrong where its process dies',
    only: "process death after the app's cancel",
    file: 'RunLedger.kt',
    find: ', isCounted = left.expired != RunReport.CANCELLED',
    put: '',
    by: 'tests',
  },
  {
    name: 'JavaScript waits for a drain that a defect has ended',
    only: 'a foreground drain on a device that refuses',
    file: 'SyncRunner.kt',
    find: '            gate.turnAway(receiver)\n',
    put: '            gate.ended.deliver()\n',
    by: 'tests',
  },
  {
    name: 'a second sync shares the books of the first',
    only: 'counted per sync',
    file: 'RunLedger.kt',
    find: 'set(task) { (if (isCounted)',
    put: 'set(task.copy(name = "")) { (if (isCounted)',
    by: 'tests',
  },
  {
    name: 'a window that comes while another sync runs does not wait',
    only: 'waits for its turn, and does not end busy',
    file: 'RunTurns.kt',
    find: 'withTimeoutOrNull(longestWaitMillis) { mutex.lock(turn) }',
    put: 'mutex.tryLock(turn)',
    by: 'tests',
  },
  {
    name: 'cancel ends the run of whatever sync',
    only: 'cancel withdraws one sync alone',
    file: 'BackgroundSyncWorker.kt',
    find: 'expireOpenRun(RunReport.CANCELLED) { it.task == task }',
    put: 'expireOpenRun(RunReport.CANCELLED)',
    by: 'tests',
  },
  {
    name: 'a stop right after its start leaves the headless task running',
    only: 'does not leave it running',
    file: 'JsTimers.kt',
    find: 'withContext(Dispatchers.Main) { task = start(context) }',
    put: 'task = withContext(Dispatchers.Main) { start(context) }',
    by: 'tests',
  },
  {
    name: 'a service that the device lacks ends the run',
    only: 'leaves its part unknown',
    file: 'AndroidDevice.kt',
    find: 'return service ?: throw UnsupportedOperationException(type.name)',
    put: 'return service ?: throw NotImplementedError(type.name)',
    by: 'tests',
  },
  {
    name: 'the books are read before the first unlock',
    only: 'before the first unlock',
    file: 'RunLedger.kt',
    find: 'if (isRead || !isUnlocked()) return',
    put: 'if (isRead) return',
    by: 'tests',
  },
  {
    name: 'a file on a disk that fails is taken for one that is not there',
    only: 'an error of the disk that passes',
    file: 'EndedRuns.kt',
    find: 'if (name in names) readText()',
    put: 'if (exists()) readText()',
    by: 'tests',
  },
  {
    name: 'books that cannot be read are empty ones',
    only: 'an error of the disk that passes',
    file: 'RunLedger.kt',
    find: 'val text = file.readTextOr { return }',
    put: 'val text = runCatching { file.readText() }.getOrNull()',
    by: 'tests',
  },
  {
    name: 'what is changed while the books cannot be read is lost',
    only: 'an error of the disk that passes',
    file: 'RunLedger.kt',
    find: 'if (!isRead) early += { set(task, change) }',
    put: '',
    by: 'tests',
  },
  {
    name: 'books that cannot be read are written over',
    only: 'an error of the disk that passes',
    file: 'RunLedger.kt',
    find: '        if (!isRead) return\n        val json',
    put: '        file.delete()\n        val json',
    by: 'tests',
  },
  {
    name: 'ended runs that cannot be read are none',
    only: 'onRun: runs that end',
    file: 'EndedRuns.kt',
    find: 'val text = file.readTextOr { return }',
    put: 'val text = runCatching { file.readText() }.getOrNull()',
    by: 'tests',
  },
  {
    name: 'a ring that cannot be read ends the start',
    only: 'a ring of events that cannot be read',
    file: 'EventLog.kt',
    find: 'it.readTextOr { return false }.orEmpty()',
    put: 'it.readTextOr { error -> throw error }.orEmpty()',
    by: 'tests',
  },
  {
    name: 'work that a cancel has left behind stays',
    only: 'cancel whose process died',
    file: 'SyncScheduler.kt',
    find: 'if (work != null && requests.isOurs(work)) workManager()',
    put: 'if (false) workManager()',
    by: 'tests',
  },
  ...ORDER_MUTATIONS,
];

/** What a mutation makes of the file of the package; fails where the text to change is not there exactly once. */
export function mutate({ name, file, find, put }) {
  const path = join(PACKAGE, MAIN, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(find).length !== 2)
    throw new Error(`The mutation "${name}" no longer fits ${relative(PACKAGE, path)}`);
  return { path, text: text.replace(find, () => put) };
}

async function verdict(mutation, directory, lane) {
  const mutant = await compileMutant({ ...mutate(mutation), directory });
  if (mutant.errors !== '') return { by: 'compiler', text: mutant.errors };
  const violations = await checkApi(mutant.changed, GENERATED);
  if (violations.length > 0) return { by: 'api', text: violations[0] };
  const events = join(directory, 'events.log');
  const { ok, output } = await runTests({
    lane,
    generated: mutant.classpath,
    ...(mutation.sequences === undefined
      ? { args: [VECTORS, events, mutation.only ?? ''] }
      : { suite: SEQUENCES, args: [mutation.sequences, '1', '1'] }),
  });
  if (/^0 passed, 0 failed$/m.test(output)) throw new Error(`No test is called ${mutation.only}`);
  return ok ? { by: 'nothing' } : { by: 'tests', text: output };
}

/** A policy vector that is wrong. @returns whether the suite was red */
async function changedVector(directory, lane) {
  mkdirSync(directory, { recursive: true });
  const vectors = join(directory, 'vectors.json');
  const { configs, cases } = JSON.parse(readFileSync(VECTORS, 'utf8'));
  writeFileSync(
    vectors,
    JSON.stringify({
      configs,
      cases: cases.map((one, index) => (index === 0 ? { ...one, expect: one.expect + 1 } : one)),
    }),
  );
  const args = [vectors, join(directory, 'events.log'), 'policy'];
  return !(await runTests({ lane, args })).ok;
}

/** Applies each mutation alone; every one must turn the suite red, by what is meant to see it. */
export async function runMutations(log) {
  const failures = [];
  const wanted = new RegExp(process.env.MUTATION ?? '');
  const directoryOf = (lane) => join(BUILD, `mutation-${lane}`);
  const mutations = shareOf(MUTATIONS.filter(({ name }) => wanted.test(name)));
  await inLanes(mutations, async (mutation, lane) => {
    const { by, text = '' } = await verdict(mutation, directoryOf(lane), lane);
    const reds = text.split('\n').filter((line) => line.startsWith('FAIL ')).length;
    log(
      `${by === mutation.by ? 'red ' : 'FAIL'} ${mutation.name}: ${by === 'tests' ? `${reds} tests` : by}`,
    );
    if (by !== mutation.by)
      failures.push(
        `The mutation "${mutation.name}" was to be noticed by ${mutation.by}, not ${by}\n${text}`,
      );
  });
  const isRed = await changedVector(directoryOf(0), 0);
  log(`${isRed ? 'red ' : 'FAIL'} a policy vector changed`);
  if (!isRed) failures.push('The mutation "a policy vector changed" was not noticed');
  return { failures, count: mutations.length + 1 };
}
