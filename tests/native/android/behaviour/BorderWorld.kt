package dev.bgsync.tests

import androidx.work.WorkInfo
import dev.bgsync.BackgroundSyncConfig
import dev.bgsync.SyncTask
import dev.bgsync.SyncTasks
import org.json.JSONArray
import org.json.JSONObject
import java.io.BufferedReader
import java.net.InetAddress
import java.net.Socket

/** The second sync of an app that has two. */
private val SECOND = SyncTask("photos", BackgroundSyncConfig.policy.copy(intervalSeconds = 2 * 3_600), BackgroundSyncConfig.constraints)

/**
 * An app whose other language is at the other end of a pipe: the suite in tests/border, which speaks one JSON object a line.
 *
 *     {"js":1,"id":7,"call":"nextRun","args":[]}      the other language calls: [call]
 *     {"js":1,"id":7,"value":"{…}","now":17…}         and is answered, at once or when there is something to say
 *     {"id":8,"world":"pass","args":[3600]}           something happens to the device; answered when it has happened
 */
internal abstract class BorderWorld(
    private val reader: BufferedReader,
    private val send: (String) -> Unit,
) {
    protected var count = 0
        private set
    protected var world = World(++count)
        private set

    /** Whether the other end has something to do: then the clock waits for it. */
    protected var isHeard = false

    /** What the other language has not heard yet: it is frozen with its process. */
    private var held: MutableList<JSONObject>? = null

    /** Of the app's process, while there is one. */
    protected abstract val dispatcher: ProcessDispatcher?

    /** What nothing has caught in the app's process. */
    protected abstract val crashes: List<Throwable>

    /** Called by the other language, of which there may be several: [js] counts them from 1. */
    protected abstract fun call(
        js: Int,
        name: String,
        arguments: JSONArray,
        answer: (Any?) -> Unit,
    )

    /** A process of the app begins. */
    protected abstract fun launch()

    /** Of the process nothing runs any more, on no thread. */
    protected abstract fun kill()

    /** The app's user interface comes up in its process. @return what the suite is told of it */
    protected abstract fun load(): Any?

    fun serve() {
        while (true) {
            val message = JSONObject(reader.readLine() ?: return)
            val id = message.getInt("id")
            val arguments = message.optJSONArray("args") ?: JSONArray()
            val call = message.optString("call")
            if (call.isNotEmpty()) {
                val js = message.getInt("js")
                call(js, call, arguments) { tell(JSONObject().put("js", js).put("id", id).put("value", it.orNull())) }
            } else {
                val value = happen(message.getString("world"), arguments)
                send(JSONObject().put("id", id).put("value", value.orNull()).toString())
            }
        }
    }

    /** JSONObject drops a key whose value is null. */
    private fun Any?.orNull() = if (this == null || this == Unit) JSONObject.NULL else this

    /** The other end hears it, as soon as it can. */
    protected fun tell(message: JSONObject) {
        isHeard = true
        held?.add(message) ?: say(message)
    }

    private fun say(message: JSONObject) = send(message.put("now", world.clock.now()).toString())

    protected open fun happen(
        name: String,
        arguments: JSONArray,
    ): Any? =
        when (name) {
            "world" -> {
                quit()
                world = World(++count)
                world.tasks = if (arguments.getBoolean(0)) SyncTasks(listOf(FIRST, SECOND)) else SyncTasks()
                Unit
            }

            "launch" -> {
                launch()
            }

            "kill" -> {
                held = null
                kill()
            }

            "load" -> {
                load()
            }

            "leave" -> {
                world.isLocked = true
            }

            "return" -> {
                world.isLocked = false
                thaw()
            }

            "freeze" -> {
                dispatcher!!.freeze()
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

    /** @return milliseconds that passed: fewer where the other language has something to do, or a run is about to begin */
    protected open fun pass(millis: Long): Long {
        isHeard = false
        val started = world.time.elapsed
        world.time.runUntil(started + millis, world.system::tick) { isHeard }
        return world.time.elapsed - started
    }

    private fun thaw() {
        dispatcher?.thaw()
        held.orEmpty().also { held = null }.forEach(::say)
    }

    /** What the suite sees of the device. */
    protected open fun state(): JSONObject {
        val isProcess = dispatcher != null
        val work = if (isProcess) world.workManager.unique(BackgroundSyncConfig.WORK_NAME) else null
        val nexts = if (isProcess) world.workManager.works.map(Work::nextRunAt) else emptyList()
        return JSONObject()
            .put("now", world.clock.now())
            .put("suspended", held != null)
            .put("crashes", JSONArray(crashes.map(Throwable::toString)))
            .put("results", JSONArray(work?.results ?: emptyList<String>()))
            .put("scheduled", work?.state?.isFinished == false)
            .put("next", work?.nextRunAt() ?: Long.MAX_VALUE)
            .put("nexts", JSONArray(nexts))
    }

    private fun quit() {
        check(crashes.isEmpty()) { "uncaught: $crashes" }
        held = null
        kill()
        world.directory.deleteRecursively()
        forget()
    }

    /** A device has gone; another one follows. */
    protected abstract fun forget()
}

/** Connects what [border] makes to the port that the suite has told. */
internal fun serveBorder(
    port: String,
    border: (BufferedReader, (String) -> Unit) -> BorderWorld,
) = MainLooper.serve {
    Socket(InetAddress.getLoopbackAddress(), port.toInt()).use { socket ->
        val writer = socket.getOutputStream().bufferedWriter()
        border(socket.getInputStream().bufferedReader()) { line ->
            writer.write(line)
            writer.write("\n")
            writer.flush()
        }.serve()
    }
}
