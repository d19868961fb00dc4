package dev.bgsync.tests

import androidx.work.WorkInfo
import com.facebook.react.bridge.Promise
import dev.bgsync.BackgroundSyncConfig
import dev.bgsync.BackgroundSyncModule
import dev.bgsync.SyncTask
import dev.bgsync.SyncTasks
import kotlinx.coroutines.delay
import org.json.JSONArray
import org.json.JSONObject
import java.io.BufferedReader
import java.net.InetAddress
import java.net.Socket

/** The second sync of an app that has two. */
private val SECOND = SyncTask("photos", BackgroundSyncConfig.policy.copy(intervalSeconds = 2 * 3_600), BackgroundSyncConfig.constraints)

/**
 * An app whose JavaScript is at the other end of a pipe: the suite in tests/border, which speaks one JSON object a line.
 *
 *     {"js":1,"id":7,"call":"nextRun","args":[]}      JavaScript calls its native module
 *     {"js":1,"id":7,"value":"{…}","now":17…}         and is answered, at once or when there is something to say
 *     {"id":8,"world":"pass","args":[3600]}           something happens to the device; answered when it has happened
 *     {"boot":true}                                   React Native starts, and loads JavaScript
 */
private class Border(
    private val reader: BufferedReader,
    private val send: (String) -> Unit,
) {
    private var count = 0
    private var world = World(++count)
    private val modules = mutableListOf<BackgroundSyncModule>()

    /** Whether the other end has something to do: then the clock waits for it. */
    private var isHeard = false

    /** What JavaScript has not heard yet: it is frozen with its process. */
    private var held: MutableList<JSONObject>? = null

    fun serve() {
        while (true) {
            val message = JSONObject(reader.readLine() ?: return)
            val id = message.getInt("id")
            val arguments = message.optJSONArray("args") ?: JSONArray()
            val call = message.optString("call")
            if (call.isNotEmpty()) {
                val js = message.getInt("js")
                call(modules[js - 1], call, arguments, promise { tell(JSONObject().put("js", js).put("id", id).put("value", it.orNull())) })
            } else {
                val value = happen(message.getString("world"), arguments)
                send(JSONObject().put("id", id).put("value", value.orNull()).toString())
            }
        }
    }

    /** JSONObject drops a key whose value is null. */
    private fun Any?.orNull() = if (this == null || this == Unit) JSONObject.NULL else this

    private fun tell(message: JSONObject) {
        isHeard = true
        held?.add(message) ?: say(message)
    }

    private fun say(message: JSONObject) = send(message.put("now", world.clock.now()).toString())

    private fun call(
        module: BackgroundSyncModule,
        name: String,
        arguments: JSONArray,
        promise: Promise,
    ) {
        when (name) {
            "registerTask" -> module.registerTask(arguments.getBoolean(0), arguments.getString(1), promise)
            "cancel" -> module.cancel(arguments.getString(0), promise)
            "scheduleNext" -> module.scheduleNext(arguments.getDouble(0), arguments.getString(1), promise)
            "configure" -> module.configure(arguments.getString(0), arguments.getString(1), promise)
            "getStatus" -> module.getStatus(arguments.getString(0), promise)
            "getHistory" -> module.getHistory(arguments.getDouble(0), promise)
            "nextRun" -> module.nextRun(promise)
            "endedRun" -> module.endedRun(arguments.getDouble(0), promise)
            "whenExpired" -> module.whenExpired(arguments.getString(0), promise)
            "progress" -> module.progress(arguments.getString(0), arguments.getDouble(1), arguments.getDouble(2))
            "complete" -> module.complete(arguments.getString(0), arguments.getString(1), arguments.getDouble(2), arguments.getString(3))
            "beginForeground" -> module.beginForeground(arguments.getString(0), promise)
            else -> error("no method $name")
        }
    }

    private fun happen(
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
                val boots: suspend () -> Boolean = {
                    delay(BOOT_MILLIS)
                    tell(JSONObject().put("boot", true))
                    true
                }
                world.startProcess(JavaScript(hostBoots = boots, asksForRuns = false) {})
                Unit
            }

            "kill" -> {
                held = null
                world.kill()
            }

            "load" -> {
                modules += BackgroundSyncModule(FakeReactContext { world.process?.isRunning == true })
                world.process!!.isRunning = true
                modules.size
            }

            "invalidate" -> {
                modules[arguments.getInt(0) - 1].invalidate()
            }

            "leave" -> {
                world.isLocked = true
            }

            "return" -> {
                world.isLocked = false
                thaw()
            }

            "freeze" -> {
                world.process!!.dispatcher.freeze()
                held = held ?: mutableListOf()
            }

            "thaw" -> {
                thaw()
            }

            "pass" -> {
                pass(arguments.getLong(0))
            }

            "trigger" -> {
                world.trigger()
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

    /** @return milliseconds that passed: fewer where JavaScript has something to do, or a run is about to begin */
    private fun pass(millis: Long): Long {
        isHeard = false
        val started = world.time.elapsed
        world.time.runUntil(started + millis, world.system::tick) { isHeard }
        return world.time.elapsed - started
    }

    private fun thaw() {
        world.process?.dispatcher?.thaw()
        held.orEmpty().also { held = null }.forEach(::say)
    }

    private fun state(): JSONObject {
        val work = if (world.process == null) null else world.workManager.unique(WORK_NAME)
        return JSONObject()
            .put("now", world.clock.now())
            .put("suspended", held != null)
            .put("crashes", JSONArray(world.process?.crashes?.map(Throwable::toString) ?: emptyList<String>()))
            .put("results", JSONArray(work?.results ?: emptyList<String>()))
            .put("scheduled", work?.state?.isFinished == false)
            .put("next", work?.nextRunAt() ?: Long.MAX_VALUE)
            .put("nexts", JSONArray(world.process?.let { world.workManager.works.map(Work::nextRunAt) } ?: emptyList<Long>()))
    }

    private fun quit() {
        world.process?.let { check(it.crashes.isEmpty()) { "uncaught: ${it.crashes}" } }
        world.kill()
        world.directory.deleteRecursively()
        modules.clear()
        held = null
    }

    private companion object {
        const val BOOT_MILLIS = 800L
        const val WORK_NAME = "dev.bgsync.sync.v1"
    }
}

/** The Kotlin end of tests/border: connects to the port that it is told. */
object BorderSuite {
    @JvmStatic
    fun run(arguments: Array<String>) =
        MainLooper.serve {
            Socket(InetAddress.getLoopbackAddress(), arguments[0].toInt()).use { socket ->
                val writer = socket.getOutputStream().bufferedWriter()
                Border(socket.getInputStream().bufferedReader()) { line ->
                    writer.write(line)
                    writer.write("\n")
                    writer.flush()
                }.serve()
            }
        }
}
