package dev.bgsync

import android.app.job.JobInfo
import android.app.job.JobScheduler
import android.content.Context
import android.os.Build
import java.util.UUID

/** The jobs that WorkManager keeps in the system's JobScheduler: without one, work that is enqueued is never started. */
internal class SystemJobs(
    private val context: Context,
) {
    /**
     * @param longestDelayMillis a job that was made to wait for longer does not count
     * @return whether the system holds a job for [work]; true as well where it does not say
     */
    fun has(
        work: UUID,
        longestDelayMillis: Long,
    ): Boolean =
        try {
            pending()?.any { it.extras.getString(KEY_WORK) == work.toString() && it.minLatencyMillis <= longestDelayMillis } ?: true
        } catch (_: RuntimeException) {
            // As of some vendors: https://issuetracker.google.com/issues/133556574
            true
        }

    /** Before 2.10.0 WorkManager has no namespace of its own. */
    private fun pending(): List<JobInfo>? {
        val scheduler: JobScheduler = context.getSystemService(JobScheduler::class.java) ?: return null
        val shared = scheduler.allPendingJobs
        return if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) {
            shared + scheduler.forNamespace(NAMESPACE).allPendingJobs
        } else {
            shared
        }
    }

    /** WorkManager's own names, the first in 2.8.1 already, both from 2.10.0 to 2.12.0; `dumpsys jobscheduler` shows them. */
    private companion object {
        const val KEY_WORK = "EXTRA_WORK_SPEC_ID"
        const val NAMESPACE = "androidx.work.systemjobscheduler"
    }
}
