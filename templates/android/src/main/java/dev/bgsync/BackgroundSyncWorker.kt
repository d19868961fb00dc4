package dev.bgsync

import android.content.Context
import android.os.Build
import android.util.Log
import androidx.work.CoroutineWorker
import androidx.work.WorkerParameters
import androidx.work.await
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive

/**
 * The background sync, as WorkManager runs it.
 *
 * WorkManager stores this class's name with the enqueued work: renaming or moving it ends the schedule of every
 * installed app.
 */
class BackgroundSyncWorker(
    context: Context,
    parameters: WorkerParameters,
) : CoroutineWorker(context, parameters) {
    /**
     * Nothing but a genuine stop escapes. Periodic work that throws, or cancels itself, is FAILED for ever with
     * work-runtime 2.10; 2.11.2 and 2.12 wait for its next period, whatever the policy says. A returned failure is safe
     * with all of them.
     */
    override suspend fun doWork(): Result =
        try {
            val task = runtime.tasks.find(taskName)
            when {
                task == null -> withdraw()
                isRepeatedTrigger -> abandonTrigger()
                else -> resultOf(execute(task.id))
            }
        } catch (stop: CancellationException) {
            if (!currentCoroutineContext().isActive) throw stop
            defect(stop)
        } catch (error: Throwable) {
            defect(error)
        }

    /** Drains the queue inside the window that WorkManager gives. */
    private suspend fun execute(taskId: String): RunReport {
        val trigger = if (triggeredRunId == null) Trigger.OS else Trigger.TRIGGER
        val request = RunRequest(triggeredRunId ?: RunId.next(), taskId, trigger)
        return runtime.runner.background(request, ::stopReasonName)
    }

    /** An older version of the app had a sync that this one has no more. */
    private suspend fun withdraw(): Result {
        runtime.workManager().cancelUniqueWork(SyncTask.idOf(taskName)).await()
        return Result.success()
    }

    /** The process of the run died: its end is told here, since no other run may come for hours. */
    private suspend fun abandonTrigger(): Result {
        runtime.runner.closeKilledRun()
        return Result.failure()
    }

    private fun resultOf(report: RunReport): Result =
        when (report.outcome) {
            Outcome.DONE -> Result.success()
            Outcome.FAILED, Outcome.KILLED -> Result.failure()
            Outcome.SKIPPED -> if (report.isNoFailure) Result.success() else tryAgain()
            Outcome.RETRY, Outcome.EXPIRED -> tryAgain()
        }

    /** For the periodic work the next window is already set and wins over the back-off; a trigger is for now or never. */
    private fun tryAgain(): Result = if (triggeredRunId == null) Result.retry() else Result.failure()

    private fun defect(error: Throwable): Result {
        Log.e(BackgroundSyncConfig.LOG_TAG, "The background sync could not run", error)
        return tryAgain()
    }

    private val runtime: BackgroundSyncRuntime get() = BackgroundSyncRuntime.of(applicationContext)

    /** "" of the first sync, whose work has no input. */
    private val taskName: String get() = inputData.getString(KEY_TASK).orEmpty()

    private val triggeredRunId: String? get() = inputData.getString(KEY_RUN_ID)

    /** WorkManager starts one-time work again after a stop or a process death, under the same run id. */
    private val isRepeatedTrigger: Boolean get() = triggeredRunId != null && runAttemptCount > 0

    private fun stopReasonName(): String = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) StopReason.nameOf(stopReason) else "stopped"

    companion object {
        /** Input data: the run id that `bgsync trigger` chose. */
        internal const val KEY_RUN_ID = "run"

        /** Input data: the name of the sync. */
        internal const val KEY_TASK = "task"

        /**
         * Arms the schedule, or heals it.
         *
         * @param name of the sync, here and below; "" of the first
         * @param switchOn false at the start of the app, where a `cancel()` of before still holds
         * @return false where WorkManager refused
         */
        suspend fun register(
            context: Context,
            switchOn: Boolean = true,
            name: String = "",
        ): Boolean {
            val runtime = BackgroundSyncRuntime.of(context)
            val task = runtime.tasks.named(name)
            // First, and in `cancel` as well: of two calls that are begun one after the other, the later counts.
            if (switchOn) runtime.gate.ledger.switchOn(task, true)
            runtime.runner.closeKilledRun()
            return runtime.schedulerOf(task).register()
        }

        /**
         * Sets the next window. Inside a drain it holds against the policy of that run.
         *
         * @param delaySeconds 15 minutes at least, a week at most, as on iOS
         * @return its earliest start as WorkManager stored it, epoch milliseconds; null where nothing is registered
         */
        suspend fun scheduleNext(
            context: Context,
            delaySeconds: Long,
            name: String = "",
        ): Long? {
            val runtime = BackgroundSyncRuntime.of(context)
            val task = runtime.tasks.named(name)
            return runtime.schedulerOf(task).scheduleAt(runtime.request(delaySeconds, task), why = "app")
        }

        /**
         * Sets constraints and interval at run time; they hold over restarts and [register].
         *
         * @param settings JSON as JavaScript's `configure` takes it: what it leaves out is as `bgsync.config.json` says, and
         *   null is all of that
         * @return false where WorkManager refused: the settings hold, from the next change of the schedule on
         */
        suspend fun configure(
            context: Context,
            settings: String?,
            name: String = "",
        ): Boolean {
            val runtime = BackgroundSyncRuntime.of(context)
            return runtime.configure(SyncSettings.of(settings.orEmpty()), runtime.tasks.named(name))?.invoke() ?: true
        }

        /** Withdraws the schedule until the next [register], and closes the window of a run that is open. */
        suspend fun cancel(
            context: Context,
            name: String = "",
        ) {
            val runtime = BackgroundSyncRuntime.of(context)
            val task = runtime.tasks.named(name)
            runtime.gate.ledger.switchOn(task, false)
            runtime.gate.expireOpenRun(RunReport.CANCELLED) { it.task == task }
            runtime.schedulerOf(task).cancel()
        }

        /**
         * Drains the queue now, whether it is due or not, as the worker does.
         *
         * @param taskId what the handler sees as `taskId`: of the first sync, unless it is the id of another
         * @return whether the queue was drained
         */
        suspend fun execute(
            context: Context,
            taskId: String = BackgroundSyncConfig.WORK_NAME,
        ): Boolean {
            val runner = BackgroundSyncRuntime.of(context).runner
            val report = runner.background(RunRequest(RunId.next(), taskId, Trigger.FOREGROUND)) { "stopped" }
            return report.outcome == Outcome.DONE
        }

        /** Closes the window of the open run, if there is one: its handler's signal is aborted, the schedule goes on. */
        fun handleExpiration(context: Context) = BackgroundSyncRuntime.of(context).gate.expireOpenRun("app")
    }
}
