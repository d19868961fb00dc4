package dev.bgsync

import androidx.work.WorkInfo
import org.json.JSONObject

/** What `bgsync status` and the app's own `getStatus()` show. */
internal object SyncStatus {
    suspend fun of(runtime: BackgroundSyncRuntime): JSONObject {
        val work = runtime.scheduler.work()
        return JSONObject()
            .put("v", SyncEvent.FORMAT_VERSION)
            .put("platform", "android")
            .put("scheduled", work != null && !work.state.isFinished)
            .put("state", work?.state?.name?.lowercase() ?: "none")
            .put("next", work?.let { nextWindow(it) } ?: 0)
            .put("lastRun", runtime.gate.lastRun?.toJson() ?: JSONObject.NULL)
            .put("consecutiveFailures", runtime.gate.consecutiveFailures)
            .put("openRun", runtime.gate.openRun?.id ?: JSONObject.NULL)
            .put("env", runtime.device.state().toJson())
    }

    /** WorkManager tells the time only of work that waits; otherwise it says [Long.MAX_VALUE]. */
    private fun nextWindow(work: WorkInfo): Long = work.nextScheduleTimeMillis.takeIf { it != Long.MAX_VALUE } ?: 0
}
