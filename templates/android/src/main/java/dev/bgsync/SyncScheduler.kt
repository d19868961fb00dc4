package dev.bgsync

import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.PeriodicWorkRequest
import androidx.work.WorkInfo
import androidx.work.WorkManager
import androidx.work.await
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
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
    private val requests: WorkRequests,
    private val scope: CoroutineScope,
) {
    /** Makes a look at the work and the change that follows from it one step. */
    private val mutex = Mutex()

    /**
     * Arms the schedule. Healthy work is left alone, since replacing it would cancel a run and restart the period:
     * https://github.com/expo/expo/issues/44663. Work that will not run is replaced, a job that is missing made anew.
     * After the app's `cancel()` what WorkManager still has is withdrawn: the process may have died in between.
     * @return false where WorkManager refused
     */
    suspend fun register(): Boolean =
        guarded {
            val work = find()
            when {
                requests.isSwitchedOff -> {
                    if (work != null && requests.isOurs(work)) workManager().cancelUniqueWork(requests.name).await()
                }

                work == null -> {
                    val next = enqueue(timeAfter(requests.policy.intervalSeconds))
                    events.write(event("register").copy(why = "new", next = next))
                }

                work.isDead || requests.isStranded(work, clock.now()) -> {
                    heal(work, timeAfter(requests.policy.backlogSeconds))
                }

                requests.isLost(work) -> {
                    update(requests.make())
                    val updated = find()
                    if (updated == null || requests.isLost(updated)) kept(WorkRequests.NO_TURN_YET) else healed("lost", updated.storedTime)
                }

                // An older generated version, or other settings, asked for something else. UPDATE keeps the next window and a running worker.
                !requests.isCurrent(work) -> {
                    update(requests.make())
                    events.write(event("register").copy(why = "updated"))
                }

                else -> {
                    kept()
                }
            }
        } != null

    /** The policy's time, that many seconds from now; like [scheduleAt] otherwise. */
    suspend fun scheduleNext(
        delaySeconds: Long,
        why: String,
        run: String? = null,
    ): Long? = scheduleAt(timeAfter(delaySeconds), why, run, isRequested = false)

    /**
     * Moves the next window. Callable from inside the running worker.
     *
     * @param next epoch milliseconds, of [timeAfter]
     * @param run the run that ended, if one did
     * @param isRequested whether the app asked for that time
     * @return the earliest start as WorkManager stored it, epoch milliseconds; null where it refused, where nothing is
     *   registered, or after the app's `cancel()`
     */
    suspend fun scheduleAt(
        next: Long,
        why: String,
        run: String? = null,
        isRequested: Boolean = true,
    ): Long? =
        guarded(run) {
            val work = find()
            when {
                // Inside the lock, since a `cancel()` that comes after the run's end must not be undone by it.
                requests.isSwitchedOff -> {
                    null
                }

                // Withdrawn by other code of the app, and UPDATE would bring it back.
                work == null || work.state == WorkInfo.State.CANCELLED -> {
                    events.write(event("schedule.error").copy(run = run, why = "not-registered"))
                    null
                }

                // UPDATE does nothing to work that failed: https://developer.android.com/reference/androidx/work/WorkManager.UpdateResult#NOT_APPLIED
                work.isDead -> {
                    heal(work, next)
                }

                else -> {
                    setNext(next) { stored -> events.write(event("schedule").copy(run = run, why = why, next = stored)) }
                }
            }?.also { requests.keepRequest(next.takeIf { isRequested }) }
        }

    /**
     * Asks for what is enqueued anew, with settings that have changed since. What is not enqueued, or will not run, gets them
     * from [register]; a run that is open goes on.
     *
     * @param latest epoch milliseconds: a window that would come later is moved there; null leaves each where it is
     * @return false where WorkManager refused
     */
    suspend fun reconfigure(latest: Long?): Boolean =
        guarded {
            val work = find()?.takeUnless { requests.isSwitchedOff || it.isDead }
            if (work != null) {
                val sooner = latest?.takeIf { (work.storedTime ?: 0) > it }
                if (sooner == null) update(requests.make()) else setNext(sooner).also { requests.keepRequest(null) }
            }
            val next = if (work == null) null else find()?.storedTime
            events.write(event("configure").copy(message = requests.describe(), next = next))
        } != null

    /** Withdraws the schedule; WorkManager stops a run that is going on. */
    suspend fun cancel() {
        guarded {
            workManager().cancelUniqueWork(requests.name).await()
            events.write(event("cancel"))
        }
    }

    /** @return null where nothing is registered, or WorkManager does not answer */
    suspend fun work(): WorkInfo? = guarded { find() }

    /** @return epoch milliseconds */
    fun timeAfter(delaySeconds: Long): Long {
        val delay = delaySeconds.coerceIn(SchedulePolicy.MIN_DELAY_SECONDS, WorkRequests.LONGEST_REQUEST_SECONDS)
        return clock.now() + TimeUnit.SECONDS.toMillis(delay)
    }

    private suspend fun find(): WorkInfo? = workManager().getWorkInfosForUniqueWorkFlow(requests.name).first().firstOrNull()

    private suspend fun heal(
        work: WorkInfo,
        next: Long,
    ): Long {
        // Neither UPDATE nor KEEP touches the time of the last run, or work that is no periodic one.
        if (!work.state.isFinished) workManager().cancelUniqueWork(requests.name).await()
        return enqueue(next).also { healed(work.deadState ?: "stranded", it) }
    }

    private fun kept(message: String? = null) = events.write(event("register").copy(why = "kept", message = message))

    private fun healed(
        why: String,
        next: Long?,
    ) = events.write(event("heal").copy(why = why, next = next))

    /**
     * Enqueues where there is nothing, or something that finished: KEEP replaces that. CANCEL_AND_REENQUEUE would throw,
     * since it does not go together with an override of the next time.
     *
     * @return the stored time
     */
    private suspend fun enqueue(next: Long): Long {
        put(ExistingPeriodicWorkPolicy.KEEP, requests.make().setNextScheduleTimeOverride(next))
        requests.keepRequest(null)
        return find()?.storedTime ?: next
    }

    /**
     * @param isSet gets the stored time, where it is not that of new work
     * @return the stored time
     */
    private suspend fun setNext(
        next: Long,
        isSet: (Long) -> Unit = {},
    ): Long {
        update(requests.make().setNextScheduleTimeOverride(next))
        val updated = find()
        // Where the clock was ahead in its last run, WorkManager stores a later time.
        if (updated != null && updated.isLaterThan(next)) return heal(updated, next)
        return (updated?.storedTime ?: next).also(isSet)
    }

    private suspend fun update(request: PeriodicWorkRequest.Builder) = put(ExistingPeriodicWorkPolicy.UPDATE, request)

    private suspend fun put(
        policy: ExistingPeriodicWorkPolicy,
        request: PeriodicWorkRequest.Builder,
    ) {
        workManager().enqueueUniquePeriodicWork(requests.name, policy, request.build()).await()
    }

    private fun event(name: String) = SyncEvent(name, task = requests.name)

    /**
     * WorkManager throws where it is not initialized or its database is broken, and answers never where its executor is
     * blocked: that ends a schedule, not the app, and no run, which holds the gate meanwhile.
     */
    private suspend fun <T> guarded(
        run: String? = null,
        change: suspend () -> T,
    ): T? {
        val error =
            try {
                // On its own, since even a cancelled call ends on the executor that does not run.
                // Begun on the caller's thread, so that the lock is given in the order of the calls.
                val changing =
                    scope.async(start = CoroutineStart.UNDISPATCHED) {
                        mutex.withLock {
                            yield()
                            change()
                        }
                    }
                withTimeoutOrNull(LIMIT_MILLIS) { changing.join() }
                if (changing.isCompleted) return changing.await()
                changing.cancel()
                event("schedule.error").copy(run = run, why = "timeout")
            } catch (stop: CancellationException) {
                throw stop
            } catch (error: Exception) {
                event("schedule.error").copy(run = run, why = error.javaClass.simpleName, message = error.message)
            }
        events.write(error)
        return null
    }

    private companion object {
        /** For one change, which is a few database transactions. */
        const val LIMIT_MILLIS = 10_000L
    }
}
