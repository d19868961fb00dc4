@_spi(Fake) import BackgroundTasks
import Flutter
import Foundation
@_spi(Fake) import UIKit

@testable import BackgroundSync

/// The host and the plugin, with played engines.
func flutterTests() {
  test("a night: the app arms at its start, a run has an engine of its own, which ends with it") {
    app in
    _ = try app.launchFlutter()
    let ui = try app.openFlutter()
    try expectEqualNow(try app.waitFor("register").why, "new")
    let entries = Box<String>()
    Dart.takesRuns { dart, run in
      entries.add("\(dart.engine.allowsHeadless) \(dart.engine.entry ?? "")")
      dart.send("complete", [run.runId, "done", 0, "sent"]) { _ in }
    }
    try app.runNextWindow()
    _ = try app.passSeconds(until: "host.start")
    let end = try app.passSeconds(until: "run.end")
    try expectEqual([end.out, end.msg], ["done", "sent"])
    try expectEqual(
      entries.values, ["true package:app/background_sync.dart backgroundSyncMain"])
    try app.waitForEngines(1)
    try expect(FlutterEngine.running[0] === ui.engine, "the app's own engine stays")
    try expectEqual(FlutterEngine.most, 2)
    try expectEqual(app.system.completions.map(\.success), [true])
    try expectEqual(
      app.events.map(\.ev).filter { ["host.start", "host.ready", "js.start"].contains($0) },
      ["host.start", "host.ready", "js.start"])
  }
  test("in a process that the system has started there is no other engine, and no scene matters") {
    app in
    _ = try app.launchFlutter()
    let ui = try app.openFlutter()
    _ = try app.waitFor("register")
    DispatchQueue.main.async { ui.engine.dealloc() }
    try app.waitForEngines(0)
    Dart.takesRuns { dart, run in dart.send("complete", [run.runId, "done", 0, ""]) { _ in } }
    for count in 1...3 {
      try app.runNextWindow()
      try expectEqualNow(try app.passSeconds(until: "run.end", count: count).out, "done")
      try app.waitForEngines(0)
    }
    try expectEqual(FlutterEngine.most, 1)
  }
  test("main is at work for the whole window: nothing waits for it, and no engine comes later") {
    app in
    _ = try app.launchFlutter()
    _ = try app.openFlutter()
    _ = try app.waitFor("register")
    app.leave()
    app.lock()
    app.system.advance(by: 24 * 3600)
    let main = try holdMain()
    try eventually("a request is pending") { !app.system.pendingIdentifiers.isEmpty }
    try expect(app.system.launchDueTask(), "the system launched nothing")
    _ = try app.passSeconds(until: "run.skip")
    try expectEqual(app.system.completions.map(\.success), [false])
    main.signal()
    aMoment()
    try expectEqual(FlutterEngine.most, 1)
  }
  test("Dart that asks for no run is given up after the limit, and its engine goes") { app in
    _ = try app.launchFlutter()
    _ = try app.openFlutter()
    _ = try app.waitFor("register")
    try app.runNextWindow()
    let end = try app.passSeconds(until: "run.end")
    try expectEqual([end.out, end.why], ["skipped", "host-timeout"])
    try app.waitForEngines(1)
    try expectEqual(app.system.completions.map(\.success), [false])
  }
  test("an engine that is there when its run has been given up goes at once") { app in
    _ = try app.launchFlutter()
    _ = try app.openFlutter()
    _ = try app.waitFor("register")
    let plugins = DispatchSemaphore(value: 0)
    App.beforePlugins = { plugins.wait() }
    try app.runNextWindow()
    _ = try app.passSeconds(until: "host.start")
    let end = try app.passSeconds(until: "run.end")
    try expectEqual([end.out, end.why], ["skipped", "host-timeout"])
    try expectEqual(FlutterEngine.running.count, 2)
    plugins.signal()
    try app.waitForEngines(1)
  }
  test("a function that is not in the app's Dart ends the run, and leaves no engine") { app in
    _ = try app.launchFlutter()
    _ = try app.openFlutter()
    _ = try app.waitFor("register")
    FlutterEngine.hasEntryPoint = false
    try app.runNextWindow()
    let end = try app.passSeconds(until: "run.end")
    try expectEqual([end.out, end.why], ["skipped", "no-host"])
    try expectEqual(FlutterEngine.running.count, 1)
    try expectEqual(app.system.completions.map(\.success), [false])
  }
  test("the window closes: Dart hears why, and is heard, before its engine goes") { app in
    _ = try app.launchFlutter()
    _ = try app.openFlutter()
    _ = try app.waitFor("register")
    let heard = Box<String>()
    let engines = Box<Int>()
    Dart.takesRuns { dart, run in
      dart.send("whenExpired", [run.runId]) { why in
        heard.add(why)
        engines.add(FlutterEngine.running.count)
        dart.send("complete", [run.runId, "done", 4, ""]) { _ in }
      }
    }
    try app.runNextWindow()
    _ = try app.passSeconds(until: "js.start")
    try eventually("Dart waits for the end") { true }
    aMoment()
    app.system.expireRunningTask()
    let end = try app.waitForEnd()
    try expectEqual([end.out, end.why], ["expired", "os"])
    try expectEqual(end.rem, 4)
    try expectEqual(heard.values, ["os"])
    try expectEqual(engines.values, [2])
    try app.waitForEngines(1)
  }
  test("a drain that ignores its window ends with its engine, and the next run has another") {
    app in
    _ = try app.launchFlutter()
    _ = try app.openFlutter()
    _ = try app.waitFor("register")
    let taken = Box<ObjectIdentifier>()
    let late = Box<Dart>()
    let ids = Box<String>()
    Dart.takesRuns { dart, run in
      taken.add(ObjectIdentifier(dart.engine))
      late.add(dart)
      ids.add(run.runId)
      if taken.values.count == 2 { dart.send("complete", [run.runId, "done", 0, ""]) { _ in } }
    }
    try app.runNextWindow()
    _ = try app.passSeconds(until: "js.start")
    aMoment()
    app.system.expireRunningTask()
    _ = try app.passSeconds(until: "run.end")
    try app.waitForEngines(1)
    // What it still sends reaches nobody.
    let answer = late.values[0].send("complete", [ids.values[0], "done", 0, ""])
    aMoment()
    try expectEqual(answer.values, [])
    try expectEqual(app.events("late").count, 0)

    try app.runNextWindow()
    try expectEqualNow(try app.passSeconds(until: "run.end", count: 2).out, "done")
    try expectEqual(Set(taken.values).count, 2)
    try app.waitForEngines(1)
    try expectEqual(FlutterEngine.most, 2)
  }
  test("two engines are never there for runs: a start takes down what was left") { app in
    let host = FlutterHost(registerPlugins: { _ in })
    let started = Box<Bool>()
    DispatchQueue.main.async {
      for _ in 1...2 { started.add(host.start() == .started) }
    }
    try expectEqual(started.values, [true, true])
    try app.waitForEngines(1)
    try expectEqual(FlutterEngine.most, 1)
    DispatchQueue.main.async {
      host.stopIfUnused()
      host.stopIfUnused()
    }
    try app.waitForEngines(0)
  }
  test("the channel: every method, answered once and on the main thread") { app in
    _ = try app.launchFlutter()
    let dart = try app.openFlutter()
    _ = try app.waitFor("register")
    try expectEqualNow(try dart.ask("registerTask", [true, ""]), "1")
    try expectEqualNow(try dart.ask("configure", [#"{"intervalMinutes":120}"#, ""]), "1")
    let status = try dart.ask("getStatus", [""])
    try expectNow(status.contains(#""intervalMinutes":120"#), status)
    let next = try dart.ask("scheduleNext", [7_200, ""])
    try expectNow(
      Int64(next).map { abs($0 - app.system.now.milliseconds - 7_200_000) < 5_000 } ?? false, next)
    let history = try dart.ask("getHistory", [2])
    try expectEqualNow(history.components(separatedBy: #""seq":"#).count, 3)
    let json = try dart.ask("beginForeground", [""])
    let run = try JSONDecoder().decode(Run.self, from: Data(json.utf8))
    try expectEqual(run.reason, "foreground")
    try expectEqualNow(try dart.ask("beginForeground", [""]), "")
    try expectEqualNow(try dart.ask("progress", [run.runId, 1, 2]), "nil")
    try expectEqual(app.events("progress").last?.n, 1)
    let expired = dart.send("whenExpired", [run.runId])
    let ended = dart.send("endedRun", [0])
    try expectEqualNow(try dart.ask("complete", [run.runId, "retry", 3, "no server"]), "nil")
    let end = try app.waitForEnd()
    try expectEqual([end.out, end.msg], ["retry", "no server"])
    try expectEqual(end.rem, 3)
    try expectEqual(expired.values, [""])
    try expect(ended.values.count == 1 && ended.values[0].contains(run.runId), "\(ended.values)")
    try expectEqualNow(try dart.ask("erase"), "MissingPluginException")
    try expectEqualNow(try dart.ask("cancel", [""]), "nil")
    try expectEqual(app.events("cancel").count, 1)
    try expectEqual(app.system.pendingIdentifiers, [])
  }
  test("the app's engine goes in mid-run: nobody works on, and nobody waits in its name") { app in
    _ = try app.launchFlutter()
    let dart = try app.openFlutter()
    _ = try app.waitFor("register")
    _ = try dart.ask("beginForeground", [""])
    _ = try app.waitFor("run.start")
    DispatchQueue.main.async { dart.engine.dealloc() }
    try expectEqualNow(try app.waitForEnd().why, "js-gone")
  }
  test("a call that comes after its engine has gone takes no run") { app in
    let worker = try app.launchFlutter()
    let plugin = BackgroundSyncPlugin(worker: worker)
    _ = try app.openFlutter()
    _ = try app.waitFor("register")
    plugin.stop()
    let got = Box<String>()
    for (method, arguments) in [("nextRun", []), ("endedRun", [0])] as [(String, [Any])] {
      let call = FlutterMethodCall(methodName: method, arguments: arguments)
      plugin.handle(call) { got.add("\($0 ?? "nil")") }
    }
    aMoment()
    try app.runNextWindow()
    let end = try app.passSeconds(until: "run.end")
    try expectEqual(end.why, "host-timeout")
    try expectEqual(got.values, [])
  }
}

/// Main does something else, until it gets the signal.
private func holdMain() throws -> DispatchSemaphore {
  let release = DispatchSemaphore(value: 0)
  let isHeld = Box<Bool>()
  DispatchQueue.main.async {
    isHeld.add(true)
    release.wait()
  }
  try eventually("main is at work") { !isHeld.values.isEmpty }
  return release
}
