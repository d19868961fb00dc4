package dev.bgsync.tests

import androidx.work.WorkInfo
import dev.bgsync.BackgroundSyncWorker
import dev.bgsync.Outcome
import dev.bgsync.SchedulePolicy
import dev.bgsync.SyncSettings
import dev.bgsync.SyncTask
import org.json.JSONObject
import java.util.concurrent.TimeUnit

internal const val MINUTE = 60_000L
internal const val HOUR = 60 * MINUTE
internal const val DAY = 24 * HOUR

/** WorkManager keeps a quarter of an hour between two runs of one work. */
private const val FLOOR = 15 * MINUTE

private const val WEEK_SECONDS = 604_800L

/** What WorkManager holds under the name of a sync. */
internal data class Held(
    val id: String,
    val state: WorkInfo.State,
    val next: Long,
    val isPeriodic: Boolean,
    val isOurs: Boolean,
    /** Milliseconds between two runs. */
    val period: Long,
    /** When WorkManager started it last, or took it: by a clock that may have been ahead. */
    val startedAt: Long,
    /** Whether [next] is the period after [startedAt], since nobody has set it, and no back-off does. */
    val isByPeriod: Boolean,
) {
    val isDead get() = state.isFinished || !isPeriodic

    /** The next window after an update that sets none. */
    fun nextWith(period: Long) = if (isByPeriod) next - this.period + period else next
}

/** What the app asked for while a run was open. */
private class Request(
    val next: Long,
    val delay: Long,
) {
    /** The clock may have been set back since: it is no further away than it was. */
    fun at(now: Long) = minOf(next, now + delay)
}

