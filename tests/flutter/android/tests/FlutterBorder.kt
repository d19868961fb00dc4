package dev.bgsync.tests

import androidx.work.WorkInfo
import dev.bgsync.BackgroundSyncConfig
import io.flutter.embedding.engine.FlutterEngine
import io.flutter.played.PlayedFlutter
import io.flutter.played.PlayedMessenger
import org.json.JSONArray
import org.json.JSONObject
import java.io.BufferedReader
import java.net.InetAddress
import java.net.Socket
import java.nio.ByteBuffer
import java.util.Base64
import java.util.function.Consumer

/**
 * A Flutter app whose Dart is at the other end of a pipe: the suite in tests/border, which speaks one JSON object a line.
 *
 *     {"js":1,"id":7,"call":"dev.bgsync/…","args":["…"]}   Dart of the first engine sends a message, in base64
 *     {"js":1,"id":7,"value":"…","now":17…}                and is answered, at once or when there is something to say
 *     {"id":8,"world":"pass","args":[3600]}                something happens to the device; answered when it has happened
 *     {"engine":2,"entry":"package:app/… …"}               an engine enters Dart
 *     {"gone":2}                                           and is destroyed
 */
private class FlutterBorder(
    private val reader: BufferedReader,
    private val send: (String) -> Unit,
) {
    private var count = 0
    private var world = World(++count)
    private var process: FlutterProcess? = null
    private var app: FlutterEngine? = null
    private val engines = mutableListOf<PlayedMessenger>()

    /** Whether the other end has something to do: then the clock waits for it. */
    private var isHeard = false

    /** What Dart has not heard yet: it is frozen with its process. */
    private var held: MutableList<JSONObject>? = null

    fun serve() {
        while (true) {
            val message = JSONObject(reader.readLine() ?: return)
            val id = message.getInt("id")
            val arguments = message.optJSONArray("args") ?: JSONArray()
            val channel = message.optString("call")
            if (channel.isNotEmpty()) {
                val number = message.getInt("js")
                val bytes = ByteBuffer.wrap(Base64.getDecoder().decode(arguments.getString(0)))
                engines[number - 1].send(channel, bytes) { tell(JSONObject().put("js", number).put("id", id).put("value", text(it))) }
            } else {
                val value = happen(message.getString("world"), arguments)
                send(JSONObject().put("id", id).put("value", if (value == Unit) JSONObject.NULL else value).toString())
            }
        }
    }

    private fun text(answer: ByteBuffer?): Any {
        if (answer == null) return JSONObject.NULL
        val bytes = ByteArray(answer.remaining())
        answer.get(bytes)
        return Base64.getEncoder().encodeToString(bytes)
    }

    private fun tell(message: JSONObject) {
        isHeard = true
        held?.add(message) ?: say(message)
    }

    private fun say(message: JSONObject) = send(message.put("now", world.clock.now()).toString())

    private fun enter(
        entry: String,
        messenger: PlayedMessenger,
    ) {
        engines += messenger
        tell(JSONObject().put("engine", engines.size).put("entry", entry))
    }

    private fun happen(
        name: String,
        arguments: JSONArray,
    ): Any =
        when (name) {
            "world" -> {
                quit()
                world = World(++count)
            }

            "launch" -> {
                launch()
            }

            "kill" -> {
                kill()
            }

            // The user sees the app: it has an engine of its own.
            "load" -> {
                MainLooper.run {
                    val engine = FlutterEngine(TestContext)
                    app = engine
                    enter("main", engine.dartExecutor.messenger)
                }
            }

            // And closes it, while the process lives on.
            "close" -> {
                MainLooper.run { app?.destroy() }
                app = null
            }

            "leave" -> {
                world.isLocked = true
            }

            "return" -> {
                world.isLocked = false
                thaw()
            }

            "freeze" -> {
                process!!.dispatcher.freeze()
                held = held ?: mutableListOf()
            }

            "thaw" -> {
                thaw()
            }

            "pass" -> {
                pass(arguments.getLong(0))
            }

            // Android asks for the device back while the worker runs.
            "stop" -> {
                world.workManager.stop(world.work, WorkInfo.STOP_REASON_DEVICE_STATE)
            }

            "settle" -> {
                world.seconds(0)
            }

            "log" -> {
                JSONArray(world.lines)
            }

            "state" -> {
                state()
            }

            "quit" -> {
                quit()
            }

            else -> {
                error("no $name in this world")
            }
        }

    private fun launch() {
        process = FlutterProcess(world, count * 100 + engines.size + 1)
        PlayedFlutter.dart =
            PlayedFlutter.Dart { entry, messenger ->
                enter("${entry.dartEntrypointLibrary} ${entry.dartEntrypointFunctionName}", messenger)
            }
        PlayedFlutter.gone = Consumer { messenger -> tell(JSONObject().put("gone", engines.indexOf(messenger) + 1)) }
    }

    /** Of the process nothing runs any more, on no thread. */
    private fun kill() {
        held = null
        process?.kill()
        process = null
        app = null
        PlayedFlutter.engines.forEach(FlutterEngine::processDied)
        PlayedFlutter.failure = IllegalStateException("the process has died")
        // What it has left on the main looper is of no other.
        mainPasses(60_000)
        PlayedFlutter.reset()
    }

    /** @return milliseconds that passed: fewer where Dart has something to do, or an engine is about to go */
    private fun pass(millis: Long): Long {
        isHeard = false
        val started = world.time.elapsed
        val step = if (PlayedFlutter.engines.any { it !== app }) minOf(millis, STEP_MILLIS) else millis
        world.time.runUntil(started + step, world.system::tick) { isHeard }
        val passed = world.time.elapsed - started
        // What the main looper puts off, it puts off by a clock of its own.
        mainPasses(passed)
        return passed
    }

    private fun thaw() {
        process?.dispatcher?.thaw()
        held.orEmpty().also { held = null }.forEach(::say)
    }

    private fun state(): JSONObject {
        val work = if (process == null) null else world.workManager.unique(BackgroundSyncConfig.WORK_NAME)
        return JSONObject()
            .put("now", world.clock.now())
            .put("suspended", held != null)
            .put("crashes", JSONArray(process?.crashes?.map(Throwable::toString) ?: emptyList<String>()))
            .put("results", JSONArray(work?.results ?: emptyList<String>()))
            .put("scheduled", work?.state?.isFinished == false)
            .put("next", work?.nextRunAt() ?: Long.MAX_VALUE)
            .put("engines", PlayedFlutter.engines.count { it !== app })
            .put("mostEngines", PlayedFlutter.mostEngines)
    }

    private fun quit() {
        process?.let { check(it.crashes.isEmpty()) { "uncaught: ${it.crashes}" } }
        kill()
        world.directory.deleteRecursively()
        engines.clear()
    }

    private companion object {
        /** Finer than what a host puts off. */
        const val STEP_MILLIS = 500L
    }
}

/** The Kotlin end of tests/border for Flutter: connects to the port that it is told. */
object FlutterBorderSuite {
    @JvmStatic
    fun run(arguments: Array<String>) =
        MainLooper.serve {
            Socket(InetAddress.getLoopbackAddress(), arguments[0].toInt()).use { socket ->
                val writer = socket.getOutputStream().bufferedWriter()
                FlutterBorder(socket.getInputStream().bufferedReader()) { line ->
                    writer.write(line)
                    writer.write("\n")
                    writer.flush()
                }.serve()
            }
        }
}
