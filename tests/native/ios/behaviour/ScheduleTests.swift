@_spi(Fake) import BackgroundTasks
import Foundation
@_spi(Fake) import UIKit

@testable import BackgroundSync

/// The handler's registration, and requests.
func scheduleTests() {
  test("F6 registered before launch ends, once, and never by JavaScript") { app in
    let (worker, js) = try app.launchWithJavaScript()
    _ = worker
    try expectEqual(app.events("register").map(\.why), ["new"])
    try expectNow(try js.register())
    try expectEqual(app.events("register").map(\.why), ["new", "kept"])
    try expectEqual(app.system.submissions.count, 1)
    let request = app.system.pendingRequest as? BGProcessingTaskRequest
    try expectEqual(request?.requiresNetworkConnectivity, true)
    try expectEqual(request?.requiresExternalPower, false)
    try expectEqual(app.events("schedule").map(\.delay), [3600])
  }
  test("F6 registered too late, the fake system ends the app") { app in
    // That the fake can tell: no test of the package.
    let worker = app.makeWorker()
    app.system.endLaunch()
    worker.start()
    // Of each id, those of older versions too.
    try expectEqual(app.system.crashes.count, 2)
    exit(0)
  }
  test("nothing is registered twice, the fake system ends the app") { app in
    app.makeWorker().start()
    app.makeWorker().start()
    try expectEqual(app.system.crashes.count, 1)
    exit(0)
  }
  test("an id that Info.plist lacks: nothing is registered or submitted") { app in
    let worker = app.makeWorker(plist: ["dev.bgsync.other"])
    worker.start()
    app.system.endLaunch()
    try expectEqual(app.system.registeredIdentifiers, [])
    try expectEqualNow(try app.waitFor("schedule.error").why, "not-in-plist")
    try expectEqualNow(try JavaScript(worker).register(), false)
    try expectEqual(app.system.submissions.count, 0)
  }
  test("the system refuses the handler: nothing is submitted without one") { app in
    app.system.configure { $0.permittedIdentifiers = [] }
    let worker = app.makeWorker()
    worker.start()
    app.system.endLaunch()
    try expectEqualNow(try app.waitFor("schedule.error").why, "not-registered")
    try expectEqualNow(try JavaScript(worker).register(), false)
    let next = Box<Int64>()
    worker.scheduleNext(delaySeconds: 1000) { next.add($0) }
    try eventually("an answer") { next.values == [0] }
    try expectEqual(app.system.submissions.count, 0)
  }
  test("an app extension: nothing at all") { app in
    app.makeWorker(isExtension: true).start()
    app.system.endLaunch()
    aMoment()
    try expectEqual(app.system.registeredIdentifiers, [])
    try expectEqual(app.events.count, 0)
  }
  test("an id that an older version used is cancelled at launch") { app in
    app.system.leavePending("dev.bgsync.old")
    _ = try app.launch()
    try eventually("the request is gone") { app.system.pendingIdentifiers == [] }
  }
  test("submit refused on the Simulator: an event, no exception, register answers false") { app in
    app.system.configure { $0.isSimulator = true }
    let worker = try app.launch()
    try expectEqualNow(try JavaScript(worker).register(), false)
    let error = try app.waitFor("schedule.error")
    try expectEqual(error.why, "1")
    try expect(error.msg?.contains("Simulator") == true)
    let next = Box<Int64>()
    worker.scheduleNext(delaySeconds: 1000) { next.add($0) }
    try eventually("an answer") { next.values == [0] }
  }
  test("submit refused as not permitted, and as too many: the code is in the event") { app in
    let worker = try app.launch()
    let js = JavaScript(worker)
    app.system.configure { $0.submitError = .notPermitted }
    try expectEqualNow(try js.register(), false)
    app.system.configure { $0.submitError = nil }
    let later = app.system.now + 3600
    for index in 0..<10 { app.system.leavePending("other.\(index)", earliest: later) }
    try expectEqualNow(try js.register(), false)
    app.system.configure { $0.submitError = .immediateRunIneligible }
    try expectEqualNow(try js.register(), false)
    try expectEqual(app.events("schedule.error").map(\.why), ["3", "2", "4"])
  }
  test("submit refused during a run: the run ends, and entering the background heals the chain") {
    app in
    let (_, js) = try app.launchWithJavaScript()
    app.system.advance(by: 24 * 3600)
    app.system.configure { $0.submitError = .unavailable }
    try expect(app.system.launchDueTask())
    let run = try js.takeRun()
    js.complete(run)
    try expectEqualNow(try app.waitForEnd().out, "done")
    try expectEqual(app.system.completions.map(\.success), [true])
    try expectEqual(app.system.pendingIdentifiers, [])
    app.system.configure { $0.submitError = nil }
    app.leave()
    try expectEqualNow(try app.waitFor("heal").why, "missing")
    try eventually("a request") { app.system.pendingIdentifiers == [App.taskId] }
  }
  test("entering the background leaves a request that is pending, and an app that never asked") {
    app in
    let worker = try app.launch()
    app.leave()
    app.system.enterForeground()
    try expectEqual(app.system.submissions.count, 0)
    try expectEqual(app.system.backgroundTimesEver, 0)
    try JavaScript(worker).register()
    app.leave()
    try eventually("the time is given back") { app.system.isSuspended }
    try expectEqual(app.system.submissions.count, 1)
    try expectEqual(app.events("heal").count, 0)
  }
  test("scheduleNext: at least 15 minutes, at most a week, and the time of it") { app in
    let worker = try app.launch()
    let next = Box<Int64>()
    let now = app.system.now.milliseconds
    for delay in [-1, 1200, 365 * 24 * 3600] {
      let count = next.values.count
      worker.scheduleNext(delaySeconds: delay) { next.add($0) }
      try eventually("an answer") { next.values.count == count + 1 }
    }
    try expectEqual(next.values, [900, 1200, 604_800].map { now + $0 * 1000 })
    try expectEqual(app.events("schedule").map(\.why), Array(repeating: "requested", count: 3))
    try expectEqual(app.system.pendingIdentifiers, [App.taskId])
  }
  test("E8 status: Background App Refresh off is told, and what is pending is asked of the system")
  {
    app in
    let (worker, js) = try app.launchWithJavaScript()
    var status = try js.status()
    try expectEqual(status["v"] as? Int, 1)
    try expectEqual(status["platform"] as? String, "ios")
    try expectEqual(status["scheduled"] as? Bool, true)
    try expectEqual(status["state"] as? String, "pending")
    try expect(status["lastRun"] is NSNull && status["openRun"] is NSNull)
    try expectEqual((status["next"] as? NSNumber)?.int64Value, app.events("schedule")[0].next)
    FakeDevice.state.backgroundRefreshStatus = .denied
    try expectEqualNow(try js.status()["state"] as? String, "refresh-denied")
    FakeDevice.state.backgroundRefreshStatus = .available
    worker.cancel {}
    try eventually("cancelled") { app.events("cancel").count == 1 }
    status = try js.status()
    try expectEqual(status["scheduled"] as? Bool, false)
    try expectEqual(status["state"] as? String, "cancelled")
  }
  test("the back-off grows with each run that goes wrong, and done resets it") { app in
    let (_, js) = try app.launchWithJavaScript()
    let outcomes = ["retry", "retry", "retry", "failed", "done"]
    for (index, outcome) in outcomes.enumerated() {
      try app.runNextWindow()
      js.complete(try js.takeRun(index + 1), outcome, remaining: 5)
      _ = try app.waitForEnd(count: index + 1)
      js.listen()
    }
    try expectEqual(app.events("run.end").map(\.delay), [900, 1800, 3600, 3600, 900])
    try expectEqual(app.events("run.start").map(\.att), [1, 2, 3, 4, 5])
    try expectEqualNow(try js.status()["consecutiveFailures"] as? Int, 0)
  }
  test("the schedule policy, by the vectors that all three languages share") { _ in
    struct Vectors: Decodable {
      struct Case: Decodable {
        struct Battery: Decodable {
          let percent: Int
          let charging: Bool
          let saver: Bool
        }
        let name: String
        let outcome: Outcome
        let queueDepth: Int
        let battery: Battery
        let consecutiveFailures: Int
        let config: String
        let expect: Int
      }
      struct Config: Decodable {
        let intervalSeconds: Int
        let backlogSeconds: Int
        let maxSeconds: Int
        let lowBatteryPercent: Int
      }
      let configs: [String: Config]
      let cases: [Case]
    }
    let path = ProcessInfo.processInfo.environment["BGSYNC_VECTORS"] ?? ""
    let vectors = try JSONDecoder().decode(
      Vectors.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    try expect(vectors.cases.count > 30, "there are \(vectors.cases.count) vectors")
    for vector in vectors.cases {
      guard let config = vectors.configs[vector.config] else {
        throw Failure(description: "no config \(vector.config)")
      }
      let delay = SchedulePolicy.nextDelaySeconds(
        outcome: vector.outcome, queueDepth: vector.queueDepth,
        battery: BatteryState(
          percent: vector.battery.percent, charging: vector.battery.charging,
          saver: vector.battery.saver),
        consecutiveFailures: vector.consecutiveFailures,
        config: SchedulePolicy.Config(
          intervalSeconds: config.intervalSeconds, backlogSeconds: config.backlogSeconds,
          maxSeconds: config.maxSeconds, lowBatteryPercent: config.lowBatteryPercent))
      try expect(
        delay == vector.expect, "\(vector.name): \(delay), expected \(vector.expect)")
    }
  }
}
