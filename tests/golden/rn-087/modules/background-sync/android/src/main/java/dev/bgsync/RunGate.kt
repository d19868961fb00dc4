package dev.bgsync

/**
 * One run at a time, the app's own foreground drain included, and the only place that changes a run's state.
 * JavaScript calls from its native modules thread, WorkManager's coroutines from theirs: one lock guards all of it, and
 * no listener is called while it is held.
 */
internal class RunGate(
    private val ledger: RunLedger,
    private val events: EventLog,
    private val clock: Clock,
    private val device: Device,
    private val budgetMillis: Long,
) {
    private val lock = Any()
    private var current: SyncRun? = null

    /** Each JavaScript that waits for a run, the newest last: a reload, or a second React host, must not deafen another. */
    private val waiting = mutableListOf<Receiver>()

    val openRun: RunRecord? get() = synchronized(lock) { current?.record }

    val ended: EndedRuns get() = ledger.ended

    val lastRun: LastRun? get() = synchronized(lock) { ledger.lastRun }

    val consecutiveFailures: Int get() = synchronized(lock) { ledger.consecutiveFailures }

    val consecutiveSkips: Int get() = synchronized(lock) { ledger.consecutiveSkips }

    /** The app called `cancel()`, and nothing since that takes it back. */
    val isSwitchedOff: Boolean get() = synchronized(lock) { ledger.isSwitchedOn == false }

    val settings: SyncSettings get() = synchronized(lock) { ledger.settings }

    fun configure(settings: SyncSettings) = synchronized(lock) { ledger.configure(settings) }

    fun switchOn(on: Boolean) = synchronized(lock) { ledger.switchOn(on) }

    /** A window that never became a run. */
    fun countSkip() = synchronized(lock) { ledger.skip() }

    /** @return null while another run holds the gate */
    fun open(request: RunRequest): SyncRun? {
        val state = device.state()
        synchronized(lock) {
            if (current != null) return null
            val attempt = ledger.consecutiveFailures + 1
            val record = RunRecord(request.id, request.taskId, request.trigger, attempt)
            val run = SyncRun(record, startedAt = clock.elapsed(), device = state)
            events.write(run.event("run.start").copy(attempt = attempt, device = state))
            ledger.open(record)
            current = run
            return run
        }
    }

    /** The open run of a process that died, once; from now on it counts. Null as well where its end is told already. */
    fun takeKilled(): RunRecord? =
        synchronized(lock) {
            val left = ledger.openRun.takeIf { current == null } ?: return null
            if (events.hasEnded(left.id)) {
                ledger.clear()
                return null
            }
            val outcome = if (left.expired == null) Outcome.KILLED else Outcome.EXPIRED
            ledger.close(LastRun(left.id, outcome, clock.now(), millis = 0, remaining = -1), left.expired)
            left
        }

    /** The app asks for its next window at [next]. An open run must not set another at its end. */
    fun requestNext(next: Long) {
        synchronized(lock) { current?.requestedNext = next }
    }

    /** From now on, JavaScript gets [run] from [nextRun]; at once where it already waits. */
    fun offer(run: SyncRun) {
        val receiver =
            synchronized(lock) {
                run.offered = run.decision == null
                waiting.lastOrNull()?.takeIf { run.offered }?.also {
                    waiting -= it
                    take(run, it)
                }
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
                waiting.removeAll { it.owner === receiver.owner }
                if (open == null) waiting += receiver else take(open, receiver)
                open
            }
        if (run != null) receiver.deliver(runJson(run))
    }

    /** Hands [run] to the caller of `beginForeground()`. */
    fun deliver(
        run: SyncRun,
        receiver: Receiver,
    ) {
        synchronized(lock) { take(run, receiver) }
        receiver.deliver(runJson(run))
    }

    /** The module instance [owner] goes away, and with it the JavaScript that waited or drained. */
    fun abandon(owner: Any) {
        ended.forget(owner)
        synchronized(lock) {
            waiting.removeAll { it.owner === owner }
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
            val now = clock.elapsed()
            val last = run.progressAt
            if (last != null && now - last < PROGRESS_MILLIS) return
            run.progressAt = now
            events.write(run.event("progress").copy(done = done, total = total))
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

    /** Closes the window of the open run, if there is one. */
    fun expireOpenRun(why: String) {
        synchronized(lock) { current }?.let { expire(it, why) }
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
                ledger.close(last, report.why, isCounted = !report.isCancelled)
                events.write(report.endOf(run.event("run.end")).copy(millis = millis, next = next))
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

    private companion object {
        const val PROGRESS_MILLIS = 1_000L
    }
}
