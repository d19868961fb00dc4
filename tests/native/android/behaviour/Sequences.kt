package dev.bgsync.tests

import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.PeriodicWorkRequest
import androidx.work.WorkInfo
import androidx.work.WorkManager
import dev.bgsync.BackgroundSyncConfig
import dev.bgsync.BackgroundSyncWorker
import dev.bgsync.BatteryState
import dev.bgsync.NetworkState
import dev.bgsync.Outcome
import dev.bgsync.Receiver
import dev.bgsync.SchedulePolicy
import dev.bgsync.SyncSettings
import org.json.JSONObject
import org.robolectric.shadows.ShadowLog
import java.util.concurrent.TimeUnit
import kotlin.random.Random

/*
 * Random sequences of what can happen to the generated code, on the real androidx.work, held against a model of its
 * contract: the same states, the same next times, the same counts, whatever came before.
 */

private const val STEPS = 30
private const val MINUTE = 60_000L
private const val HOUR = 60 * MINUTE

/** WorkManager keeps a quarter of an hour between two runs of one work. */
private const val FLOOR = 15 * MINUTE

private const val WEEK_SECONDS = 604_800L

private val SETTINGS =
    listOf(
        "",
        """{"constraints":{"network":"unmetered"}}""",
        """{"constraints":{"network":"none","charging":true}}""",
        """{"intervalMinutes":15}""",
        """{"intervalMinutes":600,"constraints":{"network":"notRoaming"}}""",
    )

private val ANSWERS = listOf("done", "done", "more", "retry", "failed", "silent")

internal data class Operation(
    val name: String,
    val value: Long,
) {
    override fun toString() = if (value == 0L) name else "$name($value)"
}

/** How often each comes, and between which values. */
private val OPERATIONS: List<Triple<String, Int, List<Long>>> =
    listOf(
        Triple("advance", 9, listOf(1_000, 40_000, 5 * MINUTE, 20 * MINUTE, HOUR, 3 * HOUR)),
        Triple("register", 3, listOf(0)),
        Triple("start", 5, listOf(0)),
        Triple("cancel", 1, listOf(0)),
        Triple("scheduleNext", 3, listOf(0, 900, 5_000, 14_400, 1_000_000_000)),
        Triple("configure", 3, SETTINGS.indices.map { it.toLong() }),
        Triple("trigger", 2, listOf(0)),
        Triple("drainNow", 1, listOf(0)),
        Triple("reload", 1, listOf(0)),
        Triple("kill", 2, listOf(0)),
        Triple("answer", 4, ANSWERS.indices.map { it.toLong() }),
        Triple("network", 2, listOf(0, 1, 1)),
        Triple("metered", 1, listOf(0, 1)),
        Triple("charging", 1, listOf(0, 1)),
        Triple("battery", 1, listOf(5, 50)),
        Triple("clock", 1, listOf(0, -HOUR, HOUR, -30 * 24 * HOUR, 400 * 24 * HOUR)),
        Triple("stop", 2, listOf(WorkInfo.STOP_REASON_QUOTA.toLong(), WorkInfo.STOP_REASON_TIMEOUT.toLong())),
        Triple("foreign cancel", 1, listOf(0)),
        Triple("foreign state", 1, listOf(0, 1, 2)),
        Triple("foreign work", 1, listOf(0)),
        Triple("broken", 1, listOf(0, 0, 1)),
        Triple("device refuses", 1, listOf(0, 0, 1)),
    )

internal fun operationsOf(seed: Long): List<Operation> {
    val random = Random(seed)
    val weighted = OPERATIONS.flatMap { (name, weight, values) -> List(weight) { name to values } }
    return List(STEPS) {
        val (name, values) = weighted.random(random)
        Operation(name, values.random(random))
    }
}

/** What WorkManager holds under our name. */
private data class Held(
    val id: String,
    val state: WorkInfo.State,
    val next: Long,
    val isPeriodic: Boolean,
    val isOurs: Boolean,
    /** Milliseconds between two runs. */
    val period: Long,
    /** When WorkManager started it last, or took it: by a clock that may have been ahead. */
    val startedAt: Long,
) {
    val isDead get() = state.isFinished || !isPeriodic
}

