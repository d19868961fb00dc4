package dev.bgsync

import org.json.JSONException
import org.json.JSONObject
import java.io.File
import java.util.concurrent.TimeUnit

/** A run as it is persisted: what is needed to close it after its process is gone. */
internal data class RunRecord(
    val id: String,
    val taskId: String,
    val trigger: Trigger,
    val attempt: Int,
    /** Why the window closed, where it did before the run ended. */
    val expired: String? = null,
    /** The next window that `scheduleNext` asked for while the run was open, epoch milliseconds. */
    val requestedNext: Long? = null,
    /** How far away that was when it was asked for, milliseconds. */
    val requestedDelay: Long = TimeUnit.SECONDS.toMillis(WorkRequests.LONGEST_REQUEST_SECONDS),
) {
    /** [requestedNext], where the clock was set back since as far away as it was then. */
    fun requestedNext(now: Long): Long? = requestedNext?.let { minOf(it, now + requestedDelay) }
}

internal data class LastRun(
    val id: String,
    val outcome: Outcome,
    val timestamp: Long,
    val millis: Long,
    val remaining: Int,
)

/**
 * What one process leaves to the next. Written through to [file] at each change. Safe on any thread.
 *
 * @param isUnlocked false before the first unlock after a restart, when nothing that the app has stored can be read:
 *   https://developer.android.com/privacy-and-security/direct-boot
 */
