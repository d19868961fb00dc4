package dev.bgsync

import androidx.work.PeriodicWorkRequest
import androidx.work.WorkInfo
import java.util.concurrent.TimeUnit

/** What is asked of WorkManager, and what of it is still as it would be asked for now. */
internal class WorkRequests(
    private val settings: () -> SyncSettings,
) {
    val policy: SchedulePolicyConfig get() = settings().policy

    val repeatSeconds: Long get() = policy.intervalSeconds.coerceAtLeast(SchedulePolicy.MIN_DELAY_SECONDS)

    /** The longest that the policy waits between two windows. */
    val longestSeconds: Long get() = policy.maxSeconds.coerceAtLeast(repeatSeconds)

    fun make(): PeriodicWorkRequest.Builder =
        PeriodicWorkRequest
            .Builder(BackgroundSyncWorker::class.java, repeatSeconds, TimeUnit.SECONDS)
            .setConstraints(settings().constraints.toWork())

    /** What is in effect, for people. */
    fun describe(): String = (settings().constraints.names + "every ${TimeUnit.SECONDS.toMinutes(repeatSeconds)} min").joinToString(", ")

    fun isCurrent(work: WorkInfo): Boolean =
        work.constraints == settings().constraints.toWork() &&
            work.periodicityInfo?.repeatIntervalMillis == TimeUnit.SECONDS.toMillis(repeatSeconds) &&
            // WorkManager tags each work with the name of its class.
            BackgroundSyncWorker::class.java.name in work.tags
}
