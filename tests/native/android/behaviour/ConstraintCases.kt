package dev.bgsync.tests

import android.os.Build
import androidx.work.NetworkType
import androidx.work.WorkInfo
import dev.bgsync.BackgroundSyncConfig
import dev.bgsync.BackgroundSyncModule
import dev.bgsync.BackgroundSyncWorker
import dev.bgsync.BatteryState
import dev.bgsync.DeviceState
import dev.bgsync.NetworkState
import dev.bgsync.SyncSettings
import org.json.JSONArray
import org.json.JSONObject
import java.io.File

private const val UNMETERED = """{"constraints":{"network":"unmetered"}}"""

private fun World.configure(settings: String?): Boolean {
    var answer: Boolean? = null
    process!!.launch { answer = BackgroundSyncWorker.configure(TestContext, settings) }
    seconds(1)
    return checkNotNull(answer) { "configure does not answer" }
}

private val CONSTRAINTS = listOf("any", "unmetered", "notRoaming", "charging", "batteryNotLow", "storageNotLow", "deviceIdle")

/** For JobScheduler, and for what the app itself sees of the device. */
private fun World.setMet(
    constraint: String,
    isMet: Boolean,
) {
    when (constraint) {
        "any" -> {
            system.isConnected = isMet
            network = NetworkState(if (isMet) "wifi" else "none", metered = false)
        }
        "unmetered" -> {
            system.isMetered = !isMet
            network = NetworkState(if (isMet) "wifi" else "cell", metered = !isMet)
        }
        "notRoaming" -> {
            system.isRoaming = !isMet
            network = NetworkState("cell", metered = false, roaming = !isMet)
        }
        "charging" -> {
            system.isCharging = isMet
            battery = BatteryState(percent = 80, charging = isMet, saver = false)
        }
        "batteryNotLow" -> {
            system.isBatteryLow = !isMet
            battery = BatteryState(percent = if (isMet) 80 else 10, charging = false, saver = false)
        }
        "storageNotLow" -> {
            system.isStorageLow = !isMet
            isStorageLow = !isMet
        }
        "deviceIdle" -> {
            system.isIdle = isMet
            isInUse = !isMet
        }
    }
}

private fun World.unmeteredOnly() = work.spec.constraints.requiredNetworkType == NetworkType.UNMETERED

