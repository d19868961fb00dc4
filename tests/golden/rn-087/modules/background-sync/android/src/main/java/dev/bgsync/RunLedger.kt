package dev.bgsync

import org.json.JSONException
import org.json.JSONObject
import java.io.File
import java.io.IOException

/** A run as it is persisted: what is needed to close it after its process is gone. */
internal data class RunRecord(
    val id: String,
    val taskId: String,
    val trigger: Trigger,
    val attempt: Int,
)

internal data class LastRun(
    val id: String,
    val outcome: Outcome,
    val timestamp: Long,
    val millis: Long,
    val remaining: Int,
)

/** What one process leaves to the next. Written through to [file] at each change; not thread-safe, [RunGate] guards it. */
internal class RunLedger(
    private val file: File,
) {
    /** Runs in a row that did not end [Outcome.DONE]. */
    var consecutiveFailures = 0
        private set

    var openRun: RunRecord? = null
        private set

    var lastRun: LastRun? = null
        private set

    init {
        try {
            if (file.exists()) read(JSONObject(file.readText()))
        } catch (_: IOException) {
            forget()
        } catch (_: JSONException) {
            forget()
        } catch (_: NoSuchElementException) {
            forget()
        }
    }

    fun open(run: RunRecord) {
        openRun = run
        write()
    }

    fun close(run: LastRun) {
        openRun = null
        lastRun = run
        consecutiveFailures = if (run.outcome == Outcome.DONE) 0 else consecutiveFailures + 1
        write()
    }

    /** An unreadable file is worth less than a sync: start over. */
    private fun forget() {
        consecutiveFailures = 0
        openRun = null
        lastRun = null
    }

    private fun read(json: JSONObject) {
        consecutiveFailures = json.getInt("failures")
        openRun =
            json.optJSONObject("open")?.let {
                RunRecord(
                    it.getString("run"),
                    it.getString("task"),
                    Trigger.entries.first { trigger -> trigger.wire == it.getString("trig") },
                    it.getInt("att"),
                )
            }
        lastRun =
            json.optJSONObject("last")?.let {
                LastRun(
                    it.getString("run"),
                    Outcome.entries.first { outcome -> outcome.wire == it.getString("out") },
                    it.getLong("ts"),
                    it.getLong("ms"),
                    it.getInt("rem"),
                )
            }
    }

    private fun write() {
        val json =
            JSONObject()
                .put("failures", consecutiveFailures)
                .put("open", openRun?.toJson())
                .put("last", lastRun?.toJson())
        try {
            file.parentFile?.mkdirs()
            // A rename replaces the file as a whole: a process that dies here leaves the old state or the new one.
            val written = File(file.path + ".new")
            written.writeText(json.toString())
            written.renameTo(file)
        } catch (_: IOException) {
            // A full disk: memory still holds the state for this process.
        }
    }
}

private fun RunRecord.toJson(): JSONObject =
    JSONObject()
        .put("run", id)
        .put("task", taskId)
        .put("trig", trigger.wire)
        .put("att", attempt)

internal fun LastRun.toJson(): JSONObject =
    JSONObject()
        .put("run", id)
        .put("out", outcome.wire)
        .put("ts", timestamp)
        .put("ms", millis)
        .put("rem", remaining)
