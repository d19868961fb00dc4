package dev.bgsync

import android.content.Context
import androidx.work.CoroutineWorker
import androidx.work.WorkerParameters

/**
 * What is left of the background sync: work that an earlier version of the app scheduled is stored under this class's
 * name, and ends itself when it is started.
 */
class BackgroundSyncWorker(
    context: Context,
    parameters: WorkerParameters,
) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result {
        Retirement.cancel(applicationContext)
        return Result.success()
    }
}
