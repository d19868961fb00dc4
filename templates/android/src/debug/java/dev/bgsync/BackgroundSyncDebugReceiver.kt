package dev.bgsync

import android.app.Activity
import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.pm.ApplicationInfo
import androidx.work.OneTimeWorkRequest
import androidx.work.await
import androidx.work.workDataOf
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.launch

/**
 * `bgsync trigger` and `bgsync status` on a debug build: answers an ordered broadcast with `ok …` or `error …`.
 *
 * A run is started as a one-time twin of the periodic work, since WorkManager refuses to run that before it is due.
 * Only this source set knows the receiver, its manifest lets only the shell call it, and a build that is not
 * debuggable ignores it.
 */
class BackgroundSyncDebugReceiver : BroadcastReceiver() {
    override fun onReceive(
        context: Context,
        intent: Intent,
    ) {
        if (context.applicationInfo.flags and ApplicationInfo.FLAG_DEBUGGABLE == 0) return
        val pending = goAsync()
        val runtime = BackgroundSyncRuntime.of(context)
        runtime.scope.launch {
            try {
                val answer = answer(intent, runtime)
                pending.setResult(if (answer.startsWith("error")) Activity.RESULT_CANCELED else Activity.RESULT_OK, answer, null)
            } finally {
                pending.finish()
            }
        }
    }

    private suspend fun answer(
        intent: Intent,
        runtime: BackgroundSyncRuntime,
    ): String =
        try {
            when (intent.action) {
                ACTION_RUN -> run(intent, runtime)
                ACTION_STATUS -> task(intent, runtime)?.let { "ok v=1 ${SyncStatus.of(runtime, it)}" } ?: "error v=1 why=job"
                ACTION_STOP -> stop(runtime)
                else -> "error v=1 why=action"
            }
        } catch (stop: CancellationException) {
            throw stop
        } catch (error: Exception) {
            "error v=1 why=${error.javaClass.simpleName}"
        }

    private suspend fun run(
        intent: Intent,
        runtime: BackgroundSyncRuntime,
    ): String {
        val task = task(intent, runtime) ?: return "error v=1 why=job"
        val runId = intent.getStringExtra(EXTRA_RUN) ?: RunId.next()
        if (!RunId.isRunId(runId)) return "error v=1 why=run"

        val twin =
            OneTimeWorkRequest
                .Builder(BackgroundSyncWorker::class.java)
                .setInputData(workDataOf(BackgroundSyncWorker.KEY_RUN_ID to runId, BackgroundSyncWorker.KEY_TASK to task.name))
        val state = runtime.gate.ledger.state(task)
        val constraints = state.settings.constraintsOf(task)
        if (intent.getBooleanExtra(EXTRA_RESPECT, false)) twin.setConstraints(constraints.toWork())
        val request = twin.build()
        runtime.events.write(SyncEvent("ack", run = runId, task = task.id, trigger = Trigger.TRIGGER.wire))
        runtime.workManager().enqueue(request).await()
        return "ok v=1 run=$runId work=${request.id}"
    }

    /** @return null where this build has no such sync */
    private fun task(
        intent: Intent,
        runtime: BackgroundSyncRuntime,
    ): SyncTask? {
        val job = intent.getStringExtra(EXTRA_JOB) ?: return runtime.tasks.first
        return runtime.tasks.all.find { it.id == job }
    }

    private fun stop(runtime: BackgroundSyncRuntime): String {
        val open = runtime.gate.openRun ?: return "error v=1 why=no-run"
        runtime.gate.expireOpenRun("stop")
        return "ok v=1 run=${open.id}"
    }

    private companion object {
        const val ACTION_RUN = "dev.bgsync.action.RUN"
        const val ACTION_STATUS = "dev.bgsync.action.STATUS"
        const val ACTION_STOP = "dev.bgsync.action.STOP"

        /** The run id to use, eight characters of 0-9a-z. */
        const val EXTRA_RUN = "run"

        /** The unique work to run, or to tell the status of; without it, of the first sync. */
        const val EXTRA_JOB = "job"

        /** Boolean: wait for the constraints of the periodic work. */
        const val EXTRA_RESPECT = "respect"
    }
}
