package dev.bgsync.tests

import android.content.Context
import androidx.work.Configuration
import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.ListenableWorker
import androidx.work.PeriodicWorkRequest
import androidx.work.RunnableScheduler
import androidx.work.WorkInfo
import androidx.work.WorkManager
import androidx.work.WorkRequest
import androidx.work.WorkerFactory
import androidx.work.WorkerParameters
import androidx.work.impl.WorkManagerImpl
import androidx.work.impl.model.WorkSpec
import org.robolectric.RuntimeEnvironment
import org.robolectric.shadows.ShadowLog
import org.robolectric.shadows.ShadowTrace
import java.util.IdentityHashMap

val TestContext: Context get() = RuntimeEnvironment.getApplication()

/** One row of WorkManager's database, read anew at each look. */
class Work(
    private val manager: RealWorkManager,
    val id: String,
) {
    val spec: WorkSpec get() = checkNotNull(manager.database.workSpecDao().getWorkSpec(id)) { "the work is gone" }

    var state: WorkInfo.State
        get() = spec.state
        set(value) {
            manager.database.workSpecDao().setState(value, id)
        }

    val uniqueName: String? get() = manager.database.workNameDao().getNamesForWorkSpecId(id).firstOrNull()
    val isPeriodic get() = spec.isPeriodic
    val attempts get() = spec.runAttemptCount
    val periods get() = spec.periodCount
    val stopReason get() = spec.stopReason

    /** What WorkManager said of each run: success, retry, failure, `threw`, `cancelled`. */
    val results: List<String> get() = manager.results(id)

    fun nextRunAt(): Long = if (state == WorkInfo.State.ENQUEUED) spec.calculateNextRunTime() else Long.MAX_VALUE
}

/** The real WorkManager, its executors and its clock in the test's hands, its database in a file. */
class RealWorkManager(
    private val clock: VirtualClock,
    private val system: PlayedSystem,
) {
    /** Set to make every call fail, as a broken database does. */
    var failure: RuntimeException? = null

    /** Whether WorkManager's executor is blocked; what it was given runs once it is not. */
    var isBlocked = false
        set(value) {
            field = value
            if (!value) blocked.toList().also { blocked.clear() }.forEach { process?.execute(it) }
        }
    private val blocked = mutableListOf<Runnable>()

    var isConnected by system::isConnected

    /** Changes what the app's own configuration of WorkManager says. */
    var configure: Configuration.Builder.() -> Unit = {}

    private var process: ProcessDispatcher? = null

    init {
        forget()
        TestContext.noBackupFilesDir.deleteRecursively()
        ShadowLog.reset()
    }

    private val instance get() = checkNotNull(WorkManagerImpl.getInstance(TestContext)) { "no process is running" }

    val database get() = instance.workDatabase

    val works: List<Work> get() = database.workSpecDao().getAllWorkSpecIds().map { Work(this, it) }

    fun unique(name: String): Work? = database.workSpecDao().getWorkSpecIdAndStatesForName(name).lastOrNull()?.let { Work(this, it.id) }

    fun attach(dispatcher: ProcessDispatcher) {
        process = dispatcher
        val configuration =
            Configuration
                .Builder()
                .setMinimumLoggingLevel(INFO)
                .setClock(clock)
                .setExecutor(dispatcher)
                .setTaskExecutor { task -> if (isBlocked) blocked += task else dispatcher.execute(task) }
                .setWorkerCoroutineContext(dispatcher)
                .setRunnableScheduler(Timers(dispatcher))
                .setWorkerFactory(ByName)
                .apply(configure)
                .build()
        MainLooper.run { WorkManager.initialize(TestContext, configuration) }
        system.processStarted()
    }

    fun processDied() {
        system.processDied()
        forget()
    }

    /** What the process held goes; the files stay. */
    private fun forget() {
        val fields = listOf("sDelegatedInstance", "sDefaultInstance").map { WorkManagerImpl::class.java.getDeclaredField(it).apply { isAccessible = true } }
        fields.firstNotNullOfOrNull { it.get(null) as WorkManagerImpl? }?.workDatabase?.close()
        fields.forEach { it.set(null, null) }
        // Sections of a trace end with their process, and Android lets one begin twice, as 2.10 does where a work is early.
        ShadowTrace.reset()
        ShadowTrace.doNotUseSetCrashOnIncorrectUsage(false)
    }

    fun stop(
        work: Work,
        reason: Int,
    ) = system.stop(work.id, reason)

    /**
     * As its listener for the end of a run does, before 2.12.0, to work that another enqueue has scheduled meanwhile: the
     * job is cancelled and forgotten, and the work stays marked as scheduled.
     */
    fun takeJobAway(work: Work) = instance.schedulers.forEach { it.cancel(work.id) }

    fun enqueue(request: WorkRequest) = WorkManager.getInstance(TestContext).enqueue(request)

    fun enqueueUniquePeriodicWork(
        name: String,
        policy: ExistingPeriodicWorkPolicy,
        request: PeriodicWorkRequest,
    ) = WorkManager.getInstance(TestContext).enqueueUniquePeriodicWork(name, policy, request)

    fun results(id: String): List<String> =
        ShadowLog
            .getLogsForTag("WM-WorkerWrapper")
            .filter { id in it.msg }
            .mapNotNull {
                when {
                    it.msg.startsWith("Worker result ") -> it.msg.split(' ')[2].lowercase()
                    "threw an exception" in it.msg -> "threw"
                    "was cancelled" in it.msg -> "cancelled"
                    else -> null
                }
            }

    private companion object {
        /** `Log.INFO`, which the compiler's android-all says differently. */
        const val INFO = 4
    }

    /** WorkManager's own factory looks where its own classes are; the tests' are loaded beside them. */
    private object ByName : WorkerFactory() {
        override fun createWorker(
            context: Context,
            name: String,
            parameters: WorkerParameters,
        ): ListenableWorker? {
            val type = runCatching { javaClass.classLoader!!.loadClass(name) }.getOrNull() ?: return null
            return type.getConstructor(Context::class.java, WorkerParameters::class.java).newInstance(context, parameters) as ListenableWorker
        }
    }

    private class Timers(
        private val dispatcher: ProcessDispatcher,
    ) : RunnableScheduler {
        private val pending = IdentityHashMap<Runnable, Any>()

        override fun scheduleWithDelay(
            delayMillis: Long,
            runnable: Runnable,
        ) {
            val turn = Any()
            synchronized(pending) { pending[runnable] = turn }
            dispatcher.after(delayMillis) {
                if (synchronized(pending) { pending.remove(runnable, turn) }) MainLooper.run { runnable.run() }
            }
        }

        override fun cancel(runnable: Runnable) {
            synchronized(pending) { pending.remove(runnable) }
        }
    }
}
