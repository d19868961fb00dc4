package dev.bgsync.tests

import io.flutter.embedding.engine.FlutterEngine
import io.flutter.played.PlayedFlutter
import io.flutter.played.PlayedMessenger
import org.json.JSONArray
import org.json.JSONObject
import java.io.BufferedReader
import java.nio.ByteBuffer
import java.util.Base64
import java.util.function.Consumer

/**
 * A Flutter app whose Dart is at the other end of the pipe:
 *
 *     {"js":1,"id":7,"call":"dev.bgsync/…","args":["…"]}   Dart of the first engine sends a message, in base64
 *     {"js":1,"id":7,"value":"…","now":17…}                and is answered, at once or when there is something to say
 *     {"engine":2,"entry":"package:app/… …"}               an engine enters Dart
 *     {"gone":2}                                           and is destroyed
 */
private class FlutterBorder(
    reader: BufferedReader,
    send: (String) -> Unit,
) : BorderWorld(reader, send) {
    private var process: FlutterProcess? = null
    private var app: FlutterEngine? = null
    private val engines = mutableListOf<PlayedMessenger>()
    override val dispatcher get() = process?.dispatcher
    override val crashes get() = process?.crashes.orEmpty()

    override fun call(
        js: Int,
        name: String,
        arguments: JSONArray,
        answer: (Any?) -> Unit,
    ) {
        val bytes = ByteBuffer.wrap(Base64.getDecoder().decode(arguments.getString(0)))
        engines[js - 1].send(name, bytes) { answer(text(it)) }
    }

    private fun text(answer: ByteBuffer?): String? {
        if (answer == null) return null
        val bytes = ByteArray(answer.remaining())
        answer.get(bytes)
        return Base64.getEncoder().encodeToString(bytes)
    }

    private fun enter(
        entry: String,
        messenger: PlayedMessenger,
    ) {
        engines += messenger
        tell(JSONObject().put("engine", engines.size).put("entry", entry))
    }

    override fun launch() {
        process = FlutterProcess(world, count * 100 + engines.size + 1)
        PlayedFlutter.dart =
            PlayedFlutter.Dart { entry, messenger ->
                enter("${entry.dartEntrypointLibrary} ${entry.dartEntrypointFunctionName}", messenger)
            }
        PlayedFlutter.gone = Consumer { messenger -> tell(JSONObject().put("gone", engines.indexOf(messenger) + 1)) }
    }

    override fun kill() {
        process?.kill()
        process = null
        app = null
        PlayedFlutter.engines.forEach(FlutterEngine::processDied)
        PlayedFlutter.failure = IllegalStateException("the process has died")
        // What it has left on the main looper is of no other.
        mainPasses(60_000)
        PlayedFlutter.reset()
    }

    /** The user sees the app: it has an engine of its own. */
    override fun load(): Any? =
        MainLooper.run {
            val engine = FlutterEngine(TestContext)
            app = engine
            enter("main", engine.dartExecutor.messenger)
        }

    override fun happen(
        name: String,
        arguments: JSONArray,
    ) = if (name == "close") close() else super.happen(name, arguments)

    /** The user closes it, while the process lives on. */
    private fun close() {
        MainLooper.run { app?.destroy() }
        app = null
    }

    override fun pass(millis: Long): Long {
        val step = if (PlayedFlutter.engines.any { it !== app }) minOf(millis, STEP_MILLIS) else millis
        val passed = super.pass(step)
        // What the main looper puts off, it puts off by a clock of its own.
        mainPasses(passed)
        return passed
    }

    override fun state(): JSONObject =
        super
            .state()
            .put("engines", PlayedFlutter.engines.count { it !== app })
            .put("mostEngines", PlayedFlutter.mostEngines)

    override fun forget() = engines.clear()

    private companion object {
        /** Finer than what a host puts off. */
        const val STEP_MILLIS = 500L
    }
}

/** The Kotlin end of tests/border for Flutter. */
object FlutterBorderSuite {
    @JvmStatic
    fun run(arguments: Array<String>) = serveBorder(arguments[0], ::FlutterBorder)
}
