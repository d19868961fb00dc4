package dev.bgsync

import androidx.work.WorkInfo
import org.json.JSONArray
import org.json.JSONObject
import java.util.concurrent.TimeUnit

/** What `bgsync status` and the app's own `getStatus()` show. */
internal object SyncStatus {
    suspend fun of(
        runtime: BackgroundSyncRuntime,
        task: SyncTask = runtime.tasks.first,
    ): JSONObject {
        val work = runtime.schedulerOf(task).work()
        val device = runtime.device.state()
        val state = runtime.gate.ledger.state(task)
        val constraints = state.settings.constraintsOf(task)
        return JSONObject()
            .put("v", SyncEvent.FORMAT_VERSION)
            .put("platform", "android")
            .put("scheduled", work != null && !work.state.isFinished)
            .put("state", work?.state?.name?.lowercase() ?: "none")
            .put("next", work?.storedTime ?: 0)
            .put("lastRun", state.lastRun?.toJson() ?: JSONObject.NULL)
            .put("consecutiveFailures", state.consecutiveFailures)
            .put("openRun", runtime.gate.openRun?.id ?: JSONObject.NULL)
            .put("intervalMinutes", TimeUnit.SECONDS.toMinutes(state.settings.policyOf(task).intervalSeconds))
            .put("constraints", JSONArray(constraints.names))
            .put("unmet", JSONArray(constraints.unmet(device)))
            .put("env", device.toJson())
    }
}
