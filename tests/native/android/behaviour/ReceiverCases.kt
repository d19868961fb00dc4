package dev.bgsync.tests

import android.content.Context
import android.content.ContextWrapper
import android.content.Intent
import android.content.pm.ApplicationInfo
import dev.bgsync.BackgroundSyncDebugReceiver
import org.json.JSONObject

private class DebuggableContext(
    private val debuggable: Boolean,
) : ContextWrapper(null) {
    override fun getApplicationContext(): Context = this

    override fun getApplicationInfo() = ApplicationInfo().apply { if (debuggable) flags = ApplicationInfo.FLAG_DEBUGGABLE }
}

/** An intent without a Bundle, which is native code here. */
private class FakeIntent(
    private val intentAction: String,
    private val extras: Map<String, Any>,
) : Intent() {
    override fun getAction() = intentAction

    override fun getStringExtra(name: String?) = extras[name] as? String

    override fun getBooleanExtra(
        name: String?,
        defaultValue: Boolean,
    ) = extras[name] as? Boolean ?: defaultValue
}

/** Sends an ordered broadcast. @return result code and data; null data where no one answered */
private fun World.broadcast(
    action: String,
    extras: Map<String, Any> = emptyMap(),
    debuggable: Boolean = true,
): Pair<Int, String?> {
    val receiver = BackgroundSyncDebugReceiver()
    receiver.onReceive(DebuggableContext(debuggable), FakeIntent("dev.bgsync.action.$action", extras))
    seconds(1)
    expect("finished", receiver.result().finished, if (debuggable) 1 else 0)
    return receiver.result().code to receiver.result().data
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
