package dev.bgsync.tests

import androidx.work.WorkManager
import dev.bgsync.Answer
import dev.bgsync.BackgroundSyncConfig
import dev.bgsync.BackgroundSyncRuntime
import dev.bgsync.BackgroundSyncWorker
import dev.bgsync.BatteryState
import dev.bgsync.Device
import dev.bgsync.DeviceState
import dev.bgsync.EventLog
import dev.bgsync.JsHost
import dev.bgsync.NetworkState
import dev.bgsync.Outcome
import dev.bgsync.Receiver
import dev.bgsync.RunId
import dev.bgsync.RunLedger
import dev.bgsync.RunRequest
import dev.bgsync.SyncStatus
import dev.bgsync.SyncTask
import dev.bgsync.SyncTasks
import dev.bgsync.SystemJobs
import dev.bgsync.TaskState
import dev.bgsync.Trigger
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import org.json.JSONObject
import java.io.File
import java.nio.file.Files

/** A device, its WorkManager database and its disk; processes come and go. */
internal class World(
    number: Int,
) {
    val time = VirtualTime()

    /** Worlds follow each other, so that their events make one log. */
    val clock = VirtualClock(time, start = 1_700_000_000_000 + number * 86_400_000L * 100)
    val system = PlayedSystem(time)
    val workManager = RealWorkManager(clock, system)
    val directory: File = Files.createTempDirectory("bgsync").toFile()
    val lines = mutableListOf<String>()
    var battery = BatteryState(percent = 80, charging = false, saver = false)

    var network = NetworkState("wifi", metered = false)

    var isStorageLow = false
    var isInUse = false

    /** As at night. */
    var isLocked = true

    /** Whether the device was unlocked since its start. */
    var isUnlocked = true
        private set

    /** Set to make the device refuse to tell. */
    var deviceFailure: RuntimeException? = null
    var process: AppProcess? = null

    /** The syncs of the app. */
    var tasks = SyncTasks()

    private var lastPid = number * 100

    val events: List<JSONObject> get() = lines.map { JSONObject(it.removePrefix("BGSYNC1 ")) }

    val work: Work get() = checkNotNull(workManager.unique(BackgroundSyncConfig.WORK_NAME)) { "nothing is enqueued" }

    fun events(name: String): List<JSONObject> = events.filter { it.getString("ev") == name }

    val names: List<String> get() = events.map { it.getString("ev") }

    fun last(name: String): JSONObject = checkNotNull(events(name).lastOrNull()) { "no $name among $names" }

    fun startProcess(js: JavaScript = JavaScript.draining()): AppProcess =
        AppProcess(this, ++lastPid, js).also {
            process = it
            it.install()
            workManager.attach(it.dispatcher)
        }

    /** The process ends between two instructions: no `finally` runs. */
    fun kill() {
        process?.dispatcher?.kill()
        process = null
        workManager.processDied()
    }

    /** Until [unlock], nothing that the app has stored can be read or written, and WorkManager must not be asked. */
    fun restartDevice() {
        kill()
        isUnlocked = false
        check(directory.renameTo(sealed))
        directory.writeText("")
        workManager.failure = IllegalStateException(ASKED_TOO_EARLY)
    }

    fun unlock() {
        workManager.failure = null
        directory.delete()
        check(sealed.renameTo(directory))
        isUnlocked = true
    }

    private val sealed get() = File("$directory.sealed")

    /** Until [diskHeals], a file that is there gives an error when it is read. */
    fun diskFails(vararg names: String) =
        names.map { File(directory, it) }.forEach {
            if (it.exists()) check(it.renameTo(File("$it.kept")))
            directory.mkdirs()
            // A link to itself can be neither read nor asked for: `exists()` says no, as it does of a file on such a disk.
            Files.createSymbolicLink(it.toPath(), it.toPath())
        }

    fun diskHeals(vararg names: String) =
        names.map { File(directory, it) }.forEach {
            check(Files.isSymbolicLink(it.toPath()) && it.delete()) { "$it was written over" }
            File("$it.kept").renameTo(it)
        }

    fun seconds(count: Long) = time.runUntil(time.elapsed + count * 1_000, system::tick)

    fun hours(count: Long) = seconds(count * 3_600)
}

internal const val ASKED_TOO_EARLY = "WorkManager was asked before the first unlock"

