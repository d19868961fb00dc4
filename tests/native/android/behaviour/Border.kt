package dev.bgsync.tests

import dev.bgsync.BackgroundSyncModule
import kotlinx.coroutines.delay
import org.json.JSONArray
import org.json.JSONObject
import java.io.BufferedReader

/**
 * An app whose JavaScript is at the other end of the pipe, and calls its native module. Besides:
 *
 *     {"boot":true}                                   React Native starts, and loads JavaScript
 */
private class Border(
    reader: BufferedReader,
    send: (String) -> Unit,
) : BorderWorld(reader, send) {
    private val modules = mutableListOf<BackgroundSyncModule>()
    override val dispatcher get() = world.process?.dispatcher
    override val crashes get() = world.process?.crashes.orEmpty()

    override fun call(
        js: Int,
        name: String,
        arguments: JSONArray,
        answer: (Any?) -> Unit,
    ) {
        val module = modules[js - 1]
        val promise = promise(answer)
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

    override fun launch() {
        val boots: suspend () -> Boolean = {
            delay(BOOT_MILLIS)
            tell(JSONObject().put("boot", true))
            true
        }
        world.startProcess(JavaScript(hostBoots = boots, asksForRuns = false) {})
    }

    override fun kill() = world.kill()

    /** @return the number of its native module */
    override fun load(): Any? {
        modules += BackgroundSyncModule(FakeReactContext { world.process?.isRunning == true })
        world.process!!.isRunning = true
        return modules.size
    }

    override fun happen(
        name: String,
        arguments: JSONArray,
    ) = when (name) {
        "invalidate" -> modules[arguments.getInt(0) - 1].invalidate()
        "trigger" -> world.trigger()
        else -> super.happen(name, arguments)
    }

    override fun forget() = modules.clear()

    private companion object {
        const val BOOT_MILLIS = 800L
    }
}

/** The Kotlin end of tests/border for React Native. */
object BorderSuite {
    @JvmStatic
    fun run(arguments: Array<String>) = serveBorder(arguments[0], ::Border)
}
