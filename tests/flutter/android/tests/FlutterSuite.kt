package dev.bgsync.tests

import android.os.Looper
import androidx.work.WorkManager
import dev.bgsync.BackgroundSyncConfig
import dev.bgsync.BackgroundSyncPlugin
import dev.bgsync.BackgroundSyncRuntime
import dev.bgsync.Device
import dev.bgsync.DeviceState
import dev.bgsync.EventLog
import dev.bgsync.FlutterDartHost
import dev.bgsync.NetworkState
import dev.bgsync.RunLedger
import dev.bgsync.SyncTask
import dev.bgsync.SyncTasks
import io.flutter.embedding.engine.FlutterEngine
import io.flutter.played.PlayedFlutter
import io.flutter.played.PlayedMessenger
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import org.json.JSONObject
import org.robolectric.Shadows.shadowOf
import java.io.File
import java.time.Duration
import java.util.function.Supplier

private const val CHANNEL = "dev.bgsync/background_sync"

/** A process of a Flutter app, with the generated host and plugin in it. */
internal class FlutterProcess(
    private val world: World,
    pid: Int = 1,
) {
    val dispatcher = ProcessDispatcher(world.time)
    val crashes = mutableListOf<Throwable>()
    val scope = CoroutineScope(dispatcher + SupervisorJob() + CoroutineExceptionHandler { _, error -> crashes += error })
    val host = FlutterDartHost(TestContext)

    init {
        PlayedFlutter.reset()
        PlayedFlutter.plugins += Supplier { BackgroundSyncPlugin() }
        val runtime =
            BackgroundSyncRuntime(
                clock = world.clock,
                events = EventLog(world.directory, world.clock, pid) { world.lines += it },
                device =
                    Device {
                        world.deviceFailure?.let { throw it }
                        DeviceState(world.battery, world.network, bucket = 10, locked = world.isLocked)
                    },
                host = host,
                ledger = RunLedger(File(world.directory, "state.json")),
                workManager = { WorkManager.getInstance(TestContext) },
                hasJob = { _, _ -> true },
                scope = scope,
                tasks = world.tasks,
            )
        BackgroundSyncRuntime::class.java.getDeclaredField("instance").apply {
            isAccessible = true
            set(null, runtime)
        }
        world.workManager.attach(dispatcher)
    }

    fun kill() {
        dispatcher.kill()
        world.workManager.processDied()
    }

    /** The user opens the app: its own engine, whose Dart takes no runs. */
    fun open(): FlutterEngine = MainLooper.run { FlutterEngine(TestContext) }
}

/** Dart in one engine: `call` answers what its side of the channel hears. */
private class Dart(
    private val messenger: PlayedMessenger,
) {
    val heard = mutableListOf<Any?>()

    fun call(
        method: String,
        vararg arguments: Any,
        then: (Any?) -> Unit = { heard += it },
    ) = messenger.call(CHANNEL, method, arguments.toList()) { then(it) }
}

private fun World.flutter(body: FlutterProcess.() -> Unit) {
    val process = FlutterProcess(this)
    try {
        process.body()
        check(process.crashes.isEmpty()) { "uncaught: ${process.crashes}" }
    } finally {
        process.kill()
        // What the host has put off is of this case alone.
        mainPasses(60_000)
        PlayedFlutter.reset()
    }
}

/** Time of the main looper, which Robolectric keeps by itself. */
internal fun mainPasses(millis: Long) = MainLooper.run { shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(millis)) }

/** Dart that drains: answers each run `done` after [millis]. */
private fun World.drains(
    process: FlutterProcess,
    millis: Long = 1_000,
    seen: (Dart, JSONObject) -> Unit = { _, _ -> },
) {
    PlayedFlutter.dart =
        PlayedFlutter.Dart { _, messenger ->
            val dart = Dart(messenger)
            dart.call("nextRun") { json ->
                val run = JSONObject(json as String)
                seen(dart, run)
                process.scope.launch {
                    kotlinx.coroutines.delay(millis)
                    dart.call("complete", run.getString("runId"), "done", 0, "")
                }
            }
        }
}

private val PHOTOS =
    SyncTask(
        "photos",
        BackgroundSyncConfig.policy.copy(intervalSeconds = 2 * 3_600),
        BackgroundSyncConfig.constraints,
    )

/** Calls in the name of a sync that this build does not have. */
private val unknown =
    listOf(
        "registerTask" to arrayOf<Any>(true, "nobody"),
        "cancel" to arrayOf<Any>("nobody"),
        "scheduleNext" to arrayOf<Any>(900, "nobody"),
        "configure" to arrayOf<Any>("", "nobody"),
        "getStatus" to arrayOf<Any>("nobody"),
        "beginForeground" to arrayOf<Any>("nobody"),
    )

