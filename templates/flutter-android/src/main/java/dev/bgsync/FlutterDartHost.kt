package dev.bgsync

import android.content.Context
import android.os.Handler
import android.os.Looper
import io.flutter.FlutterInjector
import io.flutter.embedding.engine.FlutterEngine
import io.flutter.embedding.engine.dart.DartExecutor.DartEntrypoint
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull

/**
 * A FlutterEngine of its own for each run, also while the app is open: a drain does not block what the user sees, and has
 * the same surroundings day and night. It enters Dart by a name and a library, which an update of the app does not make
 * stale as it does a callback handle. FlutterEngine and FlutterLoader belong to the main thread.
 */
internal class FlutterDartHost(
    private val context: Context,
) : JsHost {
    private val main = Handler(Looper.getMainLooper())

    /** Never more than one. On the main thread only. */
    private var engine: FlutterEngine? = null

    override suspend fun isAvailable(): Boolean = true

    /** Of the engine of the last run nothing is used again. */
    override suspend fun isRunning(): Boolean = false

    override suspend fun boot(limitMillis: Long): Boolean {
        var isBooted = false
        try {
            isBooted =
                withTimeoutOrNull(limitMillis) {
                    load()
                    withContext(Dispatchers.Main) { start() }
                    true
                } ?: false
            return isBooted
        } finally {
            // The limit, or a stop, may come when the engine is there already.
            if (!isBooted) main.post { destroy() }
        }
    }

    /** The engine ends with the run, and what still drains with it; a moment later, since Dart has yet to hear of the end. */
    override suspend fun <T> withTimers(block: suspend () -> T): T =
        try {
            block()
        } finally {
            main.post {
                val ended = engine
                main.postDelayed({ if (engine === ended) destroy() }, LINGER_MILLIS)
            }
        }

    /** Loads the native library and the app's Dart, off the main thread. */
    private suspend fun load() {
        val loaded = CompletableDeferred<Unit>()
        withContext(Dispatchers.Main) {
            val loader = FlutterInjector.instance().flutterLoader()
            loader.startInitialization(context)
            loader.ensureInitializationCompleteAsync(context, null, main) { loaded.complete(Unit) }
        }
        loaded.await()
    }

    private fun start() {
        destroy()
        // Registers the app's plugins, this one too.
        val started = FlutterEngine(context).also { engine = it }
        val bundle = FlutterInjector.instance().flutterLoader().findAppBundlePath()
        started.dartExecutor.executeDartEntrypoint(DartEntrypoint(bundle, DartHandler.LIBRARY, DartHandler.FUNCTION))
    }

    private fun destroy() {
        val ended = engine ?: return
        engine = null
        ended.destroy()
    }

    private companion object {
        /** For a drain that closes its database when its window has closed. */
        const val LINGER_MILLIS = 2_000L
    }
}
