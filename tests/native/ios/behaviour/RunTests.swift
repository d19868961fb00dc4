@_spi(Fake) import BackgroundTasks
import Foundation
@_spi(Fake) import UIKit
@_spi(Fake) import os

@testable import BackgroundSync

/// A run from the gate to JavaScript.
func runTests() {
  test("a drained run is reported as success, and the events stand in their order") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    let run = try js.takeRun()
    try expectEqual(run.taskId, App.taskId)
    try expectEqual(run.reason, "os")
    try expectEqual(run.attempt, 1)
    try expectEqual(run.battery.percent, 80)
    try expectEqual(run.network.connected, true)
    try expectEqual(run.locked, true)
    try expectEqual(run.deadline, app.system.now.milliseconds + 180_000)
    js.complete(run, "done", remaining: 0)
    let end = try app.waitForEnd()
    try expectEqual(end.out, "done")
    try expectEqual(end.rem, 0)
    try expectEqual(app.system.completions.map(\.success), [true])
    try expectEqual(
      app.events.drop { $0.ev != "schedule" || $0.why != "safety-net" }.map(\.ev),
      ["schedule", "run.start", "js.start", "schedule", "run.end"])
    try expectEqual(app.events("schedule").last?.why, "done")
    try expectEqual(app.events("schedule").last?.next, end.next)
    try expectEqual(end.delay, 3600)
  }
  test("E1 T1 what JavaScript says is what the system hears: retry and failed are no success") {
    app in
    let (_, js) = try app.launchWithJavaScript()
    for (index, outcome) in ["retry", "failed", "nonsense", "done"].enumerated() {
      try app.runNextWindow()
      let run = try js.takeRun(index + 1)
      js.complete(run, outcome)
      _ = try app.waitForEnd(count: index + 1)
      js.listen()
    }
    try expectEqual(app.system.completions.map(\.success), [false, false, false, true])
    try expectEqual(app.events("run.end").map(\.out), ["retry", "failed", "failed", "done"])
    try expectEqual(app.events("run.start").map(\.att), [1, 2, 3, 4])
    try expect(app.events("run.start").allSatisfy { $0.env?.locked == 1 })
  }
  test("E7 C2 the next request is pending before JavaScript gets the run") { app in
    let (worker, js) = try app.launchWithJavaScript()
    let pendingAtHandover = Box<Int>()
    worker.runs.nextRun(1) { [system = app.system] run in
      pendingAtHandover.add(system.pendingIdentifiers.count)
      js.runs.add(run)
    }
    try app.runNextWindow()
    let run = try js.takeRun()
    try expectEqual(pendingAtHandover.values, [1])
    js.complete(run)
    _ = try app.waitForEnd()
  }
  test("E7 the chain survives a process that dies in the run") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    _ = try js.takeRun()
    try expectEqual(app.system.pendingIdentifiers, [App.taskId])
    exit(0)
  }
  test("the host boots after the launch handler: host.start, host.ready, js.start") { app in
    let worker = try app.launch()
    let js = JavaScript(worker)
    try js.register()
    try app.runNextWindow()
    _ = try app.waitFor("host.start")
    app.system.advance(by: 25)
    js.load()
    _ = try app.waitFor("host.ready")
    app.system.advance(by: 15)
    js.listen()
    js.complete(try js.takeRun())
    try expectEqualNow(try app.waitForEnd().out, "done")
  }
  test("T3 a host that never loads ends the run") { app in
    let worker = try app.launch()
    try JavaScript(worker).register()
    try app.runNextWindow()
    _ = try app.waitFor("host.start")
    app.system.advance(by: 29)
    aMoment()
    try expectEqual(app.events("run.end").count, 0)
    app.system.advance(by: 1)
    let end = try app.waitForEnd()
    try expectEqual(end.out, "skipped")
    try expectEqual(end.why, "host-timeout")
    try expectEqual(app.system.completions.map(\.success), [false])
    try expectEqual(app.system.pendingIdentifiers, [App.taskId])
  }
  test("E5 T3 JavaScript that never takes the run ends it") { app in
    let worker = try app.launch()
    let js = JavaScript(worker)
    js.load()
    try js.register()
    try app.runNextWindow()
    _ = try app.waitFor("run.start")
    aMoment()
    app.system.advance(by: 20)
    let end = try app.waitForEnd()
    try expectEqual(end.out, "skipped")
    try expectEqual(end.why, "js-timeout")
    try expectEqual(app.system.completions.map(\.success), [false])
  }
  test("E5 T2 JavaScript that never answers: the budget ends the run") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    let run = try js.takeRun()
    let expired = js.whenExpired(run.runId)
    aMoment()
    app.system.advance(by: 179)
    aMoment()
    try expectEqual(app.system.completions.count, 0)
    app.system.advance(by: 1)
    try eventually("JavaScript is told") { expired.values == ["budget"] }
    try expectEqual(app.system.completions.count, 0)
    app.system.advance(by: 2)
    let end = try app.waitForEnd()
    try expectEqual(app.system.completions.map(\.success), [false])
    try expectEqual(end.out, "expired")
    try expectEqual(app.events("expire").map(\.why), ["budget"])
    try expectEqual(expired.values, ["budget"])
    try expectEqual(end.delay, 900)
  }
  test("before the first unlock: skipped before anything is read, the next window armed") { app in
    let (_, js) = try app.launchWithJavaScript()
    js.complete(try js.drain()!)
    _ = try app.waitForEnd()
    try app.runNextWindow()
    js.complete(try js.takeRun(), "retry")
    _ = try app.waitForEnd(count: 2)
    app.system.configure { $0.onCompleted = { kill(getpid(), SIGKILL) } }
    try app.runNextWindow()
    js.listen()
    js.complete(try js.takeRun(2), "retry")
    sleep(10)
    throw Failure(description: "not completed")
  } _: { app in
    // The next process, on a device that has restarted in the night.
    app.restartDevice()
    app.system.leavePending(App.taskId)
    let request = app.system.takeDueRequest()!
    let worker = try app.launch()
    let js = JavaScript(worker)
    js.load()
    js.listen()
    try expect(app.system.deliver(request))
    try eventually("a completion") { app.system.completions.map(\.success) == [false] }
    try expectEqual(js.runs.values.count, 0)
    try expectEqual(app.system.pendingIdentifiers, [App.taskId])
    // The skip is in the unified log only: nothing can be written.
    let skip = FakeLog.lines.first { $0.text.contains("\"run.skip\"") }?.text ?? ""
    try expect(skip.contains("\"why\":\"before-first-unlock\""), skip)
    try expect(skip.contains("\"locked\":1"), skip)

    // The user unlocks it, and locks it again: what was known is known.
    app.disk.set(.fine)
    try app.runNextWindow()
    let run = try js.takeRun()
    try expectEqual(run.attempt, 3)
    js.complete(run)
    _ = try app.waitForEnd(count: 4)
  }
  test("before the first unlock, and the app has never run: skipped, and no file is made up") {
    app in
    app.restartDevice()
    app.system.leavePending(App.taskId)
    let request = app.system.takeDueRequest()!
    let worker = try app.launch()
    let js = JavaScript(worker)
    js.load()
    js.listen()
    try expect(app.system.deliver(request))
    try eventually("a completion") { app.system.completions.map(\.success) == [false] }
    try expectEqual(js.runs.values.count, 0)
  }
  test("a full disk is no reason not to run on a locked device") { app in
    app.lock()
    app.disk.set(.full)
    app.system.leavePending(App.taskId)
    let request = app.system.takeDueRequest()!
    let worker = try app.launch()
    let js = JavaScript(worker)
    js.load()
    js.listen()
    try expect(app.system.deliver(request))
    js.complete(try js.takeRun())
    try eventually("a completion") { app.system.completions.map(\.success) == [true] }
  }
  test("low power: the run is told, and the next window is twice as far") { app in
    FakeDevice.state.lowPowerMode = true
    FakeDevice.state.batteryLevel = 0.55
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    let run = try js.takeRun()
    try expectEqual(run.battery.saver, true)
    try expectEqual(run.battery.percent, 55)
    js.complete(run)
    let end = try app.waitForEnd()
    try expectEqual(end.delay, 7200)
    let env = app.events("run.start")[0].env
    try expectEqual(env?.save, 1)
    try expectEqual(env?.chg, 0)
    try expectEqual(env?.bat, 55)
    try expectEqual(env?.net, "wifi")
    try expectEqual(env?.metered, 0)
  }
  test("a window that comes while a drain is open lives with it: its result, and a request is left")
  {
    app in
    let (_, js) = try app.launchWithJavaScript()
    app.leave()
    app.system.advance(by: 24 * 3600)
    app.system.enterForeground()
    let own = try js.drain()!
    try eventually("background time") { app.system.backgroundTimesHeld == 1 }
    app.leave()
    try expect(app.system.launchDueTask())
    let skip = try app.waitFor("run.skip")
    aMoment()
    try expectEqual(skip.why, "busy")
    // The drain does the work: the window is open for as long.
    try expectEqual(app.system.completions.count, 0)
    try expectEqual(app.system.pendingIdentifiers, [App.taskId])
    try expectEqual(app.events("run.start").count, 1)
    try expectEqual(js.runs.values.count, 0)
    js.complete(own)
    _ = try app.waitForEnd()
    try expectEqual(app.system.completions.map(\.success), [true])
    try eventually("the time is given back") { app.system.backgroundTimesHeld == 0 }
    // Of the drain, and of leaving twice.
    try expectEqual(app.system.backgroundTimesEver, 3)
  }
  test("a window that lives with a drain fails with it, and its expiration ends both") { app in
    let (_, js) = try app.launchWithJavaScript()
    app.leave()
    app.system.advance(by: 24 * 3600)
    let own = try js.drain()!
    let expired = js.whenExpired(own.runId)
    try expect(app.system.launchDueTask())
    _ = try app.waitFor("run.skip")
    app.system.expireRunningTask()
    try eventually("the drain is told") { expired.values == ["os"] }
    js.complete(own, "done", remaining: 4)
    let end = try app.waitForEnd()
    try expectEqual(end.out, "expired")
    try expectEqual(end.rem, 4)
    try expectEqual(app.system.completions.map(\.success), [false])
    app.system.advance(by: 10)
    try eventually("the time is given back") { app.system.backgroundTimesHeld == 0 }
  }
  test("the user leaves in mid-drain: background time, and when that is over the drain is told") {
    app in
    let (_, js) = try app.launchWithJavaScript()
    let own = try js.drain()!
    let expired = js.whenExpired(own.runId)
    try eventually("background time") { app.system.backgroundTimesHeld == 1 }
    app.leave()
    app.system.advance(by: 29)
    aMoment()
    try expectEqual(expired.values, [])
    app.system.advance(by: 1)
    try eventually("the drain is told") { expired.values == ["os"] }
    js.complete(own, "retry", remaining: 1)
    try expectEqualNow(try app.waitForEnd().out, "expired")
    try eventually("the time is given back") { app.system.backgroundTimesHeld == 0 }
    app.system.advance(by: 10)
    try expect(app.system.isSuspended)
  }
  test("the app's own drain uses the gate: a run while another is open is refused") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    let run = try js.takeRun()
    try expectNow(try js.drain() == nil)
    try expectEqualNow(try app.waitFor("run.skip").trig, "foreground")
    js.complete(run)
    _ = try app.waitForEnd()
    let own = try js.drain()!
    try expectEqual(own.reason, "foreground")
    js.complete(own, "done", remaining: 3)
    let end = try app.waitForEnd(count: 2)
    try expectEqual(end.rem, 3)
    try expectEqual(end.delay, 900)
  }
  test("JavaScript is reloaded: the newer promise gets the run") { app in
    let (worker, js) = try app.launchWithJavaScript()
    let reloaded = JavaScript(worker)
    reloaded.load()
    reloaded.listen()
    // The old one may end after the new one has begun.
    js.stop()
    try app.runNextWindow()
    let run = try reloaded.takeRun()
    try expectEqual(js.runs.values.count, 0)
    reloaded.complete(run)
    _ = try app.waitForEnd()
  }
  test("JavaScript is gone: its promise gets no run, and the host has to come up again") { app in
    let (_, js) = try app.launchWithJavaScript()
    js.stop()
    try app.runNextWindow()
    _ = try app.waitFor("host.start")
    app.system.advance(by: 30)
    try expectEqualNow(try app.waitForEnd().why, "host-timeout")
    try expectEqual(js.runs.values.count, 0)
  }
  test("a main thread that is blocked for ever: no run, and completion all the same") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow { DispatchQueue.main.async { while true { sleep(1000) } } }
    try eventually("the safety net") { app.events("schedule").count == 2 }
    aMoment()
    try expectEqual(app.system.completions.count, 0)
    app.system.advance(by: 30)
    let skip = try app.waitFor("run.skip")
    aMoment()
    try expectEqual(skip.why, "main-blocked")
    try expectEqual(app.system.completions.map(\.success), [false])
    try expectEqual(js.runs.values.count, 0)
  }
  test("a main thread that is blocked for ever: a run that is open completes") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    let run = try js.takeRun()
    DispatchQueue.main.async { while true { sleep(1000) } }
    aMoment()
    js.complete(run)
    try expectEqualNow(try app.waitForEnd().out, "done")
    try expectEqual(app.system.completions.map(\.success), [true])
  }
  test("progress: at most once per second") { app in
    let (worker, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    let run = try js.takeRun()
    for done in 1...5 { worker.runs.progress(run.runId, done: done, total: 9) }
    aMoment()
    app.system.advance(by: 1)
    worker.runs.progress(run.runId, done: 6, total: 9)
    worker.runs.progress("unknown1", done: 7, total: 9)
    js.complete(run)
    _ = try app.waitForEnd()
    try expectEqual(app.events("progress").map(\.n), [1, 6])
    try expectEqual(app.events("progress").map(\.of), [9, 9])
  }
}
