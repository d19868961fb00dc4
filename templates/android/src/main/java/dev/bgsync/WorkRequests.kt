package dev.bgsync

import androidx.work.PeriodicWorkRequest
import androidx.work.WorkInfo
import androidx.work.workDataOf
import java.util.concurrent.TimeUnit

/** What is asked of WorkManager, and what of it is still as it would be asked for now. */
internal class WorkRequests(
    private val task: SyncTask,
    private val settings: () -> SyncSettings,
) {
    /** The unique work. */
    val name: String get() = task.id

    val policy: SchedulePolicyConfig get() = settings().policyOf(task)

    private val constraints: SyncConstraints get() = settings().constraintsOf(task)

    val repeatSeconds: Long get() = policy.intervalSeconds.coerceAtLeast(SchedulePolicy.MIN_DELAY_SECONDS)

    /** The longest that the policy waits between two windows. */
    val longestSeconds: Long get() = policy.maxSeconds.coerceAtLeast(repeatSeconds)

    fun make(): PeriodicWorkRequest.Builder =
        PeriodicWorkRequest
            .Builder(BackgroundSyncWorker::class.java, repeatSeconds, TimeUnit.SECONDS)
            .setConstraints(constraints.toWork())
            .apply { if (task.name.isNotEmpty()) setInputData(workDataOf(BackgroundSyncWorker.KEY_TASK to task.name)) }

    /** What is in effect, for people. */
    fun describe(): String = (constraints.names + "every ${TimeUnit.SECONDS.toMinutes(repeatSeconds)} min").joinToString(", ")

    fun isCurrent(work: WorkInfo): Boolean =
        work.constraints == constraints.toWork() &&
            work.periodicityInfo?.repeatIntervalMillis == TimeUnit.SECONDS.toMillis(repeatSeconds) &&
            // WorkManager tags each work with the name of its class.
            BackgroundSyncWorker::class.java.name in work.tags
}
