package androidx.work

import android.content.Context
import com.google.common.util.concurrent.ListenableFuture
import kotlinx.coroutines.flow.Flow
import java.util.UUID

class WorkInfo(
    val id: UUID,
    val state: State,
    val tags: Set<String>,
    val constraints: Constraints,
    val periodicityInfo: PeriodicityInfo?,
    val nextScheduleTimeMillis: Long,
    val runAttemptCount: Int,
    val generation: Int,
) {
    enum class State {
        ENQUEUED,
        RUNNING,
        SUCCEEDED,
        FAILED,
        BLOCKED,
        CANCELLED,
        ;

        val isFinished: Boolean get() = this == SUCCEEDED || this == FAILED || this == CANCELLED
    }

    class PeriodicityInfo(
        val repeatIntervalMillis: Long,
        val flexIntervalMillis: Long,
    )

    companion object {
        const val STOP_REASON_NOT_STOPPED = -256
        const val STOP_REASON_UNKNOWN = -512
        const val STOP_REASON_CANCELLED_BY_APP = 1
        const val STOP_REASON_PREEMPT = 2
        const val STOP_REASON_TIMEOUT = 3
        const val STOP_REASON_DEVICE_STATE = 4
        const val STOP_REASON_CONSTRAINT_BATTERY_NOT_LOW = 5
        const val STOP_REASON_CONSTRAINT_CHARGING = 6
        const val STOP_REASON_CONSTRAINT_CONNECTIVITY = 7
        const val STOP_REASON_CONSTRAINT_DEVICE_IDLE = 8
        const val STOP_REASON_CONSTRAINT_STORAGE_NOT_LOW = 9
        const val STOP_REASON_QUOTA = 10
        const val STOP_REASON_BACKGROUND_RESTRICTION = 11
        const val STOP_REASON_APP_STANDBY = 12
        const val STOP_REASON_USER = 13
        const val STOP_REASON_SYSTEM_PROCESSING = 14
        const val STOP_REASON_ESTIMATED_APP_LAUNCH_TIME_CHANGED = 15
    }
}

interface Operation {
    val result: ListenableFuture<State.SUCCESS>

    abstract class State {
        class SUCCESS internal constructor() : State()

        companion object {
            @JvmField
            val SUCCESS_STATE = SUCCESS()
        }
    }
}

suspend inline fun Operation.await(): Operation.State.SUCCESS = result.get()

abstract class WorkManager {
    fun enqueue(request: WorkRequest): Operation = enqueue(listOf(request))

    abstract fun enqueue(requests: List<WorkRequest>): Operation

    abstract fun enqueueUniquePeriodicWork(
        uniqueWorkName: String,
        existingPeriodicWorkPolicy: ExistingPeriodicWorkPolicy,
        request: PeriodicWorkRequest,
    ): Operation

    abstract fun cancelUniqueWork(uniqueWorkName: String): Operation

    abstract fun getWorkInfosForUniqueWorkFlow(uniqueWorkName: String): Flow<List<WorkInfo>>

    companion object {
        /** What the tests put here; null is an app without WorkManager's initializer. */
        @Volatile
        var current: WorkManager? = null

        @JvmStatic
        fun getInstance(context: Context): WorkManager =
            current ?: throw IllegalStateException("WorkManager is not initialized properly.")
    }
}
