package dev.bgsync.tests

import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.ExistingWorkPolicy
import androidx.work.OneTimeWorkRequest
import androidx.work.PeriodicWorkRequest
import androidx.work.WorkInfo
import androidx.work.WorkManager
import dev.bgsync.BackgroundSyncConfig
import dev.bgsync.BackgroundSyncWorker
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import java.util.concurrent.TimeUnit

/** What shipped background libraries get wrong on Android; each name says which (E, T, C, F, H: facts/runtime.md §1.2). */
internal fun defectCases() {
    test("E5, C6: a drain that hangs does not hold the worker to the 10-minute stop") {
        startProcess(JavaScript.silent()).register()
        hours(1)
        seconds(580)
        expect("results", work.results, listOf("retry"))
    }

    test("E6, H1: WorkManager hears what JavaScript answered") {
        for ((answer, result) in listOf("done" to "success", "retry" to "retry", "failed" to "failure")) {
            startProcess(JavaScript.answering(answer)).register()
            hours(5)
            expect(answer, work.results.last(), result)
            kill()
        }
    }

    test("E7, C2: every way to end a run leaves a next window") {
        val ways =
            listOf(
                JavaScript.answering("done"),
                JavaScript.answering("retry"),
                JavaScript.answering("failed"),
                JavaScript.silent(),
                JavaScript(hostBoots = { awaitCancellation() }) {},
                JavaScript(hostBoots = { error("boot") }) {},
                JavaScript(hostBoots = { throw OutOfMemoryError("boot") }) {},
                JavaScript(hostBoots = { throw CancellationException("boot") }) {},
                JavaScript(asksForRuns = false) {},
            )
        for (way in ways) {
            val before = events("run.end").size
            startProcess(way).register()
            hours(5)
            check(events("run.end").size > before)
            check(events("run.end").all { it.has("next") }) { "an end without a next window: ${last("run.end")}" }
            expect("schedules", events("schedule").size, events("run.end").size)
            expectChainAlive()
            kill()
        }
    }

    test("an exception or an error on the way is a retry, and the periodic work lives") {
        for (error in listOf(IllegalStateException("x"), OutOfMemoryError("x"), CancellationException("x"))) {
            startProcess(JavaScript(hostBoots = { delay(1_000); throw error }) {}).register()
            hours(5)
            check(work.results.none { it.endsWith("Exception") || it.endsWith("Error") }) { work.results }
            // The host's own exception is its failure to boot; what cancels itself, or an error, is a defect.
            expect(error.toString(), last("run.end").getString("out"), if (error::class == IllegalStateException::class) "skipped" else "retry")
            expect("no stop", events("expire").size, 0)
            expectChainAlive()
            kill()
        }
    }

    test("what breaks outside a run does not escape doWork either") {
        startProcess().register()
        seconds(60)
        for (failure in listOf(SecurityException("a vendor's own"), CancellationException("not a stop"))) {
            deviceFailure = failure
            hours(3)
            check(work.results.isNotEmpty() && work.results.all { it == "retry" }) { work.results }
            expectChainAlive()
        }
        deviceFailure = null
        hours(6)
        expect("and it recovers", last("run.end").getString("out"), "done")
    }

    test("a foreground drain on a device that refuses to tell: there is no run, and JavaScript hears so") {
        startProcess().register()
        seconds(1)
        deviceFailure = SecurityException("a vendor's own")
        val answers = mutableListOf<Boolean>()
        process!!.beginForeground { answers += it != null }
        seconds(5)
        expect("answers", answers, listOf(false))
        process!!.crashes.clear()
        deviceFailure = null
        process!!.beginForeground { answers += it != null }
        seconds(5)
        expect("and it recovers", answers, listOf(false, true))
    }

    test("the device stops telling in mid-run: the gate is free again") {
        startProcess(JavaScript { run ->
            this@test.deviceFailure = SecurityException("gone")
            complete(run.getString("runId"), "done")
        }).register()
        hours(1)
        seconds(10)
        deviceFailure = null
        expect("ends", events("run.end").size, 1)
        expect("gate", process!!.runtime.gate.openRun, null)
    }

    test("WorkManager's database breaks: schedule.error, and the run still ends") {
        startProcess(JavaScript { run ->
            workManager.failure = IllegalStateException("database disk image is malformed")
            complete(run.getString("runId"), "done")
        }).register()
        hours(1)
        seconds(30)
        expect("error", last("schedule.error").getString("why"), "IllegalStateException")
        expect("outcome", last("run.end").getString("out"), "done")
        expect("no next", last("run.end").has("next"), false)
        workManager.failure = null
        expectChainAlive()
        hours(2)
        check(events("run.start").size > 1)
    }

    test("WorkManager is not there at all: register says so and does not throw") {
        workManager.failure = IllegalStateException("WorkManager is not initialized properly.")
        var armed: Boolean? = null
        val process = startProcess()
        process.launch { armed = BackgroundSyncWorker.register(TestContext) }
        seconds(1)
        expect("armed", armed, false)
        expect("event", last("schedule.error").getString("why"), "IllegalStateException")
    }

    test("E7, T8, expo#44663: registering at every start keeps healthy work, its window and its running worker") {
        startProcess(JavaScript.answering("done", afterMillis = 120_000)).register()
        hours(1)
        seconds(30)
        val id = work.spec.id
        expect("running", work.state, WorkInfo.State.RUNNING)
        repeat(5) { process!!.register() }
        seconds(300)
        expect("ends", events("run.end").map { it.getString("out") }, listOf("done"))
        val next = work.nextRunAt()
        kill()
        seconds(600)
        startProcess().register()
        seconds(1)
        expect("same work", work.spec.id, id)
        expect("same window", work.nextRunAt(), next)
        expect("why", events("register").map { it.getString("why") }.distinct(), listOf("new", "kept"))
    }

    test("F4: work that failed or was cancelled is healed, not appended to") {
        startProcess().register()
        seconds(1)
        for (state in listOf(WorkInfo.State.FAILED, WorkInfo.State.CANCELLED)) {
            work.state = state
            hours(3)
            expect("it is dead", events("run.start").size, 0)
            process!!.register()
            seconds(1)
            expect("heal", last("heal").getString("why"), state.name.lowercase())
            expectChainAlive()
        }
        hours(1)
        expect("it runs again", last("run.end").getString("out"), "done")
    }

    test("scheduleNext revives work that failed, and leaves work that was cancelled") {
        startProcess().register()
        seconds(1)
        work.state = WorkInfo.State.FAILED
        var next: Long? = 0
        process!!.launch { next = BackgroundSyncWorker.scheduleNext(TestContext, 60) }
        seconds(1)
        expect("floor", next!! - last("heal").getLong("ts"), 900_000L)
        expectChainAlive()
        process!!.cancel()
        seconds(1)
        process!!.launch { next = BackgroundSyncWorker.scheduleNext(TestContext, 60) }
        seconds(1)
        expect("refused", next, null)
        expect("state", work.state, WorkInfo.State.CANCELLED)
    }

    test("cancel in mid-run: the window closes, the work stays cancelled") {
        startProcess(JavaScript.silent()).register()
        hours(1)
        seconds(30)
        process!!.cancel()
        seconds(30)
        expect("expire", last("expire").getString("why"), "cancelled")
        expect("state", work.state, WorkInfo.State.CANCELLED)
        hours(5)
        expect("runs", events("run.start").size, 1)
    }

    test("T5: the work has a name of its own, one entry, whatever is called") {
        val process = startProcess()
        repeat(3) { process.register() }
        repeat(3) { process.launch { BackgroundSyncWorker.scheduleNext(TestContext, 7_200) } }
        seconds(1)
        expect("works", workManager.works.map { it.uniqueName }, listOf(BackgroundSyncConfig.WORK_NAME))
        expect("override", work.nextRunAt() - clock.now() in 7_190_000L..7_200_000L, true)
    }

    test("upgrade: older work with other constraints is updated in place, keeping its window") {
        val older =
            PeriodicWorkRequest
                .Builder(BackgroundSyncWorker::class.java, 24, TimeUnit.HOURS)
                .setNextScheduleTimeOverride(clock.now() + 1_800_000)
                .build()
        startProcess()
        workManager.enqueueUniquePeriodicWork(BackgroundSyncConfig.WORK_NAME, ExistingPeriodicWorkPolicy.KEEP, older)
        seconds(1)
        val id = work.spec.id
        val next = work.nextRunAt()
        process!!.register()
        seconds(1)
        expect("why", last("register").getString("why"), "updated")
        expect("same work", work.spec.id, id)
        expect("same window", work.nextRunAt(), next)
        expect("interval", work.spec.intervalDuration, 3_600_000L)
        seconds(1_900)
        expect("it runs", last("run.end").getString("out"), "done")
    }

    test("upgrade: one-time work under our name is replaced") {
        startProcess()
        WorkManager.getInstance(TestContext).enqueueUniqueWork(
            BackgroundSyncConfig.WORK_NAME,
            ExistingWorkPolicy.REPLACE,
            OneTimeWorkRequest
                .Builder(BackgroundSyncWorker::class.java)
                .setInitialDelay(10, TimeUnit.DAYS)
                .build(),
        )
        seconds(1)
        process!!.register()
        seconds(1)
        expect("heal", events("heal").size, 1)
        expect("periodic", work.isPeriodic, true)
    }

    test("two triggers at once: one runs, the other skips as busy and leaves the schedule alone") {
        startProcess(JavaScript.answering("done", afterMillis = 30_000)).register()
        seconds(1)
        val first = trigger()
        val second = trigger()
        seconds(60)
        expect("end", last("run.end").getString("run"), first)
        expect("skip", last("run.skip").getString("run") to last("run.skip").getString("why"), second to "busy")
        expect("ends", events("run.end").size, 1)
        expect("schedules", events("schedule").size, 1)
        expect("trigger", last("run.start").getString("trig"), "trigger")
        expect("failures", process!!.state.consecutiveFailures, 0)
    }

    test("a trigger that asks for a retry is not repeated by WorkManager") {
        startProcess(JavaScript.answering("retry")).register()
        trigger()
        seconds(600)
        expect("starts", events("run.start").size, 1)
        expect("the periodic work backs off", last("run.end").getLong("next") - last("run.end").getLong("ts"), 900_000L)
    }

    test("a trigger whose process died is not repeated under the same run id") {
        startProcess(JavaScript.silent()).register()
        val run = trigger()
        seconds(30)
        kill()
        seconds(5)
        startProcess()
        seconds(600)
        expect("starts", events("run.start").count { it.getString("run") == run }, 1)
    }

    test("a foreground drain holds the gate against the periodic run") {
        val next = startProcess(JavaScript.silent())
        next.register()
        seconds(1)
        next.beginForeground { run ->
            delay(20_000)
            next.complete(run!!.getString("runId"), "done")
        }
        seconds(1)
        trigger()
        seconds(60)
        expect("skip", last("run.skip").getString("why"), "busy")
        expect("foreground", last("run.end").getString("trig") to last("run.end").getString("out"), "foreground" to "done")
    }

    test("a foreground drain is refused while a run is open, and is bounded by the same budget") {
        val process = startProcess(JavaScript.silent())
        process.register()
        val refused = mutableListOf<Boolean>()
        process.beginForeground { refused += it == null }
        seconds(1)
        process.beginForeground { refused += it == null }
        seconds(1)
        expect("refused", refused, listOf(false, true))
        expect("skip", last("run.skip").getString("trig") to last("run.skip").getString("why"), "foreground" to "busy")
        seconds(200)
        expect("expired", last("run.end").getString("out"), "expired")
        seconds(1)
        expect("gate", process.runtime.gate.openRun, null)
    }

    test("a window that opens right after launch runs while the app is in the foreground") {
        val process = startProcess()
        process.register()
        process.loadJavaScript()
        hours(1)
        seconds(30)
        expect("no boot", process.boots, 0)
        expect("no host events", events("host.start").size, 0)
        expect("outcome", last("run.end").getString("out"), "done")
    }
}
