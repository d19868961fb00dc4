package dev.bgsync

/** How a run ended, or why it never opened. */
internal data class RunReport(
    val outcome: Outcome,
    /** Items that remain; -1 where no one knows. */
    val remaining: Int = -1,
    val why: String? = null,
    val message: String? = null,
) {
    /** Another run holds the gate: the work is being done. */
    val isBusy: Boolean get() = this === BUSY

    fun endOf(event: SyncEvent): SyncEvent =
        event.copy(
            outcome = outcome,
            remaining = remaining.takeIf { it >= 0 },
            why = why,
            message = message?.takeIf { it.isNotEmpty() },
        )

    companion object {
        val BUSY = RunReport(Outcome.SKIPPED, why = "busy")

        fun of(answer: Answer): RunReport = RunReport(answer.outcome, answer.remaining, message = answer.message)

        fun skipped(
            why: String,
            message: String? = null,
        ): RunReport = RunReport(Outcome.SKIPPED, why = why, message = message)

        /** A defect on the way to the handler or back: worth another try. */
        fun of(defect: Throwable): RunReport = RunReport(Outcome.RETRY, why = "error", message = defect.toString())
    }
}