/** Plays one sequence; what the contract says is checked after each step. */
private class Sequence(
    private val world: World,
) {
    private var on: Boolean? = null
    private var settings = SyncSettings()
    private var failures = 0
    private var skips = 0
    private var answer = "done"
    private val told = mutableListOf<String>()

    /** The next window, where the app asked for it and nothing has moved it since. */
    private var wish: Long? = null
    private var wishBefore: Long? = null

    /** By run: the next window that the app asked for while it was open. */
    private val requested = mutableMapOf<String, Long>()

    private val javaScript =
        JavaScript { run ->
            val id = run.getString("runId")
            kotlinx.coroutines.delay(1_000)
            when (answer) {
                "silent" -> kotlinx.coroutines.awaitCancellation()
                "more" -> complete(id, "done", 3)
                "retry" -> complete(id, "retry", 3)
                else -> complete(id, answer)
            }
        }

    private val held: Held?
        get() =
            world.workManager.unique(BackgroundSyncConfig.WORK_NAME)?.let {
                val spec = it.spec
                Held(it.id, it.state, it.nextRunAt(), it.isPeriodic, spec.workerClassName == BackgroundSyncWorker::class.java.name, spec.intervalDuration, spec.lastEnqueueTime)
            }

    private fun timeAfter(seconds: Long) = world.clock.now() + TimeUnit.SECONDS.toMillis(seconds)

    private val intervalSeconds get() = settings.policyOf(FIRST).intervalSeconds

    /** The latest window that the policy, or the app, may have asked for by now. */
    private fun latestStart(wish: Long?): Long {
        val byPolicy = timeAfter(maxOf(settings.policyOf(FIRST).maxSeconds, intervalSeconds))
        return maxOf(byPolicy, minOf(wish ?: 0, timeAfter(WEEK_SECONDS)))
    }

    fun play(operation: Operation) {
        // WorkManager lives in a process: without one there is nothing to ask.
        val process = world.process
        if (process == null && operation.name !in listOf("start", "advance", "clock", "network", "metered", "charging")) return
        val before = if (process == null) null else held
        wishBefore = wish
        val known = world.lines.size
        perform(operation, before)
        val events = world.lines.drop(known).map { JSONObject(it.removePrefix("BGSYNC1 ")) }
        events.forEach { observe(it, events, operation) }
        if (world.process == null) return
        invariants()
        // What a process finds at its start was not looked at before.
        if (process != null && events.none { it.getString("ev").startsWith("run.") }) expectAfter(operation, before, events)
    }

    private fun perform(
        operation: Operation,
        before: Held?,
    ) {
        val process = world.process
        val value = operation.value
        when (operation.name) {
            "advance" -> world.seconds(value / 1_000)
            "register" -> settle { BackgroundSyncWorker.register(TestContext) }.also { on = true }
            "start" -> if (process == null) start() else settle { BackgroundSyncWorker.register(TestContext, switchOn = false) }
            "cancel" -> settle { BackgroundSyncWorker.cancel(TestContext) }.also { on = false }
            "scheduleNext" -> scheduleNext(value, before)
            "configure" -> configure(SETTINGS[value.toInt()], before)
            "trigger" -> world.trigger().also { world.seconds(1) }
            "drainNow" -> {
                process!!.beginForeground { run -> run?.let { process.complete(it.getString("runId"), "done", 1) } }
                world.seconds(1)
            }
            // Another JavaScript in the same process, as after a change of code in development.
            "reload" -> {
                process!!.runtime.gate.abandon(process)
                if (process.isRunning) process.loadJavaScript()
                hear()
                world.seconds(1)
            }
            "kill" -> world.kill()
            "answer" -> answer = ANSWERS[value.toInt()]
            "network" -> world.workManager.isConnected = value == 1L
            "metered" -> world.system.isMetered = value == 1L
            "charging" -> world.system.isCharging = value == 1L
            "battery" -> world.battery = BatteryState(value.toInt(), charging = false, saver = false)
            "clock" -> world.clock.shift = value
            "stop" -> before?.let { world.system.stop(it.id, value.toInt()) }.also { world.seconds(1) }
            "foreign cancel" -> {
                WorkManager.getInstance(TestContext).cancelUniqueWork(BackgroundSyncConfig.WORK_NAME)
                world.seconds(1)
            }
            "foreign state" -> if (before?.state == WorkInfo.State.ENQUEUED) world.work.state = END_STATES[value.toInt()]
            "foreign work" -> {
                world.workManager.enqueueUniquePeriodicWork(
                    BackgroundSyncConfig.WORK_NAME,
                    ExistingPeriodicWorkPolicy.KEEP,
                    PeriodicWorkRequest.Builder(ForeignWorker::class.java, 7, TimeUnit.HOURS).setInitialDelay(7, TimeUnit.HOURS).build(),
                )
                world.seconds(1)
            }
            "broken" -> world.workManager.failure = if (value == 1L) IllegalStateException("broken") else null
            // As `AndroidDevice` tells of services that refuse. It never refuses as a whole: the guard against a device that does has a case of its own.
            "device refuses" -> {
                world.battery = BatteryState(if (value == 1L) -1 else 80, charging = false, saver = false)
                world.network = NetworkState(if (value == 1L) "none" else "wifi", metered = false)
            }
        }
    }

    private fun start() {
        world.startProcess(javaScript)
        hear()
        settle { BackgroundSyncWorker.register(TestContext, switchOn = false) }
    }

    /** The app's `onRun`, in each process anew. */
    private fun hear(after: Long = 0) {
        val process = world.process ?: return
        process.runtime.gate.ended.next(
            after,
            Receiver(process) { json ->
                val run = JSONObject(json)
                told += run.getString("run")
                process.launch { hear(run.getLong("n")) }
            },
        )
    }

    private fun <T> settle(call: suspend () -> T): T? {
        var answer: T? = null
        world.process!!.launch { answer = call() }
        world.seconds(1)
        return answer
    }

    private fun scheduleNext(
        seconds: Long,
        before: Held?,
    ) {
        val wanted = timeAfter(seconds.coerceIn(SchedulePolicy.MIN_DELAY_SECONDS, WEEK_SECONDS))
        val run = world.process!!.runtime.gate.openRun?.id
        val stored = settle { BackgroundSyncWorker.scheduleNext(TestContext, seconds) }
        if (run != null && on != false) requested[run] = wanted
        val isRefused = on == false || before == null || before.state == WorkInfo.State.CANCELLED || world.workManager.failure != null
        if (isRefused) return expect("scheduleNext where nothing is registered", stored, null)
        checkNotNull(stored) { "scheduleNext answers nothing, with $before" }
        check(stored in wanted..wanted + FLOOR) { "scheduleNext: $stored for $wanted" }
        val after = held
        // While a run is open WorkManager knows no time: the run's end sets what was asked for.
        if (run == null && world.process!!.runtime.gate.openRun == null && after?.state == WorkInfo.State.ENQUEUED) expect("scheduleNext says what is stored", stored, after.next)
    }

    private fun configure(
        text: String,
        before: Held?,
    ) {
        val wanted = SyncSettings.of(text)
        val isSame = wanted == settings
        val isShorter = wanted.policyOf(FIRST).intervalSeconds < intervalSeconds && failures == 0
        val latest = timeAfter(wanted.policyOf(FIRST).intervalSeconds)
        // What holds the window back there, where WorkManager adds to the time of the last start.
        val isAhead = before != null && before.startedAt > world.clock.now()
        settings = wanted
        val known = world.lines.size
        val accepted = settle { BackgroundSyncWorker.configure(TestContext, text) }
        expect("configure", accepted, isSame || world.workManager.failure == null)
        val after = held
        if (isSame || accepted != true || on == false || before?.state != WorkInfo.State.ENQUEUED || after?.state != WorkInfo.State.ENQUEUED) return
        if (before.isDead || world.lines.drop(known).any { "\"run." in it }) return
        expectCurrent("configure")
        if (!isShorter || !isAhead) expect("configure keeps the work", after.id, before.id)
        if (!before.isOurs) return
        val expected = if (isShorter) minOf(before.next, latest) else before.next
        check(after.next in expected..expected + FLOOR) { "configure: next ${after.next}, expected $expected" }
    }

    private fun expectCurrent(what: String) {
        val spec = world.work.spec
        expect("$what: constraints", spec.constraints, settings.constraintsOf(FIRST).toWork())
        expect("$what: period", spec.intervalDuration, TimeUnit.SECONDS.toMillis(intervalSeconds))
        expect("$what: class", spec.workerClassName, BackgroundSyncWorker::class.java.name)
    }

    /** Where no run came in between, what a step leaves in WorkManager follows from what was there before. */
    private fun expectAfter(
        operation: Operation,
        before: Held?,
        events: List<JSONObject>,
    ) {
        val after = held
        when (operation.name) {
            "register", "start" -> {
                if (world.workManager.failure != null) return
                if (on == false) return expect("switched off", after, before)
                checkNotNull(after) { "register leaves nothing" }
                check(!after.isDead) { "register leaves $after" }
                val latest = latestStart(wishBefore)
                if (after.state == WorkInfo.State.ENQUEUED) {
                    expectCurrent("register")
                    check(after.next <= latest + FLOOR) { "register leaves a window that is far away: $after" }
                }
                val isHealthy = before != null && !before.isDead && (before.state != WorkInfo.State.ENQUEUED || before.next <= latest + FLOOR - 1_000)
                if (before == null) {
                    check(after.next in timeAfter(intervalSeconds) - 1_000..timeAfter(intervalSeconds) + FLOOR) { "registered for ${after.next}" }
                } else if (!before.isOurs && isHealthy) {
                    // Its first window may hang on a delay of its own, which goes with it.
                    check(after.id == before.id && after.next <= before.next) { "made ours: $after, of $before" }
                } else if (isHealthy && before.period != TimeUnit.SECONDS.toMillis(intervalSeconds)) {
                    // A window that hangs on the period goes with it.
                    expect("register updates healthy work", after.id, before.id)
                } else if (isHealthy) {
                    expect("register keeps healthy work", after.id to after.next, before.id to before.next)
                } else if (after.id != before.id) {
                    val heal = events.last { it.getString("ev") == "heal" }.getLong("next")
                    expect("healed, in its first step of the back-off", heal, after.next)
                    check(after.next in timeAfter(settings.policyOf(FIRST).backlogSeconds) - 1_000..timeAfter(settings.policyOf(FIRST).backlogSeconds) + FLOOR) { "healed for ${after.next}" }
                }
            }
            "cancel" -> if (world.workManager.failure == null) check(after == null || after.state.isFinished) { "cancelled, and $after" }
            "answer", "network", "metered", "charging", "battery", "broken", "device refuses", "clock" -> expect(operation.name, after, before)
        }
    }

    private fun observe(
        event: JSONObject,
        all: List<JSONObject>,
        operation: Operation,
    ) {
        when (event.getString("ev")) {
            "run.start" -> expect("attempt", event.getInt("att"), failures + 1)
            "run.end" -> ended(event, all)
            "schedule" -> wish = if (event.getString("why") in listOf("app", "requested")) event.getLong("next") else null
            "heal" -> wish = if (operation.name == "scheduleNext") event.getLong("next") else null
            "register" -> if (event.getString("why") == "new") wish = null
        }
    }

    private fun ended(
        end: JSONObject,
        all: List<JSONObject>,
    ) {
        val run = end.getString("run")
        val outcome = Outcome.entries.first { it.wire == end.getString("out") }
        val why = end.optString("why")
        if (!(outcome == Outcome.EXPIRED && why == "cancelled")) count(outcome)
        val set = all.lastOrNull { it.optString("run") == run && it.getString("ev") == "schedule" }
        if (!end.has("next")) return
        expect("the end says what the schedule says", end.getLong("next"), (set ?: all.last { it.getString("ev") == "heal" }).getLong("next"))
        val asked = requested[run]
        if (asked != null) wish = asked
        if (set == null) return
        val row = if (outcome == Outcome.SKIPPED) skips else failures
        val delay = SchedulePolicy.nextDelaySeconds(outcome, end.optInt("rem", -1), world.battery, row, settings.policyOf(FIRST))
        val expected = asked ?: (set.getLong("ts") + TimeUnit.SECONDS.toMillis(delay))
        check(set.getLong("next") in expected..expected + FLOOR) { "after $end: ${set.getLong("next")}, expected $expected" }
    }

    private fun count(outcome: Outcome) {
        skips = if (outcome == Outcome.SKIPPED) skips + 1 else 0
        when (outcome) {
            Outcome.DONE -> failures = 0
            Outcome.SKIPPED -> Unit
            else -> failures++
        }
    }

    private fun invariants() {
        val gate = world.process!!.runtime.gate
        val state = world.process!!.state
        expect("failures", state.consecutiveFailures, failures)
        expect("skips", state.consecutiveSkips, skips)
        expect("switched off", state.isSwitchedOff, on == false)
        expect("settings", state.settings, settings)
        val after = held
        if (on == false && world.workManager.failure == null) check(after == null || after.state != WorkInfo.State.RUNNING || gate.openRun != null || !after.isPeriodic) { "runs while it is off" }
    }

    /** The weather clears up: whatever happened, the sync runs again, and JavaScript has heard of each run once. */
    fun recover() {
        world.workManager.failure = null
        world.workManager.isConnected = true
        world.system.isMetered = false
        world.system.isCharging = true
        answer = "done"
        play(Operation("start", 0))
        play(Operation("register", 0))
        val runs = world.events("run.start").size
        val open = world.process!!.runtime.gate.openRun?.let { requested[it.id] }
        val longest = maxOf(latestStart(wish), latestStart(open)) - world.clock.now()
        play(Operation("advance", longest + 30 * MINUTE))
        check(world.events("run.start").size > runs) { "no run within ${longest / MINUTE} min: $held" }
        play(Operation("answer", 0))
        // A run that is open would be told later.
        if (world.process!!.runtime.gate.openRun == null) {
            expect("told of each run once", told, world.events("run.end").map { it.getString("run") })
        }
        world.expectChainAlive()
    }

    private companion object {
        val END_STATES = listOf(WorkInfo.State.FAILED, WorkInfo.State.SUCCEEDED, WorkInfo.State.CANCELLED)
    }
}

