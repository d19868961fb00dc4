@_spi(Fake) import BackgroundTasks
import Foundation
@_spi(Fake) import notify

@testable import BackgroundSync

private let photosId = "dev.bgsync.processing.photos"

private let photos = SyncTask(
  name: "photos", taskId: photosId, windows: SyncWindows(refresh: false, onBackground: false),
  requiresExternalPower: true,
  constraints: SyncConstraints(
    network: .any, charging: false, batteryNotLow: false, storageNotLow: false, deviceIdle: false),
  schedule: SchedulePolicy.Config(
    intervalSeconds: 7200, backlogSeconds: 900, maxSeconds: 14400, lowBatteryPercent: 20))

extension App {
  /// A launch of an app with two syncs, which has armed both and waits for a run.
  fileprivate func launchBoth() throws -> JavaScript {
    system.configure { $0.permittedIdentifiers = [Self.taskId, photosId] }
    let worker = makeWorker(plist: [Self.taskId, photosId], others: [photos])
    worker.start()
    system.endLaunch()
    let js = JavaScript(worker)
    js.load()
    try js.start()
    try js.register(photos.name, switchOn: false)
    js.listen()
    return js
  }

  fileprivate func request(_ id: String) -> BGProcessingTaskRequest? {
    system.pendingRequests.first { $0.identifier == id } as? BGProcessingTaskRequest
  }

  /// The window of one sync, of those that are pending.
  fileprivate func deliver(_ id: String) throws {
    let request = request(id)!
    system.cancel(id)
    try expect(system.deliver(request), "\(id) was not launched")
  }

  fileprivate func events(_ name: String, of id: String) -> [Event] {
    events(name).filter { $0.task == id }
  }
}

extension JavaScript {
  fileprivate func register(_ name: String, switchOn: Bool) throws {
    let answer = Box<Bool>()
    worker.register(switchOn: switchOn, of: name) { answer.add($0) }
    try eventually("register answers") { answer.values == [true] }
  }

  fileprivate func configure(_ name: String, _ text: String) throws {
    let answer = Box<Bool>()
    FakeSystem.current.open()
    worker.configure(text, of: name) { answer.add($0) }
    try eventually("configure answers") { answer.values == [true] }
  }

  fileprivate func status(_ name: String) throws -> [String: Any] {
    let answer = Box<String>()
    worker.status(of: name) { answer.add($0) }
    try eventually("status answers") { !answer.values.isEmpty }
    return try JSONSerialization.jsonObject(with: Data(answer.values[0].utf8)) as! [String: Any]
  }

  fileprivate func name(_ index: Int) throws -> String? {
    let run = try JSONSerialization.jsonObject(with: Data(runs.values[index].utf8))
    return (run as! [String: Any])["name"] as? String
  }
}

