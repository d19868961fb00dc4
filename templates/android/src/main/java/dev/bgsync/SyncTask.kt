package dev.bgsync

/**
 * One of the app's syncs: each has its schedule, its constraints and its books. The first has no name.
 *
 * @param name letters, digits and hyphens, as `bgsync.config.json` has it; "" of the first
 */
internal data class SyncTask(
    val name: String,
    val policy: SchedulePolicyConfig,
    val constraints: SyncConstraints,
) {
    /** The unique work, and the task id that JavaScript and the event lines see. */
    val id get() = idOf(name)

    companion object {
        /** WorkManager stores it: it must never change once shipped. */
        fun idOf(name: String): String = if (name.isEmpty()) BackgroundSyncConfig.WORK_NAME else "${BackgroundSyncConfig.WORK_NAME}.$name"
    }
}

/** The syncs of this build. */
internal class SyncTasks(
    val all: List<SyncTask> = BackgroundSyncConfig.tasks,
) {
    val first: SyncTask get() = all.first()

    /** @throws IllegalArgumentException where this build knows no such sync: JavaScript is of another version */
    fun named(name: String): SyncTask = requireNotNull(find(name)) { "This build has no sync of the name $name." }

    /** @return null where this build knows no such sync */
    fun find(name: String): SyncTask? = all.find { it.name == name }

    /** @return the task of an id; the [first] where it is one of the app's own */
    fun of(id: String): SyncTask = all.find { it.id == id } ?: first
}

/** What one process leaves to the next of one sync. */
internal data class TaskState(
    /** Runs in a row that did not end [Outcome.DONE]; windows that never got to the handler do not count. */
    val consecutiveFailures: Int = 0,
    /** Windows in a row that never got to the handler. */
    val consecutiveSkips: Int = 0,
    val lastRun: LastRun? = null,
    /** False from the app's `cancel()` to its next `register()`; null where it said neither. */
    val isSwitchedOn: Boolean? = null,
    /** What the app has set at run time. */
    val settings: SyncSettings = SyncSettings(),
    /** The next window, where the app asked for it with `scheduleNext`, epoch milliseconds. */
    val requestedNext: Long? = null,
) {
    /** The app called `cancel()`, and nothing since that takes it back. */
    val isSwitchedOff: Boolean get() = isSwitchedOn == false

    fun counted(outcome: Outcome): TaskState =
        copy(
            consecutiveSkips = if (outcome == Outcome.SKIPPED) consecutiveSkips + 1 else 0,
            consecutiveFailures =
                when (outcome) {
                    Outcome.DONE -> 0
                    Outcome.SKIPPED -> consecutiveFailures
                    else -> consecutiveFailures + 1
                },
        )
}
