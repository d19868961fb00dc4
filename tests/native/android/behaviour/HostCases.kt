package dev.bgsync.tests

import android.content.Context
import android.content.ContextWrapper
import android.os.Looper
import com.facebook.react.ReactApplication
import com.facebook.react.ReactHost
import com.facebook.react.ReactNativeHost
import com.facebook.react.bridge.Promise
import com.facebook.react.interfaces.TaskInterface
import com.facebook.react.jstasks.HeadlessJsTaskContext
import dev.bgsync.BackgroundSync
import dev.bgsync.BackgroundSyncModule
import dev.bgsync.ReactJsHost
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withTimeout
import org.json.JSONObject
import java.lang.reflect.InvocationHandler
import java.lang.reflect.Proxy
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread

private inline fun <reified T> proxy(handler: InvocationHandler): T =
    Proxy.newProxyInstance(T::class.java.classLoader, arrayOf(T::class.java), handler) as T

/** React Native's host as 0.76 behaves: its start task ends on the main thread. */
private class FakeReactHost(
    private val ends: Boolean = true,
    private val error: Exception? = null,
) {
    val calls = mutableListOf<String>()
    private val done = CountDownLatch(1)
    private var instance = false

    @Volatile
    var interrupted = false
    val isAwaited = CountDownLatch(1)

    private val context = FakeReactContext { instance }

    val host: ReactHost =
        proxy { _, method, _ ->
            // React Native 0.77 to 0.81 make it without a lock.
            check(Looper.myLooper() == Looper.getMainLooper() || method.name == "getCurrentReactContext") { "${method.name} off the main thread" }
            synchronized(calls) { calls += method.name }
            when (method.name) {
                "getCurrentReactContext" -> context
                "start" -> start()
                else -> error("not expected: ${method.name}")
            }
        }

    private fun start(): TaskInterface<Void> {
        check(Looper.myLooper() == Looper.getMainLooper()) { "started off the main thread" }
        if (ends) {
            // Later, as the bundle is loaded elsewhere first.
            thread {
                Thread.sleep(100)
                MainLooper.post {
                    instance = error == null
                    done.countDown()
                }
            }
        }
        return proxy { _, method, arguments ->
            when (method.name) {
                "waitForCompletion" ->
                    try {
                        check(Looper.myLooper() != Looper.getMainLooper()) { "a deadlock: the start ends on the main thread" }
                        isAwaited.countDown()
                        done.await(arguments[0] as Long, arguments[1] as TimeUnit)
                    } catch (stop: InterruptedException) {
                        interrupted = true
                        throw stop
                    }
                "isFaulted" -> error != null
                "getError" -> error
                else -> error("not expected: ${method.name}")
            }
        }
    }
}

private class FakeApplication(
    private val fake: FakeReactHost?,
) : ContextWrapper(null),
    ReactApplication {
    override fun getApplicationContext(): Context = this

    override val reactHost: ReactHost?
        get() {
            check(Looper.myLooper() == Looper.getMainLooper()) { "the host is made off the main thread" }
            return fake?.host
        }

    @Deprecated("As in React Native")
    override val reactNativeHost: ReactNativeHost
        get() = throw UnsupportedOperationException("You should not use ReactNativeHost directly in the New Architecture")
}

/** Milliseconds; never waited for where all is well. */
private const val BOOT_LIMIT = 30_000L

/** A case on real threads. The limit is for one that hangs. */
internal fun onThreads(
    name: String,
    body: suspend () -> Unit,
) = test(name) {
    MainLooper.isFree = true
    try {
        runBlocking { withTimeout(60_000) { body() } }
    } finally {
        MainLooper.isFree = false
    }
}

