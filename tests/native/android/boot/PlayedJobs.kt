package dev.bgsync.boot

import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobService
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowJobScheduler
import org.robolectric.shadows.ShadowService

/** The jobs of the device. Robolectric's own forget them with each JobScheduler instance, and each process has its own. */
@Implements(className = "android.app.JobSchedulerImpl", isInAndroidSdk = false)
class PlayedJobScheduler : ShadowJobScheduler.ShadowJobSchedulerImpl() {
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
    override fun getAllPendingJobs(): List<JobInfo> = jobs.values.toList()

    @Implementation(minSdk = 24)
    override fun getPendingJob(jobId: Int): JobInfo? = jobs[jobId]

    companion object {
        @JvmField
        val jobs = LinkedHashMap<Int, JobInfo>()
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
