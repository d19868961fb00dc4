@_spi(Fake) import BackgroundTasks
import Foundation
@_spi(Fake) import UIKit

@testable import BackgroundSync

/// What outlives the process.
func processTests() {
  test(
    "process death in mid-run: the next process closes the run as killed and arms the next window",
    { app in
      let (_, js) = try app.launchWithJavaScript()
      try app.runNextWindow()
      _ = try js.takeRun()
      kill(getpid(), SIGKILL)
    },
    { app in
      let killed = try app.waitForStartOfOpenRun()
      let worker = try app.launch()
      let end = try app.waitFor("run.end")
      try expectEqual(end.run, killed)
      try expectEqual(end.out, "killed")
      try expectEqual(end.trig, "os")
      try expectEqual(end.att, 1)
      try eventually("the next window") { app.events.last?.why == "killed" }
      try expectEqual(app.system.pendingIdentifiers, [App.taskId])
      let js = JavaScript(worker)
      let status = try js.status()
      try expectEqual((status["lastRun"] as? [String: Any])?["out"] as? String, "killed")
      try expectEqual(status["consecutiveFailures"] as? Int, 1)
      try expect(status["openRun"] is NSNull)
      js.load()
      try js.register()
      js.listen()
      try app.runNextWindow()
      let run = try js.takeRun()
      try expectEqual(run.attempt, 2)
      js.complete(run)
      try expectEqualNow(try app.waitForEnd(count: 2).out, "done")
      try expectEqualNow(try js.status()["consecutiveFailures"] as? Int, 0)
    },
    { app in
      _ = try app.launch()
      aMoment()
      try expectEqual(app.events("run.end").count, 2)
    })
  for isSetBack in [false, true] {
    test(
      "process death in mid-run: what scheduleNext asked for in it holds\(isSetBack ? ", as far away as it was" : "")",
      { app in
        let (worker, js) = try app.launchWithJavaScript()
        try app.runNextWindow()
        _ = try js.takeRun()
        let next = Box<Int64>()
        worker.scheduleNext(delaySeconds: 7200) { next.add($0) }
        try eventually("an answer") { next.values.count == 1 }
        aMoment()
        kill(getpid(), SIGKILL)
      },
      { app in
        let asked = try app.waitFor("schedule", count: app.events("schedule").count)
        let now = app.system.now.milliseconds
        if !isSetBack {
          app.system.setClock(by: TimeInterval(asked.ts + 60_000 - now) / 1000)
        }
        let wanted = isSetBack ? now + 7_200_000 : asked.next
        _ = try app.launch()
        let end = try app.waitFor("run.end")
        try expectEqual(end.out, "killed")
        try expectEqual(end.next, wanted)
        try eventually("the next window") { app.events.last?.ev == "schedule" }
        try expectEqual(app.events.last?.why, "requested")
        try expectEqual(app.system.pendingEarliest?.milliseconds, wanted)
      })
  }
  test(
    "process death after the app's cancel: the run did not go wrong",
    { app in
      let (worker, js) = try app.launchWithJavaScript()
      try app.runNextWindow()
      let run = try js.takeRun()
      let expired = js.whenExpired(run.runId)
      aMoment()
      worker.cancel {}
      try eventually("told") { expired.values == ["cancelled"] }
      aMoment()
      kill(getpid(), SIGKILL)
    },
    { app in
      let worker = try app.launch()
      try expectEqualNow(try app.waitFor("run.end").why, "cancelled")
      aMoment()
      try expectEqualNow(try JavaScript(worker).status()["consecutiveFailures"] as? Int, 0)
    })
  test(
    "process death in mid-run, and the system launches the next process for a task",
    { app in
      let (_, js) = try app.launchWithJavaScript()
      try app.runNextWindow()
      _ = try js.takeRun()
      kill(getpid(), SIGKILL)
    },
    { app in
      app.system.leavePending(App.taskId)
      let worker = try app.launch()
      try expect(app.system.launchDueTask())
      let js = JavaScript(worker)
      js.load()
      js.listen()
      js.complete(try js.takeRun())
      _ = try app.waitForEnd(count: 2)
      try expectEqual(app.events("run.end").map(\.out), ["killed", "done"])
      let order = app.events.map(\.ev).filter { $0.hasPrefix("run.") }
      try expectEqual(order, ["run.start", "run.end", "run.start", "run.end"])
      try expectEqual(app.events("run.start").map(\.att), [1, 2])
    })
  test(
    "what was cancelled stays cancelled in the next process",
    { app in
      let (worker, _) = try app.launchWithJavaScript()
      worker.cancel {}
      _ = try app.waitFor("cancel")
    },
    { app in
      _ = try app.launch()
      app.leave()
      try expectEqual(app.system.submissions.count, 0)
    })
  test(
    "a state file that is damaged: the launched task arms the chain again",
    { app in
      try FileManager.default.createDirectory(
        at: app.directory, withIntermediateDirectories: true)
      try Data("{".utf8).write(to: app.directory.appendingPathComponent("state.json"))
      app.system.leavePending(App.taskId)
      let worker = try app.launch()
      try expect(app.system.launchDueTask())
      let js = JavaScript(worker)
      js.load()
      js.listen()
      js.complete(try js.takeRun())
      _ = try app.waitForEnd()
      try expectEqual(app.system.pendingIdentifiers, [App.taskId])
    })
  test("a state file that cannot be read yet is not replaced") { app in
    let kept = SyncState(armed: true, next: 7, consecutiveFailures: 3)
    StateStore(directory: app.directory).update { $0 = kept }
    app.restartDevice()
    let store = StateStore(directory: app.directory, disk: app.disk.disk)
    try expect(store.isSealed)
    try expectEqual(store.read().armed, true)
    store.update { $0.consecutiveFailures += 2 }
    app.disk.set(.fine)
    try expectEqual(StateStore(directory: app.directory).read(), kept)
    try expectEqual(store.read().next, 7)
    try expectEqual(store.read().consecutiveFailures, 5)
    try expectEqual(StateStore(directory: app.directory).read(), store.read())
  }
  test(
    "an error of the disk that passes: what was cancelled stays so, and so does the back-off",
    { app in
      let (worker, js) = try app.launchWithJavaScript()
      for count in 1...2 {
        try app.runNextWindow()
        js.listen()
        js.complete(try js.takeRun(count), "retry")
        _ = try app.waitForEnd(count: count)
      }
      app.open()
      worker.cancel {}
      _ = try app.waitFor("cancel")
    },
    { app in
      app.disk.set(.failing)
      let (worker, js) = try app.launchWithJavaScript()
      let run = try js.drain()!
      js.complete(run, "retry")
      _ = try app.waitForEnd(count: 3)
      app.disk.set(.fine)
      aMoment()
      worker.configure("{\"intervalMinutes\": 30}") { _ in }
      _ = try app.waitFor("configure")
      let state = StateStore(directory: app.directory).read()
      try expectEqual(state.armed, false)
      try expectEqual(state.consecutiveFailures, 3)
      try expectEqual(state.lastRun?.run, run.runId)
      try expectEqual(state.openRun, nil)
    })
  test(
    "an error of the disk that passes: cancel and configure hold that came meanwhile",
    { app in
      let (worker, _) = try app.launchWithJavaScript()
      aMoment()
      app.disk.set(.failing)
      worker.cancel {}
      _ = try app.waitFor("cancel")
      kill(getpid(), SIGKILL)
    },
    { app in
      app.disk.set(.failing)
      let (worker, js) = try app.launchWithJavaScript()
      worker.register(switchOn: true) { _ in }
      worker.configure("{\"intervalMinutes\": 30}") { _ in }
      _ = try app.waitFor("configure")
      worker.cancel {}
      _ = try app.waitFor("cancel", count: 2)
      app.leave()
      try expectEqual(app.system.pendingIdentifiers, [])
      app.disk.set(.fine)
      js.complete(try js.drain()!)
      _ = try app.waitForEnd()
      let state = StateStore(directory: app.directory).read()
      try expectEqual(state.armed, false)
      try expectEqual(state.settings, SyncSettings(text: "{\"intervalMinutes\": 30}"))
    })
  test("a file that is there and cannot be reached is not taken for none") { app in
    try FileManager.default.createDirectory(at: app.directory, withIntermediateDirectories: true)
    let file = app.directory.appendingPathComponent("events.log")
    let none = try SyncDisk.device.read(file)
    try expectEqual(none, nil)
    // Of itself: the system gives up on it.
    try FileManager.default.createSymbolicLink(
      atPath: file.path, withDestinationPath: "events.log")
    do {
      _ = try SyncDisk.device.read(file)
      throw Failure(description: "read as none")
    } catch is CocoaError {}
    do {
      _ = try SyncDisk.device.append(file, Data("a\n".utf8))
      throw Failure(description: "replaced")
    } catch is CocoaError {}
  }
}

extension App {
  /// Before this process writes: the run that the last one left open.
  func waitForStartOfOpenRun() throws -> String? {
    try expectEqual(events("run.end").count, 0)
    return events("run.start").last?.run
  }
}
