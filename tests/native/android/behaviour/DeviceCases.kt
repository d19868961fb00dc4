package dev.bgsync.tests

import android.content.Context
import android.content.ContextWrapper
import android.os.UserManager
import dev.bgsync.AndroidDevice
import dev.bgsync.BackgroundSyncRuntime
import dev.bgsync.BackgroundSyncWorker
import dev.bgsync.NetworkState
import kotlinx.coroutines.awaitCancellation
import org.robolectric.Shadows.shadowOf
import java.io.File

private val SERVICES =
    listOf(
        Context.BATTERY_SERVICE,
        Context.POWER_SERVICE,
        Context.CONNECTIVITY_SERVICE,
        Context.USAGE_STATS_SERVICE,
        Context.KEYGUARD_SERVICE,
        Context.USER_SERVICE,
    )

/** A device where the services of those names are missing, or are not to be had. */
private class BareContext(
    private val names: Collection<String>,
    private val refusal: RuntimeException?,
) : ContextWrapper(TestContext) {
    override fun getSystemService(name: String): Any? = if (name in names) refusal?.let { throw it } else super.getSystemService(name)
}

private fun resetRuntime() {
    BackgroundSyncRuntime::class.java.getDeclaredField("instance").apply {
        isAccessible = true
        set(null, null)
    }
}

/** What Android itself tells, and withholds. */
internal fun deviceCases() {
    for (refusal in listOf(null, SecurityException("not in this profile"), IllegalStateException("dead"))) {
        test("a service of the device that is missing, or refuses, leaves its part unknown: ${refusal?.message ?: "missing"}") {
            for (name in SERVICES) AndroidDevice(BareContext(listOf(name), refusal)).run { state() to isUnlocked }
            val device = AndroidDevice(BareContext(SERVICES, refusal))
            val state = device.state()
            expect("battery", state.battery.percent, -1)
            expect("charging, saver", state.battery.charging to state.battery.saver, false to false)
            expect("network", state.network, NetworkState("none", metered = false))
            expect("bucket", state.bucket, null)
            expect("locked, in use", state.locked to state.inUse, false to false)
            expect("unlocked", device.isUnlocked, true)
        }
    }

    test("before the first unlock nothing is drained, asked or written over; after it the books are as they were") {
        startProcess(JavaScript.answering("retry")).register()
        hours(1)
        seconds(60)
        process!!.launch { BackgroundSyncWorker.configure(TestContext, """{"constraints":{"network":"notRoaming"}}""") }
        seconds(1)
        val failures = process!!.state.consecutiveFailures
        expect("failures", failures, 1)
        kill()
        startProcess(JavaScript { awaitCancellation() })
        process!!.launch { BackgroundSyncWorker.execute(TestContext) }
        seconds(10)
        val open = last("run.start").getString("run")
        val runs = events("run.start").size

        restartDevice()
        val process = startProcess()
        val answers = mutableListOf<Any?>()
        process.launch {
            answers += BackgroundSyncWorker.register(TestContext, switchOn = false)
            answers += BackgroundSyncWorker.execute(TestContext)
            answers += BackgroundSyncWorker.scheduleNext(TestContext, 3_600)
            answers += BackgroundSyncWorker.configure(TestContext, """{"intervalMinutes":30}""")
        }
        seconds(5)
        expect("answers", answers, listOf(false, false, null, false))
        process.beginForeground { answers += it }
        seconds(5)
        expect("its foreground drain", answers.drop(4), listOf(null))
        expect("skips", events("run.skip").takeLast(2).map { it.getString("why") }, List(2) { "before-first-unlock" })
        expect("runs", events("run.start").size, runs)
        expect("boots", process.boots, 0)
        expect("WorkManager", lines.filter { ASKED_TOO_EARLY in it }, emptyList<String>())

        unlock()
        process.launch { BackgroundSyncWorker.execute(TestContext) }
        seconds(10)
        val killed = events("run.end").first { it.getString("run") == open }
        expect("the run of before", killed.getString("out"), "killed")
        expect("the next attempt", last("run.start").getInt("att"), failures + 2)
        expect("the next run", last("run.end").getString("out"), "done")
        expect("what was asked for meanwhile", process.status().getInt("intervalMinutes"), 30)
        kill()
        startProcess()
        expect("stored", this.process!!.status().getInt("intervalMinutes"), 30)
    }

    test("cancel before the first unlock holds after it, and takes nothing else with it") {
        startProcess(JavaScript.answering("retry")).register()
        hours(1)
        seconds(60)
        restartDevice()
        startProcess().cancel()
        seconds(1)
        unlock()
        seconds(7_200)
        expect("a window", events("run.skip").lastOrNull()?.getString("why"), "cancelled")
        expect("failures", process!!.state.consecutiveFailures, 1)
        kill()
        startProcess()
        expect("switched off", process!!.state.isSwitchedOff, true)
        expect("failures of the next process", process!!.state.consecutiveFailures, 1)
    }

    onThreads("before the first unlock: as the app itself is wired") {
        resetRuntime()
        val users = shadowOf(TestContext.getSystemService(UserManager::class.java))
        val file = File(TestContext.noBackupFilesDir, "bgsync/state.json")
        val stored = """{"failures":3,"skips":0,"armed":false}"""
        file.parentFile!!.mkdirs()
        file.writeText(stored)
        users.setUserUnlocked(false)
        try {
            expect("register", BackgroundSyncWorker.register(TestContext, switchOn = false), false)
            expect("execute", BackgroundSyncWorker.execute(TestContext), false)
            expect("the file", file.readText(), stored)
            users.setUserUnlocked(true)
            val state = BackgroundSyncRuntime.of(TestContext).run { gate.ledger.state(tasks.first) }
            expect("failures", state.consecutiveFailures, 3)
            expect("switched off", state.isSwitchedOff, true)
        } finally {
            users.setUserUnlocked(true)
            resetRuntime()
        }
    }
}
