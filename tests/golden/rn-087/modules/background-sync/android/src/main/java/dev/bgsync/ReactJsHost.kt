package dev.bgsync

import android.content.Context
import com.facebook.react.ReactApplication
import com.facebook.react.ReactHost
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withContext
import java.util.concurrent.TimeUnit

/**
 * The ReactHost of the new architecture. An app makes its host when it is first asked for it, without a lock in React
 * Native 0.77 to 0.81: asked on the main thread only, as an Activity does, it makes one.
 */
internal class ReactJsHost(
    private val context: Context,
) : JsHost {
    override suspend fun isAvailable(): Boolean = reactHost() != null

    // The context exists before the instance does: without it, JavaScript cannot be called yet.
    override suspend fun isRunning(): Boolean = reactHost()?.currentReactContext?.hasActiveReactInstance() == true

    private suspend fun reactHost(): ReactHost? =
        withContext(Dispatchers.Main) { BackgroundSync.hostProvider?.invoke() ?: (context as? ReactApplication)?.reactHost }

    override suspend fun boot(limitMillis: Long): Boolean {
        val host = reactHost() ?: return false
        val start = withContext(Dispatchers.Main) { host.start() }
        // The task may finish on the main thread: waiting there would be a deadlock.
        val ended = runInterruptible(Dispatchers.IO) { start.waitForCompletion(limitMillis, TimeUnit.MILLISECONDS) }
        if (ended && start.isFaulted()) throw start.getError() ?: IllegalStateException("The React host did not start")
        return ended && isRunning()
    }

    override suspend fun <T> withTimers(block: suspend () -> T): T = JsTimers.keepTicking(reactHost()?.currentReactContext, block)
}
