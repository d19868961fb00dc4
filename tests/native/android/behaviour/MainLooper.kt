package dev.bgsync.tests

import android.os.Handler
import android.os.Looper
import org.robolectric.Shadows.shadowOf
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicReference
import kotlin.concurrent.thread

/**
 * The main thread, which is Robolectric's. The tests run on a thread of their own, since WorkManager's database refuses
 * the main one; this one runs what is posted to it when the tests say so, so that nothing races.
 */
object MainLooper {
    private val requests = LinkedBlockingQueue<() -> Unit>()
    private val shadow by lazy { shadowOf(Looper.getMainLooper()) }
    private val handler by lazy { Handler(Looper.getMainLooper()) }

    /** For tests with threads of their own: what is posted runs at once. */
    @Volatile
    var isFree = false

    fun post(task: () -> Unit) {
        handler.post(task)
    }

    fun <T> run(task: () -> T): T {
        if (Looper.myLooper() == Looper.getMainLooper()) return task()
        val answer = LinkedBlockingQueue<Result<T>>()
        requests += { answer += runCatching(task) }
        return answer.take().getOrThrow()
    }

    /** @return whether there was something to do */
    fun idle(): Boolean {
        if (shadow.isIdle) return false
        run { shadow.idle() }
        return true
    }

    /** Called on the main thread: serves it while [tests] run beside it. */
    fun serve(tests: () -> Unit) {
        val failure = AtomicReference<Throwable>()
        val runner =
            thread(name = "tests") {
                try {
                    tests()
                } catch (error: Throwable) {
                    failure.set(error)
                }
            }
        while (runner.isAlive || requests.isNotEmpty()) {
            requests.poll(if (isFree) 1 else 20, TimeUnit.MILLISECONDS)?.invoke()
            if (isFree) shadow.idle()
        }
        failure.get()?.let { throw it }
    }
}
