package dev.bgsync

import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.withTimeoutOrNull

/**
 * One run at a time: those of other syncs wait, first come, first served.
 *
 * @param longestWaitMillis a turn that comes later would be cut short by the end of its own window
 */
internal class RunTurns(
    private val longestWaitMillis: Long,
) {
    /** Fair: https://kotlinlang.org/api/kotlinx.coroutines/kotlinx-coroutines-core/kotlinx.coroutines.sync/-mutex/ */
    private val mutex = Mutex()

    /**
     * @param onNone called where the turn did not come, also where the coroutine is cancelled meanwhile
     * @return what [run] returned; null where the turn did not come in time
     */
    suspend fun <T : Any> take(
        onNone: () -> Unit,
        run: suspend () -> T,
    ): T? {
        val turn = Any()
        try {
            withTimeoutOrNull(longestWaitMillis) { mutex.lock(turn) }
            // The limit, or a stop, may come in the moment in which the turn does.
            return if (mutex.holdsLock(turn)) run() else null
        } finally {
            if (mutex.holdsLock(turn)) mutex.unlock(turn) else onNone()
        }
    }
}
