package dev.bgsync

/** How a run ended, or why it never opened. */
internal data class RunReport(
    val outcome: Outcome,
    /** Items that remain; -1 where no one knows. */
    val remaining: Int = -1,
    val why: String? = null,
    val message: String? = null,
    /** WorkManager stopped the worker, and starts it again as soon as it may. */
    val isStop: Boolean = false,
) {
    /** Another run holds the gate, so the work is being done; or the app does not want it done. */
    val isNoFailure: Boolean get() = this === BUSY || this === SWITCHED_OFF

    /** The app's own `cancel()` ended the run. */
    val isCancelled: Boolean get() = outcome == Outcome.EXPIRED && why == CANCELLED

    fun endOf(event: SyncEvent): SyncEvent =
        event.copy(
            outcome = outcome,
            remaining = remaining.takeIf { it >= 0 },
            why = why,
            message = message?.takeIf { it.isNotEmpty() },
        )

    companion object {
        const val CANCELLED = "cancelled"

        /** The run has had its time. */
        const val BUDGET = "budget"

        val BUSY = RunReport(Outcome.SKIPPED, why = "busy")

        /** Runs of other syncs took all the time of its window. WorkManager starts it again. */
        val QUEUED = RunReport(Outcome.SKIPPED, why = "queue")

        /** The window came after the app's `cancel()`. */
        val SWITCHED_OFF = RunReport(Outcome.SKIPPED, why = CANCELLED)

        /** Code of the app asked for it, since the system starts no worker then. Neither queue nor books can be read. */
        val BEFORE_UNLOCK = RunReport(Outcome.SKIPPED, why = "before-first-unlock")

        /** A reload, for one, took the JavaScript that had the run. */
        val JS_GONE = RunReport(Outcome.RETRY, why = "js-gone")

        fun of(answer: Answer): RunReport = RunReport(answer.outcome, answer.remaining, message = answer.message)

        fun skipped(
            why: String,
            message: String? = null,
        ): RunReport = RunReport(Outcome.SKIPPED, why = why, message = message)

        /** A defect on the way to the handler or back: worth another try. */
        fun of(defect: Throwable): RunReport = RunReport(Outcome.RETRY, why = "error", message = defect.toString())
    }
}