/// Several syncs in one app, each with windows, books and settings of its own.
func taskTests() {
  test("each sync has a request of its own, with its own interval and requirements") { app in
    let js = try app.launchBoth()
    try expectEqual(app.system.registeredIdentifiers, [App.taskId, photosId])
    try expectEqual(app.system.pendingIdentifiers, [App.taskId, photosId])
    try expectEqual(app.request(App.taskId)?.requiresExternalPower, false)
    try expectEqual(app.request(photosId)?.requiresExternalPower, true)
    try expectEqual(app.events("schedule").map(\.delay), [3600, 7200])
    try js.start()
    try js.register(photos.name, switchOn: false)
    try expectEqual(app.events("register").map(\.why), ["new", "new", "kept", "kept"])
  }
  test(
    "each run names its sync; failures and the last run are counted per sync, over a restart",
    { app in
      let js = try app.launchBoth()
      app.system.advance(by: 7200)
      try app.deliver(photosId)
      let run = try js.takeRun()
      try expectEqual(run.taskId, photosId)
      try expectEqualNow(try js.name(0), "photos")
      js.complete(run, "retry")
      _ = try app.waitForEnd()
      try app.deliver(App.taskId)
      js.listen()
      let second = try js.takeRun(2)
      try expectEqual(second.attempt, 1)
      try expectEqualNow(try js.name(1), nil)
      js.complete(second)
      _ = try app.waitForEnd(count: 2)
      try expectEqual(app.system.completions.map(\.success), [false, true])
      try expectEqual(Set(app.system.pendingIdentifiers), [App.taskId, photosId])
    },
    { app in
      let js = try app.launchBoth()
      try expectEqualNow(try js.status("photos")["consecutiveFailures"] as? Int, 1)
      try expectEqualNow(try js.status("photos")["intervalMinutes"] as? Int, 120)
      try expectEqualNow(try js.status()["consecutiveFailures"] as? Int, 0)
      let told = Box<String>()
      js.worker.runs.endedRun(1, after: 0) { told.add($0) }
      try eventually("onRun hears") { told.values.first?.contains(#""name":"photos""#) == true }
    })
  test("windows of two syncs at once: the second waits for its turn, each is completed once") {
    app in
    let js = try app.launchBoth()
    app.system.advance(by: 7200)
    try app.deliver(App.taskId)
    let first = try js.takeRun()
    try app.deliver(photosId)
    js.listen()
    aMoment()
    try expectEqual(app.events("run.start").count, 1)
    try expectEqual(app.system.completions.count, 0)
    js.complete(first)
    let second = try js.takeRun(2)
    try expectEqual(second.taskId, photosId)
    js.complete(second)
    _ = try app.waitForEnd(count: 2)
    try eventually("both are completed") {
      app.system.completions.map(\.success) == [true, true]
    }
    try expectEqual(app.events("run.skip").count, 0)
  }
  test("the system ends the window of a sync that waits: no run of it, and the open one goes on") {
    app in
    let js = try app.launchBoth()
    let own = try js.drain()!
    app.system.advance(by: 60)
    try app.deliver(photosId)
    aMoment()
    app.system.expireRunningTask()
    try expectEqualNow(try app.waitFor("run.skip").why, "expired")
    try eventually("it is completed") { app.system.completions.map(\.success) == [false] }
    try expectEqual(app.events("expire").count, 0)
    js.complete(own)
    _ = try app.waitForEnd()
    aMoment()
    try expectEqual(app.events("run.start").count, 1)
    try expect(app.system.pendingIdentifiers.contains(photosId), "the chain of photos ends")
  }
  test("a drain of another sync waits; JavaScript that goes meanwhile takes no turn") { app in
    let js = try app.launchBoth()
    let own = try js.drain()!
    let heard = Box<String>()
    js.worker.beginForeground(77, of: "photos") { heard.add($0) }
    aMoment()
    try expectEqual(heard.values, [])
    js.worker.runs.javaScriptDidStop(77)
    try expectEqualNow(try app.waitFor("run.skip").why, "js-gone")
    js.complete(own)
    _ = try app.waitForEnd()
    aMoment()
    try expectEqual(app.events("run.start").count, 1)
    let later = Box<String>()
    js.worker.beginForeground(1, of: "photos") { later.add($0) }
    try eventually("a later one has its run") { later.values.first?.contains(photosId) == true }
  }
  test("a second drain of a sync that waits already is busy") { app in
    let js = try app.launchBoth()
    let own = try js.drain()!
    let (first, second) = (Box<String>(), Box<String>())
    js.worker.beginForeground(1, of: "photos") { first.add($0) }
    aMoment()
    js.worker.beginForeground(1, of: "photos") { second.add($0) }
    try eventually("it is turned away") { second.values == [""] }
    js.complete(own)
    try eventually("the first has its turn") { first.values.first?.contains(photosId) == true }
  }
  test(
    "cancel and configure are of one sync alone, over a restart",
    { app in
      let js = try app.launchBoth()
      let own = try js.drain()!
      try js.configure("photos", #"{"constraints":{"network":"none"},"intervalMinutes":30}"#)
      try expectEqual(app.request(photosId)?.requiresNetworkConnectivity, false)
      try expectEqual(app.request(App.taskId)?.requiresNetworkConnectivity, true)
      let cancelled = Box<Bool>()
      js.worker.cancel(of: "photos") { cancelled.add(true) }
      try eventually("cancelled") { cancelled.values == [true] }
      try expectEqual(app.system.pendingIdentifiers, [App.taskId])
      js.complete(own)
      _ = try app.waitForEnd()
      // An expiry would stand in the log before the end.
      try expectEqual(app.events("expire").count, 0)
    },
    { app in
      let js = try app.launchBoth()
      try expectEqual(app.system.pendingIdentifiers, [App.taskId])
      try js.register("photos", switchOn: true)
      try expectEqual(app.request(photosId)?.requiresNetworkConnectivity, false)
      try expectEqualNow(try js.status("photos")["intervalMinutes"] as? Int, 30)
      try expectEqualNow(try js.status()["intervalMinutes"] as? Int, 60)
    })
  test("a process that dies in the run of one sync leaves the other's books alone") { app in
    let js = try app.launchBoth()
    app.system.advance(by: 7200)
    try app.deliver(photosId)
    _ = try js.takeRun()
    kill(getpid(), SIGKILL)
  } _: { app in
    let js = try app.launchBoth()
    let end = try app.waitFor("run.end")
    try expectEqual(end.out, "killed")
    try expectEqual(end.task, photosId)
    try expectEqualNow(try js.status("photos")["consecutiveFailures"] as? Int, 1)
    try expectEqualNow(try js.status()["consecutiveFailures"] as? Int, 0)
  }
  test(
    "an app that has one sync keeps its state where it was, and gives it to the first of several"
  ) { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    js.complete(try js.takeRun(), "retry")
    _ = try app.waitForEnd()
    let files = try FileManager.default.contentsOfDirectory(atPath: app.directory.path).sorted()
    try expectEqual(files, ["events.log", "runs.json", "state.json"])
  } _: { app in
    let js = try app.launchBoth()
    try expectEqualNow(try js.status()["consecutiveFailures"] as? Int, 1)
    try expectEqualNow(try js.status("photos")["consecutiveFailures"] as? Int, 0)
  }
  test("Info.plist lacks the id of one sync: it is said, and the others run") { app in
    let worker = app.makeWorker(plist: [App.taskId], others: [photos])
    worker.start()
    app.system.endLaunch()
    let error = try app.waitFor("schedule.error")
    try expectEqual(error.task, photosId)
    try expectEqual(error.why, "not-in-plist")
    try expectEqual(app.system.registeredIdentifiers, [App.taskId])
    let js = JavaScript(worker)
    try js.start()
    try expectEqual(app.system.pendingIdentifiers, [App.taskId])
    let answer = Box<Bool>()
    worker.register(switchOn: false, of: "photos") { answer.add($0) }
    worker.register(switchOn: false, of: "nobody") { answer.add($0) }
    try eventually("refused") { answer.values == [false, false] }
  }
  test("the debug hook hears the name of a sync in that of a notification, as an iPhone gets it") {
    app in
    let js = try app.launchBoth()
    BackgroundSyncDebug.install(on: js.worker, bundleId: "com.example", environment: [:])
    FakeNotifications.post("com.example.bgsync.status.nobody")
    FakeNotifications.post("com.example.bgsync.status.photos")
    let status = try JSONSerialization.jsonObject(
      with: Data((try app.waitFor("ack").msg ?? "").utf8))
    try expectEqual((status as? [String: Any])?["intervalMinutes"] as? Int, 120)
    FakeNotifications.post("com.example.bgsync.trigger.photos")
    let run = try js.takeRun()
    try expectEqual(run.taskId, photosId)
    js.complete(run)
    try expectEqualNow(try app.waitForEnd().task, photosId)
    try expectEqual(app.events("ack").count, 2)
  }
  test("the debug hook reckons the number of a sync's name as the CLI does") { _ in
    // The same number is in tests/cli/tasks.test.ts.
    try expectEqual(BackgroundSyncDebug.taskNumber("photos"), 430_143)
    try expectEqual(BackgroundSyncDebug.taskNumber(""), 0)
  }
}
