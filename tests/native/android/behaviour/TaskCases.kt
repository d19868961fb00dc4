package dev.bgsync.tests

import androidx.work.NetworkType
import androidx.work.WorkInfo
import dev.bgsync.BackgroundSyncConfig
import dev.bgsync.BackgroundSyncWorker
import dev.bgsync.Receiver
import dev.bgsync.RequiredNetwork
import dev.bgsync.RunId
import dev.bgsync.RunRequest
import dev.bgsync.SyncSettings
import dev.bgsync.SyncStatus
import dev.bgsync.SyncTask
import dev.bgsync.SyncTasks
import dev.bgsync.Trigger
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import org.json.JSONObject
import java.io.File

internal val PHOTOS =
    SyncTask(
        "photos",
        BackgroundSyncConfig.policy.copy(intervalSeconds = 2 * 3_600),
        BackgroundSyncConfig.constraints.copy(network = RequiredNetwork.UNMETERED),
    )

private const val PHOTOS_ID = "dev.bgsync.sync.v1.photos"

private val World.photos: Work get() = checkNotNull(workManager.unique(PHOTOS_ID)) { "photos is not enqueued" }

private fun World.eventsOf(
    task: SyncTask,
    name: String,
) = events(name).filter { it.optString("task") == task.id }

private fun AppProcess.registerBoth() =
    launch {
        BackgroundSyncWorker.register(TestContext, switchOn = false)
        BackgroundSyncWorker.register(TestContext, switchOn = false, name = "photos")
    }

private fun World.startBoth(js: JavaScript = JavaScript.draining()): AppProcess {
    tasks = SyncTasks(listOf(FIRST, PHOTOS))
    return startProcess(js).also { it.registerBoth() }
}

private fun AppProcess.foreground(
    task: SyncTask,
    owner: Any = this,
    hear: (String) -> Unit,
) = launch { runtime.runner.foreground(RunRequest(RunId.next(), task.id, Trigger.FOREGROUND), Receiver(owner, hear)) }

