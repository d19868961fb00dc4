package androidx.work

import android.content.Context
import java.util.UUID

class WorkerParameters(
    val id: UUID,
    val inputData: Data,
    val runAttemptCount: Int,
)

abstract class ListenableWorker(
    context: Context,
    private val parameters: WorkerParameters,
) {
    val applicationContext: Context = context
    val id: UUID get() = parameters.id
    val inputData: Data get() = parameters.inputData
    val runAttemptCount: Int get() = parameters.runAttemptCount

    @Volatile
    private var stopped: Int? = null

    val isStopped: Boolean get() = stopped != null

    /** From API 31. */
    val stopReason: Int get() = stopped ?: WorkInfo.STOP_REASON_NOT_STOPPED

    /** The scheduler's side of a stop. */
    fun stop(reason: Int) {
        stopped = reason
        onStopped()
    }

    open fun onStopped() {}

    abstract class Result {
        abstract val outputData: Data

        private class Success : Result() {
            override val outputData = Data.EMPTY

            override fun toString() = "success"
        }

        private class Failure : Result() {
            override val outputData = Data.EMPTY

            override fun toString() = "failure"
        }

        private class Retry : Result() {
            override val outputData = Data.EMPTY

            override fun toString() = "retry"
        }

        companion object {
            @JvmStatic
            fun success(): Result = Success()

            @JvmStatic
            fun failure(): Result = Failure()

            @JvmStatic
            fun retry(): Result = Retry()
        }
    }
}

abstract class CoroutineWorker(
    appContext: Context,
    params: WorkerParameters,
) : ListenableWorker(appContext, params) {
    abstract suspend fun doWork(): Result

    /** Final, as in androidx: a subclass that overrides it does not compile. */
    final override fun onStopped() {}
}
