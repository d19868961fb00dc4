package dev.bgsync

/**
 * One run at a time, of all syncs, the app's own foreground drain included, and the only place that changes a run's state.
 * JavaScript calls from its native modules thread, WorkManager's coroutines from theirs: one lock guards all of it, and
 * no listener is called while it is held.
 */
internal class RunGate(
    val tasks: SyncTasks,
    val ledger: RunLedger,
    private val events: EventLog,
    private val clock: Clock,
    private val device: Device,
    private val budgetMillis: Long,
) {
    private val lock = Any()
    private var current: SyncRun? = null
    private val receivers = Receivers()

    /** The syncs whose runs wait for their turn. */
    private val queued = mutableSetOf<SyncTask>()

    val openRun: RunRecord? get() = synchronized(lock) { current?.record }
    val ended: EndedRuns get() = ledger.ended

    /** @return false where the window of another run of that sync is open, or to come: it does the work */
    fun enter(request: RunRequest): Boolean {
        // The app was frozen in its own drain: delays of coroutines do not count deep sleep.
        expireOpenRun(RunReport.BUDGET) { it.deadline <= clock.elapsed() }
        val task = tasks.of(request.taskId)
        return synchronized(lock) { (current?.task != task || current?.decision is Decision.Expired) && queued.add(task) }
    }

    /** Until the run that is open has ended. */
    suspend fun awaitEnd() = synchronized(lock) { current }?.closed?.await()

    /** Takes [enter] back, where no run is opened. */
    fun leave(request: RunRequest) {
        synchronized(lock) { queued -= tasks.of(request.taskId) }
    }

    /** @return null while another run holds the gate */
    fun open(request: RunRequest): SyncRun? {
        val task = tasks.of(request.taskId)
        // Before the device is asked, which may throw.
        leave(request)
        val state = device.state()
        synchronized(lock) {
            if (current != null) return null
            val attempt = ledger.state(task).consecutiveFailures + 1
            val record = RunRecord(request.id, request.taskId, request.trigger, attempt)
            val run = SyncRun(task, record, startedAt = clock.elapsed(), device = state)
            events.write(run.event("run.start").copy(attempt = attempt, device = state))
            ledger.open(record)
            current = run
            return run
        }
    }

    /** The open run of a process that died, once; from now on it counts. Null as well where its end is told already. */
    fun takeKilled(): RunRecord? = synchronized(lock) { if (current == null) ledger.closeKilled(tasks, events, clock.now()) else null }

    /** What [run] asks for, epoch milliseconds. */
    fun requestedNext(run: RunRecord): Long? = run.requestedNext(clock.now())

    /** The app asks for the next window of [task] at [next]. An open run of it must not set another at its end. Not after `cancel()`. */
    fun requestNext(
        task: SyncTask,
        next: Long,
    ) {
        synchronized(lock) { if (current?.task == task && !ledger.state(task).isSwitchedOff) ledger.requestNext(next, clock.now()) }
    }

    /** From now on, JavaScript gets [run] from [nextRun]; at once where it already waits. */
    fun offer(run: SyncRun) {
        val receiver =
            synchronized(lock) {
                run.offered = run.decision == null
                if (run.offered) receivers.takeWaiting()?.also { take(run, it) } else null
            }
        receiver?.deliver?.invoke(runJson(run))
    }

    /** @return false where JavaScript took [run] in the meantime */
    fun withdraw(run: SyncRun): Boolean =
        synchronized(lock) {
            run.offered = false
            !run.taken.isCompleted
        }

    /** JavaScript waits for a run. A newer call of one JavaScript replaces its older. */
    fun nextRun(receiver: Receiver) {
        val run =
            synchronized(lock) {
                val open = current?.takeIf { it.offered }
                receivers.wait(receiver)
                if (open != null) take(open, receiver.also(receivers::stopWaiting))
                open
            }
        if (run != null) receiver.deliver(runJson(run))
    }

    /** [receiver] asks for a run of its own, which may have to wait. */
    fun ask(receiver: Receiver) = synchronized(lock) { receivers.ask(receiver) }

    /** Hands [run] to the caller of `beginForeground()`. */
    fun deliver(
        run: SyncRun,
        receiver: Receiver,
    ) {
        val isThere =
            synchronized(lock) {
                receivers.answer(receiver).also { if (it) take(run, receiver) else decide(run, Decision.Abandoned) }
            }
        if (isThere) receiver.deliver(runJson(run))
    }

    /** There is no run for [receiver]. */
    fun turnAway(receiver: Receiver) {
        if (synchronized(lock) { receivers.answer(receiver) }) receiver.deliver("")
    }

    /** The module instance [owner] goes away, and with it the JavaScript that waited or drained. */
    fun abandon(owner: Any) {
        ended.forget(owner)
        synchronized(lock) {
            receivers.forget(owner)
            current?.takeIf { it.owner === owner }?.let { decide(it, Decision.Abandoned) }
        }
    }

    /** [resolve] gets the reason when the window of [runId] closes, or "" once that run is complete or unknown. */
    fun whenExpired(
        runId: String,
        resolve: (String) -> Unit,
    ) {
        val answer =
            synchronized(lock) {
                val run = find(runId)
                val decision = run?.decision
                when {
                    run == null -> ""
                    decision is Decision.Expired -> decision.why
                    else -> null.also { run.expiryListeners += resolve }
                }
            }
        if (answer != null) resolve(answer)
    }

    /** Writes at most one event a second. */
    fun progress(
        runId: String,
        done: Int,
        total: Int,
    ) {
        synchronized(lock) {
            val run = find(runId) ?: return
            if (run.isProgressDue(clock.elapsed())) events.write(run.event("progress").copy(done = done, total = total))
        }
    }

    /** JavaScript's answer. One that comes after the run's end, or twice, is logged and changes nothing. */
    fun complete(
        runId: String,
        answer: Answer,
    ) {
        synchronized(lock) {
            val run = find(runId)
            val accepted =
                when {
                    run == null -> false
                    run.decision is Decision.Expired -> run.graceAnswer.complete(answer)
                    else -> decide(run, Decision.Answered(answer))
                }
            if (!accepted) {
                events.write(SyncEvent("late", run = runId, outcome = answer.outcome, remaining = answer.remaining))
            }
        }
    }

    /** Closes the window of [run]; nothing where an answer or another reason came first. */
    fun expire(
        run: SyncRun,
        why: String,
    ) {
        val listeners =
            synchronized(lock) {
                if (run !== current || !decide(run, Decision.Expired(why))) return
                events.write(run.event("expire").copy(why = why))
                ledger.expire(why)
                run.expiryListeners.toList().also { run.expiryListeners.clear() }
            }
        listeners.forEach { it(why) }
    }

    /** Closes the window of the open run, if there is one that is meant. */
    fun expireOpenRun(
        why: String,
        isMeant: (SyncRun) -> Boolean = { true },
    ) {
        synchronized(lock) { current?.takeIf(isMeant) }?.let { expire(it, why) }
    }

    /** Writes the one `run.end` and frees the gate. */
    fun close(
        run: SyncRun,
        report: RunReport,
        next: Long?,
    ) {
        val listeners =
            synchronized(lock) {
                if (run !== current) return
                current = null
                val millis = clock.elapsed() - run.startedAt
                val last = LastRun(run.record.id, report.outcome, clock.now(), millis, report.remaining)
                ledger.close(run.task, last, report.why, isCounted = !report.isCancelled)
                events.write(report.endOf(run.event("run.end")).copy(millis = millis, next = next))
                run.closed.complete(Unit)
                run.expiryListeners.toList()
            }
        listeners.forEach { it("") }
        ended.deliver()
    }

    private fun find(runId: String): SyncRun? = current?.takeIf { it.record.id == runId }

    private fun take(
        run: SyncRun,
        receiver: Receiver,
    ) {
        run.offered = false
        run.owner = receiver.owner
        run.deadline = clock.elapsed() + budgetMillis
        events.write(run.event("js.start"))
        run.taken.complete(Unit)
    }

    private fun decide(
        run: SyncRun,
        decision: Decision,
    ): Boolean {
        if (run.decision != null) return false
        run.decision = decision
        run.offered = false
        run.decided.complete(decision)
        return true
    }

    private fun runJson(run: SyncRun): String = run.toJson(deadline = clock.now() + budgetMillis)
}
