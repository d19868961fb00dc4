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

    /** Those that ended while [file] could not be read. */
    private val early = mutableListOf<JSONObject>()

    /** Of the newest run; numbers only ever grow. */
    private var number = 0L

    /** The id of the newest run: one that died between its report and the end of the books is not told twice. */
    private var newest = ""
    private val receivers = Receivers()

    /** Who has the oldest run, and has yet to acknowledge it: no other hears of it meanwhile. */
    private var hearer: Any? = null
    private var isRead = false

    /** Keeps a run; [deliver] hands it over. */
    fun add(
        task: SyncTask,
        record: RunRecord,
        run: LastRun,
        why: String?,
    ) {
        synchronized(lock) {
            early +=
                run
                    .toJson()
                    .put("task", record.taskId)
                    .put("name", task.name.takeIf { it.isNotEmpty() })
                    .put("trig", record.trigger.wire)
                    .put("att", record.attempt)
                    .put("why", why)
            if (early.size > MOST) early.removeAt(0)
            read()
        }
    }

    private fun keep(run: JSONObject) {
        val id = run.getString("run")
        if (id == newest) return
        newest = id
        number++
        runs += run.put("n", number)
        // Nobody has asked for them in a long time.
        if (runs.size > MOST) runs.removeAt(0)
    }

    /** JavaScript has seen the runs up to the number [after]; [receiver] gets the oldest that is left, once there is one. */
    fun next(
        after: Long,
        receiver: Receiver,
    ) {
        synchronized(lock) {
            read()
            if (runs.removeAll { it.optLong("n") <= after }) write()
            if (hearer === receiver.owner) hearer = null
            receivers.wait(receiver)
        }
        deliver()
    }

    /** Hands the oldest run to the newest JavaScript that waits, if one does. Not under another lock. */
    fun deliver() {
        val (receiver, run) =
            synchronized(lock) {
                read()
                val run = runs.firstOrNull()
                if (run == null || hearer != null) return
                val receiver = receivers.takeWaiting() ?: return
                hearer = receiver.owner
                receiver to run.toString()
            }
        receiver.deliver(run)
    }

    /** The module instance [owner] goes away: another hears of what it has not acknowledged. */
    fun forget(owner: Any) {
        synchronized(lock) {
            receivers.forget(owner)
            if (hearer === owner) hearer = null
        }
        deliver()
    }

    /** What is kept, with what ended meanwhile. */
    private fun read() {
        if (!isRead) {
            if (!isUnlocked()) return
            val text = file.readTextOr { return }
            isRead = true
            try {
                if (text != null) read(JSONObject(text))
            } catch (_: JSONException) {
                // Telemetry is worth less than a sync.
            }
        }
        if (early.isEmpty()) return
        early.forEach(::keep)
        early.clear()
        write()
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

/** @return null where there is no such file; where it is there and cannot be read, [onError] decides */
internal inline fun File.readTextOr(onError: (IOException) -> Nothing): String? =
    try {
        // `exists()` and `length()` have no errors: where the disk fails, they say that there is nothing.
        val folder = requireNotNull(absoluteFile.parentFile).apply { mkdirs() }
        val names = folder.list() ?: throw IOException("$folder cannot be listed")
        if (name in names) readText() else null
    } catch (error: IOException) {
        onError(error)
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
