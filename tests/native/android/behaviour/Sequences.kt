package dev.bgsync.tests

import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.PeriodicWorkRequest
import androidx.work.WorkInfo
import androidx.work.WorkManager
import dev.bgsync.BackgroundSyncWorker
import dev.bgsync.BatteryState
import dev.bgsync.NetworkState
import dev.bgsync.Receiver
import dev.bgsync.SyncTask
import dev.bgsync.SyncTasks
import org.json.JSONObject
import org.robolectric.shadows.ShadowLog
import java.util.concurrent.TimeUnit
import kotlin.random.Random

/*
 * Random sequences of what can happen to the generated code, on the real androidx.work, held against a model of its
 * contract: the same states, the same next times, the same counts, whatever came before.
 */

private const val STEPS = 30
private val SETTINGS =
    listOf(
        "",
        """{"constraints":{"network":"unmetered"}}""",
        """{"constraints":{"network":"none","charging":true}}""",
        """{"intervalMinutes":15}""",
        """{"intervalMinutes":600,"constraints":{"network":"notRoaming"}}""",
    )

private val ANSWERS = listOf("done", "done", "more", "retry", "failed", "silent")

/** @param task which of the syncs it is done to */
internal data class Operation(
    val name: String,
    val value: Long,
    val task: Int = 0,
) {
    override fun toString() = (if (task == 0) "" else "photos: ") + (if (value == 0L) name else "$name($value)")
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

/** The rest does what it does to the app as a whole. */
private val OF_ONE = setOf("register", "cancel", "scheduleNext", "configure", "trigger", "drainNow", "stop", "foreign cancel", "foreign state", "foreign work")

/** Every second app has two syncs. */
private fun syncsOf(seed: Long) = if (seed % 2 == 0L) listOf(FIRST, PHOTOS) else listOf(FIRST)

internal fun operationsOf(seed: Long): List<Operation> {
    val random = Random(seed)
    val weighted = OPERATIONS.flatMap { (name, weight, values) -> List(weight) { name to values } }
    val syncs = syncsOf(seed).size
    return List(STEPS) {
        val (name, values) = weighted.random(random)
        val operation = Operation(name, values.random(random))
        if (syncs > 1 && name in OF_ONE) operation.copy(task = random.nextInt(syncs)) else operation
    }
}

/** Plays one sequence; what the contract says is checked after each step. */
private class Sequence(
    private val world: World,
    private val tasks: List<SyncTask>,
) {
    private val syncs = tasks.map { ModelledSync(world, it) }
    private var answer = "done"

    /**
     * What androidx.work before 2.12.0 can do by itself: a job that starts before its time, since the clock was set back,
     * is handed back; the enqueue of another work schedules it in the same moment, and WorkManager takes that job away.
     */
    private val mayLoseJobs get() = tasks.size > 1 && wentBack && System.getProperty("bgsync.work") in LOSES_JOBS
    private var wentBack = false
    private val told = mutableListOf<String>()

    init {
        world.tasks = SyncTasks(tasks)
    }

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

    fun play(operation: Operation) {
        // WorkManager lives in a process: without one there is nothing to ask.
        val process = world.process
        if (process == null && operation.name !in listOf("start", "advance", "clock", "network", "metered", "charging")) return
        syncs.forEach(ModelledSync::look)
        val known = world.lines.size
        perform(operation, syncs[operation.task])
        val events = world.lines.drop(known).map { JSONObject(it.removePrefix("BGSYNC1 ")) }
        for (event in events) syncs.find { it.task.id == event.optString("task") }?.observe(event, events, operation)
        if (world.process == null) return
        syncs.forEach(ModelledSync::invariants)
        // What a process finds at its start was not looked at before.
        if (process != null && events.none { it.getString("ev").startsWith("run.") } && syncs.all { it.isUntouched }) expectAfter(operation, events)
    }

    private fun expectAfter(
        operation: Operation,
        events: List<JSONObject>,
    ) {
        when (operation.name) {
            "start" -> syncs.forEach { it.expectAfter(operation, events) }
            "advance", "trigger", "drainNow", "reload", "kill" -> Unit
            in OF_ONE -> {
                syncs[operation.task].expectAfter(operation, events)
                syncs.filterIndexed { index, _ -> index != operation.task }.forEach { it.expectUnchanged(operation.name) }
            }
            else -> syncs.forEach { it.expectUnchanged(operation.name) }
        }
    }

    private fun perform(
        operation: Operation,
        sync: ModelledSync,
    ) {
        val process = world.process
        val name = sync.task.name
        val value = operation.value
        when (operation.name) {
            "advance" -> world.seconds(value / 1_000)
            "register" -> sync.register(switchOn = true, ::settle)
            "start" -> if (process == null) start() else registerAll()
            "cancel" -> settle { BackgroundSyncWorker.cancel(TestContext, name) }.also { sync.on = false }
            "scheduleNext" -> sync.scheduleNext(value, ::settle)
            "configure" -> sync.configure(SETTINGS[value.toInt()], ::settle)
            "trigger" -> world.trigger(name).also { world.seconds(1) }
            "drainNow" -> {
                process!!.beginForeground(sync.task) { run -> run?.let { process.complete(it.getString("runId"), "done", 1) } }
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
            "clock" -> {
                wentBack = wentBack || value < world.clock.shift
                world.clock.shift = value
            }
            "stop" -> sync.before?.let { world.system.stop(it.id, value.toInt()) }.also { world.seconds(1) }
            "foreign cancel" -> {
                WorkManager.getInstance(TestContext).cancelUniqueWork(sync.task.id)
                world.seconds(1)
            }
            "foreign state" -> if (sync.before?.state == WorkInfo.State.ENQUEUED) sync.work?.state = END_STATES[value.toInt()]
            "foreign work" -> {
                world.workManager.enqueueUniquePeriodicWork(
                    sync.task.id,
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
        registerAll()
    }

    /** As the app does at its start. */
    private fun registerAll() = syncs.forEach { it.register(switchOn = false, ::settle) }

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

    /** The weather clears up: whatever happened, each sync runs again, and JavaScript has heard of each run once. */
    fun recover() {
        world.workManager.failure = null
        world.workManager.isConnected = true
        world.system.isMetered = false
        world.system.isCharging = true
        answer = "done"
        play(Operation("start", 0))
        syncs.indices.forEach { play(Operation("register", 0, it)) }
        val runs = syncs.associateWith { startsOf(it) }
        val waiting = { syncs.filter { startsOf(it) == runs[it] } }
        val longest = syncs.maxOf { it.longestWait } + 30 * MINUTE
        advanceUntil(minOf(longest, DAY)) { waiting().isEmpty() }
        if (longest > DAY && waiting().isNotEmpty()) {
            // As the app asked, for a week at most: what the others do meanwhile is each day the same.
            (syncs - waiting().toSet()).forEach { play(Operation("cancel", 0, syncs.indexOf(it))) }
            advanceUntil(longest - DAY) { waiting().isEmpty() }
        }
        val lost = waiting().filter { it.isWithoutJob }
        if (lost.isNotEmpty() && mayLoseJobs) {
            // The next start of the app mends it: that there is a job then, `register` is held to.
            lost.forEach { play(Operation("register", 0, syncs.indexOf(it))) }
            advanceUntil(longest) { waiting().isEmpty() }
        }
        for (sync in waiting()) error("no run of ${sync.task.id} within ${longest / MINUTE} min: ${sync.held}")
        // A run that is open is told when it has ended.
        advanceUntil(HOUR) { world.process!!.runtime.gate.openRun == null }
        expect("told of each run once", told, world.events("run.end").map { it.getString("run") })
        syncs.filter { it.on != false }.forEach { check(it.held?.isDead == false) { "the end of the chain: ${it.held}" } }
    }

    /** Plays time in steps of an hour, up to [limit], until [isEnough] at the end of one. Milliseconds. */
    private fun advanceUntil(
        limit: Long,
        isEnough: () -> Boolean,
    ) {
        var left = limit
        while (left > 0 && !isEnough()) {
            play(Operation("advance", minOf(HOUR, left)))
            left -= HOUR
        }
    }

    private fun startsOf(sync: ModelledSync) = world.events("run.start").count { it.getString("task") == sync.task.id }

    private companion object {
        val LOSES_JOBS = listOf("2.10.0", "2.11.2")
        val END_STATES = listOf(WorkInfo.State.FAILED, WorkInfo.State.SUCCEEDED, WorkInfo.State.CANCELLED)
    }
}

/** What a random sequence has found once, with two syncs: each time, it is played before all others. */
private val KNOWN =
    listOf(
        // Seed 3000024: WorkManager takes the job of the second sync away.
        listOf("start" to 0L, "advance" to 3 * HOUR, "clock" to -HOUR, "network" to 0L, "advance" to HOUR, "foreign state" to 1L, "trigger" to 0L),
    ).map { steps -> steps.map { (name, value) -> Operation(name, value) } }

private var worlds = 0

/** @return what was wrong, or null */
private fun failureOf(
    operations: List<Operation>,
    tasks: List<SyncTask>,
): Throwable? {
    // As many worlds as there are sequences: each in a time of its own, like those of the cases.
    val world = World(++worlds % 500 + 1)
    return try {
        val sequence = Sequence(world, tasks)
        operations.forEach(sequence::play)
        sequence.recover()
        world.process?.let { check(it.crashes.isEmpty()) { "uncaught: ${it.crashes}" } }
        null
    } catch (error: Throwable) {
        if (System.getenv("DEBUG") != null) world.lines.forEach { println("     $it") }
        if (System.getenv("DEBUG") != null) ShadowLog.getLogs().filter { it.tag.startsWith("WM-") }.forEach { println("     ${it.tag} ${it.msg} ${it.throwable?.stackTraceToString() ?: ""}") }
        error
    } finally {
        world.kill()
        world.directory.deleteRecursively()
    }
}

/** Leaves out what the failure does not need. */
private fun shrink(
    operations: List<Operation>,
    tasks: List<SyncTask>,
): List<Operation> {
    var least = operations
    var size = least.size / 2
    while (size >= 1) {
        var at = 0
        while (at < least.size) {
            val shorter = least.take(at) + least.drop(at + size)
            if (failureOf(shorter, tasks) != null) least = shorter else at += size
        }
        size /= 2
    }
    return least
}

/**
 * A suite of its own: `count first [most]`, that many sequences from that seed on, up to that many that fail. Who asks for
 * one failure wants to know whether there is one: it is not made smaller.
 */
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
    var passed = 0
    var failed = 0
    for (operations in KNOWN) {
        val failure = failureOf(operations, listOf(FIRST, PHOTOS)) ?: continue
        failed++
        println("FAIL ${operations.joinToString()}\n     $failure")
    }
    for (seed in first until first + count) {
        played++
        val operations = operationsOf(seed)
        val tasks = syncsOf(seed)
        if (failureOf(operations, tasks) == null) {
            passed++
            continue
        }
        failed++
        val least = if (most == 1) operations else shrink(operations, tasks)
        println("FAIL seed $seed: ${least.joinToString()}\n     ${failureOf(least, tasks)}")
        if (played - passed == most) break
    }
    println("$passed passed, $failed failed")
    if (played < count) println("${count - played} not played, after $failed that failed")
}
