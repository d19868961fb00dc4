package dev.bgsync.tests

import androidx.work.WorkInfo
import dev.bgsync.BackgroundSyncPackage
import dev.bgsync.SyncTasks
import kotlinx.coroutines.launch

/**
 * The package that `bgsync remove --retire` leaves. Its classes stand in front of the full package's on the class path,
 * so that the earlier version's own scheduler makes the work, and the retired worker is what WorkManager starts.
 */
private fun World.scheduleAsEarlier() {
    val process = startProcess()
    for (task in tasks.all) process.runtime.scope.launch { process.runtime.schedulerOf(task).register() }
    seconds(1)
    expect("scheduled", work.state, WorkInfo.State.ENQUEUED)
    kill()
}

/** What React Native does when it starts: it makes the modules that ask for it, and loads no JavaScript here. */
private fun startReact() {
    val retired = BackgroundSyncPackage()
    val context = FakeReactContext { false }
    val infos = retired.getReactModuleInfoProvider().getReactModuleInfos()
    for ((name, info) in infos) {
        check(info.isTurboModule) { "$name is made in the new architecture only as a TurboModule" }
        if (info.needsEagerInit) checkNotNull(retired.getModule(name, context)) { "$name is not made" }
        check(name != "BackgroundSync") { "JavaScript must find no module" }
    }
}

private fun retiredCases() {
    test("the work of an earlier version is cancelled when the app starts, before it runs") {
        scheduleAsEarlier()
        startProcess()
        startReact()
        seconds(1)
        expect("state", work.state, WorkInfo.State.CANCELLED)
        hours(48)
        expect("runs", work.periods, 0)
    }

    test("where no one opens the app, the first run is the last") {
        scheduleAsEarlier()
        startProcess()
        hours(48)
        expect("state", work.state, WorkInfo.State.CANCELLED)
        check("success" !in work.results) { work.results }
    }

    for (isOpened in listOf(true, false)) {
        test("the work of each of several syncs goes, ${if (isOpened) "when the app starts" else "at its first run"}") {
            val photos = FIRST.copy(name = "photos")
            tasks = SyncTasks(listOf(FIRST, photos))
            scheduleAsEarlier()
            startProcess()
            if (isOpened) startReact()
            hours(48)
            expect("the first", work.state, WorkInfo.State.CANCELLED)
            expect("the other", workManager.unique(photos.id)?.state, WorkInfo.State.CANCELLED)
        }
    }

    test("an app that initializes WorkManager later starts all the same") {
        scheduleAsEarlier()
        // Not initialized, and the app is no Configuration.Provider.
        startReact()
        startProcess()
        hours(48)
        expect("state", work.state, WorkInfo.State.CANCELLED)
    }
}

/** The suite, on the main thread of a sandbox. */
fun run(
    @Suppress("UNUSED_PARAMETER") arguments: Array<String>,
) = MainLooper.serve { runAll() }

private fun runAll() {
    retiredCases()
    var failed = 0
    cases.forEachIndexed { index, case ->
        val world = World(index + 1)
        try {
            case.body(world)
            println("ok   ${case.name}")
        } catch (error: Throwable) {
            failed++
            println("FAIL ${case.name}\n     $error")
        }
        world.kill()
        world.directory.deleteRecursively()
    }
    println("${cases.size - failed} passed, $failed failed")
}