/** How many runs were open at one time, at the most. */
private fun World.openAtOnce(): Int {
    var open = 0
    return events.maxOf { event ->
        when (event.getString("ev")) {
            "run.start" -> open++
            "run.end" -> open--
        }
        open
    }
}

private fun flutterCases() {
    test("the host enters Dart by its name and library, in one engine") {
        flutter {
            val entries = mutableListOf<String>()
            PlayedFlutter.dart =
                PlayedFlutter.Dart { entry, _ ->
                    entries += "${entry.pathToBundle} ${entry.dartEntrypointLibrary} ${entry.dartEntrypointFunctionName}"
                }
            var booted: Boolean? = null
            scope.launch { booted = host.boot(3_000) }
            seconds(1)
            expect("booted", booted, true)
            expect("entries", entries, listOf("flutter_assets package:app/background_sync.dart backgroundSyncMain"))
            expect("engines", PlayedFlutter.engines.size, 1)
        }
    }

    test("a library that is never loaded is given up after the limit, and leaves no engine") {
        flutter {
            PlayedFlutter.loads = false
            var booted: Boolean? = null
            scope.launch { booted = host.boot(3_000) }
            seconds(2)
            expect("booted", booted, null)
            seconds(2)
            expect("booted", booted, false)
            expect("engines", PlayedFlutter.engines.size, 0)
        }
    }

    test("an engine that fails throws its own error, and the run is skipped with it") {
        flutter {
            val app = open()
            seconds(1)
            PlayedFlutter.failure = IllegalStateException("no Dart in this build")
            hours(2)
            val end = last("run.end")
            expect("end", end.getString("out") to end.getString("why"), "skipped" to "host-failed")
            check("no Dart in this build" in end.getString("msg")) { end }
            expect("engines", PlayedFlutter.engines.toList(), listOf(app))
        }
    }

    test("a stop while the engine boots leaves none") {
        flutter {
            PlayedFlutter.loads = false
            val boot = scope.launch { host.boot(30_000) }
            seconds(1)
            boot.cancel()
            seconds(1)
            expect("engines", PlayedFlutter.engines.size, 0)
        }
    }

    test("the engine lives as long as its run, and a moment longer") {
        flutter {
            scope.launch {
                host.boot(3_000)
                host.withTimers { kotlinx.coroutines.delay(10_000) }
            }
            seconds(9)
            mainPasses(60_000)
            expect("while it runs", PlayedFlutter.engines.size, 1)
            seconds(5)
            expect("right after", PlayedFlutter.engines.size, 1)
            mainPasses(2_000)
            expect("later", PlayedFlutter.engines.size, 0)
        }
    }

    test("a run right after another has an engine of its own, and there is never more than one") {
        flutter {
            var second: FlutterEngine? = null
            scope.launch {
                host.boot(3_000)
                host.withTimers { kotlinx.coroutines.delay(1_000) }
                val first = PlayedFlutter.engines.single()
                host.boot(3_000)
                second = PlayedFlutter.engines.single()
                check(first !== second) { "the same engine" }
                host.withTimers { kotlinx.coroutines.delay(60_000) }
            }
            seconds(10)
            // The end of the first does not take the second down.
            mainPasses(10_000)
            expect("engines", PlayedFlutter.engines.toList(), listOf(second))
            expect("at one time", PlayedFlutter.mostEngines, 1)
        }
    }

    test("a night: the app arms at its start, and its own Dart gets no run of the background") {
        flutter {
            val app = open()
            val ui = Dart(app.dartExecutor.messenger)
            seconds(1)
            expect("register", last("register").getString("why"), "new")
            val runs = mutableListOf<JSONObject>()
            drains(this) { _, run -> runs += run }
            hours(1)
            seconds(30)
            val end = last("run.end")
            expect("end", end.getString("out"), "done")
            expect("reason", runs.single().getString("reason"), "os")
            expect("locked", runs.single().getBoolean("locked"), true)
            expect("result", work.results, listOf("success"))
            expect("order", names.filter { it.startsWith("host") || it == "js.start" }, listOf("host.start", "host.ready", "js.start"))
            mainPasses(2_000)
            expect("engines", PlayedFlutter.engines.toList(), listOf(app))
            expect("the app heard nothing", ui.heard, emptyList<Any?>())
            expectChainAlive()
            hours(2)
            check(runs.size > 1) { "no second run" }
        }
    }

    test("Dart that asks for no run is given up, and its engine goes") {
        flutter {
            val app = open()
            seconds(1)
            hours(1)
            seconds(60)
            expect("end", last("run.end").getString("why"), "js-timeout")
            mainPasses(2_000)
            expect("engines", PlayedFlutter.engines.toList(), listOf(app))
        }
    }

    test("a stop by WorkManager: Dart hears that its window closes, and then its engine goes") {
        flutter {
            open()
            seconds(1)
            val heard = mutableListOf<Any?>()
            var enginesThen = 0
            drains(this, millis = 3_600_000) { dart, run ->
                dart.call("whenExpired", run.getString("runId")) {
                    heard += it
                    enginesThen = PlayedFlutter.engines.size
                }
            }
            hours(1)
            seconds(20)
            val engine = PlayedFlutter.engines.last()
            workManager.stop(work, android.app.job.JobParameters.STOP_REASON_DEVICE_STATE)
            seconds(1)
            expect("heard", heard, listOf("device-state"))
            expect("it is still there", enginesThen, 2)
            val end = last("run.end")
            expect("end", end.getString("out") to end.getString("why"), "expired" to "device-state")
            mainPasses(2_000)
            // The system starts the work again at once, in an engine of its own.
            check(engine !in PlayedFlutter.engines) { "it stays" }
            check(PlayedFlutter.engines.size <= 2) { PlayedFlutter.engines }
        }
    }

    test("the budget closes the window; a drain that ignores it ends with its engine") {
        flutter {
            open()
            seconds(1)
            drains(this, millis = 3_600_000)
            hours(1)
            seconds(240)
            expect("end", last("run.end").getString("why"), "budget")
            mainPasses(2_000)
            expect("engines", PlayedFlutter.engines.size, 1)
            // Past the time of its answer, and before the next window.
            seconds(3_400)
            expect("no late answer", events("late").size, 0)
        }
    }

    test("the channel: every method, answered once and on the main thread") {
        flutter {
            val dart = Dart(open().dartExecutor.messenger)
            seconds(1)
            fun answer(
                method: String,
                vararg arguments: Any,
            ): Any? {
                var answer: Any? = "nothing"
                dart.call(method, *arguments) { answer = it }
                seconds(1)
                return answer
            }
            expect("registerTask", answer("registerTask", true, ""), true)
            expect("configure", answer("configure", """{"intervalMinutes":120}""", ""), true)
            expect("configured", JSONObject(answer("getStatus", "") as String).getInt("intervalMinutes"), 120)
            val next = answer("scheduleNext", 7_200, "") as Long
            expect("scheduleNext", next, work.nextRunAt())
            expect("history", org.json.JSONArray(answer("getHistory", 2) as String).length(), 2)
            val run = JSONObject(answer("beginForeground", "") as String)
            expect("reason", run.getString("reason"), "foreground")
            expect("busy", answer("beginForeground", ""), "")
            val id = run.getString("runId")
            expect("progress", answer("progress", id, 1, 2), null)
            expect("progress", last("progress").getInt("n"), 1)
            val ended = mutableListOf<Any?>()
            dart.call("endedRun", 0) { ended += it }
            dart.call("whenExpired", id) { ended += it }
            expect("complete", answer("complete", id, "retry", 3, "no server"), null)
            expect("end", last("run.end").let { Triple(it.getString("out"), it.getInt("rem"), it.getString("msg")) }, Triple("retry", 3, "no server"))
            expect("ended", ended.size, 2)
            check("" in ended) { ended }
            expect("ended", JSONObject(ended.single { it != "" } as String).getString("run"), id)
            expect("no method", answer("erase"), "MissingPluginException")
            expect("cancel", answer("cancel", ""), null)
            expect("cancelled", work.state.isFinished, true)
        }
    }

    test("several syncs: each is armed at the start, and the channel speaks of the one that is named") {
        tasks = SyncTasks(listOf(FIRST, PHOTOS))
        flutter {
            val dart = Dart(open().dartExecutor.messenger)
            seconds(1)
            val registered = events("register").map { it.optString("task") }.toSet()
            expect("armed", registered, setOf(FIRST.id, PHOTOS.id))

            fun answer(
                method: String,
                vararg arguments: Any,
            ): Any? {
                var answer: Any? = "nothing"
                dart.call(method, *arguments) { answer = it }
                seconds(1)
                return answer
            }

            fun interval(name: String) = JSONObject(answer("getStatus", name) as String).getInt("intervalMinutes")
            expect("configure", answer("configure", """{"intervalMinutes":180}""", "photos"), true)
            expect("intervals", interval("photos") to interval(""), 180 to 60)
            val before = work.nextRunAt()
            val photos = checkNotNull(workManager.unique(PHOTOS.id))
            expect("scheduleNext", answer("scheduleNext", 7_200, "photos"), photos.nextRunAt())
            expect("of the first", work.nextRunAt(), before)
            val run = JSONObject(answer("beginForeground", "photos") as String)
            expect("run", run.getString("taskId") to run.getString("name"), PHOTOS.id to "photos")
            expect("busy", answer("beginForeground", "photos"), "")
            // The first waits for its turn.
            var first: Any? = null
            dart.call("beginForeground", "") { first = it }
            seconds(1)
            expect("first", first, null)
            answer("complete", run.getString("runId"), "done", 0, "")
            expect("then", JSONObject(first as String).getString("taskId"), FIRST.id)
            answer("complete", JSONObject(first as String).getString("runId"), "done", 0, "")
            expect("cancel", answer("cancel", "photos"), null)
            expect("cancelled", photos.state.isFinished to work.state.isFinished, true to false)
            expect("on again", answer("registerTask", true, "photos"), true)
            check(checkNotNull(workManager.unique(PHOTOS.id)).state.isFinished.not()) { "not armed" }
            for ((method, arguments) in unknown) {
                check(answer(method, *arguments).toString().startsWith("PlatformException BackgroundSync ")) { method }
            }
        }
    }

    test("several syncs: their windows of one night come one after the other, each in an engine of its own") {
        tasks = SyncTasks(listOf(FIRST, PHOTOS))
        network = NetworkState("wifi", metered = false)
        flutter {
            val app = open()
            seconds(1)
            val runs = mutableListOf<JSONObject>()
            drains(this, millis = 20_000) { _, run -> runs += run }
            hours(7)
            val names = runs.map { it.optString("name") }
            check("photos" in names && "" in names) { names }
            expect("open at once", openAtOnce(), 1)
            for (run in runs) expect("task", run.getString("taskId"), if (run.has("name")) PHOTOS.id else FIRST.id)
            expect("outcomes", events("run.end").map { it.getString("out") }.toSet(), setOf("done"))
            mainPasses(2_000)
            expect("engines", PlayedFlutter.engines.toList(), listOf(app))
            expect("most", PlayedFlutter.mostEngines, 2)
        }
    }

    test("what fails natively reaches Dart as an error") {
        flutter {
            val dart = Dart(open().dartExecutor.messenger)
            seconds(1)
            deviceFailure = IllegalStateException("no device")
            var answer: Any? = null
            dart.call("getStatus", "") { answer = it }
            seconds(1)
            check(answer.toString().startsWith("PlatformException BackgroundSync ")) { "$answer" }
        }
    }

    test("an engine that goes in mid-run: nobody works on, and nobody waits in its name") {
        flutter {
            val app = open()
            val dart = Dart(app.dartExecutor.messenger)
            seconds(1)
            dart.call("beginForeground", "")
            seconds(1)
            expect("started", events("run.start").size, 1)
            MainLooper.run { app.destroy() }
            seconds(1)
            expect("end", last("run.end").getString("why"), "js-gone")
        }
    }

    test("a call that comes after its engine has gone takes no run") {
        flutter {
            val plugin = BackgroundSyncPlugin()
            PlayedFlutter.plugins.clear()
            PlayedFlutter.plugins += Supplier { plugin }
            val app = open()
            seconds(1)
            MainLooper.run { app.destroy() }
            PlayedFlutter.plugins.clear()
            PlayedFlutter.plugins += Supplier { BackgroundSyncPlugin() }
            val got = mutableListOf<Any?>()
            plugin.onMethodCall(
                io.flutter.plugin.common.MethodCall("nextRun", emptyList<Any>()),
                object : io.flutter.plugin.common.MethodChannel.Result {
                    override fun success(result: Any?) {
                        got += result
                    }

                    override fun error(
                        errorCode: String,
                        errorMessage: String?,
                        errorDetails: Any?,
                    ) = Unit

                    override fun notImplemented() = Unit
                },
            )
            // No other Dart asks for the run.
            hours(1)
            seconds(60)
            expect("got", got, emptyList<Any?>())
            expect("end", last("run.end").getString("why"), "js-timeout")
        }
    }
}

/** The suite, on the main thread of a sandbox. */
fun run(arguments: Array<String>) =
    MainLooper.serve {
        flutterCases()
        val only = Regex(arguments.getOrNull(0) ?: "")
        val wanted = cases.filter { only.containsMatchIn(it.name) }
        var failed = 0
        wanted.forEachIndexed { index, case ->
            val world = World(index + 1)
            try {
                case.body(world)
                println("ok   ${case.name}")
            } catch (error: Throwable) {
                failed++
                println("FAIL ${case.name}\n     $error\n${error.stackTrace.take(6).joinToString("\n")}")
                world.lines.takeLast(12).forEach { println("     $it") }
            }
            world.directory.deleteRecursively()
        }
        println("${wanted.size - failed} passed, $failed failed")
    }