/** The contract of one sync: what it must hold and count by now, and what each step may make of that. */
internal class ModelledSync(
    private val world: World,
    val task: SyncTask,
) {
    /** Null until the app says. */
    var on: Boolean? = null
    private var settings = SyncSettings()
    private var failures = 0
    private var skips = 0

    /** The next window, where the app asked for it and nothing has moved it since. */
    private var wish: Long? = null
    private var wishBefore: Long? = null

    /** By run: the next window that the app asked for while it was open. */
    private val requested = mutableMapOf<String, Request>()

    /** When [register] was called last. */
    private var registeredAt = 0L

    /** What is held before the step that is being played; null as well where no process was there to look. */
    var before: Held? = null
        private set
    private var runsBefore = 0

    val work: Work? get() = world.workManager.unique(task.id)

    val held: Held?
        get() =
            work?.let {
                val spec = it.spec
                Held(
                    it.id,
                    it.state,
                    it.nextRunAt(),
                    it.isPeriodic,
                    isOurs = spec.workerClassName == BackgroundSyncWorker::class.java.name,
                    period = spec.intervalDuration,
                    startedAt = spec.lastEnqueueTime,
                    isByPeriod = spec.nextScheduleTimeOverride == Long.MAX_VALUE && spec.periodCount > 0 && !spec.isBackedOff,
                )
            }

    /** Whether WorkManager waits for a start that will not come: the system has no job for it. */
    val isWithoutJob: Boolean get() = held?.let { it.state == WorkInfo.State.ENQUEUED && !world.system.hasJob(it.id) } ?: false

    private fun timeAfter(
        seconds: Long,
        from: Long = world.clock.now(),
    ) = from + TimeUnit.SECONDS.toMillis(seconds)

    private val intervalSeconds get() = settings.policyOf(task).intervalSeconds

    /** The latest window that the policy, or the app, may have asked for by now. */
    private fun latestStart(
        wish: Long?,
        from: Long = world.clock.now(),
    ): Long {
        val byPolicy = timeAfter(maxOf(settings.policyOf(task).maxSeconds, intervalSeconds), from)
        return maxOf(byPolicy, minOf(wish ?: 0, timeAfter(WEEK_SECONDS, from)))
    }

    /** At most until the next window, in time that no clock changes, with what the open run will ask for. Milliseconds. */
    val longestWait: Long
        get() {
            val isAsked = wish != null || openRun?.let { requested[it] } != null
            val seconds = if (isAsked) WEEK_SECONDS else maxOf(settings.policyOf(task).maxSeconds, intervalSeconds)
            return TimeUnit.SECONDS.toMillis(seconds)
        }

    private val openRun: String?
        get() {
            val open = world.process!!.runtime.gate.openRun
            return open?.id?.takeIf { open.taskId == task.id }
        }

    fun look() {
        before = if (world.process == null) null else held
        runsBefore = before?.let { world.workManager.results(it.id).size } ?: 0
        wishBefore = wish
    }

    /** Whether WorkManager has neither started nor stopped it since [look]: one that waits for its turn has no event yet. */
    val isUntouched: Boolean get() = (before?.state == WorkInfo.State.RUNNING) == (held?.state == WorkInfo.State.RUNNING)

    fun register(
        switchOn: Boolean,
        settle: (suspend () -> Boolean) -> Boolean?,
    ) {
        registeredAt = world.clock.now()
        settle { BackgroundSyncWorker.register(TestContext, switchOn, task.name) }
        if (switchOn) on = true
    }

    fun scheduleNext(
        seconds: Long,
        settle: (suspend () -> Long?) -> Long?,
    ) {
        val wanted = timeAfter(seconds.coerceIn(SchedulePolicy.MIN_DELAY_SECONDS, WEEK_SECONDS))
        val delay = wanted - world.clock.now()
        val run = openRun
        val known = world.lines.size
        val stored = settle { BackgroundSyncWorker.scheduleNext(TestContext, seconds, task.name) }
        if (run != null && on != false) requested[run] = Request(wanted, delay)
        val before = before
        val isRefused = on == false || before == null || before.state == WorkInfo.State.CANCELLED || world.workManager.failure != null
        if (isRefused) return expect("scheduleNext where nothing is registered", stored, null)
        checkNotNull(stored) { "scheduleNext answers nothing, with $before" }
        check(stored in wanted..wanted + FLOOR) { "scheduleNext: $stored for $wanted" }
        val after = held
        val set = world.events.drop(known).filter { it.getString("ev") in listOf("schedule", "heal") && it.getString("task") == task.id }
        val isTold = set.any { (it.getString("ev") == "heal" || it.getString("why") == "app") && it.getLong("next") == stored }
        check(isTold) { "scheduleNext answers $stored, and no event of it does: $set" }
        // While a run is open WorkManager knows no time: the run's end sets what was asked for. A window that was due may
        // open in this very moment, and close: then its end has set the next one.
        if (run == null && openRun == null && after?.state == WorkInfo.State.ENQUEUED) expect("scheduleNext says what is stored", set.last().getLong("next"), after.next)
    }

    fun configure(
        text: String,
        settle: (suspend () -> Boolean) -> Boolean?,
    ) {
        val before = before
        val wanted = SyncSettings.of(text)
        val isSame = wanted == settings
        val isShorter = wanted.policyOf(task).intervalSeconds < intervalSeconds && failures == 0
        val latest = timeAfter(wanted.policyOf(task).intervalSeconds)
        // What holds the window back there, where WorkManager adds to the time of the last start.
        val isAhead = before != null && before.startedAt > world.clock.now()
        settings = wanted
        val known = world.lines.size
        val accepted = settle { BackgroundSyncWorker.configure(TestContext, text, task.name) }
        expect("configure", accepted, isSame || world.workManager.failure == null)
        val after = held
        if (isSame || accepted != true || on == false || before?.state != WorkInfo.State.ENQUEUED || after?.state != WorkInfo.State.ENQUEUED) return
        if (before.isDead || world.lines.drop(known).any { "\"run." in it }) return
        expectCurrent("configure")
        if (!isShorter || !isAhead) expect("configure keeps the work", after.id, before.id)
        if (!before.isOurs) return
        val expected = if (isShorter && before.next > latest) latest else before.nextWith(after.period)
        check(after.next in expected..expected + FLOOR) { "configure: next ${after.next}, expected $expected" }
    }

    private fun expectCurrent(what: String) {
        val spec = checkNotNull(work).spec
        expect("$what: constraints", spec.constraints, settings.constraintsOf(task).toWork())
        expect("$what: period", spec.intervalDuration, TimeUnit.SECONDS.toMillis(intervalSeconds))
        expect("$what: class", spec.workerClassName, BackgroundSyncWorker::class.java.name)
    }

    /** Where no run came in between, what a step leaves in WorkManager follows from what was there before. */
    fun expectAfter(
        operation: Operation,
        events: List<JSONObject>,
    ) {
        val before = before
        val after = held
        when (operation.name) {
            "register", "start" -> {
                if (world.workManager.failure != null) return
                // What a cancel has left behind, since WorkManager was broken then.
                if (on == false && before?.isOurs == true) return check(after == null || after.state.isFinished) { "still there: $after" }
                if (on == false) return expectUnchanged("switched off")
                if (hasRunForeign) return
                checkNotNull(after) { "register leaves nothing" }
                check(!after.isDead) { "register leaves $after" }
                val latest = latestStart(wishBefore, registeredAt)
                if (after.state == WorkInfo.State.ENQUEUED) {
                    expectCurrent("register")
                    check(after.next <= latest + FLOOR) { "register leaves a window that is far away: $after" }
                    check(!isWithoutJob) { "register leaves work without a job: $after" }
                }
                val isHealthy = before != null && !before.isDead && (before.state != WorkInfo.State.ENQUEUED || before.next <= latest + FLOOR)
                if (before == null) {
                    val wanted = timeAfter(intervalSeconds, registeredAt)
                    check(after.next in wanted..wanted + FLOOR) { "registered for ${after.next}" }
                } else if (!before.isOurs && isHealthy) {
                    // Its first window may hang on a delay of its own, which goes with it.
                    check(after.id == before.id && after.next <= before.nextWith(after.period)) { "made ours: $after, of $before" }
                } else if (isHealthy) {
                    expect("register keeps healthy work", after.id, before.id)
                    // A worker that runs knows no time.
                    if (after.state == WorkInfo.State.ENQUEUED) expect("register: next, of $before", after.next, before.nextWith(TimeUnit.SECONDS.toMillis(intervalSeconds)))
                } else if (after.id != before.id) {
                    val heal = events.last { it.getString("ev") == "heal" && it.getString("task") == task.id }.getLong("next")
                    expect("healed, in its first step of the back-off", heal, after.next)
                    val wanted = timeAfter(settings.policyOf(task).backlogSeconds, registeredAt)
                    check(after.next in wanted..wanted + FLOOR) { "healed for ${after.next}" }
                }
            }
            "cancel" -> if (world.workManager.failure == null) check(after == null || after.state.isFinished) { "cancelled, and $after" }
            else -> Unit
        }
    }

    /** A step that concerns another sync, or none. */
    fun expectUnchanged(what: String) {
        val after = held
        val expected =
            when {
                !hasRunForeign -> before
                // It throws: that is its end with 2.10, and a period like any other from 2.11.2 on.
                System.getProperty("bgsync.work") == "2.10.0" -> before!!.copy(state = WorkInfo.State.FAILED, next = Long.MAX_VALUE)
                else -> before!!.copy(startedAt = after!!.startedAt, next = after.startedAt + after.period, isByPeriod = true)
            }
        expect("$what: ${task.id}", after, expected)
    }

    /** Whether work of the app's own under our name has run since [look]: where a clock made it due, it does at any step, and has no event. */
    private val hasRunForeign: Boolean
        get() {
            val before = before ?: return false
            return !before.isOurs && held?.id == before.id && world.workManager.results(before.id).size > runsBefore
        }

    fun observe(
        event: JSONObject,
        all: List<JSONObject>,
        operation: Operation,
    ) {
        when (event.getString("ev")) {
            "run.start" -> expect("attempt of ${task.id}", event.getInt("att"), failures + 1)
            "run.end" -> ended(event, all)
            "schedule" -> wish = if (event.getString("why") in listOf("app", "requested")) event.getLong("next") else null
            // The work stays what it was.
            "heal" -> if (event.getString("why") != "lost") wish = if (operation.name == "scheduleNext") event.getLong("next") else null
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
        expect("the end says what the schedule says", end.getLong("next"), (set ?: all.last { it.getString("ev") == "heal" && it.getString("task") == task.id }).getLong("next"))
        val asked = requested[run]
        if (asked != null) wish = asked.at(end.getLong("ts"))
        if (set == null) return
        val row = if (outcome == Outcome.SKIPPED) skips else failures
        val delay = SchedulePolicy.nextDelaySeconds(outcome, end.optInt("rem", -1), world.battery, row, settings.policyOf(task))
        val expected = asked?.at(set.getLong("ts")) ?: (set.getLong("ts") + TimeUnit.SECONDS.toMillis(delay))
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

    fun invariants() {
        val gate = world.process!!.runtime.gate
        val state = gate.ledger.state(task)
        expect("failures of ${task.id}", state.consecutiveFailures, failures)
        expect("skips of ${task.id}", state.consecutiveSkips, skips)
        expect("switched off of ${task.id}", state.isSwitchedOff, on == false)
        expect("settings of ${task.id}", state.settings, settings)
        val after = held
        if (on == false && world.workManager.failure == null) check(after == null || after.state != WorkInfo.State.RUNNING || gate.openRun != null || !after.isPeriodic) { "runs while it is off" }
    }
}
