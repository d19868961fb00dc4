package dev.bgsync

/** How a run ended; [wire] is its name in event lines and in JavaScript. */
internal enum class Outcome(
    val wire: String,
) {
    /** Drained, or partly with items remaining. */
    DONE("done"),

    /** The queue asks for another try, or the handler threw. */
    RETRY("retry"),

    /** Trying again is useless, or the answer was no answer. */
    FAILED("failed"),

    /** The window closed first. */
    EXPIRED("expired"),

    /** Never got to the handler. */
    SKIPPED("skipped"),

    /** Found open by the next process. */
    KILLED("killed"),
    ;

    companion object {
        /** What JavaScript may answer; anything else counts as failed. */
        fun ofAnswer(wire: String): Outcome = listOf(DONE, RETRY).firstOrNull { it.wire == wire } ?: FAILED
    }
}
