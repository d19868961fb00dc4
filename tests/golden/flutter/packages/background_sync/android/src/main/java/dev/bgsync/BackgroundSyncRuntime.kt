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

/** The parts of the background sync, one set a process: the worker and the module must share the gate. */
internal class BackgroundSyncRuntime(
    val clock: Clock,
    val events: EventLog,
    val device: Device,
    host: JsHost,
    ledger: RunLedger,
    val workManager: () -> WorkManager,
    /** For what outlives a call from Dart. */
    val scope: CoroutineScope,
) {
    val gate = RunGate(ledger, events, clock, device, BackgroundSyncConfig.BUDGET_MILLIS)

    val scheduler = SyncScheduler(workManager, events, clock, WorkRequests { gate.settings }, scope) { gate.isSwitchedOff }

    val runner =
        SyncRunner(
            gate,
            scheduler,
            host,
            events,
            device,
            BackgroundSyncConfig.BUDGET_MILLIS,
        )

    /**
     * Notes that the app asks for its next window: the run that is open, which may end before WorkManager knows, leaves it so.
     *
     * @return its earliest start, epoch milliseconds
     */
    fun request(delaySeconds: Long): Long = scheduler.timeAfter(delaySeconds).also(gate::requestNext)

    /**
     * Keeps what the app sets at run time, from now on and over restarts; [SyncScheduler.reconfigure] brings it to WorkManager.
     *
     * @return what that does; null where nothing has changed
     */
    fun configure(settings: SyncSettings): (suspend () -> Boolean)? {
        val before = gate.settings
        if (settings == before) return null
        gate.configure(settings)
        val interval = settings.policy.intervalSeconds
        // Not where runs go wrong: the time that they back off by stands.
        val isShorter = interval < before.policy.intervalSeconds && gate.consecutiveFailures == 0
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
            return BackgroundSyncRuntime(
                clock = DeviceClock,
                events = EventLog(directory, DeviceClock, Process.myPid()),
                device = AndroidDevice(application),
                host = FlutterDartHost(application),
                ledger = RunLedger(File(directory, "state.json")),
                workManager = { WorkManager.getInstance(application) },
                scope = CoroutineScope(SupervisorJob() + Dispatchers.Default + logDefects),
            )
        }
    }
}
