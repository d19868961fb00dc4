package dev.bgsync

import org.json.JSONObject

internal data class NetworkState(
    /** `wifi`, `cell`, `other` or `none`. */
    val kind: String,
    val metered: Boolean,
    val roaming: Boolean = false,
) {
    val connected: Boolean get() = kind != "none"
}

/** The device as a run found it. */
internal data class DeviceState(
    val battery: BatteryState,
    val network: NetworkState,
    /** The app standby bucket, from API 28. */
    val bucket: Int?,
    /** Locked with a PIN or the like, as most windows of the night find it. */
    val locked: Boolean = false,
    val storageLow: Boolean = false,
    /** The screen is on. */
    val inUse: Boolean = false,
) {
    /** The `env` of an event line. */
    fun toJson(): JSONObject =
        JSONObject()
            .put("bucket", bucket)
            .put("bat", battery.percent.takeIf { it >= 0 })
            .put("chg", if (battery.charging) 1 else 0)
            .put("save", if (battery.saver) 1 else 0)
            .put("net", network.kind)
            .put("metered", if (network.metered) 1 else 0)
            .put("locked", if (locked) 1 else 0)
}

internal fun interface Device {
    fun state(): DeviceState
}
