package dev.bgsync

import com.facebook.react.bridge.Promise
import com.facebook.react.bridge.ReactApplicationContext
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.launch

/**
 * What JavaScript sees; the specification is `src/NativeBackgroundSync.ts`. React Native calls from its native modules
 * thread; nothing here blocks it.
 */
class BackgroundSyncModule(
    context: ReactApplicationContext,
) : NativeBackgroundSyncSpec(context) {
    private val runtime = BackgroundSyncRuntime.of(context)

    override fun registerTask(
        switchOn: Boolean,
        name: String,
        promise: Promise,
    ) {
        inOrder(promise) { BackgroundSyncWorker.register(reactApplicationContext, switchOn, name) }
    }

    override fun cancel(
        name: String,
        promise: Promise,
    ) {
        inOrder(promise) {
            BackgroundSyncWorker.cancel(reactApplicationContext, name)
            null
        }
    }

    /** Resolves with epoch milliseconds, 0 where nothing is registered. */
    override fun scheduleNext(
        delaySeconds: Double,
        name: String,
        promise: Promise,
    ) {
        val task = taskOf(name, promise) ?: return
        // On this thread, since JavaScript may complete its run right after.
        val next = runtime.request(delaySeconds.toLong(), task)
        inOrder(promise) { (runtime.schedulerOf(task).scheduleAt(next, why = "app") ?: 0).toDouble() }
    }

    /** @param settings JSON, or "" for what `bgsync.config.json` says */
    override fun configure(
        settings: String,
        name: String,
        promise: Promise,
    ) {
        val task = taskOf(name, promise) ?: return
        // Kept on this thread: of two calls, the later counts.
        val apply = runtime.configure(SyncSettings.of(settings), task)
        inOrder(promise) { apply?.invoke() ?: true }
    }

    override fun getStatus(
        name: String,
        promise: Promise,
    ) {
        settle(promise) { SyncStatus.of(runtime, runtime.tasks.named(name)).toString() }
    }

    override fun getHistory(
        limit: Double,
        promise: Promise,
    ) {
        settle(promise) { runtime.events.history(limit.toInt()) }
    }

    /** Stays pending until there is a run: that is how native knows that JavaScript is alive. */
    override fun nextRun(promise: Promise) {
        runtime.gate.nextRun(Receiver(owner = this, deliver = promise::resolve))
    }

    override fun whenExpired(
        runId: String,
        promise: Promise,
    ) {
        runtime.gate.whenExpired(runId, promise::resolve)
    }

    override fun progress(
        runId: String,
        done: Double,
        total: Double,
    ) {
        runtime.gate.progress(runId, done.toInt(), total.toInt())
    }

    override fun complete(
        runId: String,
        outcome: String,
        remaining: Double,
        message: String,
    ) {
        runtime.gate.complete(runId, Answer(Outcome.ofAnswer(outcome), remaining.toInt(), message))
    }

    override fun beginForeground(
        name: String,
        promise: Promise,
    ) {
        val task = taskOf(name, promise) ?: return
        val request = RunRequest(RunId.next(), task.id, Trigger.FOREGROUND)
        runtime.scope.launch {
            runtime.runner.foreground(request, Receiver(owner = this@BackgroundSyncModule, deliver = promise::resolve))
        }
    }

    /** Stays pending until a run has ended that JavaScript does not know: [after] is the number of the last that it knows. */
    override fun endedRun(
        after: Double,
        promise: Promise,
    ) {
        runtime.gate.ended.next(after.toLong(), Receiver(owner = this, deliver = promise::resolve))
    }

    override fun invalidate() {
        runtime.gate.abandon(this)
        super.invalidate()
    }

    /** Rejects where this build has no such sync. */
    private fun taskOf(
        name: String,
        promise: Promise,
    ): SyncTask? =
        try {
            runtime.tasks.named(name)
        } catch (error: IllegalArgumentException) {
            promise.reject(NAME, error)
            null
        }

    /** Begins on this thread: of two calls the later counts, and JavaScript awaits none. */
    private fun inOrder(
        promise: Promise,
        answer: suspend () -> Any?,
    ) = settle(promise, CoroutineStart.UNDISPATCHED, answer)

    private fun settle(
        promise: Promise,
        start: CoroutineStart = CoroutineStart.DEFAULT,
        answer: suspend () -> Any?,
    ) {
        runtime.scope.launch(start = start) {
            try {
                promise.resolve(answer())
            } catch (error: Exception) {
                promise.reject(NAME, error)
            }
        }
    }

    companion object {
        const val NAME = "BackgroundSync"
    }
}
