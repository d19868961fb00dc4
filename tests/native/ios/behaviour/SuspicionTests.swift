@_spi(Fake) import BackgroundTasks
import Foundation
@_spi(Fake) import UIKit

@testable import BackgroundSync

/// What a user may expect, as a review asked for it when none of it held.
func suspicionTests() {
  test(
    "S01 a phone with a passcode, idle at night and locked, unlocked since its start: the sync runs"
  ) { app in
    let (_, js) = try app.launchWithJavaScript()
    // The state and the events are readable: class C. Only class A data is not.
    FakeDevice.state.protectedDataAvailable = false
    for night in 1...3 {
      try app.runNextWindow()
      aMoment()
      js.listen()
      _ = night
    }
    aMoment()
    try expect(
      js.runs.values.count > 0,
      "three nights, no run: \(app.events("run.skip").map { $0.why ?? "" })")
  }
  test("S02 a pending request years ahead (the clock was wrong) is set right by register") { app in
    let (_, js) = try app.launchWithJavaScript()
    // As submitted while the clock was a year ahead.
    let request = BGProcessingTaskRequest(identifier: App.taskId)
    request.earliestBeginDate = app.system.now.addingTimeInterval(365 * 24 * 3600)
    try BGTaskScheduler.shared.submit(request)
    try js.register()
    app.leave()
    let ahead = app.system.pendingEarliest!.timeIntervalSince(app.system.now) / 3600
    try expect(ahead <= 24, "the next window is \(Int(ahead)) hours ahead")
  }
  test("S03 an update of the app drops requiresExternalPower: the pending request follows") { app in
    let worker = try app.launch()
    let old = BGProcessingTaskRequest(identifier: App.taskId)
    old.requiresExternalPower = true
    old.requiresNetworkConnectivity = true
    old.earliestBeginDate = app.system.now
    try BGTaskScheduler.shared.submit(old)
    try JavaScript(worker).register()
    aMoment()
    let pending = app.system.pendingRequest as? BGProcessingTaskRequest
    try expectEqual(pending?.requiresExternalPower, BackgroundSyncConfig.requiresExternalPower)
  }
  test("S04 a foreground drain that the user left, suspended for hours: the OS window is used") {
    app in
    let (_, js) = try app.launchWithJavaScript()
    _ = try js.drain()
    js.listen()
    // The user goes home; the process is suspended; at night the system resumes it for the task.
    app.system.suspend(for: 8 * 3600)
    try expect(app.system.launchDueTask(), "the system launched nothing")
    app.system.resume()
    aMoment()
    app.system.advance(by: 1)
    aMoment()
    try expect(
      js.runs.values.count == 1,
      "the window is gone: \(app.events("run.skip").map { $0.why ?? "" }), reported \(app.system.completions.map(\.success))"
    )
  }
  test("S05 after a torn line the next event is readable") { app in
    let clock = app.clock
    let log = EventLog(directory: app.directory, clock: clock)
    log.write(SyncEvent(ev: .progress, n: 1))
    let file = app.directory.appendingPathComponent("events.log")
    let handle = try FileHandle(forWritingTo: file)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("BGSYNC1 {\"v\":1,\"se".utf8))
    try handle.close()
    let next = EventLog(directory: app.directory, clock: clock)
    next.write(SyncEvent(ev: .runEnd, run: "abcd0000", out: .killed))
    next.write(SyncEvent(ev: .progress, n: 3))
    let events = try JSONDecoder().decode([Event].self, from: Data(next.history(limit: 100).utf8))
    try FileManager.default.removeItem(at: app.directory)
    try expectEqual(events.map(\.ev), ["progress", "run.end", "progress"])
  }
  test(
    "S06 JavaScript is reloaded in mid-run: the run ends soon, the new JavaScript is not kept waiting"
  ) { app in
    let (worker, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    _ = try js.takeRun()
    js.stop()
    let reloaded = JavaScript(worker)
    reloaded.load()
    reloaded.listen()
    aMoment()
    app.system.advance(by: 60)
    try eventually("a minute later the window is over, or somebody works in it") {
      app.events("run.end").count == 1 || reloaded.runs.values.count == 1
    }
  }
  test("S07 a process that iOS starts for the retired id does not crash") { app in
    app.system.configure { $0.permittedIdentifiers = [App.taskId, "dev.bgsync.old"] }
    app.system.leavePending("dev.bgsync.old")
    let request = app.system.takeDueRequest()!
    app.makeWorker().start()
    app.system.endLaunch()
    try expect(app.system.deliver(request), "no launch handler")
    try eventually("it is over") { app.system.completions.map(\.success) == [true] }
  }
  test("S08 an app without scenes that starts React later hands its factory over: it is used") {
    app in
    try provideHost()
    let worker = try app.launch(scenes: false)
    let js = JavaScript(worker)
    try js.register()
    try app.runNextWindow()
    _ = try app.waitFor("host.start")
    aMoment()
    app.system.advance(by: 29)
    aMoment()
    try expect(app.reactStarts.values.count == 1, "React was not started in 29 seconds")
  }
  test("S08b a scene without React (a native screen) hands its factory over: it is used") { app in
    try provideHost()
    FakeDevice.state.sceneConnected = true
    let worker = try app.launch(scenes: true)
    let js = JavaScript(worker)
    try js.register()
    try app.runNextWindow()
    _ = try app.waitFor("host.start")
    aMoment()
    app.system.advance(by: 29)
    aMoment()
    try expect(app.reactStarts.values.count == 1, "React was not started in 29 seconds")
  }
  test("S09 lazy var reactNativeFactory in the app delegate is found") { app in
    let made = Box<Bool>()
    Task { @MainActor in
      let delegate = LazyDelegate()
      _ = delegate.reactNativeFactory
      _ = Unmanaged.passRetained(delegate)
      UIApplication.shared.delegate = delegate
      made.add(true)
    }
    try eventually("delegate") { made.values.count == 1 }
    let worker = try app.launch(scenes: true)
    try JavaScript(worker).register()
    try app.runNextWindow()
    aMoment()
    try expect(
      app.reactStarts.values.count == 1, "skip: \(app.events("run.skip").map { $0.why ?? "" })")
  }
  test("S09b a computed reactNativeFactory in the app delegate is found") { app in
    let made = Box<Bool>()
    Task { @MainActor in
      let delegate = ComputedDelegate()
      _ = Unmanaged.passRetained(delegate)
      UIApplication.shared.delegate = delegate
      made.add(true)
    }
    try eventually("delegate") { made.values.count == 1 }
    let worker = try app.launch(scenes: true)
    try JavaScript(worker).register()
    try app.runNextWindow()
    aMoment()
    try expect(
      app.reactStarts.values.count == 1, "skip: \(app.events("run.skip").map { $0.why ?? "" })")
  }
  test("S10 JavaScript that comes up a second after a launch without a scene gets the run") { app in
    // React starts in didFinishLaunching, or iOS connects the scene a moment after the launch handler.
    let worker = try app.launch(scenes: true)
    let js = JavaScript(worker)
    try js.register()
    try app.runNextWindow()
    aMoment()
    app.system.advance(by: 1)
    js.load()
    js.listen()
    aMoment()
    try expect(js.runs.values.count == 1, "skip: \(app.events("run.skip").map { $0.why ?? "" })")
  }
  test("S11 scheduleNext in the drain (Retry-After) is what is pending after it") { app in
    let (js, run, next) = try openRunThatAsks(app)
    js.complete(run, "retry", remaining: 3)
    _ = try app.waitForEnd()
    try expectEqual(app.system.pendingEarliest!.milliseconds, next)
  }
  test("S11b the clock is set back in the run: what the drain asked for is as far away as it was") {
    app in
    let (js, run, _) = try openRunThatAsks(app)
    app.system.setClock(by: -30 * 24 * 3600)
    js.complete(run, "retry", remaining: 3)
    let end = try app.waitForEnd()
    // The state has whole milliseconds.
    let asked = app.system.now + 6 * 3600 + 0.001
    try expect(app.system.pendingEarliest! <= asked, "\(app.system.pendingEarliest!)")
    try expectEqual(end.next, app.system.pendingEarliest!.milliseconds)
  }
  test("S12 a task that iOS delivers after cancel does not drain") { app in
    let (worker, js) = try app.launchWithJavaScript()
    app.system.advance(by: 24 * 3600)
    // The system has taken the request already, when the user signs out.
    app.system.leavePending("dev.other")
    app.system.cancel("dev.other")
    let done = Box<Bool>()
    worker.cancel { done.add(true) }
    try eventually("cancelled") { done.values.count == 1 }
    app.system.leavePending(App.taskId)
    try expect(app.system.launchDueTask())
    aMoment()
    try expect(js.runs.values.isEmpty, "a run was handed over after cancel()")
    try expectEqual(app.events("run.skip").map(\.why), ["cancelled"])
    try expectEqual(app.system.completions.map(\.success), [true])
    try expectEqual(app.system.pendingIdentifiers, [])
  }
  test(
    "S13 iOS suspends the process with setTaskCompleted, and it dies: the run is known as expired",
    { app in
      let (_, js) = try app.launchWithJavaScript()
      try app.runNextWindow()
      _ = try js.takeRun()
      aMoment()
      // No code runs after setTaskCompleted: suspended, later terminated.
      app.system.configure { $0.onCompleted = { kill(getpid(), SIGKILL) } }
      app.system.expireRunningTask()
      aMoment()
      // JavaScript does not answer: after its grace.
      app.system.advance(by: 2)
      aMoment()
      throw Failure(description: "the system never heard of the end")
    },
    { app in
      _ = try app.launch()
      let end = try app.waitFor("run.end")
      try expectEqual(end.out, "expired")
    })
  test("S13b the drain's signal is aborted before the system hears that the task is over") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    let run = try js.takeRun()
    let expired = js.whenExpired(run.runId)
    aMoment()
    let toldAtCompletion = Box<Int>()
    app.system.configure { $0.onCompleted = { toldAtCompletion.add(expired.values.count) } }
    app.system.expireRunningTask()
    aMoment()
    try expectEqual(expired.values, ["os"])
    // It has until then to answer.
    try eventually("the limit of the answer") { app.system.hasTimer(in: 2) }
    app.system.advance(by: 2)
    aMoment()
    try expectEqual(toldAtCompletion.values, [1])
  }
  test(
    "S14 the user switched the sync off (cancel): the next start of JavaScript does not switch it on",
    { app in
      let (worker, _) = try app.launchWithJavaScript()
      worker.cancel {}
      _ = try app.waitFor("cancel")
      aMoment()
    },
    { app in
      // What the generated TypeScript does at each start: registerBackgroundSync.
      let (worker, js) = try app.launchWithJavaScript()
      aMoment()
      try expectEqual(app.system.pendingIdentifiers, [])
      // A drain that asks for its next window does not switch it on either.
      let next = Box<Int64>()
      worker.scheduleNext(delaySeconds: 3600) { next.add($0) }
      try eventually("an answer") { next.values == [0] }
      // The app's own word does.
      try expectNow(try js.register())
      try expectEqual(app.system.pendingIdentifiers, [App.taskId])
    })
  test("S22 register answers although an earlier call into the scheduler hangs") { app in
    let (worker, js) = try app.launchWithJavaScript()
    app.system.configure { $0.submitHangs = true }
    worker.scheduleNext(delaySeconds: 3600) { _ in }
    aMoment()
    let answer = Box<Bool>()
    worker.register(switchOn: false) { answer.add($0) }
    let cancelled = Box<Bool>()
    worker.cancel { cancelled.add(true) }
    aMoment()
    app.system.advance(by: 3600)
    aMoment()
    _ = js
    try expect(answer.values.count == 1, "register never answers")
    try expect(cancelled.values.count == 1, "cancel never answers")
  }
  test(
    "S16 the disk is full when the run ends: the next process does not report it killed as well",
    { app in
      let (_, js) = try app.launchWithJavaScript()
      try app.runNextWindow()
      let run = try js.takeRun()
      aMoment()
      // Only the state cannot be replaced any more: a folder is where its new copy would be moved.
      let state = app.directory.appendingPathComponent("state.json")
      let kept = try Data(contentsOf: state)
      try FileManager.default.removeItem(at: state)
      try FileManager.default.createDirectory(
        at: state.appendingPathComponent("x"), withIntermediateDirectories: true)
      js.complete(run)
      _ = try app.waitForEnd()
      try FileManager.default.removeItem(at: state)
      try kept.write(to: state)
    },
    { app in
      _ = try app.launch()
      aMoment()
      aMoment()
      try expectEqual(app.events("run.end").map(\.out), ["done"])
    })
  test("S17 a message in an error of the drain does not go to the public log unasked") { app in
    // Our core.ts sends the name alone from a release; this is for one that does not.
    let text = "SyntaxError: Unexpected token in JSON: {\"email\":\"a@b.c\"}"
    let event = SyncEvent(ev: .runEnd, msg: ReleaseText.of(text))
    try expect(!event.line().contains("a@b.c"), event.line())
    try expectEqual(event.msg, "SyntaxError")
    // What the handler says itself, it says for the log.
    try expectEqual(ReleaseText.of("HTTP 503"), "HTTP 503")
    try expectEqual(ReleaseText.of("Mail: 3 left"), "Mail: 3 left")
  }
  test("S18 a state file of a newer or older version with a missing key keeps what it knows") {
    app in
    try FileManager.default.createDirectory(at: app.directory, withIntermediateDirectories: true)
    try Data("{\"armed\":false,\"next\":7}".utf8).write(
      to: app.directory.appendingPathComponent("state.json"))
    try expectEqual(StateStore(directory: app.directory).read().armed, false)
  }
  test("S19 an unknown outcome in the state of another version keeps what it knows") { app in
    try FileManager.default.createDirectory(at: app.directory, withIntermediateDirectories: true)
    try Data(
      "{\"armed\":false,\"consecutiveFailures\":0,\"lastRun\":{\"run\":\"a\",\"out\":\"partial\",\"ts\":1,\"ms\":1,\"rem\":0}}"
        .utf8
    ).write(to: app.directory.appendingPathComponent("state.json"))
    try expectEqual(StateStore(directory: app.directory).read().armed, false)
  }
  test(
    "S24 five nights without a host, then one retry of the server: the back-off starts at its first step"
  ) { app in
    let worker = try app.launch(scenes: true)
    let js = JavaScript(worker)
    try js.register()
    for count in 1...5 {
      try app.runNextWindow()
      // A host that comes by itself is waited for, and none comes.
      _ = try app.passSeconds(until: "run.skip", count: count)
      aMoment()
    }
    js.load()
    js.listen()
    try app.runNextWindow()
    let run = try js.takeRun()
    js.complete(run, "retry", remaining: 1)
    let end = try app.waitForEnd()
    try expect(
      run.attempt == 1 && end.delay == 900, "attempt \(run.attempt), next in \(end.delay ?? -1) s")
  }
  test(
    "S25 two React instances (a share sheet, a second screen): the one with the handler keeps its promise"
  ) { app in
    let (worker, js) = try app.launchWithJavaScript()
    let second = JavaScript(worker)
    second.load()
    // The second never asks for runs, and ends.
    second.stop()
    try app.runNextWindow()
    aMoment()
    try expect(js.runs.values.count == 1, "events: \(app.events.suffix(3).map(\.ev))")
  }
  test("S26 handler answers at expiry in time: what it did is not called expired") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    let run = try js.takeRun()
    let expired = js.whenExpired(run.runId)
    aMoment()
    app.system.expireRunningTask()
    try eventually("told") { expired.values == ["os"] }
    js.complete(run, "done", remaining: 0)
    let end = try app.waitForEnd()
    try expectEqual(end.out, "done")
    try expectEqual(app.system.completions.map(\.success), [true])
    try expect(
      end.rem == 0, "rem \(String(describing: end.rem)), late: \(app.events("late").count)")
  }
  test("S20 an extension of ExtensionKit does nothing") { app in
    let info: [String: Any] = [
      "EXAppExtensionAttributes": ["EXExtensionPointIdentifier": "com.apple.appintents-extension"],
      "BGTaskSchedulerPermittedIdentifiers": [App.taskId],
    ]
    try expect(AppInfo(infoDictionary: info).isExtension, "not seen as an extension")
  }
}

@MainActor final class LazyDelegate: ExpoAppDelegate {
  lazy var reactNativeFactory: RCTReactNativeFactory? = ExpoReactNativeFactory()
}

@MainActor final class ComputedDelegate: ExpoAppDelegate, ObjectiveCFactory {
  var objectiveCFactory: NSObject? { reactNativeFactory }
  let made = ExpoReactNativeFactory()
  var reactNativeFactory: RCTReactNativeFactory? { made }
}

/// A run in whose drain the app has asked for a window in six hours.
private func openRunThatAsks(_ app: App) throws -> (JavaScript, Run, next: Int64) {
  let (worker, js) = try app.launchWithJavaScript()
  try app.runNextWindow()
  let run = try js.takeRun()
  let next = Box<Int64>()
  worker.scheduleNext(delaySeconds: 6 * 3600) { next.add($0) }
  try eventually("an answer") { next.values.count == 1 }
  return (js, run, next.values[0])
}