private var worlds = 0

/** @return what was wrong, or null */
private fun failureOf(operations: List<Operation>): Throwable? {
    // As many worlds as there are sequences: each in a time of its own, like those of the cases.
    val world = World(++worlds % 500 + 1)
    return try {
        val sequence = Sequence(world)
        operations.forEach(sequence::play)
        sequence.recover()
        world.process?.let { check(it.crashes.isEmpty()) { "uncaught: ${it.crashes}" } }
        null
    } catch (error: Throwable) {
        if (System.getenv("DEBUG") != null) ShadowLog.getLogs().filter { it.tag.startsWith("WM-") }.forEach { println("     ${it.tag} ${it.msg} ${it.throwable?.stackTraceToString() ?: ""}") }
        error
    } finally {
        world.kill()
        world.directory.deleteRecursively()
    }
}

/** Leaves out what the failure does not need. */
private fun shrink(operations: List<Operation>): List<Operation> {
    var least = operations
    var size = least.size / 2
    while (size >= 1) {
        var at = 0
        while (at < least.size) {
            val shorter = least.take(at) + least.drop(at + size)
            if (failureOf(shorter) != null) least = shorter else at += size
        }
        size /= 2
    }
    return least
}

/** A suite of its own: `count first [most]`, that many sequences from that seed on, up to that many that fail. */
object Sequences {
    @JvmStatic
    fun run(arguments: Array<String>) =
        MainLooper.serve {
        runSequences(arguments[0].toInt(), arguments[1].toLong(), arguments.getOrNull(2)?.toInt() ?: 5)
    }
}

private fun runSequences(
    count: Int,
    first: Long,
    most: Int,
) {
    var played = 0
    var failed = 0
    for (seed in first until first + count) {
        played++
        val operations = operationsOf(seed)
        if (failureOf(operations) == null) continue
        failed++
        val least = shrink(operations)
        println("FAIL seed $seed: ${least.joinToString()}\n     ${failureOf(least)}")
        if (failed == most) break
    }
    println("${played - failed} passed, $failed failed")
    if (played < count) println("${count - played} not played, after $failed that failed")
}
