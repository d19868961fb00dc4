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
    try expect(!store.isReadable)
    store.update { $0.consecutiveFailures = 5 }
    try expectEqual(store.read().consecutiveFailures, 0)
    app.disk.set(.fine)
    try expectEqual(store.read(), kept)
  }
}

extension App {
  /// Before this process writes: the run that the last one left open.
  func waitForStartOfOpenRun() throws -> String? {
    try expectEqual(events("run.end").count, 0)
    return events("run.start").last?.run
  }
}
