@_spi(Fake) import BackgroundTasks
import Foundation
@_spi(Fake) import Network
@_spi(Fake) import UIKit

@testable import BackgroundSync

private let unmetered = #"{"constraints":{"network":"unmetered"}}"#

extension JavaScript {
  /// `BackgroundSync.configure()`.
  @discardableResult
  fileprivate func configure(_ settings: String) throws -> Bool {
    let answer = Box<Bool>()
    FakeSystem.current.open()
    worker.configure(settings) { answer.add($0) }
    try eventually("configure answers") { !answer.values.isEmpty }
    return answer.values[0]
  }
}

extension App {
  fileprivate var processing: BGProcessingTaskRequest? {
    system.pendingRequest as? BGProcessingTaskRequest
  }

  fileprivate func launchWithRefresh() throws -> JavaScript {
    system.configure { $0.permittedIdentifiers = [Self.taskId, "dev.bgsync.refresh"] }
    let worker = makeWorker(windows: SyncWindows(refresh: true, onBackground: false))
    worker.start()
    system.endLaunch()
    let js = JavaScript(worker)
    js.load()
    try js.start()
    js.listen()
    return js
  }

  /// The window of the refresh task, of the two that are pending.
  fileprivate func runRefreshWindow() throws {
    system.advance(by: 3600)
    system.cancel(Self.taskId)
    try expect(system.launchDueTask(), "the system launched nothing")
  }
}

