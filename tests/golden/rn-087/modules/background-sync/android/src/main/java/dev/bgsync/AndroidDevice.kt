package dev.bgsync

import android.app.usage.UsageStatsManager
import android.content.Context
import android.net.ConnectivityManager
import android.net.NetworkCapabilities
import android.os.BatteryManager
import android.os.Build
import android.os.PowerManager

/** Reads the device through the framework. A service that is missing or refuses leaves its part unknown. */
internal class AndroidDevice(
    private val context: Context,
) : Device {
    override fun state(): DeviceState =
        DeviceState(
            battery = readOr(BatteryState(percent = -1, charging = false, saver = false), ::battery),
            network = readOr(NetworkState(kind = "none", metered = false), ::network),
            bucket = readOr(null, ::bucket),
        )

    private fun battery(): BatteryState {
        val battery = context.getSystemService(BatteryManager::class.java)
        // Integer.MIN_VALUE where the device does not tell.
        val percent = battery.getIntProperty(BatteryManager.BATTERY_PROPERTY_CAPACITY)
        return BatteryState(
            percent = if (percent in 0..100) percent else -1,
            charging = battery.isCharging,
            saver = context.getSystemService(PowerManager::class.java).isPowerSaveMode,
        )
    }

    private fun network(): NetworkState {
        val connectivity = context.getSystemService(ConnectivityManager::class.java)
        val capabilities = connectivity.getNetworkCapabilities(connectivity.activeNetwork)
        val kind =
            when {
                capabilities == null -> "none"
                !capabilities.hasCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET) -> "none"
                capabilities.hasTransport(NetworkCapabilities.TRANSPORT_WIFI) -> "wifi"
                capabilities.hasTransport(NetworkCapabilities.TRANSPORT_CELLULAR) -> "cell"
                else -> "other"
            }
        return NetworkState(kind, metered = kind != "none" && connectivity.isActiveNetworkMetered)
    }

    private fun bucket(): Int? =
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            context.getSystemService(UsageStatsManager::class.java).appStandbyBucket
        } else {
            null
        }

    /** Vendors and work profiles throw where the documentation does not say so; no run may fail of that. */
    private fun <T> readOr(
        unknown: T,
        read: () -> T,
    ): T =
        try {
            read()
        } catch (_: RuntimeException) {
            unknown
        }
}
