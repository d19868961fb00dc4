package dev.bgsync.tests

import android.content.Context
import android.os.Build
import androidx.work.Configuration
import androidx.work.Constraints
import androidx.work.CoroutineWorker
import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.OneTimeWorkRequest
import androidx.work.PeriodicWorkRequest
import androidx.work.WorkInfo
import androidx.work.WorkManager
import androidx.work.WorkerParameters
import dev.bgsync.BackgroundSyncConfig
import dev.bgsync.BackgroundSyncModule
import dev.bgsync.BackgroundSyncWorker
import dev.bgsync.Receiver
import dev.bgsync.SyncSettings
import dev.bgsync.SystemJobs
import dev.bgsync.boot.PlayedJobScheduler
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation
import org.json.JSONObject
import java.io.File
import java.util.UUID
import java.util.concurrent.TimeUnit

/** A worker of the app's own, from before bgsync. */
class ForeignWorker(
    context: Context,
    parameters: WorkerParameters,
) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result =
        when (id.toString().last().code % 2) {
            0 -> throw IllegalStateException("x")
            else -> throw CancellationException("x")
        }
}

class ThrowingWorker(
    context: Context,
    parameters: WorkerParameters,
) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result = throw IllegalStateException("x")
}

class CancellingWorker(
    context: Context,
    parameters: WorkerParameters,
) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result = throw CancellationException("x")
}

class UnconstructibleWorker(
    context: Context,
    parameters: WorkerParameters,
) : CoroutineWorker(context, parameters) {
    init {
        error("x")
    }

    override suspend fun doWork(): Result = Result.success()
}

private fun World.interval() = TimeUnit.SECONDS.toMillis(BackgroundSyncConfig.policy.maxSeconds)

