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
    /** Why the window closed, where it did before the run ended. */
    val expired: String? = null,
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
    /** What JavaScript is yet to be told of. */
    val ended = EndedRuns(File(file.parentFile, "runs.json"))

    /** Runs in a row that did not end [Outcome.DONE]; windows that never got to the handler do not count. */
    var consecutiveFailures = 0
        private set

    /** Windows in a row that never got to the handler. */
    var consecutiveSkips = 0
        private set

    var openRun: RunRecord? = null
        private set

    var lastRun: LastRun? = null
        private set

    /** False from the app's `cancel()` to its next `register()`; null where it said neither. */
    var isSwitchedOn: Boolean? = null
        private set

    /** What the app has set at run time. */
    var settings = SyncSettings()
        private set

    init {
        try {
            if (file.exists()) read(JSONObject(file.readText()))
        } catch (_: IOException) {
            // An unreadable file is worth less than a sync: start over.
        } catch (_: JSONException) {
            // The same.
        }
    }

    fun switchOn(on: Boolean) {
        if (isSwitchedOn == on) return
        isSwitchedOn = on
        write()
    }

    fun configure(settings: SyncSettings) {
        this.settings = settings
        write()
    }

    fun open(run: RunRecord) {
        openRun = run
        write()
    }

    /** The window of the open run closed: a process that dies from now on leaves an expired run, not a killed one. */
    fun expire(why: String) {
        openRun = openRun?.copy(expired = why)
        write()
    }

    /**
     * @param why what its end says beyond the outcome
     * @param isCounted false where the app itself ended the run
     */
    fun close(
        run: LastRun,
        why: String?,
        isCounted: Boolean = true,
    ) {
        openRun?.let { ended.add(it, run, why) }
        openRun = null
        lastRun = run
        if (isCounted) count(run.outcome)
        write()
    }

    /** Forgets the open run, whose end is told already. */
    fun clear() {
        openRun = null
        write()
    }

    /** A window that was skipped without a run. */
    fun skip() {
        count(Outcome.SKIPPED)
        write()
    }

    private fun count(outcome: Outcome) {
        consecutiveSkips = if (outcome == Outcome.SKIPPED) consecutiveSkips + 1 else 0
        when (outcome) {
            Outcome.DONE -> consecutiveFailures = 0
            Outcome.SKIPPED -> Unit
            else -> consecutiveFailures++
        }
    }

    /** Key by key: what another version wrote, or left out, takes nothing else with it. */
    private fun read(json: JSONObject) {
        consecutiveFailures = json.optInt("failures").coerceAtLeast(0)
        consecutiveSkips = json.optInt("skips").coerceAtLeast(0)
        isSwitchedOn = json.opt("armed") as? Boolean
        settings = json.optJSONObject("settings")?.let(SyncSettings::of) ?: SyncSettings()
        openRun = json.optJSONObject("open")?.let(::readOpen)
        lastRun = json.optJSONObject("last")?.let(::readLast)
    }

    private fun readOpen(json: JSONObject): RunRecord? {
        val trigger = Trigger.entries.firstOrNull { it.wire == json.optString("trig") } ?: Trigger.OS
        val expired = json.optString("expired").takeIf { it.isNotEmpty() }
        return json.optString("run").takeIf { it.isNotEmpty() }?.let {
            RunRecord(it, json.optString("task", BackgroundSyncConfig.WORK_NAME), trigger, json.optInt("att", 1), expired)
        }
    }

    private fun readLast(json: JSONObject): LastRun? {
        val outcome = Outcome.entries.firstOrNull { it.wire == json.optString("out") } ?: return null
        return LastRun(json.optString("run"), outcome, json.optLong("ts"), json.optLong("ms"), json.optInt("rem", -1))
    }

    private fun write() {
        val json =
            JSONObject()
                .put("failures", consecutiveFailures)
                .put("skips", consecutiveSkips)
                .put("armed", isSwitchedOn)
                .put("settings", settings.toJson())
                .put("open", openRun?.toJson())
                .put("last", lastRun?.toJson())
        file.replaceText(json.toString())
    }
}

private fun RunRecord.toJson(): JSONObject =
    JSONObject()
        .put("run", id)
        .put("task", taskId)
        .put("trig", trigger.wire)
        .put("att", attempt)
        .put("expired", expired)

internal fun LastRun.toJson(): JSONObject =
    JSONObject()
        .put("run", id)
        .put("out", outcome.wire)
        .put("ts", timestamp)
        .put("ms", millis)
        .put("rem", remaining)
