package dev.bgsync

import android.content.Context
import android.os.Build
import android.util.Log
import androidx.work.CoroutineWorker
import androidx.work.WorkerParameters
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
     * Nothing but a genuine stop escapes: work-runtime up to 2.11 marks periodic work that throws, or cancels itself, as
     * FAILED for ever. A returned failure is safe, the period goes on.
     */
    override suspend fun doWork(): Result =
        try {
            if (isRepeatedTrigger) Result.failure() else resultOf(execute(BackgroundSyncConfig.WORK_NAME))
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
        return BackgroundSyncRuntime.of(applicationContext).runner.background(request, ::stopReasonName)
    }

    private fun resultOf(report: RunReport): Result =
        when (report.outcome) {
            Outcome.DONE -> Result.success()
            Outcome.FAILED, Outcome.KILLED -> Result.failure()
            Outcome.SKIPPED -> if (report.isBusy) Result.success() else tryAgain()
            Outcome.RETRY, Outcome.EXPIRED -> tryAgain()
        }

    /** For the periodic work the next window is already set and wins over the back-off; a trigger is for now or never. */
    private fun tryAgain(): Result = if (triggeredRunId == null) Result.retry() else Result.failure()

    private fun defect(error: Throwable): Result {
        Log.e(BackgroundSyncConfig.LOG_TAG, "The background sync could not run", error)
        return tryAgain()
    }

    private val triggeredRunId: String? get() = inputData.getString(KEY_RUN_ID)

    /** WorkManager starts one-time work again after a stop or a process death, under the same run id. */
    private val isRepeatedTrigger: Boolean get() = triggeredRunId != null && runAttemptCount > 0

    private fun stopReasonName(): String = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) StopReason.nameOf(stopReason) else "stopped"

    companion object {
        /** Input data: the run id that `bgsync trigger` chose. */
        internal const val KEY_RUN_ID = "run"

        /** Arms the schedule, or heals it. @return false where WorkManager refused */
        suspend fun register(context: Context): Boolean {
            val runtime = BackgroundSyncRuntime.of(context)
            runtime.runner.closeKilledRun()
            return runtime.scheduler.register()
        }

        /** @return the earliest next window, epoch milliseconds; null where nothing is registered */
        suspend fun scheduleNext(
            context: Context,
            delaySeconds: Long,
        ): Long? = BackgroundSyncRuntime.of(context).scheduler.scheduleNext(delaySeconds, why = "app")

        /** Withdraws the schedule, and closes the window of a run that is open. */
        suspend fun cancel(context: Context) {
            val runtime = BackgroundSyncRuntime.of(context)
            runtime.gate.expireOpenRun("cancelled")
            runtime.scheduler.cancel()
        }
    }
}
