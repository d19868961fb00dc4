package dev.bgsync.tests

import androidx.work.WorkInfo
import java.io.File

internal class TestCase(
    val name: String,
    val body: World.() -> Unit,
)

internal val cases = mutableListOf<TestCase>()

internal fun test(
    name: String,
    body: World.() -> Unit,
) {
    cases += TestCase(name, body)
}

internal fun expect(
    what: String,
    actual: Any?,
    expected: Any?,
) = check(actual == expected) { "$what: expected <$expected>, got <$actual>" }

/** What holds at the end of every case: the rules of `bgsync logs --verify`, and the chain is alive. */
private fun World.invariants() {
    val open = mutableSetOf<String>()
    val ended = mutableSetOf<String>()
    for (event in events) {
        val run = event.optString("run")
        when (event.getString("ev")) {
            "run.start" -> {
                check(open.isEmpty()) { "$run overlaps $open" }
                open += run
            }
            "run.end" -> {
                check(open.remove(run)) { "$run ended without a start" }
                check(ended.add(run)) { "$run ended twice" }
            }
        }
    }
    for (line in lines) {
        check(line.length <= 900) { "a line of ${line.length} bytes" }
        check(line.all { it in ' '..'~' }) { "a line that is not ASCII" }
    }
    process?.let { check(it.crashes.isEmpty()) { "uncaught: ${it.crashes}" } }
}

internal fun World.expectChainAlive() {
    check(!work.state.isFinished) { "the periodic work is ${work.state}" }
    if (work.state == WorkInfo.State.ENQUEUED) {
        val wait = work.nextRunAt() - clock.now()
        check(wait <= 86_400_000) { "the next window is ${wait / 1_000} s away" }
    }
}

/** The suite, on the main thread of a sandbox. */
fun run(arguments: Array<String>) = MainLooper.serve { runAll(arguments) }

private fun runAll(arguments: Array<String>) {
    val (vectors, eventLog) = arguments
    val only = Regex(arguments.getOrNull(2) ?: System.getProperty("bgsync.only") ?: "")
    lifeCycleCases()
    defectCases()
    stateCases()
    vectorCases(File(vectors))
    hostCases()
    realCases()
    receiverCases()
    constraintCases(File(vectors))
    endedRunCases()
    taskCases()
    deviceCases()
    orderCases()

    val log = File(eventLog)
    log.delete()
    var failed = 0
    val wanted = cases.filter { only.containsMatchIn(it.name) }
    wanted.forEachIndexed { index, case ->
        val world = World(index + 1)
        try {
            case.body(world)
            world.invariants()
            println("ok   ${case.name}")
        } catch (error: Throwable) {
            failed++
            println("FAIL ${case.name}\n     $error")
            if (System.getenv("DEBUG") != null) error.printStackTrace(System.out)
            if (System.getenv("DEBUG") != null) world.lines.forEach { println("     $it") }
            if (System.getenv("DEBUG") != null) org.robolectric.shadows.ShadowLog.getLogs().filter { it.tag.startsWith("WM-") }.forEach { println("     ${it.tag} ${it.msg} ${it.throwable?.stackTraceToString() ?: ""}") }
        }
        if (world.lines.isNotEmpty()) log.appendText(world.lines.joinToString("\n", postfix = "\n"))
        world.kill()
        world.directory.deleteRecursively()
    }
    println("${wanted.size - failed} passed, $failed failed")
}
