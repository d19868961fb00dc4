package dev.bgsync.tests

import android.app.job.JobInfo
import android.app.job.JobParameters
import android.content.Intent
import android.net.ConnectivityManager
import android.net.NetworkInfo
import android.os.Build
import android.os.PersistableBundle
import androidx.work.WorkInfo
import androidx.work.impl.background.systemjob.SystemJobService
import dev.bgsync.boot.PlayedJobScheduler
import dev.bgsync.boot.PlayedJobService
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowNetwork
import org.robolectric.shadows.ShadowNetworkInfo
import java.util.IdentityHashMap

/**
 * The system around WorkManager: its JobScheduler keeps the jobs that the real SystemJobScheduler schedules, starts them
 * in the real SystemJobService when they are due and what they ask for is there, stops them when it is gone, after ten
 * minutes, or when they are cancelled, and backs off as they say.
 */
class PlayedSystem(
    private val time: VirtualTime,
) {
    private val connectivity = TestContext.getSystemService(ConnectivityManager::class.java)!!

    var isConnected = true
        set(value) {
            field = value
            tellConnectivity()
        }
    var isMetered = false
        set(value) {
            field = value
            tellConnectivity()
        }
    var isRoaming = false
        set(value) {
            field = value
            tellConnectivity()
        }
    var isCharging = false
    var isBatteryLow = false
    var isStorageLow = false
        set(value) {
            field = value
            tellStorage()
        }
    var isIdle = false

    private class Entry(
        val firstAt: Long,
    ) {
        var dueAt = firstAt
        var failures = 0
    }

    private class Running(
        val job: JobInfo,
        val parameters: JobParameters,
        val startedAt: Long,
    )

    private val entries = IdentityHashMap<JobInfo, Entry>()
    private val running = mutableListOf<Running>()
    private var service: SystemJobService? = null

    private val jobs get() = PlayedJobScheduler.jobs

    init {
        jobs.clear()
        tellConnectivity()
        tellStorage()
        PlayedJobService.finished = { parameters, again -> finished(parameters, again) }
    }

    /** WorkManager's own trackers ask, too, while its process lives. */
    @Suppress("DEPRECATION")
    private fun tellConnectivity() {
        val shadow = shadowOf(connectivity)
        val connection = if (isMetered) mobile else wifi
        NetworkInfo::class.java.getMethod("setRoaming", Boolean::class.javaPrimitiveType).invoke(connection, isRoaming)
        shadow.setActiveNetworkInfo(connection.takeIf { isConnected })
        val network = ShadowNetwork.newInstance(1)
        for (callback in shadow.networkCallbacks.toList()) if (isConnected) callback.onAvailable(network) else callback.onLost(network)
    }

    @Suppress("DEPRECATION", "MissingPermission")
    private fun tellStorage() {
        val (now, before) = listOf(Intent.ACTION_DEVICE_STORAGE_LOW, Intent.ACTION_DEVICE_STORAGE_OK).let { if (isStorageLow) it else it.reversed() }
        TestContext.removeStickyBroadcast(Intent(before))
        TestContext.sendStickyBroadcast(Intent(now))
    }

    fun processStarted() {
        service = MainLooper.run { Robolectric.buildService(SystemJobService::class.java).create().get() }
    }

    /** Jobs outlive their process, and are tried again. */
    fun processDied() {
        running.toList().forEach { ended(it, again = true) }
        service = null
    }

    /** Starts what is due, stops what may not go on. @return the next time, of [VirtualTime], to look again */
    fun tick(): Long {
        while (MainLooper.idle()) Unit
        val service = service ?: return Long.MAX_VALUE
        val pending = jobs.values.toList()
        entries.keys.retainAll { job -> pending.any { it === job } }
        for (job in pending) entries.getOrPut(job) { Entry(time.elapsed + job.minLatencyMillis) }
        for (run in running.toList()) {
            val lost = unmet(run.job)
            when {
                pending.none { it === run.job } -> stop(run, WorkInfo.STOP_REASON_CANCELLED_BY_APP)
                lost != null -> stop(run, lost)
                time.elapsed - run.startedAt >= LIMIT_MILLIS -> stop(run, WorkInfo.STOP_REASON_TIMEOUT)
            }
        }
        var next = Long.MAX_VALUE
        for (job in pending) {
            val entry = entries[job] ?: continue
            if (running.any { it.job.id == job.id }) continue
            if (entry.dueAt > time.elapsed) {
                next = minOf(next, entry.dueAt)
            } else if (unmet(job) == null) {
                start(service, job)
            }
        }
        while (MainLooper.idle()) Unit
        val limits = running.map { it.startedAt + LIMIT_MILLIS }
        return minOf(next, limits.minOrNull() ?: Long.MAX_VALUE)
    }

    /** Stops the running job of a work, as the system does. */
    fun stop(
        id: String,
        reason: Int,
    ) = running.filter { it.job.extras.getString(SPEC) == id }.forEach { stop(it, reason) }

    fun isRunning(id: String): Boolean = running.any { it.job.extras.getString(SPEC) == id }

    /** What its job waits for at least, from when it was made. Milliseconds. */
    fun delayOf(id: String): Long? = jobs.values.firstOrNull { it.extras.getString(SPEC) == id }?.minLatencyMillis

    fun hasJob(id: String): Boolean = jobs.values.any { it.extras.getString(SPEC) == id }

    private fun start(
        service: SystemJobService,
        job: JobInfo,
    ) {
        val run = Running(job, parameters(job), time.elapsed)
        running += run
        if (!MainLooper.run { service.onStartJob(run.parameters) }) ended(run, again = false)
    }

    private fun stop(
        run: Running,
        reason: Int,
    ) {
        setStopReason(run.parameters, reason)
        val again = MainLooper.run { service!!.onStopJob(run.parameters) }
        ended(run, again)
    }

    private fun finished(
        parameters: JobParameters,
        again: Boolean,
    ) {
        running.firstOrNull { it.parameters === parameters }?.let { ended(it, again) }
    }

    private fun ended(
        run: Running,
        again: Boolean,
    ) {
        running -= run
        val entry = entries[run.job] ?: return
        if (again) {
            entry.failures++
            val factor = if (run.job.backoffPolicy == JobInfo.BACKOFF_POLICY_LINEAR) entry.failures.toLong() else 1L shl (entry.failures - 1).coerceAtMost(20)
            entry.dueAt = time.elapsed + minOf(run.job.initialBackoffMillis * factor, MAX_BACKOFF_MILLIS)
        } else {
            entries -= run.job
            if (jobs[run.job.id] === run.job) jobs -= run.job.id
        }
    }

    /** @return the stop reason for what [job] asks for and does not have */
    private fun unmet(job: JobInfo): Int? =
        when {
            !hasNetwork(job) -> WorkInfo.STOP_REASON_CONSTRAINT_CONNECTIVITY
            job.isRequireCharging && !isCharging -> WorkInfo.STOP_REASON_CONSTRAINT_CHARGING
            job.isRequireDeviceIdle && !isIdle -> WorkInfo.STOP_REASON_CONSTRAINT_DEVICE_IDLE
            Build.VERSION.SDK_INT < 26 -> null
            job.isRequireBatteryNotLow && isBatteryLow -> WorkInfo.STOP_REASON_CONSTRAINT_BATTERY_NOT_LOW
            job.isRequireStorageNotLow && isStorageLow -> WorkInfo.STOP_REASON_CONSTRAINT_STORAGE_NOT_LOW
            else -> null
        }

    @Suppress("DEPRECATION")
    private fun hasNetwork(job: JobInfo): Boolean =
        when (job.networkType) {
            JobInfo.NETWORK_TYPE_NONE -> true
            JobInfo.NETWORK_TYPE_UNMETERED -> isConnected && !isMetered
            JobInfo.NETWORK_TYPE_NOT_ROAMING -> isConnected && !isRoaming
            else -> isConnected
        }

    private fun parameters(job: JobInfo): JobParameters {
        val constructor = JobParameters::class.java.declaredConstructors.maxByOrNull { it.parameterCount }!!
        constructor.isAccessible = true
        var isFirstInt = true
        val arguments =
            constructor.parameterTypes.map { type ->
                when (type) {
                    Int::class.javaPrimitiveType -> if (isFirstInt) job.id.also { isFirstInt = false } else 0
                    Boolean::class.javaPrimitiveType -> false
                    PersistableBundle::class.java -> job.extras
                    String::class.java -> NAMESPACE
                    else -> null
                }
            }
        return constructor.newInstance(*arguments.toTypedArray()) as JobParameters
    }

    private fun setStopReason(
        parameters: JobParameters,
        reason: Int,
    ) {
        val field = JobParameters::class.java.declaredFields.firstOrNull { it.name == "mStopReason" } ?: return
        field.isAccessible = true
        field.setInt(parameters, reason)
    }

    private companion object {
        /** Robolectric takes a mobile network for a metered one. */
        val mobile = connectedBy(ConnectivityManager.TYPE_MOBILE)
        val wifi = connectedBy(ConnectivityManager.TYPE_WIFI)

        @Suppress("DEPRECATION")
        private fun connectedBy(type: Int): NetworkInfo =
            ShadowNetworkInfo.newInstance(NetworkInfo.DetailedState.CONNECTED, type, 0, true, NetworkInfo.State.CONNECTED)

        const val NAMESPACE = "androidx.work.systemjobscheduler"
        const val SPEC = "EXTRA_WORK_SPEC_ID"
        const val LIMIT_MILLIS = 600_000L
        const val MAX_BACKOFF_MILLIS = 18_000_000L
    }
}
