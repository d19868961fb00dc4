package dev.bgsync

import com.facebook.react.bridge.Arguments
import com.facebook.react.bridge.ReactContext
import com.facebook.react.jstasks.HeadlessJsTaskConfig
import com.facebook.react.jstasks.HeadlessJsTaskContext
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext

/**
 * React Native pauses `setTimeout` while no Activity is resumed, unless a headless task is active. This one carries
 * nothing: the run itself comes and goes through the module. `HeadlessJsTaskService` is not used, since Android refuses
 * to start services from the background.
 */
internal object JsTimers {
    private const val TASK_KEY = "BackgroundSync"

    /** No limit of React Native's own: the task ends with [keepTicking]. */
    private const val NO_LIMIT = 0L

    suspend fun <T> keepTicking(
        context: ReactContext?,
        block: suspend () -> T,
    ): T {
        if (context == null) return block()
        // Kept here, and not returned by what starts it: a stop that comes right after would lose it.
        var task: Int? = null
        return try {
            withContext(Dispatchers.Main) { task = start(context) }
            block()
        } finally {
            task?.let { withContext(NonCancellable) { finish(context, it) } }
        }
    }

    /** @return null where React Native refuses: a sync without timers is better than none */
    private fun start(context: ReactContext): Int? =
        try {
            val config = HeadlessJsTaskConfig(TASK_KEY, Arguments.createMap(), NO_LIMIT, true)
            HeadlessJsTaskContext.getInstance(context).startTask(config)
        } catch (_: RuntimeException) {
            null
        }

    /** Once only: https://github.com/facebook/react-native/issues/27597 */
    private suspend fun finish(
        context: ReactContext,
        task: Int,
    ) {
        withContext(Dispatchers.Main) {
            val tasks = HeadlessJsTaskContext.getInstance(context)
            if (tasks.isTaskRunning(task)) tasks.finishTask(task)
        }
    }
}
