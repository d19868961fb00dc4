package dev.bgsync.tests

import androidx.work.WorkInfo
import com.facebook.react.bridge.Promise
import dev.bgsync.BackgroundSyncModule
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay

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

    for (isAsleep in listOf(false, true)) {
        test("a foreground drain that the user left, frozen for hours${if (isAsleep) " of deep sleep" else ""}: the window is used") {
            val process = startProcess()
            process.register()
            seconds(1)
            process.beginForeground { awaitCancellation() }
            seconds(10)
            val left = checkNotNull(process.runtime.gate.openRun).id
            workManager.isConnected = false
            process.dispatcher.freeze(isAsleep)
            hours(8)
            process.dispatcher.thaw()
            workManager.isConnected = true
            seconds(60)
            val ends = events("run.end")
            expect("runs", ends.map { it.getString("trig") to it.getString("out") }, listOf("foreground" to "expired", "os" to "done"))
            expect("the one that was left", ends.first().getString("run"), left)
            expect("skips", events("run.skip").size, 0)
            expect("result", work.results, listOf("success"))
        }
    }

    test("a window that comes while a drain is open lives with it, since nothing else keeps the process awake") {
        val process = startProcess()
        process.register()
        seconds(3_590)
        process.beginForeground { run ->
            delay(60_000)
            process.complete(run!!.getString("runId"), "done", 3)
        }
        seconds(30)
        expect("skip", last("run.skip").getString("why"), "busy")
        expect("lives", work.state, WorkInfo.State.RUNNING)
        seconds(60)
        expect("result", work.results, listOf("success"))
        expect("runs", events("run.end").map { it.getString("trig") to it.getString("out") }, listOf("foreground" to "done"))
        expect("the next window is that of the drain", work.nextRunAt(), last("run.end").getLong("next"))
    }

    test("a window that lives with a drain is stopped: the drain goes on, and the chain, too") {
        val process = startProcess()
        process.register()
        seconds(3_590)
        process.beginForeground { run ->
            delay(60_000)
            process.complete(run!!.getString("runId"), "done")
        }
        seconds(30)
        workManager.stop(work, WorkInfo.STOP_REASON_QUOTA)
        seconds(5)
        expect("the drain", process.runtime.gate.openRun != null, true)
        seconds(60)
        expect("runs", events("run.end").map { it.getString("trig") to it.getString("out") }, listOf("foreground" to "done"))
        expectChainAlive()
    }
}
