package dev.bgsync.tests

import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.MainCoroutineDispatcher
import kotlinx.coroutines.Runnable
import kotlinx.coroutines.internal.MainDispatcherFactory
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import kotlin.coroutines.CoroutineContext

/** The main thread. */
object MainLooper {
    private val executor =
        Executors.newSingleThreadExecutor { Thread(it, "main-looper").apply { isDaemon = true } }

    fun post(task: () -> Unit) = executor.execute(task)

    fun <T> run(task: () -> T): T = executor.submit(Callable(task)).get()
}

/** Found by the coroutine library, as Android's is. */
@OptIn(InternalCoroutinesApi::class)
class TestMainDispatcherFactory : MainDispatcherFactory {
    override val loadPriority = Int.MAX_VALUE

    override fun createDispatcher(allFactories: List<MainDispatcherFactory>): MainCoroutineDispatcher = MainDispatcher
}

private object MainDispatcher : MainCoroutineDispatcher() {
    override val immediate: MainCoroutineDispatcher get() = this

    override fun dispatch(
        context: CoroutineContext,
        block: Runnable,
    ) = MainLooper.post { block.run() }
}
