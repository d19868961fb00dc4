package dev.bgsync.tests

import dev.bgsync.Clock
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Delay
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Runnable
import java.util.PriorityQueue
import java.util.concurrent.Executor
import kotlin.coroutines.CoroutineContext

/**
 * One thread, one queue, and a clock that moves only when [runUntil] moves it. A task may be added from any thread, since
 * WorkManager has a few timers of its own.
 */
class VirtualTime {
    private class Task(
        val at: Long,
        val order: Long,
        val run: () -> Unit,
    )

    private val tasks = PriorityQueue(compareBy<Task>({ it.at }, { it.order }))
    private var order = 0L

    /** Milliseconds since the start of the test. */
    @Volatile
    var elapsed = 0L
        private set

    /** @param isLatestFirst before all that is due at the same moment */
    fun after(
        millis: Long,
        isLatestFirst: Boolean = false,
        run: () -> Unit,
    ) = synchronized(tasks) {
        val turn = order++
        tasks += Task(elapsed + millis.coerceAtLeast(0), if (isLatestFirst) -turn else turn, run)
    }

    private fun nextAt(): Long = synchronized(tasks) { tasks.peek()?.at ?: Long.MAX_VALUE }

    /**
     * Runs what is due up to [until].
     *
     * @param tick does what the system does now, and may add tasks of its own; returns when it wants to be asked again
     * @param isEnough asked before each step of the clock
     */
    fun runUntil(
        until: Long,
        tick: () -> Long,
        isEnough: () -> Boolean = { false },
    ) {
        while (true) {
            val ticksAt = tick()
            val next = nextAt()
            if (next <= elapsed) {
                synchronized(tasks) { tasks.poll() }.run()
                continue
            }
            if (elapsed >= until || isEnough()) return
            elapsed = minOf(next, until, maxOf(ticksAt, elapsed + 1))
        }
    }
}

/** The user can set [shift] at any time. */
class VirtualClock(
    private val time: VirtualTime,
    private val start: Long,
) : Clock,
    androidx.work.Clock {
    @Volatile
    var shift = 0L

    override fun now(): Long = start + time.elapsed + shift

    override fun elapsed(): Long = time.elapsed

    override fun currentTimeMillis(): Long = now()
}

/** The coroutines and the executors of one process: after [kill], none of them takes another step. */
@OptIn(InternalCoroutinesApi::class)
class ProcessDispatcher(
    private val time: VirtualTime,
) : CoroutineDispatcher(),
    Delay,
    Executor {
    private var alive = true

    /** Of coroutines that are ready at the same moment the latest goes first: several threads run them, and promise no order. */
    var isUnordered = false
    private var frozen: MutableList<() -> Unit>? = null

    /** Until when delays stand still: they are reckoned by System.nanoTime, which does not count deep sleep. */
    private var asleepSince: Long? = null
    private var slept = 0L

    fun kill() {
        alive = false
    }

    /**
     * As Android does to an app that nobody sees: nothing of it runs, and time goes by.
     *
     * @param isAsleep whether the device sleeps meanwhile: https://developer.android.com/reference/android/os/SystemClock
     */
    fun freeze(isAsleep: Boolean = false) {
        frozen = frozen ?: mutableListOf()
        if (isAsleep) asleepSince = asleepSince ?: time.elapsed
    }

    /** What fell due meanwhile runs now; what a sleep has held up, after what was left of its delay. */
    fun thaw() {
        asleepSince?.let { slept += time.elapsed - it }
        asleepSince = null
        val due = frozen.orEmpty()
        frozen = null
        due.forEach { after(0, run = it) }
    }

    fun after(
        millis: Long,
        isLatestFirst: Boolean = false,
        run: () -> Unit,
    ) {
        val before = slept
        time.after(millis, isLatestFirst) {
            val held = frozen
            val fellAsleep = asleepSince
            val left = minOf(slept - before, millis)
            when {
                !alive -> Unit
                left > 0 -> after(left, run = run)
                held == null -> run()
                fellAsleep == null -> held += run
                else -> (time.elapsed - fellAsleep).let { awake -> held += { after(awake, run = run) } }
            }
        }
    }

    override fun execute(task: java.lang.Runnable) = after(0) { task.run() }

    override fun dispatch(
        context: CoroutineContext,
        block: Runnable,
    ) = after(0, isUnordered) { block.run() }

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
