package dev.bgsync.tests

import dev.bgsync.EndedRuns
import dev.bgsync.LastRun
import dev.bgsync.Outcome
import dev.bgsync.Receiver
import dev.bgsync.RunRecord
import dev.bgsync.Trigger
import org.json.JSONObject
import java.io.File

/** JavaScript's `onRun`: hears of a run, acknowledges it with the next question. [told] collects what it hears. */
private class Hook(
    private val world: World,
    val told: MutableList<String> = mutableListOf(),
) {
    fun ask(after: Long = 0) {
        world.process!!.runtime.gate.ended.next(
            after,
            Receiver(this) { json ->
                val run = JSONObject(json)
                told += "${run.getString("run")} ${run.getString("out")}"
                ask(run.getLong("n"))
            },
        )
    }
}

private fun World.ends() = events("run.end").map { "${it.getString("run")} ${it.getString("out")}" }

/** What the app's `onRun` hears. */
internal fun endedRunCases() {
    test("onRun hears of each run exactly once, over processes, of a killed one too") {
        startProcess(JavaScript.silent()).register()
        hours(1)
        seconds(30)
        kill()
        startProcess().register()
        seconds(1)
        expect("nobody has asked", events("run.end").size, 1)
        val hook = Hook(this)
        hook.ask()
        expect("the one that was killed", hook.told, ends())
        expect("outcome", last("run.end").getString("out"), "killed")
        hours(3)
        expect("each that ended since", hook.told, ends())
        check(hook.told.size > 2) { "too few runs: nothing is tested" }
        kill()
        startProcess()
        Hook(this, hook.told).ask()
        seconds(1)
        expect("nothing twice", hook.told, ends())
    }

    test("onRun: a run whose process died before it was acknowledged is told again") {
        startProcess().register()
        hours(2)
        val heard = mutableListOf<String>()
        process!!.runtime.gate.ended.next(0, Receiver(this) { heard += JSONObject(it).getString("run") })
        kill()
        startProcess()
        process!!.runtime.gate.ended.next(0, Receiver(this) { heard += JSONObject(it).getString("run") })
        expect("the same", heard.distinct().size to heard.size, 1 to 2)
    }

    test("onRun: windows that were no run are not told, a cancelled and an expired one are") {
        startProcess(JavaScript.silent()).register()
        hours(1)
        seconds(30)
        trigger()
        seconds(10)
        expect("busy", events("run.skip").isNotEmpty(), true)
        process!!.cancel()
        seconds(10)
        val hook = Hook(this)
        hook.ask()
        expect("told", hook.told, ends())
        expect("why", last("run.end").getString("why"), "cancelled")
    }

    test("onRun: a module that went away hears nothing, and loses nothing") {
        startProcess().register()
        val gone = Any()
        val heard = mutableListOf<String>()
        process!!.runtime.gate.ended.next(0, Receiver(gone) { heard += it })
        process!!.runtime.gate.abandon(gone)
        hours(2)
        expect("heard", heard, emptyList<String>())
        val hook = Hook(this)
        hook.ask()
        expect("told", hook.told, ends())
    }

    test("onRun: of two JavaScripts, one that goes leaves the other its promise") {
        startProcess().register()
        val (old, fresh) = Hook(this) to Hook(this)
        old.ask()
        fresh.ask()
        process!!.runtime.gate.abandon(fresh)
        hours(2)
        expect("told to the one that is left", old.told, ends())
        check(old.told.isNotEmpty()) { "no run: nothing is tested" }
        val made = Hook(this, old.told)
        made.ask()
        process!!.runtime.gate.abandon(old)
        hours(2)
        expect("told to the one that came while the old was there", made.told, ends())
    }

    test("onRun: two JavaScripts hear of each run once between them, in order, and of one whose hearer goes again") {
        startProcess().register()
        val slow = Any()
        val heard = mutableListOf<String>()
        val gate = process!!.runtime.gate
        val quick = Hook(this)
        quick.ask()
        gate.ended.next(0, Receiver(slow) { heard += JSONObject(it).getString("run") })
        hours(3)
        expect("the newest hears, and has yet to acknowledge it", heard, listOf(events("run.end").first().getString("run")))
        check(ends().size > 1) { "too few runs: nothing is tested" }
        expect("the other waits", quick.told, emptyList<String>())
        gate.abandon(slow)
        expect("all of them", quick.told, ends())
    }

    test("onRun: runs that end while the earlier ones cannot be read take nothing from them") {
        startProcess().register()
        hours(3)
        kill()
        diskFails("runs.json")
        startProcess()
        hours(3)
        val hook = Hook(this)
        hook.ask()
        expect("not yet", hook.told, emptyList<String>())
        diskHeals("runs.json")
        hours(2)
        expect("all, in order", hook.told, ends())
        check(hook.told.size > 4) { "too few runs: nothing is tested" }
    }

    test("onRun: the newest hundred are kept, a file of nonsense keeps none") {
        val file = File(directory, "runs.json")
        val runs = EndedRuns(file)
        fun add(number: Int) {
            val record = RunRecord("run-$number", "task", Trigger.OS, attempt = 1)
            runs.add(FIRST, record, LastRun(record.id, Outcome.DONE, clock.now(), 5, 0), why = null)
        }
        for (number in 1..250) add(number)
        add(250)
        val kept = JSONObject(file.readText()).getJSONArray("runs")
        expect("kept", kept.length(), 100)
        expect("oldest", kept.getJSONObject(0).getString("run"), "run-151")
        var first = ""
        EndedRuns(file).next(0, Receiver(this) { first = JSONObject(it).getString("run") })
        expect("first", first, "run-151")
        file.writeText("{")
        EndedRuns(file).next(0, Receiver(this) { first = it })
        expect("nothing", first, "run-151")
    }
}
