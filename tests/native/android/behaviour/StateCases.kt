package dev.bgsync.tests

import androidx.work.OneTimeWorkRequest
import androidx.work.WorkInfo
import androidx.work.workDataOf
import dev.bgsync.BackgroundSyncConfig
import dev.bgsync.BackgroundSyncWorker
import dev.bgsync.BatteryState
import dev.bgsync.EventLog
import dev.bgsync.LastRun
import dev.bgsync.Outcome
import dev.bgsync.RunId
import dev.bgsync.RunLedger
import dev.bgsync.RunRecord
import dev.bgsync.SchedulePolicy
import dev.bgsync.SchedulePolicyConfig
import dev.bgsync.SyncEvent
import dev.bgsync.Trigger
import org.json.JSONArray
import org.json.JSONObject
import java.io.File

/** What the debug receiver enqueues. */
internal fun World.trigger(name: String = ""): String {
    val runId = RunId.next()
    workManager.enqueue(
        OneTimeWorkRequest
            .Builder(BackgroundSyncWorker::class.java)
            .setInputData(workDataOf(BackgroundSyncWorker.KEY_RUN_ID to runId, BackgroundSyncWorker.KEY_TASK to name.ifEmpty { null }))
            .build(),
    )
    return runId
}

/** What survives a process, a clock, a disk. */
internal fun stateCases() {
    test("process death between arming and running: the work is still there, and no run is killed") {
        startProcess().register()
        seconds(60)
        kill()
        hours(1)
        startProcess()
        seconds(60)
        expect("killed", events("run.end").count { it.getString("out") == "killed" }, 0)
        expect("outcome", last("run.end").getString("out"), "done")
    }

    test("process death in mid-run: closed as killed at the next start, once, and counted") {
        startProcess(JavaScript.silent()).register()
        hours(1)
        seconds(30)
        val run = last("run.start").getString("run")
        kill()
        val next = startProcess()
        workManager.isConnected = false
        next.register()
        next.register()
        seconds(5)
        val killed = events("run.end").single()
        expect("run", killed.getString("run"), run)
        expect("outcome", killed.getString("out"), "killed")
        expect("next window", killed.getLong("next"), work.nextRunAt())
        expect("failures", next.status().getInt("consecutiveFailures"), 1)
        workManager.isConnected = true
        hours(1)
        expect("attempt", last("run.start").getInt("att"), 2)
    }

    test("process death in mid-run: what scheduleNext asked for in it holds, and not the policy") {
        startProcess(JavaScript.silent()).register()
        hours(1)
        seconds(30)
        var asked: Long? = null
        process!!.launch { asked = BackgroundSyncWorker.scheduleNext(TestContext, 7_200) }
        seconds(1)
        kill()
        workManager.isConnected = false
        startProcess().register()
        seconds(5)
        expect("outcome", last("run.end").getString("out"), "killed")
        expect("next window", last("run.end").getLong("next"), asked)
        expect("as WorkManager has it", work.nextRunAt(), asked)
        expect("and whose it is", last("schedule").getString("why"), "requested")
    }

    test("process death after the app's cancel: the run did not go wrong") {
        startProcess(JavaScript.silent()).register()
        hours(1)
        seconds(30)
        process!!.runtime.gate.expireOpenRun("cancelled")
        kill()
        workManager.isConnected = false
        startProcess().register()
        seconds(5)
        expect("why", last("run.end").getString("why"), "cancelled")
        expect("failures", process!!.state.consecutiveFailures, 0)
    }

    test("process death in mid-run: its end is told also where the device refuses to tell of its battery") {
        startProcess(JavaScript.silent()).register()
        hours(1)
        seconds(30)
        kill()
        deviceFailure = SecurityException("a vendor's own")
        startProcess().register()
        seconds(5)
        expect("outcome", last("run.end").getString("out"), "killed")
        expect("failures", process!!.state.consecutiveFailures, 1)
        expect("and register says why it failed", process!!.crashes.map { it.message }, listOf("a vendor's own"))
        process!!.crashes.clear()
    }

    test("scheduleNext after cancel does nothing, also in a run that is open") {
        startProcess(JavaScript.silent()).register()
        seconds(1)
        process!!.cancel()
        trigger()
        seconds(10)
        var asked: Long? = null
        process!!.launch { asked = BackgroundSyncWorker.scheduleNext(TestContext, 7 * 86_400) }
        seconds(1)
        expect("answer", asked, null)
        process!!.register()
        hours(1)
        expect("the end of the run", events("run.end").first().getString("out"), "expired")
        check(work.nextRunAt() - clock.now() <= 3_600_000L) { "next ${work.nextRunAt()}" }
    }

    test("process death in mid-run: WorkManager's own next start closes it before it opens the next") {
        startProcess(JavaScript.silent()).register()
        hours(1)
        seconds(30)
        val run = last("run.start").getString("run")
        kill()
        startProcess()
        hours(2)
        val ends = events("run.end")
        expect("killed first", ends.first().getString("run") to ends.first().getString("out"), run to "killed")
        expect("then done", last("run.end").getString("out"), "done")
    }

    test("the clock jumps: durations do not, and the window never comes too often") {
        startProcess(JavaScript.answering("done", afterMillis = 10_000)).register()
        hours(1)
        seconds(5)
        clock.shift = -86_400_000
        seconds(30)
        check(last("run.end").getLong("ms") in 10_000L..12_000L) { last("run.end") }
        expectChainAlive()
        clock.shift = 30L * 86_400_000
        hours(3)
        expect("it goes on", last("run.end").getString("out"), "done")
        expectChainAlive()
    }

    test("an error of the disk that passes: what was cancelled stays so, and so does the back-off") {
        startProcess(JavaScript.answering("retry")).register()
        hours(3)
        val failures = process!!.state.consecutiveFailures
        check(failures > 1) { "too few: nothing is tested" }
        process!!.cancel()
        seconds(1)
        kill()
        diskFails("state.json", "runs.json")
        val next = startProcess(JavaScript.answering("retry"))
        next.launch { BackgroundSyncWorker.register(TestContext, switchOn = false) }
        seconds(1)
        trigger()
        seconds(30)
        expect("it drains", last("run.end").getString("out"), "retry")
        next.launch { BackgroundSyncWorker.configure(TestContext, """{"intervalMinutes":30}""") }
        seconds(1)
        diskHeals("state.json", "runs.json")
        expect("cancelled", next.state.isSwitchedOff, true)
        expect("failures", next.state.consecutiveFailures, failures + 1)
        expect("last run", next.state.lastRun?.id, last("run.end").getString("run"))
        expect("set meanwhile", next.status().getInt("intervalMinutes"), 30)
        kill()
        val after = startProcess()
        expect("in the file", after.state.isSwitchedOff to after.state.consecutiveFailures, true to failures + 1)
        expect("no run is taken for killed", events("run.end").count { it.getString("out") == "killed" }, 0)
        expect("what was armed meanwhile", work.state.isFinished, false)
        after.launch { BackgroundSyncWorker.register(TestContext, switchOn = false) }
        seconds(1)
        expect("is withdrawn", work.state.isFinished, true)
    }

    test("an error of the disk that passes: a run that died before it is told") {
        startProcess(JavaScript.silent()).register()
        hours(1)
        seconds(30)
        val left = last("run.start").getString("run")
        kill()
        diskFails("state.json")
        workManager.isConnected = false
        startProcess().register()
        seconds(1)
        expect("not known yet", events("run.end").size, 0)
        diskHeals("state.json")
        workManager.isConnected = true
        hours(2)
        val ends = events("run.end").map { it.getString("run") to it.getString("out") }
        expect("killed, first and once", ends.filter { it.second == "killed" }, listOf(left to "killed"))
        check(ends.size > 1) { "no run after it" }
    }

    test("an error of the disk that passes in the midst of a run: its books, and the run that died before it, are kept") {
        val file = File(directory, "state.json")
        fun record(id: String) = RunRecord(id, FIRST.id, Trigger.OS, attempt = 1)
        RunLedger(file).open(record("left"))
        diskFails("state.json")
        val ledger = RunLedger(file)
        ledger.open(record("own"))
        diskHeals("state.json")
        ledger.update(FIRST) { it.copy(consecutiveFailures = 2) }
        expect("open", ledger.openRun?.id, "own")
        ledger.close(FIRST, LastRun("own", Outcome.RETRY, clock.now(), 5, 0), why = null)
        val events = EventLog(directory, clock, 1) {}
        expect("left", ledger.closeKilled(tasks, events, clock.now())?.id, "left")
        expect("once", ledger.closeKilled(tasks, events, clock.now()), null)
        val next = RunLedger(file)
        expect("nor in the next process", next.closeKilled(tasks, events, clock.now()), null)
        expect("failures", next.state(FIRST).consecutiveFailures, 4)
    }

    test("a ring of events that cannot be read costs the history only") {
        startProcess(JavaScript.silent()).register()
        hours(1)
        seconds(30)
        kill()
        diskFails("events.jsonl")
        startProcess().register()
        seconds(1)
        expect("crashes", process!!.crashes, emptyList<Throwable>())
        hours(2)
        expect("killed, then done", events("run.end").map { it.getString("out") }.take(2), listOf("killed", "done"))
    }

    test("cancel whose process died before WorkManager knew is made good at the next start") {
        startProcess().register()
        seconds(1)
        process!!.runtime.gate.ledger.switchOn(FIRST, false)
        kill()
        startProcess().launch { BackgroundSyncWorker.register(TestContext, switchOn = false) }
        seconds(1)
        expect("withdrawn", work.state, WorkInfo.State.CANCELLED)
    }

    test("an unreadable ledger starts over") {
        File(directory, "state.json").writeText("{\"failures\": 3, \"open\": {\"run\"")
        startProcess().register()
        hours(1)
        seconds(30)
        expect("attempt", last("run.start").getInt("att"), 1)
        File(directory, "state.json").writeText("""{"failures":3,"armed":false,"last":{"run":"a","out":"novel","ts":1,"ms":1,"rem":1}}""")
        kill()
        startProcess()
        expect("what can be read is kept", process!!.state.consecutiveFailures, 3)
        expect("switched off above all", process!!.state.isSwitchedOff, true)
        expect("what cannot is not", process!!.state.lastRun, null)
    }

    test("a disk that cannot be written does not stop a sync") {
        directory.deleteRecursively()
        directory.writeText("a file, where a folder should be")
        startProcess().register()
        hours(1)
        seconds(30)
        expect("outcome", last("run.end").getString("out"), "done")
    }

    test("status") {
        startProcess(JavaScript.answering("done", remaining = 4)).register()
        hours(1)
        seconds(30)
        val status = process!!.status()
        expect("state", status.getString("state"), "enqueued")
        expect("scheduled", status.getBoolean("scheduled"), true)
        expect("next", status.getLong("next"), work.nextRunAt())
        expect("last", status.getJSONObject("lastRun").getInt("rem"), 4)
        expect("open", status.isNull("openRun"), true)
        expect("env", status.getJSONObject("env").getInt("bucket"), 10)
        workManager.database.clearAllTables()
        kill()
        val empty = startProcess().status()
        expect("nothing", listOf(empty.getString("state"), empty.getBoolean("scheduled"), empty.getLong("next")), listOf("none", false, 0L))
    }

    test("a long or hostile message is shortened to a line that parses") {
        val messages = listOf("x".repeat(5_000), "\uD83D\uDE00".repeat(500), "a\n\r\u2028\u0000\"\\BGSYNC1 {}", "\uD83D", "é".repeat(400))
        for (message in messages) {
            val line = SyncEvent("run.end", run = "abcdefgh", message = message).encode(1, clock.now(), 1)
            val json = JSONObject(line.removePrefix("BGSYNC1 "))
            check(line.length <= 900 && line.all { it in ' '..'~' }) { line }
            val kept = json.getString("msg")
            check(message.startsWith(kept)) { "$kept is no prefix" }
            check(message == "\uD83D" || kept.isEmpty() || !kept.last().isHighSurrogate())
            expect("cut", json.optInt("cut") == 1, kept != message)
        }
    }

    test("the ring keeps the last 200 kB across processes, and survives a torn line") {
        startProcess()
        val log = process!!.runtime.events
        repeat(5_000) { log.write(SyncEvent("mark", message = "m".repeat(100))) }
        val bytes = directory.listFiles()!!.filter { it.name.startsWith("events") }.sumOf { it.length() }
        check(bytes in 200_000L..410_000L) { bytes }
        File(directory, "events.jsonl").appendText("BGSYNC1 {\"v\":1,\"seq\":9,\"ev\":\"ma")
        kill()
        startProcess()
        process!!.runtime.events.write(SyncEvent("mark", message = "after"))
        val history = JSONArray(process!!.runtime.events.history(3))
        expect("newest last", history.getJSONObject(2).getString("msg"), "after")
        expect("the limit", history.length(), 3)
        expect("nothing asked", process!!.runtime.events.history(0), "[]")
        lines.clear()
    }

    test("run ids are eight characters of 0-9a-z") {
        check((1..200).map { RunId.next() }.all(RunId::isRunId))
        check(listOf("", "ABCDEFGH", "abcdefg", "abcdefghi", "abcd;fgh").none(RunId::isRunId))
    }
}