/** Several syncs in one app, each with work, books and settings of its own. */
internal fun taskCases() {
    test("each sync has unique work of its own, with its own interval and constraints") {
        startBoth()
        seconds(1)
        expect("names", workManager.works.map { it.uniqueName }.toSet(), setOf(BackgroundSyncConfig.WORK_NAME, PHOTOS_ID))
        expect("the first's interval", work.spec.intervalDuration, 3_600_000L)
        expect("the other's", photos.spec.intervalDuration, 7_200_000L)
        expect("the first's network", work.spec.constraints.requiredNetworkType, NetworkType.CONNECTED)
        expect("the other's", photos.spec.constraints.requiredNetworkType, NetworkType.UNMETERED)
        expect("the first has no input", work.spec.input.size(), 0)
        process!!.registerBoth()
        seconds(1)
        expect("registered again", events("register").map { it.getString("why") }, listOf("new", "new", "kept", "kept"))
    }

    test("each run names its sync, to JavaScript and in every event") {
        val names = mutableListOf<String>()
        startBoth(
            JavaScript { run ->
                names += "${run.optString("name")} ${run.getString("taskId")}"
                complete(run.getString("runId"), "done")
            },
        )
        hours(1)
        seconds(60)
        hours(1)
        seconds(60)
        check("photos $PHOTOS_ID" in names && " ${BackgroundSyncConfig.WORK_NAME}" in names) { "$names" }
        for (name in listOf("register", "run.start", "js.start", "schedule", "run.end")) check(eventsOf(PHOTOS, name).isNotEmpty()) { "no $name of photos" }
        expect("the other's next window", photos.nextRunAt(), eventsOf(PHOTOS, "run.end").last().getLong("next"))
        expect("the first's", work.nextRunAt(), eventsOf(FIRST, "run.end").last().getLong("next"))
    }

    test("failures, skips and the last run are counted per sync, also over a process death") {
        startBoth(
            JavaScript { run ->
                complete(run.getString("runId"), if (run.optString("name") == "photos") "retry" else "done")
            },
        )
        hours(2)
        seconds(600)
        expect("photos has failed", process!!.runtime.gate.ledger.state(PHOTOS).consecutiveFailures > 0, true)
        expect("the first has not", process!!.state.consecutiveFailures, 0)
        expect("photos backs off", eventsOf(PHOTOS, "schedule").last().getString("why"), "retry")
        val failures = process!!.runtime.gate.ledger.state(PHOTOS).consecutiveFailures
        val last = process!!.runtime.gate.ledger.state(PHOTOS).lastRun
        kill()
        startProcess()
        expect("kept", process!!.runtime.gate.ledger.state(PHOTOS).consecutiveFailures, failures)
        expect("the last run", process!!.runtime.gate.ledger.state(PHOTOS).lastRun, last)
        expect("the first's", process!!.state.consecutiveFailures, 0)
    }

    test("an app that has one sync keeps the state file as it was, and gives it to the first of several") {
        startProcess(JavaScript.answering("retry")).register()
        hours(1)
        seconds(60)
        val file = File(directory, "state.json")
        expect("keys", JSONObject(file.readText()).keys().asSequence().toSet(), setOf("failures", "skips", "armed", "settings", "last"))
        kill()
        startBoth()
        seconds(1)
        expect("failures", process!!.state.consecutiveFailures, 1)
        expect("of the other", process!!.runtime.gate.ledger.state(PHOTOS).consecutiveFailures, 0)
        expect("the first's work", events("register").last { it.getString("task") == FIRST.id }.getString("why"), "kept")
    }

    test("a window that comes while another sync runs waits for its turn, and does not end busy") {
        startBoth(
            JavaScript { run ->
                delay(90_000)
                complete(run.getString("runId"), "done")
            },
        )
        seconds(1)
        process!!.launch { BackgroundSyncWorker.execute(TestContext, FIRST.id) }
        process!!.launch { BackgroundSyncWorker.execute(TestContext, PHOTOS_ID) }
        process!!.launch { BackgroundSyncWorker.execute(TestContext, PHOTOS_ID) }
        process!!.launch { BackgroundSyncWorker.execute(TestContext, FIRST.id) }
        seconds(300)
        expect("runs", events("run.start").map { it.getString("task") }, listOf(FIRST.id, PHOTOS_ID))
        expect("ends", events("run.end").map { it.getString("out") }, listOf("done", "done"))
        // One that runs, or waits, does the work of a second of the same sync.
        expect("skips", events("run.skip").map { "${it.getString("task")} ${it.getString("why")}" }, listOf("$PHOTOS_ID busy", "${FIRST.id} busy"))
    }

    test("turns are taken in the order of their coming") {
        val upload = PHOTOS.copy(name = "upload")
        tasks = SyncTasks(listOf(FIRST, PHOTOS, upload))
        startProcess(
            JavaScript { run ->
                delay(5_000)
                complete(run.getString("runId"), "done")
            },
        )
        val order = listOf(upload, FIRST, PHOTOS)
        for (round in 1..3) {
            for (task in order) process!!.launch { BackgroundSyncWorker.execute(TestContext, task.id) }
            seconds(60)
        }
        expect("order", events("run.start").map { it.getString("task") }, order.map { it.id }.let { it + it + it })
    }

    test("a turn that would be cut short by the end of its window is not taken, and comes again") {
        val upload = PHOTOS.copy(name = "upload")
        tasks = SyncTasks(listOf(FIRST, PHOTOS, upload))
        startProcess(JavaScript { delay(200_000) })
        for (task in tasks.all) process!!.launch { BackgroundSyncWorker.execute(TestContext, task.id) }
        seconds(1_200)
        expect("runs", events("run.start").map { it.getString("task") }, listOf(FIRST.id, PHOTOS_ID))
        expect("why", events("run.skip").map { "${it.getString("task")} ${it.getString("why")}" }, listOf("${upload.id} queue"))
        expect("no failure", process!!.runtime.gate.ledger.state(upload).consecutiveFailures, 0)
        process!!.launch { BackgroundSyncWorker.execute(TestContext, upload.id) }
        seconds(10)
        expect("the gate is free again", events("run.start").last().getString("task"), upload.id)
    }

    test("a worker that is stopped while it waits opens no run, and WorkManager starts it again") {
        startBoth(
            JavaScript { run ->
                if (run.optString("name") != "photos") delay(100_000)
                complete(run.getString("runId"), "done")
            },
        )
        seconds(7_100)
        // Until photos is due.
        process!!.foreground(FIRST) { }
        seconds(150)
        val before = eventsOf(PHOTOS, "run.start").size
        expect("photos waits", photos.state, WorkInfo.State.RUNNING)
        workManager.isConnected = false
        seconds(5)
        expect("no run", eventsOf(PHOTOS, "run.start").size, before)
        expect("asked for again", photos.state, WorkInfo.State.ENQUEUED)
        workManager.isConnected = true
        hours(1)
        check(eventsOf(PHOTOS, "run.end").size > before) { "photos never ran again" }
    }

    test("cancel withdraws one sync alone, and ends only its own run") {
        startBoth(JavaScript { awaitCancellation() })
        seconds(1)
        process!!.launch { BackgroundSyncWorker.execute(TestContext, FIRST.id) }
        seconds(5)
        process!!.launch { BackgroundSyncWorker.cancel(TestContext, "photos") }
        seconds(1)
        expect("photos", photos.state, WorkInfo.State.CANCELLED)
        expect("the first's work", work.state, WorkInfo.State.ENQUEUED)
        expect("the first's run is open", process!!.runtime.gate.openRun?.taskId, FIRST.id)
        kill()
        startProcess().registerBoth()
        seconds(1)
        expect("over a restart", photos.state, WorkInfo.State.CANCELLED)
        process!!.launch { BackgroundSyncWorker.register(TestContext, name = "photos") }
        seconds(1)
        expect("switched on again", photos.state, WorkInfo.State.ENQUEUED)
    }

    test("configure changes one sync alone, over a restart") {
        startBoth()
        seconds(1)
        val firstBefore = work.spec.constraints
        process!!.launch { BackgroundSyncWorker.configure(TestContext, """{"constraints":{"network":"any"},"intervalMinutes":30}""", "photos") }
        seconds(1)
        expect("photos network", photos.spec.constraints.requiredNetworkType, NetworkType.CONNECTED)
        expect("photos interval", photos.spec.intervalDuration, 1_800_000L)
        expect("the first", work.spec.constraints, firstBefore)
        kill()
        startProcess().registerBoth()
        seconds(1)
        expect("kept", photos.spec.intervalDuration, 1_800_000L)
        expect("the first has none", process!!.state.settings, SyncSettings())
    }

    test("scheduleNext of one sync inside the run of another leaves that run its policy") {
        startBoth(
            JavaScript { run ->
                BackgroundSyncWorker.scheduleNext(TestContext, 4 * 3_600, "photos")
                complete(run.getString("runId"), "done")
            },
        )
        process!!.launch { BackgroundSyncWorker.execute(TestContext, FIRST.id) }
        seconds(60)
        expect("the first's", eventsOf(FIRST, "schedule").last().getString("why"), "done")
        expect("photos", photos.nextRunAt() - clock.now() > 3 * 3_600_000, true)
    }

    test("work of a sync that this version has no more withdraws itself, without a run") {
        startBoth()
        seconds(1)
        kill()
        tasks = SyncTasks(listOf(FIRST))
        startProcess().register()
        hours(3)
        expect("photos", workManager.unique(PHOTOS_ID)?.state, WorkInfo.State.CANCELLED)
        expect("no run of it", eventsOf(PHOTOS, "run.start").size, 0)
        check(eventsOf(FIRST, "run.end").isNotEmpty()) { "the first has no run" }
    }

    test("status tells one sync's own") {
        startBoth()
        seconds(1)
        process!!.launch { BackgroundSyncWorker.configure(TestContext, """{"constraints":{"network":"notRoaming"}}""", "photos") }
        seconds(1)
        var status: JSONObject? = null
        process!!.launch { status = SyncStatus.of(process!!.runtime, PHOTOS) }
        seconds(0)
        expect("interval", status!!.getInt("intervalMinutes"), 120)
        expect("constraints", status!!.getJSONArray("constraints").toString(), """["notRoaming"]""")
        expect("next", status!!.getLong("next"), photos.nextRunAt())
        expect("the first's", process!!.status().getInt("intervalMinutes"), 60)
    }

    test("a foreground drain of another sync waits; JavaScript that goes meanwhile gets no run, and holds no gate") {
        startBoth(
            JavaScript { run ->
                delay(60_000)
                complete(run.getString("runId"), "done")
            },
        )
        val process = process!!
        val old = Any()
        val heard = mutableListOf<String>()
        process.launch { BackgroundSyncWorker.execute(TestContext, FIRST.id) }
        seconds(2)
        process.foreground(PHOTOS, owner = old) { heard += it }
        seconds(2)
        expect("it waits", heard, emptyList<String>())
        process.runtime.gate.abandon(old)
        seconds(120)
        expect("it heard nothing", heard, emptyList<String>())
        expect("the gate", process.runtime.gate.openRun, null)
        process.foreground(PHOTOS) { heard += it }
        seconds(1)
        expect("a later one", JSONObject(heard.single()).getString("name"), "photos")
    }

    test("onRun hears which sync a run was of") {
        startBoth()
        val heard = mutableListOf<String>()
        process!!.launch { BackgroundSyncWorker.execute(TestContext, PHOTOS_ID) }
        seconds(30)
        process!!.runtime.gate.ended.next(0, Receiver(this) { heard += JSONObject(it).optString("name") })
        expect("name", heard, listOf("photos"))
    }
}
