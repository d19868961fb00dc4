package dev.bgsync

import android.app.KeyguardManager
import android.app.usage.UsageStatsManager
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.net.ConnectivityManager
import android.net.NetworkCapabilities
import android.os.BatteryManager
import android.os.Build
import android.os.PowerManager
import android.os.UserManager

/** Reads the device through the framework. A service that is missing or refuses leaves its part unknown. */
internal class AndroidDevice(
    private val context: Context,
) : Device {
    /** False from a restart to the first unlock, when nothing that the app has stored can be read. */
    val isUnlocked: Boolean get() = readOr(true) { service(UserManager::class.java).isUserUnlocked }

    override fun state(): DeviceState =
        DeviceState(
            battery = readOr(BatteryState(percent = -1, charging = false, saver = false), ::battery),
            network = readOr(NetworkState(kind = "none", metered = false), ::network),
            bucket = readOr(null, ::bucket),
            locked = readOr(false) { service(KeyguardManager::class.java).isDeviceLocked },
            storageLow = readOr(false, ::isStorageLow),
            inUse = readOr(false) { service(PowerManager::class.java).isInteractive },
        )

    private fun battery(): BatteryState {
        val battery = service(BatteryManager::class.java)
        // Integer.MIN_VALUE where the device does not tell.
        val percent = battery.getIntProperty(BatteryManager.BATTERY_PROPERTY_CAPACITY)
        return BatteryState(
            percent = if (percent in 0..100) percent else -1,
            charging = battery.isCharging,
            saver = service(PowerManager::class.java).isPowerSaveMode,
        )
    }

    private fun network(): NetworkState {
        val connectivity = service(ConnectivityManager::class.java)
        val capabilities = connectivity.getNetworkCapabilities(connectivity.activeNetwork)
        val kind =
            when {
                capabilities == null -> "none"
                !capabilities.hasCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET) -> "none"
                capabilities.hasTransport(NetworkCapabilities.TRANSPORT_WIFI) -> "wifi"
                capabilities.hasTransport(NetworkCapabilities.TRANSPORT_CELLULAR) -> "cell"
                else -> "other"
            }
        return NetworkState(
            kind,
            metered = kind != "none" && connectivity.isActiveNetworkMetered,
            roaming = capabilities != null && isRoaming(connectivity, capabilities),
        )
    }

    private fun isRoaming(
        connectivity: ConnectivityManager,
        capabilities: NetworkCapabilities,
    ): Boolean =
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            !capabilities.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_ROAMING)
        } else {
            @Suppress("DEPRECATION")
            connectivity.activeNetworkInfo?.isRoaming == true
        }

    /** A sticky broadcast, as WorkManager itself reads it: it is there while storage is low. */
    @Suppress("DEPRECATION")
    private fun isStorageLow(): Boolean = context.registerReceiver(null, IntentFilter(Intent.ACTION_DEVICE_STORAGE_LOW)) != null

    private fun bucket(): Int? =
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            service(UsageStatsManager::class.java).appStandbyBucket
        } else {
            null
        }

    /** Nullable in the framework's newer declarations, and in fact where a device lacks the service. */
    private fun <T : Any> service(type: Class<T>): T {
        val service: T? = context.getSystemService(type)
        return service ?: throw UnsupportedOperationException(type.name)
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