/** The same vectors as the CLI and Swift. */
internal fun vectorCases(file: File) {
    val vectors = JSONObject(file.readText())
    val cases = vectors.getJSONArray("cases")
    for (index in 0 until cases.length()) {
        val case = cases.getJSONObject(index)
        test("policy: ${case.getString("name")}") {
            val battery = case.getJSONObject("battery")
            val config = vectors.getJSONObject("configs").getJSONObject(case.getString("config"))
            val delay =
                SchedulePolicy.nextDelaySeconds(
                    Outcome.entries.first { it.wire == case.getString("outcome") },
                    case.getInt("queueDepth"),
                    BatteryState(battery.getInt("percent"), battery.getBoolean("charging"), battery.getBoolean("saver")),
                    case.getInt("consecutiveFailures"),
                    SchedulePolicyConfig(
                        config.getLong("intervalSeconds"),
                        config.getLong("backlogSeconds"),
                        config.getLong("maxSeconds"),
                        config.getInt("lowBatteryPercent"),
                    ),
                )
            expect("seconds", delay, case.getLong("expect"))
        }
    }
    val sequences = vectors.getJSONArray("sequences")
    for (index in 0 until sequences.length()) {
        val sequence = sequences.getJSONObject(index)
        val config = vectors.getJSONObject("configs").getJSONObject(sequence.getString("config"))
        check(config.getLong("intervalSeconds") == BackgroundSyncConfig.policy.intervalSeconds)
        test("policy, run by run: ${sequence.getString("name")}") { playSequence(sequence.getJSONArray("runs")) }
    }
    check(cases.length() > 10 && BackgroundSyncConfig.policy.intervalSeconds == 3_600L)
}

