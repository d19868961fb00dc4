package dev.bgsync

import kotlinx.coroutines.CompletableDeferred
import org.json.JSONObject

/** What asked for a run. */
internal enum class Trigger(
    val wire: String,
) {
    OS("os"),

    /** `bgsync trigger`. */
    TRIGGER("trigger"),
    FOREGROUND("foreground"),
}

internal data class RunRequest(
    val id: String,
    val taskId: String,
    val trigger: Trigger,
) {
    fun event(name: String): SyncEvent = SyncEvent(name, run = id, task = taskId, trigger = trigger.wire)
}

/** What JavaScript answered. */
internal data class Answer(
    val outcome: Outcome,
    /** Items that remain; -1 where no one knows. */
    val remaining: Int,
    val message: String?,
)

/** What ends a run, whichever comes first. */
internal sealed interface Decision {
    data class Answered(
        val answer: Answer,
    ) : Decision

    data class Expired(
        val why: String,
    ) : Decision

    /** The JavaScript that had the run is gone. */
    data object Abandoned : Decision
}

/** The run that holds the gate. [RunGate] alone changes it, under its lock. */
internal class SyncRun(
    val task: SyncTask,
    val record: RunRecord,
    /** [Clock.elapsed] at its start. */
    val startedAt: Long,
    val device: DeviceState,
) {
    /** JavaScript may take the run from now on. */
    var offered = false

    /** The module instance that took the run. */
    var owner: Any? = null

    val taken = CompletableDeferred<Unit>()

    /** [Clock.elapsed] when its time is over, from the moment that JavaScript has it. */
    var deadline = Long.MAX_VALUE

    /** Completed once it has freed the gate. */
    val closed = CompletableDeferred<Unit>()

    /** The first of an answer and an expiry. */
    var decision: Decision? = null

    /** Completed with [decision], for coroutines to wait on. */
    val decided = CompletableDeferred<Decision>()

    /** The answer that comes after the window closed, and before the run ended. */
    val graceAnswer = CompletableDeferred<Answer>()

    /** Called with the reason when the window closes, with "" when the run ended. */
    val expiryListeners = mutableListOf<(String) -> Unit>()

    /** [Clock.elapsed] of the last progress event. */
    private var progressAt: Long? = null

    /** At most once a second. [now] is of [Clock.elapsed]. */
    fun isProgressDue(now: Long): Boolean {
        val last = progressAt
        if (last != null && now - last < PROGRESS_MILLIS) return false
        progressAt = now
        return true
    }

    fun event(name: String): SyncEvent = SyncEvent(name, run = record.id, task = record.taskId, trigger = record.trigger.wire)

    /** The run as `nextRun()` and `beginForeground()` hand it to JavaScript. */
    fun toJson(deadline: Long): String =
        JSONObject()
            .put("runId", record.id)
            .put("taskId", record.taskId)
            .put("name", task.name.takeIf { it.isNotEmpty() })
            .put("reason", record.trigger.wire)
            .put("deadline", deadline)
            .put("attempt", record.attempt)
            .put("locked", device.locked)
            .put(
                "battery",
                JSONObject()
                    .put("percent", device.battery.percent)
                    .put("charging", device.battery.charging)
                    .put("saver", device.battery.saver),
            ).put(
                "network",
                JSONObject()
                    .put("connected", device.network.connected)
                    .put("metered", device.network.metered),
            ).toString()

    private companion object {
        const val PROGRESS_MILLIS = 1_000L
    }
}
