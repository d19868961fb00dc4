package dev.bgsync

import org.json.JSONArray
import org.json.JSONException
import org.json.JSONObject
import java.io.File
import java.io.IOException

/**
 * The runs that have ended and that JavaScript has not acknowledged, in a file of their own: the app's `onRun` hears of
 * each, also of one that died with its process. Safe on any thread.
 */
internal class EndedRuns(
    private val file: File,
    private val isUnlocked: () -> Boolean = { true },
) {
    private val lock = Any()
    private val runs = mutableListOf<JSONObject>()

    /** Of the newest run; numbers only ever grow. */
    private var number = 0L

    /** The id of the newest run: one that died between its report and the end of the books is not told twice. */
    private var newest = ""
    private var waiting: Receiver? = null
    private var isRead = false

    /** Keeps a run; [deliver] hands it over. */
    fun add(
        task: SyncTask,
        record: RunRecord,
        run: LastRun,
        why: String?,
    ) {
        synchronized(lock) {
            readOnce()
            if (run.id == newest) return
            newest = run.id
            number++
            runs +=
                run
                    .toJson()
                    .put("n", number)
                    .put("task", record.taskId)
                    .put("name", task.name.takeIf { it.isNotEmpty() })
                    .put("trig", record.trigger.wire)
                    .put("att", record.attempt)
                    .put("why", why)
            // Nobody has asked for them in a long time.
            if (runs.size > MOST) runs.removeAt(0)
            write()
        }
    }

    /** JavaScript has seen the runs up to the number [after]; [receiver] gets the oldest that is left, once there is one. */
    fun next(
        after: Long,
        receiver: Receiver,
    ) {
        synchronized(lock) {
            readOnce()
            if (runs.removeAll { it.optLong("n") <= after }) write()
            waiting = receiver
        }
        deliver()
    }

    /** Hands the oldest run to the JavaScript that waits, if one does. Not under another lock. */
    fun deliver() {
        val (receiver, run) =
            synchronized(lock) {
                readOnce()
                val receiver = waiting ?: return
                val run = runs.firstOrNull() ?: return
                waiting = null
                receiver to run.toString()
            }
        receiver.deliver(run)
    }

    /** The module instance [owner] goes away. */
    fun forget(owner: Any) {
        synchronized(lock) { if (waiting?.owner === owner) waiting = null }
    }

    private fun readOnce() {
        if (isRead || !isUnlocked()) return
        isRead = true
        try {
            if (file.exists()) read(JSONObject(file.readText()))
        } catch (_: IOException) {
            // Telemetry is worth less than a sync.
        } catch (_: JSONException) {
            // The same.
        }
    }

    private fun read(json: JSONObject) {
        number = json.optLong("number")
        newest = json.optString("newest")
        val kept = json.optJSONArray("runs") ?: return
        for (index in 0 until kept.length()) kept.optJSONObject(index)?.let(runs::add)
    }

    private fun write() {
        val json = JSONObject().put("number", number).put("newest", newest).put("runs", JSONArray(runs))
        file.replaceText(json.toString())
    }

    private companion object {
        const val MOST = 100
    }
}

/**
 * By a rename of what was flushed: a process that dies here, or a power cut, leaves the old text or the new one. A disk
 * that is full leaves the old one.
 */
internal fun File.replaceText(text: String) {
    try {
        parentFile?.mkdirs()
        val written = File("$path.new")
        written.outputStream().use {
            it.write(text.toByteArray())
            // Else a power cut leaves the new name with no bytes: https://developer.android.com/reference/android/util/AtomicFile
            it.fd.sync()
        }
        written.renameTo(this)
    } catch (_: IOException) {
        // Memory still holds the state for this process.
    }
}