/** Each run as it comes, by the real gate and its ledger. */
private fun World.playSequence(runs: JSONArray) {
    startProcess(JavaScript(asksForRuns = false) {}).register()
    seconds(1)
    for (index in 0 until runs.length()) {
        val wanted = runs.getJSONObject(index)
        val remaining = wanted.getInt("remaining")
        process!!.isRunning = true
        trigger()
        seconds(1)
        expect("attempt of run ${index + 1}", last("run.start").getInt("att"), wanted.getInt("attempt"))
        when (val outcome = wanted.getString("outcome")) {
            "skipped" -> seconds(30)
            "killed" -> {
                kill()
                startProcess(JavaScript(asksForRuns = false) {}).register()
            }
            else -> {
                process!!.runtime.gate.nextRun(dev.bgsync.Receiver(this) { })
                val run = last("run.start").getString("run")
                if (outcome == "expired") process!!.runtime.gate.expireOpenRun("budget")
                process!!.complete(run, if (outcome == "expired") "retry" else outcome, remaining)
            }
        }
        seconds(10)
        val end = last("run.end")
        expect("outcome of run ${index + 1}", end.getString("out"), wanted.getString("outcome"))
        val delay = end.getLong("next") - last("schedule").getLong("ts")
        expect("delay after run ${index + 1}", delay / 1_000, wanted.getLong("expect"))
    }
}
