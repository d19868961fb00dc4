package dev.bgsync

import android.content.Context
import android.util.Log
import androidx.work.WorkManager

/** Takes back what earlier versions of the app scheduled. */
internal object Retirement {
    /** The name under which they scheduled it. */
    const val WORK_NAME = "dev.bgsync.sync.v1"

    private const val LOG_TAG = "BackgroundSync"

    /** Safe at any time and as often as one likes. WorkManager does it on a thread of its own. */
    fun cancel(context: Context) {
        try {
            WorkManager.getInstance(context).cancelUniqueWork(WORK_NAME)
            // Of an app with several syncs: WorkManager tags each work with the name of its class.
            WorkManager.getInstance(context).cancelAllWorkByTag(BackgroundSyncWorker::class.java.name)
        } catch (error: IllegalStateException) {
            // Apps that initialize WorkManager themselves may not have done so yet: the worker cancels, too.
            Log.w(LOG_TAG, "The retired background sync could not be cancelled yet", error)
        }
    }
}