/** The host and the module, on real threads and real React Native interfaces. */
internal fun hostCases() {
    onThreads("the host is started on the main thread and awaited off it") {
        val fake = FakeReactHost()
        val host = ReactJsHost(FakeApplication(fake))
        expect("before", host.isRunning(), false)
        expect("booted", host.boot(BOOT_LIMIT), true)
        expect("after", host.isRunning(), true)
        check("destroy" !in fake.calls)
    }

    onThreads("T3, expo#49422: a host that never starts is given up after the limit, and left alone") {
        val fake = FakeReactHost(ends = false)
        expect("booted", ReactJsHost(FakeApplication(fake)).boot(300), false)
        expect("calls", fake.calls.distinct().sorted() - "getCurrentReactContext", listOf("start"))
    }

    onThreads("a host that fails throws its own error") {
        val fake = FakeReactHost(error = IllegalStateException("Unable to load script"))
        val error = runCatching { ReactJsHost(FakeApplication(fake)).boot(BOOT_LIMIT) }.exceptionOrNull()
        // Coroutines copy an exception to add the caller's stack.
        expect("error", error?.message, "Unable to load script")
    }

    onThreads("a stop while the host boots interrupts the wait") {
        val fake = FakeReactHost(ends = false)
        runBlocking {
            val boot = launch(Dispatchers.Default) { ReactJsHost(FakeApplication(fake)).boot(BOOT_LIMIT) }
            runInterruptible(Dispatchers.IO) { fake.isAwaited.await() }
            boot.cancelAndJoin()
        }
        expect("interrupted", fake.interrupted, true)
    }

    onThreads("H1: reactNativeHost is never touched; an application without React has no host") {
        expect("available", ReactJsHost(FakeApplication(FakeReactHost())).isAvailable(), true)
        expect("no host", ReactJsHost(FakeApplication(null)).isAvailable(), false)
        expect("no React", ReactJsHost(TestContext).isAvailable(), false)
    }

    onThreads("an Application that is no ReactApplication hands its host over") {
        val fake = FakeReactHost()
        BackgroundSync.hostProvider = { fake.host.also { check(Looper.myLooper() == Looper.getMainLooper()) } }
        try {
            val host = ReactJsHost(TestContext)
            expect("available", host.isAvailable(), true)
            expect("booted", host.boot(BOOT_LIMIT), true)
        } finally {
            BackgroundSync.hostProvider = null
        }
    }

    onThreads("a host that is handed over goes before the Application's own, which is there where none is") {
        val own = FakeReactHost()
        val handedOver = FakeReactHost()
        BackgroundSync.hostProvider = { handedOver.host }
        try {
            expect("booted", ReactJsHost(FakeApplication(own)).boot(BOOT_LIMIT), true)
            expect("started", listOf(own, handedOver).map { "start" in it.calls }, listOf(false, true))
            BackgroundSync.hostProvider = { null }
            expect("booted", ReactJsHost(FakeApplication(own)).boot(BOOT_LIMIT), true)
            expect("started", "start" in own.calls, true)
            expect("neither", ReactJsHost(TestContext).isAvailable(), false)
        } finally {
            BackgroundSync.hostProvider = null
        }
    }

    onThreads("the headless task starts and finishes once, on the main thread, also when the run is stopped") {
        HeadlessJsTaskContext.calls.clear()
        val fake = FakeReactHost()
        val host = ReactJsHost(FakeApplication(fake))
        host.boot(BOOT_LIMIT)
        expect("result", host.withTimers { 42 }, 42)
        expect("calls", HeadlessJsTaskContext.calls, listOf("start BackgroundSync in foreground too: true", "finish 7"))
        runCatching { host.withTimers { throw CancellationException("stop") } }
        expect("calls", HeadlessJsTaskContext.calls.count { it == "finish 7" }, 2)
        host.withTimers { HeadlessJsTaskContext.endByJavaScript() }
        expect("not finished again", HeadlessJsTaskContext.calls.last(), "ended by JavaScript")
    }

    onThreads("a stop between the start of the headless task and its run does not leave it running") {
        HeadlessJsTaskContext.calls.clear()
        val host = ReactJsHost(FakeApplication(FakeReactHost()))
        host.boot(BOOT_LIMIT)
        var ran = false
        coroutineScope {
            val run = launch(Dispatchers.Default, CoroutineStart.LAZY) { host.withTimers { ran = true } }
            HeadlessJsTaskContext.onStart = Runnable { run.cancel() }
            run.join()
        }
        HeadlessJsTaskContext.onStart = null
        expect("ran", ran, false)
        expect("calls", HeadlessJsTaskContext.calls, listOf("start BackgroundSync in foreground too: true", "finish 7"))
    }

    onThreads("T6, react-native#36816: a refused headless task does not stop the run") {
        HeadlessJsTaskContext.refusal = "Tried to start task BackgroundSync while in foreground, but this is not allowed."
        try {
            val host = ReactJsHost(FakeApplication(FakeReactHost()))
            host.boot(BOOT_LIMIT)
            expect("result", host.withTimers { 1 }, 1)
        } finally {
            HeadlessJsTaskContext.refusal = null
        }
    }

    test("the module: register, a run through nextRun, progress, complete, status and history") {
        val process = startProcess(JavaScript(asksForRuns = false) {})
        process.isRunning = true
        val module = BackgroundSyncModule(FakeReactContext { true })
        expect("register", settled { module.registerTask(false, "", it) }, true)
        var run: JSONObject? = null
        module.nextRun(promise { run = JSONObject(it as String) })
        hours(1)
        seconds(30)
        val id = checkNotNull(run) { "no run" }.getString("runId")
        expect("reason", run!!.getString("reason"), "os")
        expect("battery", run!!.getJSONObject("battery").getInt("percent"), 80)
        expect("network", run!!.getJSONObject("network").getBoolean("connected"), true)
        module.progress(id, 1.0, 2.0)
        var ended: Any? = null
        module.whenExpired(id, promise { ended = it })
        module.complete(id, "done", -1.0, "all sent")
        seconds(5)
        expect("whenExpired", ended, "")
        expect("message", last("run.end").getString("msg"), "all sent")
        expect("remaining unknown", last("run.end").has("rem"), false)
        val next = settled { module.scheduleNext(7_200.0, "", it) } as Double
        expect("next", next.toLong(), work.nextRunAt())
        expect("not a number", settled { module.scheduleNext(Double.NaN, "", it) } as Double - clock.now() <= 900_000, true)
        expect("status", JSONObject(settled { module.getStatus("", it) } as String).getString("platform"), "android")
        expect("history", org.json.JSONArray(settled { module.getHistory(2.0, it) } as String).length(), 2)
        expect("cancel", settled { module.cancel("", it) }, null)
        expect("after cancel", settled { module.scheduleNext(7_200.0, "", it) }, 0.0)
    }

    test("the module: a newer nextRun replaces the older, and a module that goes away gets no run") {
        val process = startProcess(JavaScript(asksForRuns = false) {})
        process.isRunning = true
        process.register()
        val got = mutableListOf<String>()
        val module = BackgroundSyncModule(FakeReactContext { true })
        module.nextRun(promise { got += "older" })
        module.nextRun(promise { got += "newer" })
        hours(1)
        seconds(10)
        expect("got", got, listOf("newer"))
        module.invalidate()
        seconds(1)
        expect("end", last("run.end").getString("why"), "js-gone")
        val gone = BackgroundSyncModule(FakeReactContext { true })
        gone.nextRun(promise { got += "gone" })
        gone.invalidate()
        hours(2)
        expect("got", got, listOf("newer"))
    }

    test("the module: beginForeground") {
        val process = startProcess(JavaScript(asksForRuns = false) {})
        process.register()
        val module = BackgroundSyncModule(FakeReactContext { true })
        val run = JSONObject(settled { module.beginForeground("", it) } as String)
        expect("reason", run.getString("reason"), "foreground")
        expect("busy", settled { module.beginForeground("", it) }, "")
        module.complete(run.getString("runId"), "done", 0.0, "")
        seconds(1)
        expect("no empty message", last("run.end").has("msg"), false)
        expect("order", names.takeLast(3), listOf("run.skip", "schedule", "run.end"))
    }
}

internal fun promise(resolve: (Any?) -> Unit): Promise =
    proxy { _, method, arguments ->
        if (method.name == "resolve") resolve(arguments[0]) else resolve("rejected: ${arguments?.toList()}")
        null
    }

private fun World.settled(call: (Promise) -> Unit): Any? {
    var settled = false
    var value: Any? = null
    call(
        promise {
            check(!settled) { "settled twice" }
            settled = true
            value = it
        },
    )
    seconds(1)
    check(settled) { "still pending; uncaught: ${process?.crashes}" }
    return value
}
