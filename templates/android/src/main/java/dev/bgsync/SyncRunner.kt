package dev.bgsync

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull

/**
 * Takes a run from the gate to its report. All limits are kept here, by native timers: JavaScript's do not tick
 * dependably while the app is in the background.
 */
internal class SyncRunner(
    private val gate: RunGate,
    private val schedulerOf: (SyncTask) -> SyncScheduler,
    private val host: JsHost,
    private val events: EventLog,
    private val device: Device,
    private val budgetMillis: Long,
) {
    /** No run starts before the end of the one that the last process left is told. */
    private val closing = Mutex()

    private val turns = RunTurns(WINDOW_MILLIS - HOST_LIMIT_MILLIS - JS_LIMIT_MILLIS - budgetMillis - GRACE_MILLIS)

    /**
     * Runs in the background: boots the host, waits for JavaScript, closes the window when the budget is over.
     *
     * @param stopReason asked when the coroutine is cancelled, which is how WorkManager stops a worker
     * @throws CancellationException only where the coroutine itself was cancelled, after the run is closed
     */
    suspend fun background(
        request: RunRequest,
        stopReason: () -> String,
    ): RunReport {
        closeKilledRun()
        if (gate.ledger.isSealed) return skip(request, RunReport.BEFORE_UNLOCK)
        val task = gate.tasks.of(request.taskId)
        // A job that was on its way when the app called `cancel()`; a developer's trigger is not the system's.
        if (gate.ledger.state(task).isSwitchedOff && request.trigger == Trigger.OS) return skip(request, RunReport.SWITCHED_OFF)
        if (!host.isAvailable()) {
            val report = skip(request, RunReport.skipped("no-host"))
            gate.ledger.update(task) { it.counted(Outcome.SKIPPED) }
            schedule(task, request.id, report)
            return report
        }
        return hold(request, stopReason) { run ->
            boot(run) ?: host.withTimers {
                gate.offer(run)
                if (isTaken(run)) decision(run) else RunReport.skipped("js-timeout")
            }
        }
    }

    /** Runs while the app is in the foreground and JavaScript drains; [receiver] gets "" where a run of the sync is open. */
    suspend fun foreground(
        request: RunRequest,
        receiver: Receiver,
    ): RunReport {
        gate.ask(receiver)
        try {
            closeKilledRun()
            return hold(request, stopReason = { "stopped" }) { run ->
                gate.deliver(run, receiver)
                decision(run)
            }
        } finally {
            gate.turnAway(receiver)
        }
    }

    /** Closes the run that the last process left open, and sets the next window in its stead. */
    suspend fun closeKilledRun() =
        closing.withLock {
            val left = gate.takeKilled() ?: return@withLock
            val report = if (left.expired == null) RunReport(Outcome.KILLED) else RunReport(Outcome.EXPIRED, why = left.expired)
            val task = gate.tasks.of(left.taskId)
            var end = report.endOf(SyncEvent("run.end", run = left.id, task = left.taskId, trigger = left.trigger.wire))
            try {
                end = end.copy(next = if (left.requestedNext == null) schedule(task, left.id, report) else scheduleRequested(task, left))
            } finally {
                events.write(end)
                gate.ended.deliver()
            }
        }

    /** Holds the gate for [drain], closes the run whatever happens, and arms the next window on every path. */
    private suspend fun hold(
        request: RunRequest,
        stopReason: () -> String,
        drain: suspend (SyncRun) -> RunReport,
    ): RunReport {
        if (gate.ledger.isSealed) return skip(request, RunReport.BEFORE_UNLOCK)
        if (!gate.enter(request)) {
            // Without the worker nothing keeps the process of a drain awake that the user has left.
            return skip(request, RunReport.BUSY).also { if (request.trigger == Trigger.OS) gate.awaitEnd() }
        }
        return turns.take(onNone = { gate.leave(request) }) { drainInTurn(request, stopReason, drain) } ?: skip(request, RunReport.QUEUED)
    }

    private suspend fun drainInTurn(
        request: RunRequest,
        stopReason: () -> String,
        drain: suspend (SyncRun) -> RunReport,
    ): RunReport {
        val run = gate.open(request) ?: return skip(request, RunReport.BUSY)
        var report = RunReport.skipped("stopped")
        try {
            report = drain(run)
        } catch (stop: CancellationException) {
            // Code that cancels itself, and not the worker, is a defect like any other.
            if (currentCoroutineContext().isActive) {
                report = RunReport.of(stop)
            } else {
                report = handleExpiration(run, stopReason())
                throw stop
            }
        } catch (defect: Throwable) {
            report = RunReport.of(defect)
        } finally {
            withContext(NonCancellable) { close(run, report) }
        }
        return report
    }

    private suspend fun close(
        run: SyncRun,
        report: RunReport,
    ) {
        var next: Long? = null
        try {
            val asked = gate.ledger.openRun?.takeIf { it.requestedNext != null }
            next =
                when {
                    asked != null -> scheduleRequested(run.task, asked)

                    // WorkManager starts the worker again when what stopped it is over, 30 seconds later at the earliest. A
                    // time of ours would push that back, and take the reason of the stop out of its WorkInfo.
                    report.isStop -> null

                    else -> schedule(run.task, run.record.id, report, isOpen = true)
                }
        } finally {
            gate.close(run, report, next)
        }
    }

    /** @return null once JavaScript can run */
    private suspend fun boot(run: SyncRun): RunReport? {
        if (host.isRunning()) return null
        events.write(run.event("host.start"))
        try {
            if (!host.boot(HOST_LIMIT_MILLIS)) return RunReport.skipped("host-timeout")
        } catch (stop: CancellationException) {
            throw stop
        } catch (error: Exception) {
            return RunReport.skipped("host-failed", error.toString())
        }
        events.write(run.event("host.ready"))
        return null
    }

    private suspend fun isTaken(run: SyncRun): Boolean {
        withTimeoutOrNull(JS_LIMIT_MILLIS) {
            select {
                run.taken.onAwait { }
                run.decided.onAwait { }
            }
        }
        return run.decided.isCompleted || !gate.withdraw(run)
    }

    /** Waits for JavaScript's answer, or closes the window when the budget is over. */
    private suspend fun decision(run: SyncRun): RunReport {
        withTimeoutOrNull(budgetMillis) { run.decided.await() } ?: gate.expire(run, RunReport.BUDGET)
        return when (val decision = run.decided.await()) {
            is Decision.Answered -> RunReport.of(decision.answer)
            is Decision.Abandoned -> RunReport.JS_GONE
            is Decision.Expired -> afterGrace(run, decision.why)
        }
    }

    private suspend fun afterGrace(
        run: SyncRun,
        why: String,
    ): RunReport {
        val grace = if (why == RunReport.BUDGET) GRACE_MILLIS else 0
        val answer = withTimeoutOrNull(grace) { run.graceAnswer.await() }
        val isDrained = answer?.outcome == Outcome.DONE && answer.remaining == 0
        return if (isDrained) RunReport.of(answer) else RunReport(Outcome.EXPIRED, answer?.remaining ?: -1, why)
    }

    /** The OS ends the window. No grace: WorkManager has already let go of the worker. */
    private fun handleExpiration(
        run: SyncRun,
        why: String,
    ): RunReport {
        gate.expire(run, why)
        return when (val decision = run.decision) {
            is Decision.Answered -> RunReport.of(decision.answer)
            is Decision.Abandoned -> RunReport.JS_GONE
            is Decision.Expired -> RunReport(Outcome.EXPIRED, why = decision.why, isStop = true)
            null -> RunReport(Outcome.EXPIRED, why = why, isStop = true)
        }
    }

    private fun skip(
        request: RunRequest,
        report: RunReport,
    ): RunReport = report.also { events.write(request.event("run.skip").copy(why = it.why)) }

    /** The app's own wish holds over the policy's time. */
    private suspend fun scheduleRequested(
        task: SyncTask,
        run: RunRecord,
    ): Long? = gate.requestedNext(run)?.let { schedulerOf(task).scheduleAt(it, why = "requested", run = run.id) }

    /**
     * @param isOpen whether the run's end is yet to be counted
     * @return epoch milliseconds of the next window; null where none is set
     */
    private suspend fun schedule(
        task: SyncTask,
        runId: String,
        report: RunReport,
        isOpen: Boolean = false,
    ): Long? {
        val state = gate.ledger.state(task)
        val counted = if (report.outcome == Outcome.SKIPPED) state.consecutiveSkips else state.consecutiveFailures
        val inARow = if (isOpen) counted + 1 else counted
        val battery = device.state().battery
        val delay = SchedulePolicy.nextDelaySeconds(report.outcome, report.remaining, battery, inARow, state.settings.policyOf(task))
        return schedulerOf(task).scheduleNext(delay, why = report.outcome.wire, run = runId)
    }

    private companion object {
        /** From the start of a worker to its stop: https://developer.android.com/develop/background-work/background-tasks/persistent/how-to/long-running */
        const val WINDOW_MILLIS = 590_000L
        const val HOST_LIMIT_MILLIS = 30_000L
        const val JS_LIMIT_MILLIS = 20_000L

        /** For an answer that is already on its way when the budget ends. */
        const val GRACE_MILLIS = 5_000L
    }
}