/// What the app sets at run time, and what of it the system cannot be asked for.
func constraintTests() {
  test(
    "constraints set at run time reach the system, hold over a restart and register, and go with null",
    { app in
      let (_, js) = try app.launchWithJavaScript()
      let earliest = app.processing?.earliestBeginDate
      try expectNow(try js.configure(#"{"constraints":{"network":"none","charging":true}}"#))
      try expectEqual(app.processing?.requiresNetworkConnectivity, false)
      try expectEqual(app.processing?.requiresExternalPower, true)
      try expectEqual(
        app.processing?.earliestBeginDate?.milliseconds, earliest?.milliseconds)
      try expectEqual(app.events("configure").map(\.msg), ["charging, every 60 min"])
      // The same again: nothing.
      let submissions = app.system.submissions.count
      try expectNow(
        try js.configure(#"{ "constraints": { "charging": true, "network": "none" } }"#))
      try expectEqual(app.system.submissions.count, submissions)
      try expectEqual(app.events("configure").count, 1)
    },
    { app in
      let (_, js) = try app.launchWithJavaScript()
      try eventually("a request") { app.processing?.requiresExternalPower == true }
      try expectEqual(app.processing?.requiresNetworkConnectivity, false)
      let status = try js.status()
      try expectEqual(status["constraints"] as? [String], ["charging"])
      try expectEqual(status["unmet"] as? [String], ["charging"])
      try expectEqual(status["intervalMinutes"] as? Int, 60)
      try expectNow(try js.configure(""))
      try expectEqual(app.processing?.requiresNetworkConnectivity, true)
      try expectEqual(app.processing?.requiresExternalPower, false)
      try expectNow(try js.register())
      try expectEqual(app.events("register").last?.why, "kept")
    })
  test("a metered network in a window: held back, a success for the system, no failure") { app in
    FakeNetwork.state.expensive = true
    let (_, js) = try app.launchWithJavaScript()
    try js.configure(unmetered)
    for night in 1...3 {
      try app.runNextWindow()
      let skip = try app.waitFor("run.skip", count: night)
      try expectEqual(skip.why, "constraint")
      try expectEqual(skip.msg, "unmetered")
      try expectEqual(skip.env?.metered, 1)
    }
    try expectEqual(app.system.completions.map(\.success), [true, true, true])
    try expectEqual(app.events("run.start").count, 0)
    try expectEqualNow(try js.status()["consecutiveFailures"] as? Int, 0)
    // Each later than the one before, up to the plain interval.
    try expectEqual(
      app.events("schedule").filter { $0.why == "skipped" }.map(\.delay), [900, 1800, 3600])
    try js.configure("")
    try app.runNextWindow()
    let run = try js.takeRun()
    js.complete(run)
    try expectEqualNow(try app.waitForEnd().out, "done")
    try expectEqual(app.events("run.start").map(\.att), [1])
  }
  test("an unmetered network in a window: it runs; one that nobody knows is none") { app in
    let (_, js) = try app.launchWithJavaScript()
    try js.configure(unmetered)
    try app.runNextWindow()
    js.complete(try js.takeRun())
    try expectEqualNow(try app.waitForEnd().out, "done")
  }
  test("the network became metered while the process was suspended: the next window is held back") {
    app in
    let (_, js) = try app.launchWithJavaScript()
    try expectNow(try js.configure(unmetered))
    try app.runNextWindow()
    js.complete(try js.takeRun())
    _ = try app.waitForEnd()
    js.listen()
    // At home, then on the road.
    FakeNetwork.state.expensive = true
    try app.runNextWindow()
    try expectEqualNow(try app.waitFor("run.skip").why, "constraint")
    try expectEqual(app.events("run.start").count, 1)
    FakeNetwork.state.expensive = false
    try app.runNextWindow()
    _ = try js.takeRun(2)
  }
  test("a network that the system does not tell is not unmetered") { app in
    FakeNetwork.state.answers = false
    let (_, js) = try app.launchWithJavaScript()
    try js.configure(unmetered)
    try app.runNextWindow()
    try expectEqualNow(try app.passSeconds(until: "run.skip").msg, "unmetered")
  }
  test("a low battery in a window, where the app rules it out") { app in
    FakeDevice.state.batteryLevel = 0.1
    let (_, js) = try app.launchWithJavaScript()
    try js.configure(#"{"constraints":{"batteryNotLow":true}}"#)
    try app.runNextWindow()
    try expectEqualNow(try app.waitFor("run.skip").msg, "batteryNotLow")
  }
  test("the app's own drain ignores constraints, and that of leaving the app heeds them") { app in
    FakeNetwork.state.expensive = true
    let worker = app.makeWorker(windows: SyncWindows(refresh: false, onBackground: true))
    worker.start()
    app.system.endLaunch()
    let js = JavaScript(worker)
    js.load()
    try js.start()
    try js.configure(unmetered)
    let own = try js.drain()
    try expectEqual(own?.network.metered, true)
    js.complete(own!)
    _ = try app.waitForEnd()
    js.listen()
    app.leave()
    try expectEqualNow(try app.waitFor("run.skip").why, "constraint")
    try expectEqual(app.events("run.start").count, 1)
    try eventually("the time is given back") { app.system.backgroundTimesHeld == 0 }
  }
  test("a window of refresh, which knows no requirements: what the other one asks for is checked") {
    app in
    let js = try app.launchWithRefresh()
    try js.configure(#"{"constraints":{"charging":true}}"#)
    try app.runRefreshWindow()
    try expectEqualNow(try app.waitFor("run.skip").msg, "charging")
    try expectEqual(app.system.completions.map(\.success), [true])
    FakeDevice.state.batteryState = .charging
    try app.runRefreshWindow()
    js.complete(try js.takeRun())
    try expectEqualNow(try app.waitForEnd().out, "done")
  }
  test("only an idle device: no window of refresh is asked for, until the app takes that back") {
    app in
    let js = try app.launchWithRefresh()
    try js.configure(#"{"constraints":{"deviceIdle":true}}"#)
    try eventually("one request") { app.system.pendingIdentifiers == [App.taskId] }
    try app.runNextWindow()
    js.complete(try js.takeRun())
    _ = try app.waitForEnd()
    try expectEqual(app.system.pendingIdentifiers, [App.taskId])
    app.leave()
    try expectEqual(app.events("heal").count, 0)
    try js.configure("")
    try eventually("both") { app.system.pendingIdentifiers.count == 2 }
  }
  test("an interval set at run time: a shorter one moves the window up, and the policy follows") {
    app in
    let (_, js) = try app.launchWithJavaScript()
    try expectNow(try js.configure(#"{"intervalMinutes":20}"#))
    try expectEqual(app.events("schedule").last?.delay, 1200)
    try app.runNextWindow()
    js.complete(try js.takeRun())
    try expectEqualNow(try app.waitForEnd().delay, 1200)
    // A longer one counts after the next window.
    try expectNow(try js.configure(#"{"intervalMinutes":600}"#))
    try expectEqual(app.events("schedule").last?.delay, 1200)
    js.listen()
    try app.runNextWindow()
    js.complete(try js.takeRun(2))
    try expectEqualNow(try app.waitForEnd(count: 2).delay, 36_000)
    try expectNow(try js.register())
    try expectEqual(app.events("register").last?.why, "kept")
  }
  test("settings while the sync is off are kept for the next register") { app in
    let (worker, js) = try app.launchWithJavaScript()
    worker.cancel {}
    try expectNow(try js.configure(#"{"constraints":{"charging":true}}"#))
    aMoment()
    try expectEqual(app.system.pendingIdentifiers, [])
    try expectNow(try js.register())
    try expectEqual(app.processing?.requiresExternalPower, true)
  }
  test("settings that are no JSON, or of another version, set what can be read of them") { app in
    for text in ["", "{", "[]", "null", #"{"constraints":7,"intervalMinutes":"x"}"#] {
      try expectEqual(SyncSettings(text: text), SyncSettings())
    }
    let some = SyncSettings(text: #"{"new":1,"constraints":{"network":"5g","charging":true}}"#)
    try expectEqual(some.constraints(of: BackgroundSyncConfig.tasks[0]).names, ["any", "charging"])
  }
  test("constraints: the vectors of all platforms") { app in
    struct Vectors: Decodable {
      struct Case: Decodable {
        struct Device: Decodable {
          let percent: Int
          let charging: Bool
          let connected: Bool
          let metered: Bool
          let inUse: Bool
        }
        let name: String
        let constraints: SyncSettings.Constraints
        let device: Device
        let unmet: [String]
        let unmetOnIos: [String]?
      }
      let constraints: [Case]
    }
    let path = ProcessInfo.processInfo.environment["BGSYNC_VECTORS"] ?? ""
    let vectors = try JSONDecoder().decode(
      Vectors.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    try expect(vectors.constraints.count >= 20)
    for vector in vectors.constraints {
      var settings = SyncSettings()
      settings.constraints = vector.constraints
      let device = vector.device
      let conditions = DeviceConditions(
        battery: BatteryState(percent: device.percent, charging: device.charging, saver: false),
        network: NetworkState(connected: device.connected, metered: device.metered),
        networkKind: nil, locked: false, sceneConnected: true, inUse: device.inUse,
        backgroundRefresh: .available)
      let unmet = settings.constraints(of: BackgroundSyncConfig.tasks[0]).unmet(conditions)
      let expected = vector.unmetOnIos ?? vector.unmet
      try expect(unmet == expected, "\(vector.name): \(unmet), expected \(expected)")
    }
  }
}