internal class RunLedger(
    private val file: File,
    private val isUnlocked: () -> Boolean = { true },
) {
    /** What JavaScript is yet to be told of. */
    val ended = EndedRuns(File(file.parentFile, "runs.json"), isUnlocked)

    /** Of this process. */
    var openRun: RunRecord? = null
        @Synchronized get
        private set

    /** Of a process that died, until its end is told. */
    private var left: RunRecord? = null

    /** By the name of the task. */
    private val states = mutableMapOf<String, TaskState>()

    /** What was changed while [file] could not be read. */
    private val early = mutableListOf<() -> Unit>()
    private var isRead = false

    /** Nothing that the app has stored can be read yet. */
    val isSealed: Boolean
        @Synchronized get() {
            readOnce()
            return !isRead && !isUnlocked()
        }

    @Synchronized
    fun state(task: SyncTask): TaskState {
        readOnce()
        return states[task.name] ?: TaskState()
    }

    /** Keeps what [change] makes of the state of [task], where that is another. */
    @Synchronized
    fun update(
        task: SyncTask,
        change: (TaskState) -> TaskState,
    ) {
        if (set(task, change)) write()
    }

    /** @return whether that is another */
    private fun set(
        task: SyncTask,
        change: (TaskState) -> TaskState,
    ): Boolean {
        val state = state(task)
        states[task.name] = change(state)
        if (!isRead) early += { set(task, change) }
        return states[task.name] != state
    }

    fun switchOn(
        task: SyncTask,
        on: Boolean,
    ) = update(task) { it.copy(isSwitchedOn = on) }

    @Synchronized
    fun open(run: RunRecord) {
        openRun = run
        write()
    }

    /** The window of the open run closed: a process that dies from now on leaves an expired run, not a killed one. */
    @Synchronized
    fun expire(why: String) {
        openRun = openRun?.copy(expired = why)
        write()
    }

    /** The app asked for the next window while the run is open: the wish holds where the process dies before the end, too. */
    @Synchronized
    fun requestNext(
        next: Long,
        now: Long,
    ) {
        openRun = openRun?.copy(requestedNext = next, requestedDelay = next - now)
        write()
    }

    /**
     * @param why what its end says beyond the outcome
     * @param isCounted false where the app itself ended the run
     */
    @Synchronized
    fun close(
        task: SyncTask,
        run: LastRun,
        why: String?,
        isCounted: Boolean = true,
    ) {
        openRun?.let { ended.add(task, it, run, why) }
        openRun = null
        set(task) { (if (isCounted) it.counted(run.outcome) else it).copy(lastRun = run) }
        write()
    }

    /** Closes the open run of a process that died. @return null where there is none, or where [events] tells its end already */
    @Synchronized
    fun closeKilled(
        tasks: SyncTasks,
        events: EventLog,
        now: Long,
    ): RunRecord? {
        readOnce()
        val left = left ?: return null
        this.left = null
        if (events.hasEnded(left.id)) {
            write()
            return null
        }
        openRun = left
        val outcome = if (left.expired == null) Outcome.KILLED else Outcome.EXPIRED
        val last = LastRun(left.id, outcome, now, millis = 0, remaining = -1)
        close(tasks.of(left.taskId), last, left.expired, isCounted = left.expired != RunReport.CANCELLED)
        return left
    }

    private fun readOnce() {
        if (isRead || !isUnlocked()) return
        // An error of the disk is not taken for a file with nothing in it: the user's `cancel()` may be there.
        val text = file.readTextOr { return }
        isRead = true
        states.clear()
        try {
            if (text != null) read(JSONObject(text))
        } catch (_: JSONException) {
            // A damaged file is worth less than a sync: start over.
        }
        early.forEach { it() }
        if (early.isNotEmpty()) write()
        early.clear()
    }

    /** Key by key: what another version wrote, or left out, takes nothing else with it. The first task's keys are at the top. */
    private fun read(json: JSONObject) {
        left = json.optJSONObject("open")?.let(::readOpen)
        states[""] = readState(json)
        val others = json.optJSONObject("tasks") ?: return
        for (name in others.keys()) others.optJSONObject(name)?.let { states[name] = readState(it) }
    }

    private fun readState(json: JSONObject) =
        TaskState(
            consecutiveFailures = json.optInt("failures").coerceAtLeast(0),
            consecutiveSkips = json.optInt("skips").coerceAtLeast(0),
            lastRun = json.optJSONObject("last")?.let(::readLast),
            isSwitchedOn = json.opt("armed") as? Boolean,
            settings = json.optJSONObject("settings")?.let(SyncSettings::of) ?: SyncSettings(),
            requestedNext = json.optTime("next"),
        )

    private fun readOpen(json: JSONObject): RunRecord? {
        val trigger = Trigger.entries.firstOrNull { it.wire == json.optString("trig") } ?: Trigger.OS
        val expired = json.optString("expired").takeIf { it.isNotEmpty() }
        return json.optString("run").takeIf { it.isNotEmpty() }?.let {
            val taskId = json.optString("task", BackgroundSyncConfig.WORK_NAME)
            val run = RunRecord(it, taskId, trigger, json.optInt("att", 1), expired, json.optTime("next"))
            run.copy(requestedDelay = json.optTime("delay") ?: run.requestedDelay)
        }
    }

    private fun readLast(json: JSONObject): LastRun? {
        val outcome = Outcome.entries.firstOrNull { it.wire == json.optString("out") } ?: return null
        return LastRun(json.optString("run"), outcome, json.optLong("ts"), json.optLong("ms"), json.optInt("rem", -1))
    }

    private fun write() {
        readOnce()
        if (!isRead) return
        val json = (states[""] ?: TaskState()).toJson().put("open", (openRun ?: left)?.toJson())
        val others = states.filterKeys { it.isNotEmpty() }.mapValues { it.value.toJson() }
        if (others.isNotEmpty()) json.put("tasks", JSONObject(others))
        file.replaceText(json.toString())
    }
}

private fun JSONObject.optTime(key: String): Long? = optLong(key).takeIf { it > 0 }

private fun TaskState.toJson(): JSONObject =
    JSONObject()
        .put("failures", consecutiveFailures)
        .put("skips", consecutiveSkips)
        .put("armed", isSwitchedOn)
        .put("settings", settings.toJson())
        .put("next", requestedNext)
        .put("last", lastRun?.toJson())

private fun RunRecord.toJson(): JSONObject =
    JSONObject()
        .put("run", id)
        .put("task", taskId)
        .put("trig", trigger.wire)
        .put("att", attempt)
        .put("expired", expired)
        .put("next", requestedNext)
        .put("delay", requestedNext?.let { requestedDelay })

internal fun LastRun.toJson(): JSONObject =
    JSONObject()
        .put("run", id)
        .put("out", outcome.wire)
        .put("ts", timestamp)
        .put("ms", millis)
        .put("rem", remaining)
