package dev.bgsync

import androidx.work.Constraints
import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.NetworkType
import androidx.work.PeriodicWorkRequest
import androidx.work.WorkInfo
import androidx.work.WorkManager
import androidx.work.await
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import java.util.concurrent.TimeUnit

/**
 * The schedule: one unique periodic work, which WorkManager persists and repeats whatever becomes of a run.
 * The adaptive time of the next window is an override on top of it, so losing one costs precision, never the chain.
 *
 * @param workManager lazy, since an app without WorkManager's initializer throws here, and must still start
 */
internal class SyncScheduler(
    private val workManager: () -> WorkManager,
    private val events: EventLog,
    private val clock: Clock,
    private val config: SchedulePolicyConfig,
) {
    /** Makes a look at the work and the change that follows from it one step. */
    private val mutex = Mutex()

    /**
     * Arms the schedule. Healthy work is left alone, since replacing it would cancel a run and restart the period:
     * https://github.com/expo/expo/issues/44663. Dead work, which WorkManager never revives by itself, is replaced.
     *
     * @return false where WorkManager refused
     */
    suspend fun register(): Boolean =
        guarded {
            val work = find()
            when {
                work == null -> {
                    val next = enqueue(ExistingPeriodicWorkPolicy.KEEP, config.intervalSeconds)
                    events.write(event("register").copy(why = "new", next = next))
                }

                work.isDead -> {
                    heal(work, config.backlogSeconds)
                }

                // An older generated version asked for something else. UPDATE keeps the next window and a running worker.
                !work.isCurrent -> {
                    enqueue(ExistingPeriodicWorkPolicy.UPDATE, request())
                    events.write(event("register").copy(why = "updated"))
                }

                else -> {
                    events.write(event("register").copy(why = "kept"))
                }
            }
        } != null

    /**
     * Moves the next window. Callable from inside the running worker.
     *
     * @param run the run that ended, if one did
     * @return the earliest start, epoch milliseconds; null where WorkManager refused, or nothing is registered
     */
    suspend fun scheduleNext(
        delaySeconds: Long,
        why: String,
        run: String? = null,
    ): Long? =
        guarded(run) {
            val work = find()
            when {
                // Withdrawn by `cancel`, and UPDATE would bring it back.
                work == null || work.state == WorkInfo.State.CANCELLED -> {
                    events.write(event("schedule.error").copy(run = run, why = "not-registered"))
                    null
                }

                // UPDATE does nothing to work that failed: https://developer.android.com/reference/androidx/work/WorkManager.UpdateResult#NOT_APPLIED
                work.isDead -> {
                    heal(work, delaySeconds)
                }

                else -> {
                    val next = enqueue(ExistingPeriodicWorkPolicy.UPDATE, delaySeconds)
                    events.write(event("schedule").copy(run = run, why = why, next = next))
                    next
                }
            }
        }

    /** Withdraws the schedule; WorkManager stops a run that is going on. */
    suspend fun cancel() {
        guarded {
            workManager().cancelUniqueWork(BackgroundSyncConfig.WORK_NAME).await()
            events.write(event("cancel"))
        }
    }

    /** @return null where nothing is registered, or WorkManager does not answer */
    suspend fun work(): WorkInfo? = guarded { find() }

    private suspend fun find(): WorkInfo? =
        workManager().getWorkInfosForUniqueWorkFlow(BackgroundSyncConfig.WORK_NAME).first().firstOrNull()

    private suspend fun heal(
        dead: WorkInfo,
        delaySeconds: Long,
    ): Long {
        val next = enqueue(ExistingPeriodicWorkPolicy.CANCEL_AND_REENQUEUE, delaySeconds)
        events.write(event("heal").copy(why = dead.state.name.lowercase(), next = next))
        return next
    }

    private suspend fun enqueue(
        policy: ExistingPeriodicWorkPolicy,
        delaySeconds: Long,
    ): Long {
        val delay = delaySeconds.coerceIn(SchedulePolicy.MIN_DELAY_SECONDS, MAX_DELAY_SECONDS)
        val next = clock.now() + TimeUnit.SECONDS.toMillis(delay)
        enqueue(policy, request().setNextScheduleTimeOverride(next))
        return next
    }

    private suspend fun enqueue(
        policy: ExistingPeriodicWorkPolicy,
        request: PeriodicWorkRequest.Builder,
    ) {
        workManager().enqueueUniquePeriodicWork(BackgroundSyncConfig.WORK_NAME, policy, request.build()).await()
    }

    private fun request(): PeriodicWorkRequest.Builder =
        PeriodicWorkRequest
            .Builder(BackgroundSyncWorker::class.java, repeatSeconds, TimeUnit.SECONDS)
            .setConstraints(CONSTRAINTS)

    private val repeatSeconds get() = config.intervalSeconds.coerceAtLeast(SchedulePolicy.MIN_DELAY_SECONDS)

    private val WorkInfo.isDead get() = state.isFinished || periodicityInfo == null

    private val WorkInfo.isCurrent
        get() =
            constraints == CONSTRAINTS &&
                periodicityInfo?.repeatIntervalMillis == TimeUnit.SECONDS.toMillis(repeatSeconds)

    private fun event(name: String) = SyncEvent(name, task = BackgroundSyncConfig.WORK_NAME)

    /** WorkManager throws where it is not initialized or its database is broken: that ends a schedule, not the app. */
    private suspend fun <T> guarded(
        run: String? = null,
        change: suspend () -> T,
    ): T? =
        try {
            mutex.withLock { change() }
        } catch (stop: CancellationException) {
            throw stop
        } catch (error: Exception) {
            events.write(
                event("schedule.error").copy(run = run, why = error.javaClass.simpleName, message = error.message),
            )
            null
        }

    companion object {
        val CONSTRAINTS: Constraints = Constraints.Builder().setRequiredNetworkType(NetworkType.CONNECTED).build()

        /** Ten years, far from where a sum of milliseconds ends. */
        private const val MAX_DELAY_SECONDS = 315_360_000L
    }
}
