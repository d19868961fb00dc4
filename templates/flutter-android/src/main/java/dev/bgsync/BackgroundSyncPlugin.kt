package dev.bgsync

import android.content.Context
import android.os.Handler
import android.os.Looper
import io.flutter.embedding.engine.plugins.FlutterPlugin
import io.flutter.plugin.common.MethodCall
import io.flutter.plugin.common.MethodChannel
import io.flutter.plugin.common.StandardMethodCodec
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.launch

/**
 * What Dart sees; its other side is `lib/src/channel.dart`. There is one in each engine of the app. Calls come on a queue
 * of their own, in their order, since they write to the disk; answers go out on the main thread.
 */
class BackgroundSyncPlugin :
    FlutterPlugin,
    MethodChannel.MethodCallHandler {
    private val main = Handler(Looper.getMainLooper())
    private lateinit var context: Context
    private lateinit var channel: MethodChannel

    @Volatile
    private var isDetached = false

    private val runtime get() = BackgroundSyncRuntime.of(context)

    /** Arms the schedule whenever the app starts, unless the app has switched the sync off. */
    override fun onAttachedToEngine(binding: FlutterPlugin.FlutterPluginBinding) {
        context = binding.applicationContext
        val messenger = binding.binaryMessenger
        channel = MethodChannel(messenger, CHANNEL, StandardMethodCodec.INSTANCE, messenger.makeBackgroundTaskQueue())
        channel.setMethodCallHandler(this)
        for (task in runtime.tasks.all) {
            runtime.scope.launch { BackgroundSyncWorker.register(context, switchOn = false, task.name) }
        }
    }

    override fun onDetachedFromEngine(binding: FlutterPlugin.FlutterPluginBinding) {
        isDetached = true
        channel.setMethodCallHandler(null)
        runtime.gate.abandon(this)
    }

    override fun onMethodCall(
        call: MethodCall,
        result: MethodChannel.Result,
    ) {
        val arguments = call.arguments as List<*>
        when (call.method) {
            "registerTask" -> {
                inOrder(result) { BackgroundSyncWorker.register(context, arguments[0] as Boolean, arguments.text(1)) }
            }

            "cancel" -> {
                inOrder(result) { BackgroundSyncWorker.cancel(context, arguments.text(0)) }
            }

            "scheduleNext" -> {
                scheduleNext(arguments.long(0), arguments.text(1), result)
            }

            "configure" -> {
                configure(arguments.text(0), arguments.text(1), result)
            }

            "getStatus" -> {
                settle(result) { SyncStatus.of(runtime, runtime.tasks.named(arguments.text(0))).toString() }
            }

            "getHistory" -> {
                settle(result) { runtime.events.history(arguments.long(0).toInt()) }
            }

            // Stays pending until there is a run.
            "nextRun" -> {
                wait(result) { runtime.gate.nextRun(it) }
            }

            "endedRun" -> {
                wait(result) { runtime.gate.ended.next(arguments.long(0), it) }
            }

            "whenExpired" -> {
                runtime.gate.whenExpired(arguments.text(0)) { answer(result, it) }
            }

            "progress" -> {
                runtime.gate.progress(arguments.text(0), arguments.long(1).toInt(), arguments.long(2).toInt())
                answer(result, null)
            }

            "complete" -> {
                val answer = Answer(Outcome.ofAnswer(arguments.text(1)), arguments.long(2).toInt(), arguments.text(3))
                runtime.gate.complete(arguments.text(0), answer)
                answer(result, null)
            }

            "beginForeground" -> {
                beginForeground(arguments.text(0), result)
            }

            else -> {
                main.post { result.notImplemented() }
            }
        }
    }

    /** Answers with epoch milliseconds, 0 where nothing is registered. */
    private fun scheduleNext(
        delaySeconds: Long,
        name: String,
        result: MethodChannel.Result,
    ) {
        val task = taskOf(name, result) ?: return
        // On this thread, since Dart may complete its run right after.
        val next = runtime.request(delaySeconds, task)
        inOrder(result) { runtime.schedulerOf(task).scheduleAt(next, why = "app") ?: 0L }
    }

    private fun configure(
        settings: String,
        name: String,
        result: MethodChannel.Result,
    ) {
        val task = taskOf(name, result) ?: return
        // Kept on this thread: of two calls, the later counts.
        val apply = runtime.configure(SyncSettings.of(settings), task)
        inOrder(result) { apply?.invoke() ?: true }
    }

    private fun beginForeground(
        name: String,
        result: MethodChannel.Result,
    ) {
        val task = taskOf(name, result) ?: return
        val request = RunRequest(RunId.next(), task.id, Trigger.FOREGROUND)
        wait(result) { receiver -> runtime.scope.launch { runtime.runner.foreground(request, receiver) } }
    }

    private fun wait(
        result: MethodChannel.Result,
        ask: (Receiver) -> Unit,
    ) {
        ask(Receiver(owner = this) { answer(result, it) })
        // A call that was on its way when the engine went must not wait for a run that nobody would take.
        if (isDetached) runtime.gate.abandon(this)
    }

    /** Begins on this thread: of two calls the later counts, and Dart may await none. */
    private fun inOrder(
        result: MethodChannel.Result,
        value: suspend () -> Any?,
    ) = settle(result, CoroutineStart.UNDISPATCHED, value)

    private fun settle(
        result: MethodChannel.Result,
        start: CoroutineStart = CoroutineStart.DEFAULT,
        value: suspend () -> Any?,
    ) {
        runtime.scope.launch(start = start) {
            try {
                val answer = value()
                answer(result, answer.takeIf { it != Unit })
            } catch (error: Exception) {
                fail(result, error)
            }
        }
    }

    /** An error in Dart where this build has no such sync. */
    private fun taskOf(
        name: String,
        result: MethodChannel.Result,
    ): SyncTask? =
        try {
            runtime.tasks.named(name)
        } catch (error: IllegalArgumentException) {
            fail(result, error)
            null
        }

    private fun fail(
        result: MethodChannel.Result,
        error: Exception,
    ) {
        main.post { result.error("BackgroundSync", error.toString(), null) }
    }

    private fun answer(
        result: MethodChannel.Result,
        value: Any?,
    ) {
        main.post { result.success(value) }
    }

    private fun List<*>.long(index: Int): Long = (this[index] as Number).toLong()

    private fun List<*>.text(index: Int): String = this[index] as String

    private companion object {
        const val CHANNEL = "dev.bgsync/background_sync"
    }
}
