package dev.bgsync.boot

import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.app.job.JobService
import android.os.Build
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.annotation.RealObject
import org.robolectric.shadows.ShadowJobScheduler
import org.robolectric.shadows.ShadowService

/**
 * The jobs of the device. Robolectric's own forget them with each JobScheduler instance, and each process has its own.
 * Whoever asks in another namespace than that of WorkManager, which has one from API 34 on, finds none; its versions before
 * 2.10.0 have none: https://android.googlesource.com/platform/frameworks/support/+/edd1e270c20fbe4d5f2cd933df9250b446945a2d
 */
@Implements(className = "android.app.JobSchedulerImpl", isInAndroidSdk = false)
class PlayedJobScheduler : ShadowJobScheduler.ShadowJobSchedulerImpl() {
    @RealObject
    private lateinit var real: JobScheduler

    private val isOfWorkManager: Boolean
        get() = Build.VERSION.SDK_INT < 34 || real.namespace == "androidx.work.systemjobscheduler".takeIf { hasNamespace }

    @Implementation
    override fun schedule(job: JobInfo): Int {
        jobs[job.id] = job
        return 1
    }

    @Implementation
    override fun cancel(jobId: Int) {
        jobs.remove(jobId)
    }

    @Implementation
    override fun cancelAll() = jobs.clear()

    @Implementation
    override fun getAllPendingJobs(): List<JobInfo> = if (isOfWorkManager) jobs.values.toList() else emptyList()

    @Implementation(minSdk = 24)
    override fun getPendingJob(jobId: Int): JobInfo? = jobs[jobId]

    companion object {
        @JvmField
        val jobs = LinkedHashMap<Int, JobInfo>()

        /** Whether WorkManager has one of its own. */
        @JvmField
        var hasNamespace = true
    }
}

/** Where a JobService's engine would tell the system that a job is finished. */
@Implements(JobService::class)
class PlayedJobService : ShadowService() {
    @Implementation
    fun jobFinished(
        parameters: JobParameters,
        needsReschedule: Boolean,
    ) = finished(parameters, needsReschedule)

    companion object {
        @JvmStatic
        var finished: (JobParameters, Boolean) -> Unit = { _, _ -> }
    }
}
