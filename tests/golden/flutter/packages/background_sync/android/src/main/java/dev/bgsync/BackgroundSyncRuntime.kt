package dev.bgsync

import android.annotation.SuppressLint
import android.content.Context
import android.os.Process
import android.util.Log
import androidx.work.WorkManager
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import java.io.File
import java.util.UUID

/** The parts of the background sync, one set a process: the worker and the module must share the gate. */
internal class BackgroundSyncRuntime(
    val clock: Clock,
    val events: EventLog,
    val device: Device,
    host: JsHost,
    ledger: RunLedger,
    workManager: () -> WorkManager,
    hasJob: (UUID, Long) -> Boolean,
    /** For what outlives a call from Dart. */
    val scope: CoroutineScope,
    val tasks: SyncTasks = SyncTasks(),
) {
    /** Before the first unlock its database cannot be opened: asked then, it would end the process a moment later. */
    val workManager: () -> WorkManager = {
        check(!ledger.isSealed) { "The device was not unlocked since its start" }
        workManager()
    }

    val gate = RunGate(tasks, ledger, events, clock, device, BackgroundSyncConfig.BUDGET_MILLIS)

    private val schedulers =
        tasks.all.associateWith { task ->
            SyncScheduler(this.workManager, events, clock, WorkRequests(task, ledger, hasJob), scope)
        }

    /** Of the first sync. */
    val scheduler: SyncScheduler get() = schedulerOf(tasks.first)

    val runner =
        SyncRunner(
            gate,
            ::schedulerOf,
            host,
            events,
            device,
            BackgroundSyncConfig.BUDGET_MILLIS,
        )

    fun schedulerOf(task: SyncTask): SyncScheduler = schedulers.getValue(task)

    /**
     * Notes that the app asks for its next window: the run that is open, which may end before WorkManager knows, leaves it so.
     *
     * @return its earliest start, epoch milliseconds
     */
    fun request(
        delaySeconds: Long,
        task: SyncTask = tasks.first,
    ): Long = schedulerOf(task).timeAfter(delaySeconds).also { gate.requestNext(task, it) }

    /**
     * Keeps what the app sets at run time, from now on and over restarts; [SyncScheduler.reconfigure] brings it to WorkManager.
     *
     * @return what that does; null where nothing has changed
     */
    fun configure(
        settings: SyncSettings,
        task: SyncTask = tasks.first,
    ): (suspend () -> Boolean)? {
        val before = gate.ledger.state(task)
        if (settings == before.settings) return null
        gate.ledger.update(task) { it.copy(settings = settings) }
        val scheduler = schedulerOf(task)
        val interval = settings.policyOf(task).intervalSeconds
        // Not where runs go wrong: the time that they back off by stands.
        val isShorter = interval < before.settings.policyOf(task).intervalSeconds && before.consecutiveFailures == 0
        val latest = if (isShorter) scheduler.timeAfter(interval) else null
        return { scheduler.reconfigure(latest) }
    }

    companion object {
        @Volatile
        @SuppressLint("StaticFieldLeak") // It holds the application context only.
        private var instance: BackgroundSyncRuntime? = null

        fun of(context: Context): BackgroundSyncRuntime =
            instance ?: synchronized(this) {
                instance ?: create(context.applicationContext).also { instance = it }
            }

        private val logDefects =
            CoroutineExceptionHandler { _, error -> Log.e(BackgroundSyncConfig.LOG_TAG, "A defect in the background sync", error) }

        private fun create(application: Context): BackgroundSyncRuntime {
            // Not in a backup: another device must not inherit an open run.
            val directory = File(application.noBackupFilesDir, "bgsync")
            val device = AndroidDevice(application)
            return BackgroundSyncRuntime(
                clock = DeviceClock,
                events = EventLog(directory, DeviceClock, Process.myPid()),
                device = device,
                host = FlutterDartHost(application),
                ledger = RunLedger(File(directory, "state.json"), device::isUnlocked),
                workManager = { WorkManager.getInstance(application) },
                hasJob = SystemJobs(application)::has,
                scope = CoroutineScope(SupervisorJob() + Dispatchers.Default + logDefects),
            )
        }
    }
}
