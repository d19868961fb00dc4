package dev.bgsync

import androidx.work.WorkInfo

/** WorkManager's stop reasons, in words for the event lines. */
internal object StopReason {
    fun nameOf(code: Int): String =
        when (code) {
            WorkInfo.STOP_REASON_CANCELLED_BY_APP -> "cancelled"
            WorkInfo.STOP_REASON_PREEMPT -> "preempt"
            WorkInfo.STOP_REASON_TIMEOUT -> "timeout"
            WorkInfo.STOP_REASON_DEVICE_STATE -> "device-state"
            WorkInfo.STOP_REASON_CONSTRAINT_BATTERY_NOT_LOW -> "battery-low"
            WorkInfo.STOP_REASON_CONSTRAINT_CHARGING -> "not-charging"
            WorkInfo.STOP_REASON_CONSTRAINT_CONNECTIVITY -> "no-network"
            WorkInfo.STOP_REASON_CONSTRAINT_DEVICE_IDLE -> "not-idle"
            WorkInfo.STOP_REASON_CONSTRAINT_STORAGE_NOT_LOW -> "storage-low"
            WorkInfo.STOP_REASON_QUOTA -> "quota"
            WorkInfo.STOP_REASON_BACKGROUND_RESTRICTION -> "background-restriction"
            WorkInfo.STOP_REASON_APP_STANDBY -> "app-standby"
            WorkInfo.STOP_REASON_USER -> "user"
            WorkInfo.STOP_REASON_SYSTEM_PROCESSING -> "system-processing"
            WorkInfo.STOP_REASON_ESTIMATED_APP_LAUNCH_TIME_CHANGED -> "app-launch-estimate"
            else -> "stopped"
        }
}
