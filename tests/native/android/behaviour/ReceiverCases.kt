package dev.bgsync.tests

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.content.pm.ApplicationInfo
import dev.bgsync.BackgroundSyncDebugReceiver
import org.json.JSONObject

/** Sends an ordered broadcast, as the shell does. @return result code and data; null data where no one answered */
private fun World.broadcast(
    action: String,
    extras: Map<String, Any> = emptyMap(),
    debuggable: Boolean = true,
): Pair<Int, String?> {
    val app = TestContext.applicationInfo
    val flags = app.flags
    app.flags = if (debuggable) flags or ApplicationInfo.FLAG_DEBUGGABLE else flags and ApplicationInfo.FLAG_DEBUGGABLE.inv()
    val intent = Intent("dev.bgsync.action.$action")
    for ((key, value) in extras) if (value is Boolean) intent.putExtra(key, value) else intent.putExtra(key, value as String)
    val receiver = BackgroundSyncDebugReceiver()
    var answer: Pair<Int, String?>? = null
    val result =
        object : BroadcastReceiver() {
            override fun onReceive(
                context: Context,
                intent: Intent,
            ) {
                answer = resultCode to resultData
            }
        }
    MainLooper.run {
        @Suppress("DEPRECATION", "UnspecifiedRegisterReceiverFlag")
        TestContext.registerReceiver(receiver, IntentFilter(intent.action))
        TestContext.sendOrderedBroadcast(intent, null, result, null, 0, null, null)
    }
    try {
        seconds(1)
        return checkNotNull(answer) { "the broadcast did not come to its end" }
    } finally {
        MainLooper.run { TestContext.unregisterReceiver(receiver) }
        app.flags = flags
    }
}

/** The hook of `bgsync trigger`, in debug builds. */
internal fun receiverCases() {
    test("receiver: run starts a one-time twin at once, with the run id it was given") {
        startProcess().register()
        seconds(1)
        val (code, data) = broadcast("RUN", mapOf("run" to "tr1gg3r0"))
        expect("code", code, -1)
        check(data!!.startsWith("ok v=1 run=tr1gg3r0 work=")) { data }
        seconds(10)
        expect("ack", last("ack").getString("run"), "tr1gg3r0")
        expect("start", last("run.start").getString("trig") to last("run.start").getString("run"), "trigger" to "tr1gg3r0")
        expect("outcome", last("run.end").getString("out"), "done")
        expect("the periodic work was not run", work.results, emptyList<String>())
        expectChainAlive()
    }

    test("receiver: respect waits for the production constraints") {
        startProcess().register()
        workManager.isConnected = false
        broadcast("RUN", mapOf("respect" to true))
        seconds(60)
        expect("starts", events("run.start").size, 0)
        broadcast("RUN")
        seconds(10)
        expect("starts", events("run.start").size, 1)
        workManager.isConnected = true
        seconds(10)
        expect("starts", events("run.start").size, 2)
    }

    test("receiver: what is not on the list is refused") {
        startProcess()
        expect("run", broadcast("RUN", mapOf("run" to "x; reboot")), 0 to "error v=1 why=run")
        expect("job", broadcast("RUN", mapOf("job" to "another")), 0 to "error v=1 why=job")
        expect("action", broadcast("ERASE"), 0 to "error v=1 why=action")
        expect("nothing enqueued", workManager.works.size, 0)
    }

    test("receiver: a build that is not debuggable does not answer") {
        startProcess()
        expect("answer", broadcast("RUN", debuggable = false), 0 to null)
        expect("nothing enqueued", workManager.works.size, 0)
        expect("no event", lines.size, 0)
    }

    test("receiver: status") {
        startProcess().register()
        seconds(1)
        val (code, data) = broadcast("STATUS")
        expect("code", code, -1)
        expect("state", JSONObject(data!!.removePrefix("ok v=1 ")).getString("state"), "enqueued")
    }

    test("receiver: stop closes the window of the open run, and says where there is none") {
        startProcess(JavaScript.silent()).register()
        expect("none", broadcast("STOP"), 0 to "error v=1 why=no-run")
        broadcast("RUN", mapOf("run" to "st0pp3d0"))
        seconds(10)
        expect("stop", broadcast("STOP"), -1 to "ok v=1 run=st0pp3d0")
        expect("expire", last("expire").getString("why"), "stop")
        expect("outcome", last("run.end").getString("out"), "expired")
    }

    test("receiver: a broken WorkManager is an answer, not a crash") {
        startProcess()
        workManager.failure = IllegalStateException("x")
        expect("answer", broadcast("RUN"), 0 to "error v=1 why=IllegalStateException")
    }
}
