package dev.bgsync

/** Whole seconds, and percent. */
internal data class SchedulePolicyConfig(
    /** Between two windows while nothing waits. */
    val intervalSeconds: Long,
    /** To the next window while items remain, and the first step of the back-off. */
    val backlogSeconds: Long,
    /** No delay is longer. */
    val maxSeconds: Long,
    /** At or below it, and not charging, every delay doubles. */
    val lowBatteryPercent: Int,
)

internal data class BatteryState(
    /** 0 to 100; -1 where the platform does not tell. */
    val percent: Int,
    val charging: Boolean,
    val saver: Boolean,
)

internal object SchedulePolicy {
    /**
     * WorkManager runs periodic work at most every 15 minutes:
     * https://developer.android.com/reference/androidx/work/PeriodicWorkRequest#MIN_PERIODIC_INTERVAL_MILLIS
     */
    const val MIN_DELAY_SECONDS = 900L

    private const val MAX_BACK_OFF_STEPS = 16

    /**
     * The delay to the next window: when items wait it is short, when runs go wrong it doubles each time, on a low
     * battery it doubles once more. The same function, to the second, as in `SchedulePolicy.swift` and in the CLI.
     *
     * @param queueDepth items that remain; -1 where no one knows
     * @param consecutiveFailures runs in a row, this one included, that did not end [Outcome.DONE]
     * @return seconds, at least [MIN_DELAY_SECONDS]
     */
    fun nextDelaySeconds(
        outcome: Outcome,
        queueDepth: Int,
        battery: BatteryState,
        consecutiveFailures: Int,
        config: SchedulePolicyConfig,
    ): Long {
        val interval = config.intervalSeconds.coerceAtLeast(MIN_DELAY_SECONDS)
        val longest = config.maxSeconds.coerceAtLeast(interval)
        val backlog = config.backlogSeconds.coerceIn(MIN_DELAY_SECONDS, interval)
        val backOff = backlog shl (consecutiveFailures.coerceIn(1, MAX_BACK_OFF_STEPS) - 1)

        val delay =
            when (outcome) {
                // Trying again is useless until something changes: neither sooner nor backing off.
                Outcome.FAILED -> return interval

                Outcome.DONE -> if (queueDepth > 0) backlog else interval

                // The window was too short, not the server unwell: never slower than the plain interval.
                Outcome.EXPIRED, Outcome.SKIPPED -> minOf(backOff, interval)

                Outcome.RETRY, Outcome.KILLED -> minOf(backOff, longest)
            }

        val low = battery.saver || battery.percent in 0..config.lowBatteryPercent
        return if (low && !battery.charging) minOf(delay * 2, longest) else delay
    }
}
