package dev.bgsync.tests

import androidx.work.WorkInfo
import com.facebook.react.bridge.Promise
import dev.bgsync.BackgroundSyncModule

private typealias Call = BackgroundSyncModule.(Promise) -> Unit

private val register: Call = { registerTask(true, "", it) }
private val start: Call = { registerTask(false, "", it) }
private val cancel: Call = { cancel("", it) }

/** JavaScript's calls, one after the other without an await, as its `register()` and `cancel()` have none to offer. */
internal fun orderCases() {
    val ends =
        listOf(
            listOf(register, cancel) to WorkInfo.State.CANCELLED,
            listOf(start, cancel) to WorkInfo.State.CANCELLED,
            listOf(cancel, register) to WorkInfo.State.ENQUEUED,
            listOf(cancel, start) to WorkInfo.State.CANCELLED,
            listOf(register, cancel, register) to WorkInfo.State.ENQUEUED,
            listOf(cancel, register, cancel) to WorkInfo.State.CANCELLED,
        )
    for (isKilled in listOf(false, true)) {
        test("of register and cancel the last call counts, whatever thread takes which${if (isKilled) ", also at a start that has a killed run to tell" else ""}") {
            for ((calls, state) in ends) {
                startProcess(JavaScript.silent()).register()
                hours(1)
                if (isKilled) {
                    trigger()
                    seconds(5)
                    kill()
                    startProcess(JavaScript.silent())
                }
                process!!.dispatcher.isUnordered = true
                val module = BackgroundSyncModule(FakeReactContext { true })
                val told = mutableListOf<Any?>()
                calls.forEach { it(module, promise(told::add)) }
                seconds(5)
                val name = calls.joinToString { if (it === cancel) "cancel" else if (it === start) "start" else "register" }
                expect("answers of $name", told.size, calls.size)
                expect(name, work.state, state)
                expect("$name, as it is kept", process!!.state.isSwitchedOff, state == WorkInfo.State.CANCELLED)
                if (state == WorkInfo.State.ENQUEUED) expectChainAlive()
                kill()
            }
        }
    }

    test("of two scheduleNext the last call counts, whatever thread takes which") {
        startProcess().register()
        seconds(5)
        process!!.dispatcher.isUnordered = true
        val module = BackgroundSyncModule(FakeReactContext { true })
        val told = mutableListOf<Any?>()
        for (delay in listOf(7_200.0, 86_400.0, 3_600.0)) module.scheduleNext(delay, "", promise(told::add))
        seconds(5)
        expect("answers", told.size, 3)
        expect("next", work.nextRunAt(), clock.now() - 5_000 + 3_600_000)
    }
}
