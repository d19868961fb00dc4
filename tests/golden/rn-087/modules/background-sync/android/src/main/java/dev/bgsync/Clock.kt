package dev.bgsync

import android.os.SystemClock

internal interface Clock {
    /** Epoch milliseconds. The user may set it in either direction at any time. */
    fun now(): Long

    /** Milliseconds that only ever grow, also in deep sleep: durations are measured with it. */
    fun elapsed(): Long
}

internal object DeviceClock : Clock {
    override fun now(): Long = System.currentTimeMillis()

    override fun elapsed(): Long = SystemClock.elapsedRealtime()
}
