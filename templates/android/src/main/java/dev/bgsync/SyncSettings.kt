package dev.bgsync

import androidx.work.Constraints
import androidx.work.NetworkType
import org.json.JSONException
import org.json.JSONObject

/** The network that a window needs; [wire] is its name in the settings, in event lines and in JavaScript. */
internal enum class RequiredNetwork(
    val wire: String,
    val type: NetworkType,
) {
    ANY("any", NetworkType.CONNECTED),
    UNMETERED("unmetered", NetworkType.UNMETERED),
    NOT_ROAMING("notRoaming", NetworkType.NOT_ROAMING),

    /** A window comes also without one. */
    NONE("none", NetworkType.NOT_REQUIRED),
}

/** What must be there before a window opens. */
internal data class SyncConstraints(
    val network: RequiredNetwork,
    val charging: Boolean,
    val batteryNotLow: Boolean,
    val storageNotLow: Boolean,
    val deviceIdle: Boolean,
) {
    fun toWork(): Constraints =
        Constraints
            .Builder()
            .setRequiredNetworkType(network.type)
            .setRequiresCharging(charging)
            .setRequiresBatteryNotLow(batteryNotLow)
            .setRequiresStorageNotLow(storageNotLow)
            .setRequiresDeviceIdle(deviceIdle)
            .build()

    /** Each by its name. */
    val names: List<String> get() =
        listOfNotNull(
            network.wire.takeIf { network != RequiredNetwork.NONE },
            "charging".takeIf { charging },
            "batteryNotLow".takeIf { batteryNotLow },
            "storageNotLow".takeIf { storageNotLow },
            "deviceIdle".takeIf { deviceIdle },
        )

    /** The [names] of what [device] does not offer. */
    fun unmet(device: DeviceState): List<String> = names.filterNot { isMet(it, device) }

    private fun isMet(
        name: String,
        device: DeviceState,
    ): Boolean =
        when (name) {
            RequiredNetwork.ANY.wire -> device.network.connected
            RequiredNetwork.UNMETERED.wire -> device.network.connected && !device.network.metered
            RequiredNetwork.NOT_ROAMING.wire -> device.network.connected && !device.network.roaming
            "charging" -> device.battery.charging
            "batteryNotLow" -> device.battery.charging || device.battery.percent !in 0..LOW_BATTERY_PERCENT
            "storageNotLow" -> !device.storageLow
            else -> !device.inUse
        }

    private companion object {
        /** WorkManager's own: https://developer.android.com/reference/androidx/work/Constraints.Builder#setRequiresBatteryNotLow(boolean) */
        const val LOW_BATTERY_PERCENT = 15
    }
}

/** What the app has set at run time, over what `bgsync.config.json` says: null where it has not. */
internal data class SyncSettings(
    private val network: RequiredNetwork? = null,
    private val charging: Boolean? = null,
    private val batteryNotLow: Boolean? = null,
    private val storageNotLow: Boolean? = null,
    private val deviceIdle: Boolean? = null,
    private val intervalMinutes: Int? = null,
) {
    /** As they are in effect. */
    fun constraintsOf(task: SyncTask): SyncConstraints {
        val configured = task.constraints
        return SyncConstraints(
            network ?: configured.network,
            charging ?: configured.charging,
            batteryNotLow ?: configured.batteryNotLow,
            storageNotLow ?: configured.storageNotLow,
            deviceIdle ?: configured.deviceIdle,
        )
    }

    fun policyOf(task: SyncTask): SchedulePolicyConfig =
        if (intervalMinutes == null) task.policy else task.policy.copy(intervalSeconds = intervalMinutes * SECONDS_PER_MINUTE)

    fun toJson(): JSONObject =
        JSONObject()
            .put("intervalMinutes", intervalMinutes)
            .put(
                "constraints",
                JSONObject()
                    .put("network", network?.wire)
                    .put("charging", charging)
                    .put("batteryNotLow", batteryNotLow)
                    .put("storageNotLow", storageNotLow)
                    .put("deviceIdle", deviceIdle)
                    .takeIf { it.length() > 0 },
            )

    companion object {
        private const val SECONDS_PER_MINUTE = 60L
        private const val SHORTEST_MINUTES = 15
        private const val LONGEST_MINUTES = 10_080

        /** @param text what JavaScript hands over; "", or what is no JSON, sets nothing */
        fun of(text: String): SyncSettings =
            try {
                if (text.isEmpty()) SyncSettings() else of(JSONObject(text))
            } catch (_: JSONException) {
                SyncSettings()
            }

        /** Key by key: what another version wrote costs no more than itself. */
        fun of(json: JSONObject): SyncSettings {
            val constraints = json.optJSONObject("constraints") ?: JSONObject()
            val minutes = (json.opt("intervalMinutes") as? Number)?.toInt()
            return SyncSettings(
                network = RequiredNetwork.entries.firstOrNull { it.wire == constraints.optString("network") },
                charging = constraints.opt("charging") as? Boolean,
                batteryNotLow = constraints.opt("batteryNotLow") as? Boolean,
                storageNotLow = constraints.opt("storageNotLow") as? Boolean,
                deviceIdle = constraints.opt("deviceIdle") as? Boolean,
                intervalMinutes = minutes?.coerceIn(SHORTEST_MINUTES, LONGEST_MINUTES),
            )
        }
    }
}
