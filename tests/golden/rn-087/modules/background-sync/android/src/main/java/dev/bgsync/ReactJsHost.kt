package dev.bgsync

import android.content.Context
import com.facebook.react.ReactApplication
import com.facebook.react.ReactHost
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withContext
import java.util.concurrent.TimeUnit

/** The ReactHost of the new architecture. */
internal class ReactJsHost(
    private val context: Context,
) : JsHost {
    private val reactHost: ReactHost? get() = (context as? ReactApplication)?.reactHost

    override val isAvailable: Boolean get() = reactHost != null

    // The context exists before the instance does: without it, JavaScript cannot be called yet.
    override val isRunning: Boolean get() = reactHost?.currentReactContext?.hasActiveReactInstance() == true

    override suspend fun boot(limitMillis: Long): Boolean {
        val host = reactHost ?: return false
        val start = withContext(Dispatchers.Main) { host.start() }
        // The task may finish on the main thread: waiting there would be a deadlock.
        val ended = runInterruptible(Dispatchers.IO) { start.waitForCompletion(limitMillis, TimeUnit.MILLISECONDS) }
        if (ended && start.isFaulted()) throw start.getError() ?: IllegalStateException("The React host did not start")
        return ended && isRunning
    }

    override suspend fun <T> withTimers(block: suspend () -> T): T = JsTimers.keepTicking(reactHost?.currentReactContext, block)
}
