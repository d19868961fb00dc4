package dev.bgsync

import androidx.work.WorkInfo
import org.json.JSONArray
import org.json.JSONObject
import java.util.concurrent.TimeUnit

/** What `bgsync status` and the app's own `getStatus()` show. */
internal object SyncStatus {
    suspend fun of(runtime: BackgroundSyncRuntime): JSONObject {
        val work = runtime.scheduler.work()
        val device = runtime.device.state()
        val settings = runtime.gate.settings
        return JSONObject()
            .put("v", SyncEvent.FORMAT_VERSION)
            .put("platform", "android")
            .put("scheduled", work != null && !work.state.isFinished)
            .put("state", work?.state?.name?.lowercase() ?: "none")
            .put("next", work?.let(SyncScheduler::storedTime) ?: 0)
            .put("lastRun", runtime.gate.lastRun?.toJson() ?: JSONObject.NULL)
            .put("consecutiveFailures", runtime.gate.consecutiveFailures)
            .put("openRun", runtime.gate.openRun?.id ?: JSONObject.NULL)
            .put("intervalMinutes", TimeUnit.SECONDS.toMinutes(settings.policy.intervalSeconds))
            .put("constraints", JSONArray(settings.constraints.names))
            .put("unmet", JSONArray(settings.constraints.unmet(device)))
            .put("env", device.toJson())
    }
}
