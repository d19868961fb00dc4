package dev.bgsync.tests

import dev.bgsync.Clock
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Delay
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Runnable
import java.util.PriorityQueue
import kotlin.coroutines.CoroutineContext

/** One thread, one queue, and a clock that moves only when [runUntil] moves it. */
class VirtualTime {
    private class Task(
        val at: Long,
        val order: Long,
        val run: () -> Unit,
    )

    private val tasks = PriorityQueue(compareBy<Task>({ it.at }, { it.order }))
    private var order = 0L

    /** Milliseconds since the start of the test. */
    var elapsed = 0L
        private set

    fun after(
        millis: Long,
        run: () -> Unit,
    ) {
        tasks += Task(elapsed + millis.coerceAtLeast(0), order++, run)
    }

    /** Runs what is due up to [until]; [tick] may add tasks of its own at each step. */
    fun runUntil(
        until: Long,
        tick: () -> Unit,
    ) {
        while (true) {
            tick()
            val next = tasks.peek()?.at ?: Long.MAX_VALUE
            if (next > elapsed && elapsed >= until) return
            if (next <= elapsed) {
                tasks.poll().run()
            } else {
                // Never past a second: the scheduler looks at its work at each tick.
                elapsed = minOf(next, until, elapsed + 1_000)
            }
        }
    }
}

/** The user can set [shift] at any time. */
class VirtualClock(
    private val time: VirtualTime,
    private val start: Long,
) : Clock {
    var shift = 0L

    override fun now(): Long = start + time.elapsed + shift

    override fun elapsed(): Long = time.elapsed
}

/** The coroutines of one process: after [kill], none of them takes another step. */
@OptIn(InternalCoroutinesApi::class)
class ProcessDispatcher(
    private val time: VirtualTime,
) : CoroutineDispatcher(),
    Delay {
    private var alive = true

    fun kill() {
        alive = false
    }

    fun after(
        millis: Long,
        run: () -> Unit,
    ) = time.after(millis) { if (alive) run() }

    override fun dispatch(
        context: CoroutineContext,
        block: Runnable,
    ) = after(0) { block.run() }

    override fun scheduleResumeAfterDelay(
        timeMillis: Long,
        continuation: CancellableContinuation<Unit>,
    ) = after(timeMillis) { with(continuation) { resumeUndispatched(Unit) } }

    override fun invokeOnTimeout(
        timeMillis: Long,
        block: Runnable,
        context: CoroutineContext,
    ): DisposableHandle {
        var disposed = false
        after(timeMillis) { if (!disposed) block.run() }
        return DisposableHandle { disposed = true }
    }
}
