@_spi(Fake) import BackgroundTasks
import Foundation
@_spi(Fake) import Network
@_spi(Fake) import UIKit

@testable import BackgroundSync

/// What goes wrong around the app: the disk, the clock, the network, the daemon; and the windows that are opt-in.
func worldTests() {
  test(
    "a disk that hangs: the window is reported all the same, from a queue that does not wait for it"
  ) { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    _ = try js.takeRun()
    aMoment()
    app.disk.set(.hangs)
    app.system.expireRunningTask()
    aMoment()
    app.system.advance(by: 4)
    try eventually("a completion") { app.system.completions.map(\.success) == [false] }
    app.disk.set(.fine)
    exit(0)
  }
  test(
    "the process dies after its window has closed, before the run has ended: expired, not killed",
    { app in
      let (_, js) = try app.launchWithJavaScript()
      try app.runNextWindow()
      let run = try js.takeRun()
      let expired = js.whenExpired(run.runId)
      aMoment()
      app.system.expireRunningTask()
      try eventually("told") { expired.values == ["os"] }
      aMoment()
      kill(getpid(), SIGKILL)
    },
    { app in
      _ = try app.launch()
      let end = try app.waitFor("run.end")
      try expectEqual(end.out, "expired")
      try expectEqual(end.why, "os")
    })
  test("a clock that was a day ahead when the window was asked for: set right when the user leaves")
  { app in
    app.system.setClock(by: 3 * 24 * 3600)
    _ = try app.launchWithJavaScript()
    app.system.setClock(by: -3 * 24 * 3600)
    app.leave()
    try expectEqualNow(try app.waitFor("heal").why, "date")
    try eventually("the date") {
      app.system.pendingEarliest!.timeIntervalSince(app.system.now) <= 3600
    }
  }
  test("a time that the app itself asked for is no wrong clock") { app in
    let (worker, _) = try app.launchWithJavaScript()
    let next = Box<Int64>()
    worker.scheduleNext(delaySeconds: 6 * 24 * 3600) { next.add($0) }
    try eventually("an answer") { next.values.count == 1 }
    app.leave()
    aMoment()
    try expectEqual(app.events("heal").count, 0)
    try expectEqual(app.system.pendingEarliest!.milliseconds, next.values[0])
  }
  test("the app was updated: a request without the network is asked for again") { app in
    let request = BGProcessingTaskRequest(identifier: App.taskId)
    request.earliestBeginDate = app.system.now
    try BGTaskScheduler.shared.submit(request)
    _ = try app.launchWithJavaScript()
    try expectEqualNow(try app.waitFor("heal").why, "requirements")
    let pending = app.system.pendingRequest as? BGProcessingTaskRequest
    try expectEqual(pending?.requiresNetworkConnectivity, true)
  }
  test("the network is not watched before the first run, and Low Data Mode counts as metered") {
    app in
    FakeNetwork.state.lowDataMode = true
    let (_, js) = try app.launchWithJavaScript()
    try expectEqual(FakeNetwork.state.monitors, 0)
    try app.runNextWindow()
    let run = try js.takeRun()
    try expectEqual(run.network.metered, true)
    js.complete(run)
    _ = try app.waitForEnd()
    try expectEqual(FakeNetwork.state.monitors, 1)
    try expectEqual(FakeNetwork.state.watching, 0)
  }
  test("a network that does not answer is waited for a second") { app in
    FakeNetwork.state.answers = false
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    aMoment()
    app.system.advance(by: 1)
    let run = try js.takeRun()
    try expectEqual(run.network.connected, true)
    js.complete(run)
    _ = try app.waitForEnd()
  }
  test("a process that iOS starts for the retired id arms today's") { app in
    try FileManager.default.createDirectory(at: app.directory, withIntermediateDirectories: true)
    try Data("{\"armed\":true}".utf8).write(to: app.directory.appendingPathComponent("state.json"))
    app.system.configure { $0.permittedIdentifiers = [App.taskId, "dev.bgsync.old"] }
    app.system.leavePending("dev.bgsync.old")
    let request = app.system.takeDueRequest()!
    app.makeWorker().start()
    app.system.endLaunch()
    try expect(app.system.deliver(request))
    try eventually("it is over") { app.system.completions.map(\.success) == [true] }
    try expectEqual(app.system.pendingIdentifiers, [App.taskId])
    try expectEqual(app.events("run.start").count, 0)
  }
  test("refresh: both requests, each its window, 25 seconds in that of refresh") { app in
    app.system.configure { $0.permittedIdentifiers = [App.taskId, "dev.bgsync.refresh"] }
    let worker = app.makeWorker(windows: SyncWindows(refresh: true, onBackground: false))
    worker.start()
    app.system.endLaunch()
    let js = JavaScript(worker)
    js.load()
    try js.start()
    try expectEqual(app.system.pendingIdentifiers, [App.taskId, "dev.bgsync.refresh"])
    try expect(app.system.pendingRequest is BGAppRefreshTaskRequest)
    // The system chooses; here it takes the one for refresh.
    app.system.advance(by: 3600)
    app.system.cancel(App.taskId)
    js.listen()
    try expect(app.system.launchDueTask())
    let run = try js.takeRun()
    try expectEqual(run.taskId, "dev.bgsync.refresh")
    try expectEqual(run.deadline, app.system.now.milliseconds + 25_000)
    try expectEqual(app.system.pendingIdentifiers, [App.taskId, "dev.bgsync.refresh"])
    js.complete(run, "done", remaining: 3)
    try expectEqualNow(try app.waitForEnd().delay, 900)
    try expectEqual(app.system.completions.map(\.success), [true])
    // One of the two is gone: healed when the user leaves.
    app.system.cancel("dev.bgsync.refresh")
    app.leave()
    try expectEqualNow(try app.waitFor("heal").why, "missing")
    let cancelled = Box<Bool>()
    app.system.open()
    worker.cancel { cancelled.add(true) }
    try eventually("cancelled") { cancelled.values == [true] }
    try expectEqual(app.system.pendingIdentifiers, [])
  }
  test("two windows and a drain at once: one run, the others live with it, each is completed once")
  { app in
    app.system.configure { $0.permittedIdentifiers = [App.taskId, "dev.bgsync.refresh"] }
    let worker = app.makeWorker(windows: SyncWindows(refresh: true, onBackground: false))
    worker.start()
    app.system.endLaunch()
    let js = JavaScript(worker)
    js.load()
    try js.start()
    app.system.advance(by: 3600)
    let own = try js.drain()!
    js.listen()
    try expect(app.system.launchDueTask())
    try expectNow(try js.drain() == nil)
    _ = try app.waitFor("run.skip", count: 2)
    js.complete(own)
    _ = try app.waitForEnd()
    try expectEqual(app.events("run.start").count, 1)
    try expectEqual(app.system.completions.map(\.success), [true])
  }
  test("the user leaves: a drain in background time, where it was asked for") { app in
    let worker = app.makeWorker(windows: SyncWindows(refresh: false, onBackground: true))
    worker.start()
    app.system.endLaunch()
    let js = JavaScript(worker)
    js.load()
    try js.start()
    js.listen()
    app.leave()
    let run = try js.takeRun()
    try expectEqual(run.reason, "foreground")
    try eventually("background time") { app.system.backgroundTimesHeld == 1 }
    js.complete(run)
    _ = try app.waitForEnd()
    try eventually("the time is given back") { app.system.backgroundTimesHeld == 0 }
    // Without JavaScript there is nothing to start for it, and after cancel() nothing to do.
    app.leave()
    aMoment()
    try expectEqual(app.events("run.start").count, 1)
    js.listen()
    app.system.open()
    worker.cancel {}
    _ = try app.waitFor("cancel")
    app.leave()
    aMoment()
    try expectEqual(app.events("run.start").count, 1)
  }
}