/** What an in-memory scheduler of our own had called green, on the real WorkManager. */
internal fun realCases() {
    test("log out, log in: cancel, then register, arms the schedule at once") {
        startProcess().register()
        seconds(1)
        process!!.cancel()
        seconds(1)
        expect("withdrawn", work.state, WorkInfo.State.CANCELLED)
        process!!.register()
        seconds(1)
        expect("heal", last("heal").getString("why"), "cancelled")
        expect("what it says is what is stored", last("heal").getLong("next"), work.nextRunAt())
        expectChainAlive()
        hours(2)
        expect("it runs", last("run.end").getString("out"), "done")
    }

    test("log out and in while a run is open") {
        startProcess(JavaScript.silent()).register()
        hours(1)
        seconds(30)
        process!!.cancel()
        process!!.register()
        seconds(30)
        expect("expire", last("expire").getString("why"), "cancelled")
        expect("errors", events("schedule.error"), emptyList<JSONObject>())
        expectChainAlive()
    }

    test("every state that is an end is healed") {
        startProcess().register()
        seconds(1)
        for (state in WorkInfo.State.values().filter { it.isFinished }) {
            work.state = state
            process!!.register()
            seconds(1)
            expect("heal", last("heal").getString("why"), state.name.lowercase())
            expectChainAlive()
        }
    }

    test("work whose job WorkManager has taken away itself has none after a restart either, until the app registers") {
        startProcess().register()
        seconds(1)
        process!!.launch { BackgroundSyncWorker.scheduleNext(TestContext, 5_000) }
        seconds(1)
        val before = work.spec
        workManager.takeJobAway(work)
        kill()
        startProcess()
        seconds(1)
        expect("WorkManager mends it by itself", system.hasJob(work.id), false)
        expect("state", work.state, WorkInfo.State.ENQUEUED)
        process!!.register()
        seconds(1)
        expect("heal", last("heal").getString("why"), "lost")
        expect("stored", last("heal").getLong("next"), work.nextRunAt())
        expect("its job", system.hasJob(work.id), true)
        expect("the same work", work.id, before.id)
        expect("the same window", work.nextRunAt(), before.calculateNextRunTime())
        process!!.register()
        seconds(1)
        expect("once", last("register").getString("why"), "kept")
        expect("heals", events("heal").size, 1)
        hours(2)
        expect("it runs", last("run.end").getString("out"), "done")
    }

    test("the job of a WorkManager that has no namespace of its own, as 2.9 has none, is found, and only its own") {
        startProcess().register()
        seconds(1)
        val jobs = SystemJobs(TestContext)
        val id = UUID.fromString(work.id)
        for (has in listOf(true, false)) {
            PlayedJobScheduler.hasNamespace = has
            try {
                expect("namespace $has", jobs.has(id, 86_400_000) to jobs.has(UUID.randomUUID(), 86_400_000), true to false)
            } finally {
                PlayedJobScheduler.hasNamespace = true
            }
        }
    }

    test("a job that fell due while the clock was behind is made anew when the clock is right again") {
        startProcess().register()
        seconds(1)
        val before = work.spec
        clock.shift = -30L * 86_400_000
        hours(1)
        seconds(10)
        expect("WorkManager hands it back", events("run.start").size, 0)
        clock.shift = 0
        seconds(1)
        process!!.register()
        seconds(1)
        expect("the same work", work.id, before.id)
        hours(5)
        check(events("run.end").isNotEmpty()) { "no run, with a job for ${system.delayOf(work.id)} ms: ${work.spec}" }
        process!!.register()
        seconds(1)
        expect("once", last("register").getString("why"), "kept")
    }

    test("a clock that was ahead for one run does not strand the schedule, and register says so") {
        startProcess().register()
        clock.shift = 4L * 365 * 86_400_000
        hours(2)
        expect("it ran ahead", last("run.end").getString("out"), "done")
        clock.shift = 0
        check(work.nextRunAt() - clock.now() > 86_400_000L * 365) { "not stranded: nothing is tested" }
        process!!.register()
        seconds(1)
        expect("heal", last("heal").getString("why"), "stranded")
        expect("stored", last("heal").getLong("next"), work.nextRunAt())
        expectChainAlive()
    }

    test("a clock that was ahead: scheduleNext answers what is stored, not what was wished") {
        startProcess().register()
        clock.shift = 4L * 365 * 86_400_000
        hours(2)
        clock.shift = 0
        var next: Long? = null
        process!!.launch { next = BackgroundSyncWorker.scheduleNext(TestContext, 900) }
        seconds(1)
        expect("next", next, work.nextRunAt())
        expectChainAlive()
    }

    test("what the app asked for within the policy's longest delay is healthy") {
        startProcess().register()
        seconds(1)
        process!!.launch { BackgroundSyncWorker.scheduleNext(TestContext, BackgroundSyncConfig.policy.maxSeconds) }
        seconds(1)
        process!!.register()
        seconds(1)
        expect("kept", last("register").getString("why"), "kept")
        check(work.nextRunAt() - clock.now() in interval() - 5_000..interval())
    }

    test("a Retry-After of a day is later than any window of the policy, and holds over a restart of the app") {
        startProcess(JavaScript { run ->
            BackgroundSyncWorker.scheduleNext(TestContext, 86_400)
            complete(run.getString("runId"), "retry", 3)
        }).register()
        hours(1)
        seconds(30)
        val asked = last("run.end").getLong("next")
        check(asked - clock.now() in 86_300_000..86_400_000L) { "asked for $asked" }
        kill()
        startProcess().register()
        seconds(1)
        expect("kept", last("register").getString("why"), "kept")
        expect("next", work.nextRunAt(), asked)
        hours(24)
        expect("it came", last("run.end").getString("out"), "done")
        clock.shift = -20 * 3_600_000L
        process!!.register()
        seconds(1)
        expect("and with its run it is over", last("heal").getString("why"), "stranded")
    }

    test("scheduleNext asks for a week at most, as on iOS, whatever the clock was then") {
        startProcess().register()
        seconds(1)
        var next: Long? = null
        process!!.launch { next = BackgroundSyncWorker.scheduleNext(TestContext, 1_000_000_000) }
        seconds(1)
        expect("a week", next, clock.now() - 1_000 + 604_800_000)
        expect("as it is stored", next, work.nextRunAt())
        clock.shift = -86_400_000
        process!!.register()
        seconds(1)
        expect("heal", last("heal").getString("why"), "stranded")
        expectChainAlive()
    }

    test("a clock that was ahead: configure heals where its shorter interval would wait as long") {
        startProcess().register()
        clock.shift = 4L * 365 * 86_400_000
        hours(2)
        clock.shift = 0
        process!!.launch { BackgroundSyncWorker.configure(TestContext, """{"intervalMinutes":15}""") }
        seconds(1)
        expect("heal", last("heal").getString("why"), "stranded")
        check(work.nextRunAt() - clock.now() <= 900_000) { "next ${work.nextRunAt()}" }
        expect("said", last("configure").getLong("next"), work.nextRunAt())
    }

    val defective =
        mapOf(
            "throws" to ThrowingWorker::class.java,
            "cancels itself" to CancellingWorker::class.java,
            "cannot be constructed" to UnconstructibleWorker::class.java,
            "is of a class that is gone" to ForeignWorker::class.java,
        )
    for ((what, type) in defective) {
        test("facts: a periodic worker that $what is failed for ever with 2.10, and waits again from 2.11.2 on") {
            startProcess()
            val name = "facts"
            workManager.enqueueUniquePeriodicWork(
                name,
                ExistingPeriodicWorkPolicy.KEEP,
                PeriodicWorkRequest.Builder(type, 1, TimeUnit.HOURS).setInitialDelay(1, TimeUnit.MINUTES).build(),
            )
            seconds(1)
            val work = checkNotNull(workManager.unique(name))
            if (what.endsWith("gone")) {
                workManager.database.openHelper.writableDatabase
                    .execSQL("UPDATE workspec SET worker_class_name = 'com.example.Gone' WHERE id = '${work.id}'")
            }
            seconds(90)
            val isOld = System.getProperty("bgsync.work").orEmpty().startsWith("2.10.")
            expect("state", work.state, if (isOld) WorkInfo.State.FAILED else WorkInfo.State.ENQUEUED)
            expect("its job", system.hasJob(work.id), !isOld)
            if (!isOld) expect("its next period", work.nextRunAt() > clock.now() + 3_000_000, true)
        }
    }

    test("a drain's scheduleNext holds against the policy of its run, however that ends") {
        val module by lazy { BackgroundSyncModule(FakeReactContext { true }) }
        var outcome = "retry"
        startProcess(JavaScript { run ->
            module.scheduleNext(7_200.0, "", promise { })
            complete(run.getString("runId"), outcome, 3)
        }).register()
        seconds(1)
        for (answer in listOf("retry", "done", "failed")) {
            outcome = answer
            val runs = events("run.end").size
            hours(3)
            expect("a run", events("run.end").size > runs, true)
            val end = last("run.end")
            expect(answer, end.getLong("next") - events("js.start").last().getLong("ts") in 7_200_000L..7_201_000L, true)
            expect("why", last("schedule").getString("why"), "requested")
            expect("stored", work.nextRunAt(), end.getLong("next"))
        }
    }

    for (isKilled in listOf(false, true)) {
        test("a clock that is set back while a run is open: what was asked for in it is no further away${if (isKilled) ", nor where its process dies" else ""}") {
            startProcess(JavaScript.silent()).register()
            seconds(1)
            trigger()
            seconds(5)
            process!!.launch { BackgroundSyncWorker.scheduleNext(TestContext, 7_200) }
            seconds(1)
            clock.shift = -30L * 86_400_000
            if (isKilled) {
                kill()
                startProcess().register(switchOn = false)
                seconds(1)
            } else {
                seconds(600)
            }
            expect("two hours from its end", last("run.end").getLong("next"), last("run.end").getLong("ts") + 7_200_000)
            expect("stored", work.nextRunAt(), last("run.end").getLong("next"))
        }
    }

    test("a request does not outlive its run") {
        val module by lazy { BackgroundSyncModule(FakeReactContext { true }) }
        var asks = true
        startProcess(JavaScript { run ->
            if (asks) module.scheduleNext(7_200.0, "", promise { })
            asks = false
            complete(run.getString("runId"), "done", 3)
        }).register()
        hours(4)
        expect("the next run's policy", last("run.end").getLong("next") - last("run.end").getLong("ts"), 900_000L)
    }

    test("the network flaps: the run comes back with it, and the reason of the stop stays readable") {
        startProcess(JavaScript { run ->
            val expired = CompletableDeferred<String>()
            runtime.gate.whenExpired(run.getString("runId")) { expired.complete(it) }
            expired.await()
        }).register()
        hours(1)
        seconds(30)
        repeat(4) { drop ->
            workManager.isConnected = false
            seconds(5)
            expect("ended", last("run.end").getString("out"), "expired")
            expect("no time of ours", last("run.end").has("next"), false)
            if (Build.VERSION.SDK_INT >= 31) expect("stop reason", work.stopReason, WorkInfo.STOP_REASON_CONSTRAINT_CONNECTIVITY)
            workManager.isConnected = true
            seconds(30L shl drop)
            seconds(5)
            expect("started again", events("run.start").size, drop + 2)
        }
    }

    test("cancel of a running run is no error and no failure") {
        startProcess(JavaScript.silent()).register()
        hours(1)
        seconds(30)
        process!!.cancel()
        seconds(30)
        expect("end", last("run.end").getString("out") to last("run.end").getString("why"), "expired" to "cancelled")
        expect("errors", events("schedule.error"), emptyList<JSONObject>())
        expect("failures", process!!.state.consecutiveFailures, 0)
    }

    test("a triggered run whose process died is ended by WorkManager's next start, without JavaScript") {
        startProcess(JavaScript.silent()).register()
        val run = trigger()
        seconds(30)
        kill()
        startProcess(JavaScript(asksForRuns = false) {})
        seconds(120)
        expect("end", events("run.end").map { it.getString("run") to it.getString("out") }, listOf(run to "killed"))
    }

    test("work of another class under our name is made ours, in its window") {
        startProcess()
        workManager.enqueueUniquePeriodicWork(
            BackgroundSyncConfig.WORK_NAME,
            ExistingPeriodicWorkPolicy.KEEP,
            PeriodicWorkRequest
                .Builder(ForeignWorker::class.java, BackgroundSyncConfig.policy.intervalSeconds, TimeUnit.SECONDS)
                .setConstraints(SyncSettings().constraintsOf(FIRST).toWork())
                .setInitialDelay(30, TimeUnit.MINUTES)
                .build(),
        )
        seconds(1)
        process!!.register()
        seconds(1)
        expect("why", last("register").getString("why"), "updated")
        expect("class", work.spec.workerClassName, BackgroundSyncWorker::class.java.name)
        hours(1)
        expect("it runs", last("run.end").getString("out"), "done")
    }

    test("WorkManager's executor is blocked: the run ends all the same, and the gate is free") {
        startProcess(JavaScript { run ->
            workManager.isBlocked = true
            complete(run.getString("runId"), "done")
        }).register()
        hours(1)
        seconds(60)
        expect("error", last("schedule.error").getString("why"), "timeout")
        expect("outcome", last("run.end").getString("out"), "done")
        expect("gate", process!!.runtime.gate.openRun, null)
        workManager.isBlocked = false
        seconds(5)
        expectChainAlive()
    }

    test("cancel outlives the process: the next start of JavaScript arms nothing, register() does") {
        startProcess().register()
        seconds(1)
        process!!.cancel()
        seconds(1)
        kill()
        hours(30)
        startProcess()
        process!!.register(switchOn = false)
        seconds(1)
        check(workManager.unique(BackgroundSyncConfig.WORK_NAME)?.state?.isFinished != false) { "armed" }
        var next: Long? = 0
        process!!.launch { next = BackgroundSyncWorker.scheduleNext(TestContext, 3_600) }
        hours(3)
        expect("scheduleNext", next, null)
        expect("runs", events("run.start").size, 0)
        process!!.register()
        hours(3)
        expect("on again", last("run.end").getString("out"), "done")
    }

    test("a window that comes after cancel() does not drain, and is a success") {
        startProcess().register()
        seconds(1)
        process!!.runtime.gate.ledger.switchOn(process!!.runtime.tasks.first, false)
        hours(1)
        seconds(10)
        expect("skip", last("run.skip").getString("why"), "cancelled")
        expect("result", work.results, listOf("success"))
        expect("starts", events("run.start").size, 0)
        expect("skips", process!!.state.consecutiveSkips, 0)
    }

    test("a locked device drains, and the handler is told") {
        val locked = mutableListOf<Boolean>()
        startProcess(JavaScript { run ->
            locked += run.getBoolean("locked")
            complete(run.getString("runId"), "done")
        }).register()
        hours(1)
        seconds(10)
        isLocked = false
        hours(1)
        seconds(10)
        expect("locked", locked, listOf(true, false))
        expect("env", events("run.start").map { it.getJSONObject("env").getInt("locked") }, listOf(1, 0))
    }

    test("a process that dies after its window closed leaves an expired run") {
        startProcess(JavaScript.silent()).register()
        hours(1)
        seconds(183)
        expect("expire", events("expire").size, 1)
        kill()
        startProcess().register()
        seconds(1)
        expect("end", last("run.end").getString("out") to last("run.end").getString("why"), "expired" to "budget")
    }

    test("a state file that cannot be written does not make one run done and killed") {
        startProcess(JavaScript { run ->
            File(directory, "state.json.new").mkdirs()
            complete(run.getString("runId"), "done")
        }).register()
        hours(1)
        seconds(10)
        expect("done", last("run.end").getString("out"), "done")
        kill()
        File(directory, "state.json.new").delete()
        startProcess().register()
        seconds(5)
        expect("ends", events("run.end").size, 1)
    }

    test("a torn line in mid-process does not swallow the next event") {
        startProcess().register()
        seconds(1)
        File(directory, "events.jsonl").appendText("BGSYNC1 {\"v\":1,\"se")
        hours(1)
        seconds(10)
        val history = process!!.runtime.events.history(100)
        check("run.start" in history && "run.end" in history) { history }
    }

    test("two JavaScripts wait: the newest gets the run, and one that goes does not deafen the other") {
        val process = startProcess(JavaScript(asksForRuns = false) {})
        process.isRunning = true
        process.register()
        val got = mutableListOf<String>()
        val first = Any()
        val second = Any()
        process.runtime.gate.nextRun(Receiver(first) { got += "first" })
        process.runtime.gate.nextRun(Receiver(second) { got += "second" })
        process.runtime.gate.abandon(second)
        hours(1)
        seconds(5)
        expect("got", got, listOf("first"))
    }

    test("Kotlin's own execute drains, and handleExpiration closes the window") {
        var drained: Boolean? = null
        startProcess().register()
        process!!.launch { drained = BackgroundSyncWorker.execute(TestContext) }
        seconds(10)
        expect("drained", drained, true)
        kill()
        startProcess(JavaScript.silent())
        process!!.launch { drained = BackgroundSyncWorker.execute(TestContext) }
        seconds(10)
        BackgroundSyncWorker.handleExpiration(TestContext)
        seconds(10)
        expect("not drained", drained, false)
        expect("why", last("run.end").getString("why"), "app")
    }

    test("Kotlin's own execute drains after a cancel, too, and arms nothing") {
        startProcess().register()
        seconds(1)
        process!!.cancel()
        seconds(1)
        var drained: Boolean? = null
        process!!.launch { drained = BackgroundSyncWorker.execute(TestContext) }
        seconds(10)
        expect("drained", drained, true)
        expect("armed", work.state, WorkInfo.State.CANCELLED)
        expect("next", last("run.end").has("next"), false)
    }

    test("Kotlin's own execute says what was not drained") {
        val answers = listOf("done" to true, "retry" to false, "failed" to false)
        for ((answer, expected) in answers) {
            var drained: Boolean? = null
            startProcess(JavaScript.answering(answer)).register()
            process!!.launch { drained = BackgroundSyncWorker.execute(TestContext) }
            seconds(10)
            expect(answer, drained, expected)
            kill()
        }
        var drained: Boolean? = null
        startProcess(JavaScript(isAvailable = { false }) {}).launch { drained = BackgroundSyncWorker.execute(TestContext) }
        seconds(10)
        expect("no host", drained, false)
    }

    test("Kotlin's own handleExpiration tells the handler, counts a failure, and the schedule goes on") {
        val reasons = mutableListOf<String>()
        startProcess(
            JavaScript { run ->
                runtime.gate.whenExpired(run.getString("runId")) { reasons += it }
                awaitCancellation()
            },
        ).register()
        seconds(1)
        val lines = lines.size
        BackgroundSyncWorker.handleExpiration(TestContext)
        seconds(1)
        expect("without a run", this.lines.size, lines)
        hours(1)
        seconds(10)
        BackgroundSyncWorker.handleExpiration(TestContext)
        seconds(10)
        expect("told", reasons, listOf("app"))
        val end = last("run.end")
        expect("out", end.getString("out"), "expired")
        expect("failures", process!!.state.consecutiveFailures, 1)
        expect("next", end.getLong("next"), work.nextRunAt())
        expectChainAlive()
    }

    test("where the app has more work than WorkManager gives the system at once, ours waits for its turn and is not told to be lost") {
        startProcess()
        val others = OneTimeWorkRequest.Builder(ForeignWorker::class.java).setInitialDelay(20, TimeUnit.HOURS).addTag("others")
        repeat(25) { workManager.enqueue(others.build()) }
        seconds(1)
        process!!.register()
        seconds(1)
        expect("its job", system.hasJob(work.id), false)
        val before = work.spec
        process!!.register()
        seconds(1)
        expect("heals", events("heal").size, 0)
        val kept = last("register")
        expect("why", kept.getString("why"), "kept")
        check("waits for its turn" in kept.getString("msg")) { "says nothing of it: $kept" }
        expect("the same work", work.id, before.id)
        expect("the same window", work.nextRunAt(), before.calculateNextRunTime())
        WorkManager.getInstance(TestContext).cancelAllWorkByTag("others")
        seconds(1)
        expect("its job, when there is room", system.hasJob(work.id), true)
        expectChainAlive()
    }

    test("2.12.0 can be told to give a job to one work of each kind first: ours keeps its own among others, and waits for its turn among its like") {
        val enable = Configuration.Builder::class.java.methods.find { it.name == "setRepresentativeJobsEnabled" }
        expect("there from 2.12.0 on", enable != null, System.getProperty("bgsync.work") == "2.12.0")
        if (enable == null) return@test
        workManager.configure = { enable.invoke(this, true) }
        startProcess().register()
        seconds(1)
        val before = work.spec

        fun enqueueSooner(constraints: Constraints) =
            repeat(25) {
                val other = OneTimeWorkRequest.Builder(ForeignWorker::class.java).setConstraints(constraints).setInitialDelay(10, TimeUnit.MINUTES)
                workManager.enqueue(other.addTag("others").build())
            }
        enqueueSooner(Constraints.NONE)
        seconds(1)
        expect("its job among others", system.hasJob(work.id), true)
        enqueueSooner(before.constraints)
        seconds(1)
        expect("its job among its like", system.hasJob(work.id), false)
        process!!.register()
        seconds(1)
        expect("heals", events("heal").size, 0)
        check("waits for its turn" in last("register").getString("msg")) { "says nothing of it: ${last("register")}" }
        expect("the same work", work.id, before.id)
        expect("the same window", work.nextRunAt(), before.calculateNextRunTime())
        WorkManager.getInstance(TestContext).cancelAllWorkByTag("others")
        seconds(1)
        expect("its job, when there is room", system.hasJob(work.id), true)
        hours(1)
        seconds(10)
        expect("ran", events("run.end").size, 1)
        expectChainAlive()
    }

    test("120 calls at once") {
        val random = java.util.Random(7)
        startProcess().register()
        repeat(120) { index ->
            process!!.launch {
                kotlinx.coroutines.delay(random.nextInt(5_400_000).toLong())
                when (index % 6) {
                    0 -> BackgroundSyncWorker.register(TestContext)
                    1 -> trigger()
                    else -> BackgroundSyncWorker.scheduleNext(TestContext, 900L + index)
                }
            }
        }
        hours(6)
        expect("works", workManager.works.count { it.isPeriodic }, 1)
        expectChainAlive()
    }
}
