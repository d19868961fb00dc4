package dev.bgsync

/** What `bgsync.config.json` sets, and the names that WorkManager stores: those must never change once shipped. */
internal object BackgroundSyncConfig {
    const val LOG_TAG = "BackgroundSync"

    /** The unique work, and the task id that JavaScript and the event lines see. */
    const val WORK_NAME = "dev.bgsync.sync.v1"

    /** From the moment that JavaScript takes the run. */
    const val BUDGET_MILLIS = 180_000L

    val policy =
        SchedulePolicyConfig(
            intervalSeconds = 3600,
            backlogSeconds = 900,
            maxSeconds = 14400,
            lowBatteryPercent = 20,
        )

    val constraints =
        SyncConstraints(
            network = RequiredNetwork.ANY,
            charging = false,
            batteryNotLow = false,
            storageNotLow = false,
            deviceIdle = false,
        )

    /** The first has no name, and is the one above. */
    val tasks =
        listOf(
            SyncTask("", policy, constraints),
        )
}
