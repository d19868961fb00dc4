package dev.bgsync

import androidx.work.PeriodicWorkRequest
import androidx.work.WorkInfo
import androidx.work.workDataOf
import java.util.UUID
import java.util.concurrent.TimeUnit

/** Why WorkManager will not run this again; null where it will. */
internal val WorkInfo.deadState: String?
    get() =
        when {
            state.isFinished -> state.name.lowercase()
            periodicityInfo == null -> "one-time"
            else -> null
        }

/** The next start as WorkManager holds it, epoch milliseconds; null where the work does not wait. */
internal val WorkInfo.storedTime: Long? get() = nextScheduleTimeMillis.takeIf { it != Long.MAX_VALUE }

internal val WorkInfo.isDead get() = deadState != null

/** WorkManager tells the time only of work that waits. */
internal fun WorkInfo.isLaterThan(time: Long) = storedTime?.let { it > time + WorkRequests.TOLERANCE_MILLIS } ?: false

/** What is asked of WorkManager, and what of it is still as it would be asked for now. */
internal class WorkRequests(
    private val task: SyncTask,
    private val ledger: RunLedger,
    private val hasJob: (UUID, Long) -> Boolean,
) {
    /** The unique work. */
    val name: String get() = task.id

    private val state: TaskState get() = ledger.state(task)

    val isSwitchedOff: Boolean get() = state.isSwitchedOff

    val policy: SchedulePolicyConfig get() = state.settings.policyOf(task)

    private val constraints: SyncConstraints get() = state.settings.constraintsOf(task)

    val repeatSeconds: Long get() = policy.intervalSeconds.coerceAtLeast(SchedulePolicy.MIN_DELAY_SECONDS)

    /** Whether the next window is where the app asked for it: no health check takes it for that of a wrong clock then. */
    fun keepRequest(next: Long?) = ledger.update(task) { it.copy(requestedNext = next) }

    private val longestByPolicyMillis get() = TimeUnit.SECONDS.toMillis(policy.maxSeconds.coerceAtLeast(repeatSeconds))

    /**
     * WorkManager adds to the time of the last run: where the clock was ahead then, the next one may be years away.
     * No window that was asked for is.
     */
    fun isStranded(
        work: WorkInfo,
        now: Long,
    ): Boolean = work.isLaterThan(latestStart(now))

    /** The latest window that the policy, or the app itself, may have asked for by [now]. Epoch milliseconds. */
    private fun latestStart(now: Long): Long {
        val byPolicy = now + longestByPolicyMillis
        val byApp = state.requestedNext ?: return byPolicy
        return maxOf(byPolicy, minOf(byApp, now + TimeUnit.SECONDS.toMillis(LONGEST_REQUEST_SECONDS)))
    }

    /** From any moment to the window that was asked for then. */
    private val longestDelayMillis: Long
        get() {
            val asked = if (state.requestedNext == null) longestByPolicyMillis else TimeUnit.SECONDS.toMillis(LONGEST_REQUEST_SECONDS)
            return asked + TOLERANCE_MILLIS
        }

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
            isOurs(work)

    /** WorkManager tags each work with the name of its class. */
    fun isOurs(work: WorkInfo): Boolean = BackgroundSyncWorker::class.java.name in work.tags

    /**
     * Whether the system will not start [work] in time, although WorkManager holds it for scheduled. Before 2.12.0 its listener
     * for the end of a run cancels the job that another enqueue has just made for that work, and no later process mends it.
     * A job that is due while the clock is behind is made anew, for as long as that; when the clock is right again, it waits on.
     * Work that waits for its turn has no job either: an update makes one for what is lost, and none for that.
     */
    fun isLost(work: WorkInfo): Boolean = work.state == WorkInfo.State.ENQUEUED && !hasJob(work.id, longestDelayMillis)

    companion object {
        /** A week, as on iOS. No interval of the config is longer. */
        const val LONGEST_REQUEST_SECONDS = 604_800L

        /** WorkManager's own floor between two runs. */
        const val TOLERANCE_MILLIS = 900_000L

        /** `Configuration.Builder.setMaxSchedulerLimit`: 20 where the app does not say. */
        const val NO_TURN_YET = "it waits for its turn: the app has more work than WorkManager gives the system at once"
    }
}
