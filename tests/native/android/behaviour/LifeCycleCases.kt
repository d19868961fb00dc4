package dev.bgsync.tests

import android.os.Build
import androidx.work.WorkInfo
import dev.bgsync.SyncSettings
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay

/** What a run looks like from the gate to its report. */
internal fun lifeCycleCases() {
    test("a cold run boots the host, drains, reports success and sets the next window") {
        startProcess().register()
        hours(1)
        seconds(60)
        expect(
            "events",
            names,
            listOf("register", "run.start", "host.start", "host.ready", "js.start", "schedule", "run.end"),
        )
        expect("result", work.results, listOf("success"))
        expect("outcome", last("run.end").getString("out"), "done")
        expect("next", last("run.end").getLong("next"), last("schedule").getLong("next"))
        expect("next window", work.nextRunAt(), last("run.end").getLong("next"))
        expect("constraints", work.spec.constraints, SyncSettings().constraintsOf(FIRST).toWork())
        expect("timers off again", process!!.timersTick, false)
    }

    test("a second run in the same process does not boot the host again") {
        val process = startProcess()
        process.register()
        hours(2)
        seconds(120)
        expect("runs", events("run.end").size, 2)
        expect("boots", process.boots, 1)
    }

    test("the run's deadline is the budget from the moment that JavaScript takes it") {
        var deadline = 0L
        startProcess(JavaScript { run ->
            deadline = run.getLong("deadline")
            complete(run.getString("runId"), "done")
        }).register()
        hours(1)
        seconds(30)
        expect("deadline", deadline, last("js.start").getLong("ts") + 180_000)
    }

    test("the host never boots: skipped after its limit, and the chain goes on") {
        startProcess(JavaScript(hostBoots = { awaitCancellation() }) {}).register()
        hours(1)
        seconds(60)
        expect("why", last("run.end").getString("why"), "host-timeout")
        expect("outcome", last("run.end").getString("out"), "skipped")
        expect("ms", last("run.end").getLong("ms"), 30_000L)
        expect("result", work.results, listOf("retry"))
        expectChainAlive()
    }

    test("the host fails: skipped with its error, and the chain goes on") {
        startProcess(JavaScript(hostBoots = { error("Unable to load script") }) {}).register()
        hours(1)
        seconds(60)
        expect("why", last("run.end").getString("why"), "host-failed")
        check("Unable to load script" in last("run.end").getString("msg"))
        expectChainAlive()
    }

    test("JavaScript never asks for the run: skipped after its limit") {
        startProcess(JavaScript(asksForRuns = false) {}).register()
        hours(1)
        seconds(60)
        expect("why", last("run.end").getString("why"), "js-timeout")
        expect("ready, then 20 s", last("run.end").getLong("ms"), 20_800L)
        expectChainAlive()
    }

    test("JavaScript takes the run and never answers: expired by the native budget") {
        startProcess(JavaScript.silent()).register()
        hours(1)
        seconds(300)
        expect("expire", last("expire").getString("why"), "budget")
        expect("budget, then the grace", last("run.end").getLong("ts") - last("js.start").getLong("ts"), 185_000L)
        expect("outcome", last("run.end").getString("out"), "expired")
        expect("result", work.results, listOf("retry"))
        expectChainAlive()
    }

    test("a drain that ends within the grace is done: nothing is left to be tried again") {
        startProcess(JavaScript.answering("done", remaining = 0, afterMillis = 183_000)).register()
        hours(1)
        seconds(300)
        expect("outcome", last("run.end").getString("out"), "done")
        expect("result", work.results, listOf("success"))
    }

    test("an answer within the grace gives the remaining items, not the outcome") {
        startProcess(JavaScript.answering("done", remaining = 7, afterMillis = 183_000)).register()
        hours(1)
        seconds(300)
        expect("outcome", last("run.end").getString("out"), "expired")
        expect("remaining", last("run.end").getInt("rem"), 7)
        expect("late", events("late").size, 0)
    }

    test("an answer after the end is one late event and nothing else") {
        startProcess(JavaScript.answering("done", remaining = 3, afterMillis = 200_000)).register()
        hours(1)
        seconds(400)
        expect("ends", events("run.end").size, 1)
        expect("late", events("late").map { it.getString("out") to it.getInt("rem") }, listOf("done" to 3))
        expect("failures", process!!.state.consecutiveFailures, 1)
    }

    test("JavaScript answers twice: the second is late") {
        startProcess(JavaScript { run ->
            val id = run.getString("runId")
            complete(id, "done")
            complete(id, "failed")
        }).register()
        hours(1)
        seconds(30)
        expect("outcome", last("run.end").getString("out"), "done")
        expect("late", events("late").single().getString("out"), "failed")
    }

    test("whenExpired resolves with the reason, with '' at the end of a run, and at once for an unknown one") {
        val reasons = mutableListOf<String>()
        startProcess(JavaScript { run ->
            val id = run.getString("runId")
            runtime.gate.whenExpired(id) { reasons += "1:$it" }
            delay(190_000)
        }).register()
        hours(1)
        seconds(179)
        expect("pending", reasons, emptyList<String>())
        seconds(120)
        expect("expired", reasons, listOf("1:budget"))
        process!!.runtime.gate.whenExpired("zzzzzzzz") { reasons += "2:$it" }
        expect("unknown", reasons, listOf("1:budget", "2:"))

        kill()
        reasons.clear()
        startProcess(JavaScript { run ->
            val id = run.getString("runId")
            runtime.gate.whenExpired(id) { reasons += it }
            complete(id, "done")
        })
        hours(2)
        expect("complete", reasons.first(), "")
    }

    test("progress is written at most once a second, and only for the open run") {
        startProcess(JavaScript { run ->
            val id = run.getString("runId")
            repeat(30) {
                runtime.gate.progress(id, it, 30)
                delay(100)
            }
            complete(id, "done")
            delay(5_000)
            runtime.gate.progress(id, 30, 30)
        }).register()
        hours(1)
        seconds(60)
        expect("progress", events("progress").map { it.getInt("n") }, listOf(0, 10, 20))
    }

    test("an empty queue waits the interval, a growing one comes back soon, a poison item does not loop") {
        var remaining = 0
        val process =
            startProcess(JavaScript { run ->
                complete(run.getString("runId"), if (remaining < 0) "failed" else "done", maxOf(remaining, 1))
            })
        process.register()
        remaining = 5
        hours(1)
        seconds(60)
        expect("growing", last("run.end").getLong("next") - last("run.end").getLong("ts"), 900_000L)
        remaining = -1
        seconds(900)
        expect("poison", last("run.end").getString("out"), "failed")
        expect("poison waits", last("run.end").getLong("next") - last("run.end").getLong("ts"), 3_600_000L)
        expect("result", work.results.last(), "failure")
        expectChainAlive()
    }

    test("retries back off, and a success resets them") {
        var outcome = "retry"
        startProcess(JavaScript { run -> complete(run.getString("runId"), outcome) }).register()
        hours(8)
        val delays = events("run.end").map { (it.getLong("next") - it.getLong("ts")) / 1_000 }
        expect("delays", delays.take(4), listOf(900L, 1_800L, 3_600L, 7_200L))
        expect("attempts", events("run.start").map { it.getInt("att") }.take(4), listOf(1, 2, 3, 4))
        outcome = "done"
        hours(5)
        expect("failures", process!!.state.consecutiveFailures, 0)
        expect("never more often than 15 minutes", events("run.start").zipWithNext { a, b -> b.getLong("ts") - a.getLong("ts") }.min() >= 900_000, true)
    }

    test("a result that is no result counts as failed") {
        startProcess(JavaScript.answering("wonderful")).register()
        hours(1)
        seconds(30)
        expect("outcome", last("run.end").getString("out"), "failed")
        expect("result", work.results, listOf("failure"))
        expectChainAlive()
    }

    test("a low battery doubles the delay") {
        battery = battery.copy(percent = 10)
        startProcess().register()
        hours(1)
        seconds(30)
        expect("delay", last("run.end").getLong("next") - last("run.end").getLong("ts"), 7_200_000L)
    }

    test("offline, nothing starts; back online, it does") {
        workManager.isConnected = false
        startProcess().register()
        hours(3)
        expect("runs", events("run.start").size, 0)
        workManager.isConnected = true
        seconds(30)
        expect("runs", events("run.end").size, 1)
    }

    test("the network goes in mid-run: expired with the stop reason, at once, and the chain goes on") {
        startProcess(JavaScript.silent()).register()
        hours(1)
        seconds(30)
        workManager.isConnected = false
        seconds(2)
        expect("expire", last("expire").getString("why"), if (Build.VERSION.SDK_INT >= 31) "no-network" else "stopped")
        expect("outcome", last("run.end").getString("out"), "expired")
        expect("state", work.state, WorkInfo.State.ENQUEUED)
        workManager.isConnected = true
        hours(2)
        expect("it came back", events("run.start").size > 1, true)
    }

    test("a stop has a reason from API 31 on") {
        startProcess(JavaScript.silent()).register()
        hours(1)
        seconds(30)
        workManager.stop(work, WorkInfo.STOP_REASON_QUOTA)
        seconds(1)
        expect("expire", last("expire").getString("why"), if (Build.VERSION.SDK_INT >= 31) "quota" else "stopped")
    }

    test("JavaScript answers after the stop: late, nothing else") {
        startProcess(JavaScript.answering("done", afterMillis = 60_000)).register()
        hours(1)
        seconds(30)
        workManager.stop(work, WorkInfo.STOP_REASON_QUOTA)
        workManager.isConnected = false
        seconds(60)
        expect("expires", events("expire").size, 1)
        expect("late", events("late").size, 1)
        expect("ends", events("run.end").size, 1)
    }

    test("a reload in mid-run ends it, and the new JavaScript gets the next run, not the old") {
        val old = Any()
        val new = Any()
        val process = startProcess(JavaScript.silent())
        process.register()
        process.loadJavaScript(old)
        hours(1)
        seconds(10)
        process.runtime.gate.abandon(old)
        process.loadJavaScript(new)
        seconds(10)
        expect("end", last("run.end").getString("out") to last("run.end").getString("why"), "retry" to "js-gone")
        process.runtime.gate.abandon(new)
        hours(1)
        expect("no one took it", last("run.end").getString("why"), "js-timeout")
    }

    test("a window that closes while the host boots is not handed to JavaScript") {
        startProcess(JavaScript.draining()).register()
        hours(1)
        process!!.runtime.gate.expireOpenRun("stop")
        seconds(30)
        expect("events", names.takeLast(4), listOf("expire", "host.ready", "schedule", "run.end"))
        expect("outcome", last("run.end").getString("out"), "expired")
    }

    test("an application without a React host: run.skip, and the chain goes on") {
        startProcess(JavaScript(isAvailable = { false }) {}).register()
        hours(1)
        seconds(60)
        expect("why", last("run.skip").getString("why"), "no-host")
        expect("starts", events("run.start").size, 0)
        expectChainAlive()
    }
}