/** What the app sets at run time, on the real WorkManager: [PlayedSystem] holds its jobs back by what they ask for. */
internal fun constraintCases(vectors: File) {
    test("constraints set at run time reach WorkManager, hold over runs, restarts and register, and go with null") {
        startProcess().register()
        seconds(1)
        val next = work.nextRunAt()
        val id = work.id
        expect("accepted", configure(UNMETERED), true)
        expect("in WorkManager", unmeteredOnly(), true)
        expect("the same work", work.id, id)
        expect("its window stays", work.nextRunAt(), next)
        expect("told", last("configure").getString("msg"), "unmetered, every 60 min")

        system.isMetered = true
        hours(2)
        expect("runs on a metered network", events("run.start").size, 0)
        system.isMetered = false
        seconds(60)
        expect("out", last("run.end").getString("out"), "done")
        expect("after the run's own update", unmeteredOnly(), true)

        process!!.register()
        seconds(1)
        expect("register", last("register").getString("why"), "kept")
        kill()
        startProcess().register()
        seconds(1)
        expect("after a restart", last("register").getString("why"), "kept")
        expect("after a restart", unmeteredOnly(), true)

        expect("accepted", configure(null), true)
        expect("reset", work.spec.constraints, SyncSettings().constraintsOf(FIRST).toWork())
        system.isMetered = true
        hours(2)
        expect("a run on a metered network", events("run.end").size > 1, true)
        expectChainAlive()
    }

    test("each constraint reaches WorkManager, and keeps the sync waiting on its own") {
        startProcess().register()
        seconds(1)
        configure("""{"constraints":{"network":"none","charging":true,"batteryNotLow":true,"storageNotLow":true,"deviceIdle":true}}""")
        val asked = work.spec.constraints
        expect("network", asked.requiredNetworkType, NetworkType.NOT_REQUIRED)
        expect(
            "asked for",
            listOf(asked.requiresCharging(), asked.requiresBatteryNotLow(), asked.requiresStorageNotLow(), asked.requiresDeviceIdle()),
            listOf(true, true, true, true),
        )
        configure("""{"constraints":{"network":"notRoaming"}}""")
        expect("network", work.spec.constraints.requiredNetworkType, NetworkType.NOT_ROAMING)
        expect("charging", work.spec.constraints.requiresCharging(), false)

        configure("""{"constraints":{"network":"none","charging":true}}""")
        system.isConnected = false
        hours(2)
        expect("not on battery", events("run.start").size, 0)
        system.isCharging = true
        seconds(60)
        expect("on the charger, without a network", last("run.end").getString("out"), "done")
    }

    test("the same settings again change nothing: no event, no update") {
        startProcess().register()
        seconds(1)
        configure(UNMETERED)
        val generation = work.spec.generation
        val lines = lines.size
        expect("accepted", configure("""{ "constraints": { "network": "unmetered" } }"""), true)
        expect("generation", work.spec.generation, generation)
        expect("lines", this.lines.size, lines)
    }

    test("settings that are no JSON, or of another version, set what can be read of them") {
        startProcess().register()
        seconds(1)
        for (text in listOf("", "{", "[]", "null", """{"constraints":7,"intervalMinutes":"x"}""", """{"constraints":{"network":"5g","charging":"yes"}}""")) {
            expect(text, SyncSettings.of(text), SyncSettings())
        }
        configure("""{"new":1,"constraints":{"network":"5g","charging":true}}""")
        expect("what is known", work.spec.constraints.requiresCharging() to work.spec.constraints.requiredNetworkType, true to NetworkType.CONNECTED)
    }

    test("an interval set at run time counts from now on, and the policy follows it") {
        startProcess().register()
        seconds(1)
        configure("""{"intervalMinutes":15}""")
        expect("moved up", work.nextRunAt() - clock.now() in 895_000L..900_000L, true)
        expect("period", work.spec.intervalDuration, 900_000L)
        hours(1)
        val end = last("run.end")
        expect("after a run", end.getLong("next") - end.getLong("ts"), 900_000L)
        kill()
        startProcess().register()
        seconds(1)
        expect("kept", last("register").getString("why"), "kept")
        configure("""{"intervalMinutes":600}""")
        expect("a longer one leaves the window that is set", work.nextRunAt() - clock.now() <= 900_000L, true)
        hours(1)
        val later = last("run.end")
        expect("after the next run", later.getLong("next") - later.getLong("ts"), 36_000_000L)
        process!!.register()
        seconds(1)
        expect("not stranded", last("register").getString("why"), "kept")
    }

    test("an interval set while runs go wrong leaves the back-off alone") {
        startProcess(JavaScript.answering("retry", 1)).register()
        hours(4)
        val next = work.nextRunAt()
        check(next - clock.now() > 900_000) { "no back-off: nothing is tested" }
        configure("""{"intervalMinutes":15}""")
        expect("next", work.nextRunAt(), next)
    }

    test("settings before the first register, while switched off, and in the middle of a run") {
        startProcess(JavaScript.silent())
        expect("nothing is enqueued", configure(UNMETERED), true)
        expect("nothing is enqueued", workManager.unique(BackgroundSyncConfig.WORK_NAME), null)
        process!!.register()
        seconds(1)
        expect("at register", unmeteredOnly(), true)

        hours(1)
        seconds(30)
        expect("a run is open", process!!.runtime.gate.openRun != null, true)
        val run = last("run.start").getString("run")
        configure("""{"constraints":{"charging":true}}""")
        expect("the run goes on", process!!.runtime.gate.openRun?.id, run)
        process!!.complete(run, "done")
        seconds(10)
        expect("after it", work.spec.constraints.requiresCharging(), true)

        process!!.cancel()
        seconds(1)
        expect("kept", configure(UNMETERED), true)
        expect("not brought back", work.state, WorkInfo.State.CANCELLED)
        process!!.register()
        seconds(1)
        expect("at register", unmeteredOnly(), true)
    }

    test("of two settings in a row the later counts") {
        startProcess().register()
        seconds(1)
        val module = BackgroundSyncModule(FakeReactContext { true })
        val answers = mutableListOf<Any?>()
        module.configure(UNMETERED, "", promise { answers += it })
        module.configure("""{"constraints":{"charging":true}}""", "", promise { answers += it })
        seconds(1)
        expect("answers", answers, listOf<Any?>(true, true))
        expect("network", work.spec.constraints.requiredNetworkType, NetworkType.CONNECTED)
        expect("charging", work.spec.constraints.requiresCharging(), true)
    }

    test("WorkManager fails when the app sets constraints: false, and register makes up for it") {
        startProcess().register()
        seconds(1)
        workManager.failure = IllegalStateException("broken")
        expect("accepted", configure(UNMETERED), false)
        workManager.failure = null
        process!!.register()
        seconds(1)
        expect("made up for", last("register").getString("why"), "updated")
        expect("in WorkManager", unmeteredOnly(), true)
    }

    test("getStatus names constraints, what is unmet, and the interval in effect") {
        startProcess().register()
        seconds(1)
        val before = process!!.status()
        expect("constraints", before.getJSONArray("constraints").toString(), """["any"]""")
        expect("unmet", before.getJSONArray("unmet").length(), 0)
        configure("""{"constraints":{"network":"unmetered","charging":true},"intervalMinutes":30}""")
        network = NetworkState("cell", metered = true)
        val after = process!!.status()
        expect("constraints", after.getJSONArray("constraints").toString(), """["unmetered","charging"]""")
        expect("unmet", after.getJSONArray("unmet").toString(), """["unmetered","charging"]""")
        expect("interval", after.getInt("intervalMinutes"), 30)
    }

    // What the CLI makes of each: tests/devices/constraints-android.test.ts
    for ((index, name) in CONSTRAINTS.withIndex()) {
        test("$name holds the window back and is told where it is not there, and stops the run by its name where it goes away") {
            // Asked of JobScheduler from Android 8 on.
            if (Build.VERSION.SDK_INT < 26 && name in listOf("batteryNotLow", "storageNotLow")) return@test
            val stops = JSONArray(File(vectors.parentFile, "constraint-stops.json").readText())
            expect("all", stops.length(), CONSTRAINTS.size)
            val stop = stops.getJSONObject(index)
            expect("order", stop.getString("constraint"), name)
            setMet(name, false)
            startProcess(JavaScript.silent()).register()
            seconds(1)
            configure(JSONObject().put("constraints", stop.getJSONObject("settings")).toString())
            hours(5)
            expect("runs without it", events("run.start").size, 0)
            val status = process!!.status()
            for (key in listOf("constraints", "unmet")) expect(key, status.getJSONArray(key).toString(), """["$name"]""")
            setMet(name, true)
            seconds(60)
            expect("runs with it", events("run.start").size, 1)
            expect("unmet", process!!.status().getJSONArray("unmet").length(), 0)
            setMet(name, false)
            seconds(5)
            // Before Android 12 the system does not say why it stops a job.
            val why = if (Build.VERSION.SDK_INT >= 31) stop.getString("stop") else "stopped"
            expect("expire", last("expire").getString("why"), why)
            expect("end", last("run.end").run { getString("out") to getString("why") }, "expired" to why)
            expectChainAlive()
        }
    }

    val cases = JSONObject(vectors.readText()).getJSONArray("constraints")
    check(cases.length() >= 20)
    for (index in 0 until cases.length()) {
        val case = cases.getJSONObject(index)
        test("constraint: ${case.getString("name")}") {
            val settings = SyncSettings.of(JSONObject().put("constraints", case.getJSONObject("constraints")))
            val unmet = settings.constraintsOf(FIRST).unmet(deviceOf(case.getJSONObject("device")))
            expect("unmet", JSONArray(unmet).toString(), case.getJSONArray("unmet").toString())
        }
    }
}

private fun deviceOf(json: JSONObject): DeviceState =
    DeviceState(
        BatteryState(json.getInt("percent"), json.getBoolean("charging"), saver = false),
        NetworkState(if (json.getBoolean("connected")) "wifi" else "none", json.getBoolean("metered"), json.getBoolean("roaming")),
        bucket = null,
        storageLow = json.getBoolean("storageLow"),
        inUse = json.getBoolean("inUse"),
    )