/** What a script does when JavaScript is loaded, and when it gets a run. */
internal class JavaScript(
    val hostBoots: suspend () -> Boolean = {
        delay(800)
        true
    },
    val isAvailable: () -> Boolean = { true },
    val asksForRuns: Boolean = true,
    val drain: suspend AppProcess.(run: JSONObject) -> Unit,
) {
    companion object {
        fun answering(
            outcome: String,
            remaining: Int = 0,
            afterMillis: Long = 1_000,
            message: String = "",
        ) = JavaScript { run ->
            delay(afterMillis)
            complete(run.getString("runId"), outcome, remaining, message)
        }

        fun draining() = answering("done")

        fun silent() = JavaScript { awaitCancellation() }
    }
}

/** The sync of an app that has one. */
internal val FIRST = SyncTasks().first

internal class AppProcess(
    private val world: World,
    pid: Int,
    private val js: JavaScript,
) : JsHost {
    val dispatcher = ProcessDispatcher(world.time)
    val crashes = mutableListOf<Throwable>()
    private val scope =
        CoroutineScope(dispatcher + SupervisorJob() + CoroutineExceptionHandler { _, error -> crashes += error })
    var timersTick = false
        private set
    var boots = 0
        private set
    var isRunning = false

    val runtime =
        BackgroundSyncRuntime(
            clock = world.clock,
            events = EventLog(world.directory, world.clock, pid) { world.lines += it },
            device =
                Device {
                    world.deviceFailure?.let { throw it }
                    DeviceState(world.battery, world.network, bucket = 10, locked = world.isLocked, storageLow = world.isStorageLow, inUse = world.isInUse)
                },
            host = this,
            ledger = RunLedger(File(world.directory, "state.json")) { world.isUnlocked },
            workManager = {
                world.workManager.failure?.let { throw it }
                WorkManager.getInstance(TestContext)
            },
            hasJob = SystemJobs(TestContext)::has,
            scope = scope,
            tasks = world.tasks,
        )

    /** Of the first sync. */
    val state: TaskState get() = runtime.gate.ledger.state(runtime.tasks.first)

    fun install() {
        BackgroundSyncRuntime::class.java.getDeclaredField("instance").apply {
            isAccessible = true
            set(null, runtime)
        }
    }

    override suspend fun isAvailable(): Boolean = js.isAvailable()

    override suspend fun isRunning(): Boolean = isRunning

    override suspend fun boot(limitMillis: Long): Boolean {
        boots++
        val booted =
            kotlinx.coroutines.withTimeoutOrNull(limitMillis) { js.hostBoots() } ?: return false
        isRunning = booted
        if (booted) loadJavaScript()
        return booted
    }

    override suspend fun <T> withTimers(block: suspend () -> T): T {
        timersTick = true
        return try {
            block()
        } finally {
            timersTick = false
        }
    }

    /** The entry file is evaluated: JavaScript asks for a run, as `core.ts` does, and asks again after each. */
    fun loadJavaScript(owner: Any = this) {
        isRunning = true
        if (js.asksForRuns) ask(owner)
    }

    fun ask(owner: Any = this) {
        runtime.gate.nextRun(
            Receiver(owner) { json ->
                launch {
                    js.drain.invoke(this@AppProcess, JSONObject(json))
                    ask(owner)
                }
            },
        )
    }

    fun launch(block: suspend () -> Unit) = scope.launch { block() }

    /** The module's `complete`. */
    fun complete(
        runId: String,
        outcome: String,
        remaining: Int = 0,
        message: String = "",
    ) = runtime.gate.complete(runId, Answer(Outcome.ofAnswer(outcome), remaining, message))

    fun register(switchOn: Boolean = true) = launch { BackgroundSyncWorker.register(TestContext, switchOn) }

    fun cancel() = launch { BackgroundSyncWorker.cancel(TestContext) }

    /** The module's `beginForeground`; [drain] gets null where a run is open. */
    fun beginForeground(
        task: SyncTask = FIRST,
        drain: suspend (JSONObject?) -> Unit,
    ) {
        val request = RunRequest(RunId.next(), task.id, Trigger.FOREGROUND)
        launch {
            runtime.runner.foreground(
                request,
                Receiver(this) { json -> launch { drain(if (json.isEmpty()) null else JSONObject(json)) } },
            )
        }
    }

    fun status(): JSONObject {
        var status: JSONObject? = null
        launch { status = SyncStatus.of(runtime) }
        world.seconds(0)
        return checkNotNull(status)
    }
}
