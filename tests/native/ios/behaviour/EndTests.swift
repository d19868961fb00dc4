@_spi(Fake) import BackgroundTasks
import Foundation
@_spi(Fake) import UIKit

@testable import BackgroundSync

/// How a run ends, and that it does so once.
func endTests() {
  test("E2 T2 F3 expiration while running: JavaScript is told, then the system, in time") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    let run = try js.takeRun()
    let expired = js.whenExpired(run.runId)
    aMoment()
    app.system.expireRunningTask()
    try eventually("told") { expired.values == ["os"] }
    try expectEqual(app.system.completions.count, 0)
    // JavaScript says nothing.
    try eventually("the limit of the answer") { app.system.hasTimer(in: 2) }
    app.system.advance(by: 2)
    let end = try app.waitForEnd()
    try expectEqual(app.system.completions.map(\.success), [false])
    try expectEqual(end.out, "expired")
    try expectEqual(end.why, "os")
    try expectEqual(expired.values, ["os"])
    let asked = js.whenExpired(run.runId)
    try eventually("an answer for a run that is over") { asked.values == [""] }
    try expectEqual(app.system.pendingIdentifiers, [App.taskId])
    app.system.advance(by: 10)
  }
  test("E1 JavaScript answers after expiration: one late event, nothing else") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    let run = try js.takeRun()
    app.system.expireRunningTask()
    try eventually("the limit of the answer") { app.system.hasTimer(in: 2) }
    app.system.advance(by: 2)
    _ = try app.waitForEnd()
    js.complete(run, "done", remaining: 2)
    let late = try app.waitFor("late")
    aMoment()
    try expectEqual(late.run, run.runId)
    try expectEqual(late.rem, 2)
    try expectEqual(app.system.completions.map(\.success), [false])
    try expectEqual(app.events("run.end").map(\.out), ["expired"])
    try expectEqual(app.events.last?.ev, "late")
  }
  test("C3 JavaScript answers twice: the second is late") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    let run = try js.takeRun()
    js.complete(run, "done")
    js.complete(run, "failed")
    _ = try app.waitForEnd()
    _ = try app.waitFor("late")
    try expectEqual(app.system.completions.map(\.success), [true])
    try expectEqual(app.events("run.end").map(\.out), ["done"])
  }
  test("expiration while the host boots") { app in
    let worker = try app.launch()
    let js = JavaScript(worker)
    try js.register()
    try app.runNextWindow()
    _ = try app.waitFor("host.start")
    app.system.expireRunningTask()
    try expectEqualNow(try app.waitForEnd().out, "expired")
    // Nobody has the run: nobody is waited for.
    try expectEqual(app.system.completions.map(\.success), [false])
    // The host is up later: that run is over.
    js.load()
    js.listen()
    aMoment()
    try expectEqual(js.runs.values.count, 0)
    app.system.advance(by: 60)
    aMoment()
    try expectEqual(app.events("run.end").count, 1)
  }
  test("expiration before the gate: a skip, and the next window") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow { DispatchQueue.main.async { while true { sleep(1000) } } }
    try eventually("the safety net") { app.events("schedule").count == 2 }
    app.system.expireRunningTask()
    try expectEqualNow(try app.waitFor("run.skip").why, "expired")
    try eventually("a completion") { app.system.completions.map(\.success) == [false] }
    try expectEqual(js.runs.values.count, 0)
    try expectEqual(app.events("run.start").count, 0)
    try expectEqual(app.system.pendingIdentifiers, [App.taskId])
  }
  test("expiration in the moment of the launch, before or after the gate") { app in
    let (_, js) = try app.launchWithJavaScript()
    let expired = DispatchSemaphore(value: 0)
    app.system.configure {
      $0.afterLaunchHandler = { [system = app.system] _ in
        system.expireRunningTask()
        expired.signal()
      }
    }
    try app.runNextWindow()
    expired.wait()
    // Which of the two it is, the machine decides: the gate has other threads than the expiration.
    try eventually("a skip or an expiration") {
      app.events.contains { $0.ev == "run.skip" || $0.ev == "expire" }
    }
    app.system.advance(by: 2)
    try eventually("a completion") { app.system.completions.map(\.success) == [false] }
    aMoment()
    let starts = app.events("run.start").count
    try expectEqual(app.events("run.skip").count, 1 - starts)
    try expectEqual(app.events("run.end").map(\.out), starts == 1 ? ["expired"] : [])
    try expectEqual(js.runs.values.count, starts)
    app.system.advance(by: 60)
    aMoment()
    try expectEqual(app.system.completions.count, 1)
  }
  test("expiration after completion changes nothing") { app in
    let (_, js) = try app.launchWithJavaScript()
    let handler = Box<Handler>()
    app.system.configure {
      $0.afterLaunchHandler = { task in handler.add(Handler(task.expirationHandler)) }
    }
    try app.runNextWindow()
    let run = try js.takeRun()
    try eventually("the handler") { !handler.values.isEmpty }
    js.complete(run)
    _ = try app.waitForEnd()
    handler.values[0].call?()
    aMoment()
    try expectEqual(app.system.completions.map(\.success), [true])
    try expectEqual(app.events("run.end").map(\.out), ["done"])
    try expectEqual(app.events("expire").count, 0)
  }
  test("expiration twice completes once") { app in
    let (_, js) = try app.launchWithJavaScript()
    let handler = Box<Handler>()
    app.system.configure {
      $0.afterLaunchHandler = { task in handler.add(Handler(task.expirationHandler)) }
    }
    try app.runNextWindow()
    _ = try js.takeRun()
    try eventually("the handler") { !handler.values.isEmpty }
    DispatchQueue.concurrentPerform(iterations: 8) { _ in handler.values[0].call?() }
    try eventually("the limit of the completion") { app.system.hasTimer(in: 2) }
    aMoment()
    app.system.advance(by: 2)
    _ = try app.waitForEnd()
    try expectEqual(app.system.completions.map(\.success), [false])
    try expectEqual(app.events("expire").count, 1)
    try expectEqual(app.events("run.end").count, 1)
  }
  test("expiration and JavaScript's answer at the same moment: one end") { app in
    let (_, js) = try app.launchWithJavaScript()
    for count in 1...25 {
      try app.runNextWindow()
      let run = try js.takeRun(count)
      DispatchQueue.concurrentPerform(iterations: 2) { index in
        if index == 0 { app.system.expireRunningTask() } else { js.complete(run) }
      }
      let end = try app.waitForEnd(count: count)
      let completion = app.system.completions[count - 1]
      try expectEqual(completion.success, end.out == "done")
      js.listen()
    }
    try expectEqual(app.system.completions.count, 25)
    // A completion that had won was reported while its bookkeeping went on: never a kill.
    app.system.advance(by: 3600)
  }
  test("C1 F2 expiration with a main thread that is blocked for ever") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    let run = try js.takeRun()
    let expired = js.whenExpired(run.runId)
    DispatchQueue.main.async { while true { sleep(1000) } }
    aMoment()
    app.system.expireRunningTask()
    try eventually("told") { expired.values == ["os"] }
    app.system.advance(by: 2)
    _ = try app.waitForEnd()
    try expectEqual(app.system.completions.map(\.success), [false])
    app.system.advance(by: 10)
  }
  test("expiration while the system's scheduler does not answer") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    let run = try js.takeRun()
    app.system.configure { $0.submitHangs = true }
    js.complete(run)
    aMoment()
    try expectEqual(app.system.completions.count, 0)
    app.system.expireRunningTask()
    // The run was done when the window closed.
    try eventually("a completion") { app.system.completions.map(\.success) == [true] }
    try expectEqualNow(try app.waitForEnd().out, "done")
    app.system.enterForeground()
    app.system.advance(by: 10)
    try expectEqual(app.events("schedule.error").map(\.why), ["no-answer"])
  }
  test("expiration before the scheduler takes the next window: what it says later opens nothing") {
    app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow { app.system.configure { $0.submitHangs = true } }
    aMoment()
    app.system.expireRunningTask()
    try eventually("a completion") { app.system.completions.map(\.success) == [false] }
    try expectEqualNow(try app.waitFor("run.skip").why, "expired")
    app.system.enterForeground()
    app.system.advance(by: 10)
    aMoment()
    guard let run = try js.drain() else {
      throw Failure(description: "the window that has closed holds the gate")
    }
    js.complete(run)
    aMoment()
    app.system.advance(by: 10)
    try expectEqualNow(try app.waitForEnd().out, "done")
  }
  test("JavaScript goes while the books of its run are open: one end, as it said") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    let run = try js.takeRun()
    app.system.configure { $0.submitHangs = true }
    js.complete(run, "done")
    js.stop()
    aMoment()
    app.system.expireRunningTask()
    try expectEqualNow(try app.waitForEnd().out, "done")
    try expectEqual(app.system.completions.map(\.success), [true])
  }
  test("cancel in mid-run: the window closes, and nothing is armed any more") { app in
    let (worker, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    let run = try js.takeRun()
    let expired = js.whenExpired(run.runId)
    let cancelled = Box<Bool>()
    worker.cancel { cancelled.add(true) }
    try eventually("told") { expired.values == ["cancelled"] }
    app.system.advance(by: 2)
    let end = try app.waitForEnd()
    try eventually("cancel answers") { cancelled.values == [true] }
    try expectEqual(end.out, "expired")
    try expectEqual(end.why, "cancelled")
    try expectEqual(end.next, nil)
    try expectEqual(expired.values, ["cancelled"])
    try expectEqual(app.system.completions.map(\.success), [false])
    try expectEqual(app.system.pendingIdentifiers, [])
    try expectEqual(app.events("cancel").count, 1)
    try expectEqualNow(try js.status()["consecutiveFailures"] as? Int, 0)
    app.leave()
    try expectEqual(app.system.pendingIdentifiers, [])
    try expectNow(try js.start(), "the start of JavaScript is no reason to complain")
    try expectEqual(app.system.pendingIdentifiers, [])
    try expectNow(try js.register(), "armed again")
    try expectEqual(app.system.pendingIdentifiers, [App.taskId])
  }
  test("whenExpired: empty for a run that completes, and for one that nobody knows") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    let run = try js.takeRun()
    let expired = js.whenExpired(run.runId)
    let unknown = js.whenExpired("nobody00")
    try eventually("an answer") { unknown.values == [""] }
    aMoment()
    try expectEqual(expired.values, [])
    js.complete(run)
    _ = try app.waitForEnd()
    try expectEqual(expired.values, [""])
  }
  test("E6 a failure is seen: outcome, message, last run, and failures in a row") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    let run = try js.takeRun()
    app.system.advance(by: 20)
    js.complete(run, "retry", remaining: 7, message: "HTTP 503")
    let end = try app.waitForEnd()
    try expectEqual(end.msg, "HTTP 503")
    try expectEqual(end.rem, 7)
    let status = try js.status()
    let last = status["lastRun"] as? [String: Any]
    try expectEqual(last?["out"] as? String, "retry")
    try expectEqual(last?["run"] as? String, run.runId)
    try expectEqual(last?["rem"] as? Int, 7)
    // Its end, as the contract and Android have it.
    try expectEqual(last?["ts"] as? Int, Int(end.ts))
    try expectEqual(last?["ms"] as? Int, 20_000)
    try expectEqual(status["consecutiveFailures"] as? Int, 1)
  }
}

/// An expiration handler that somebody kept.
struct Handler: @unchecked Sendable {
  let call: (() -> Void)?
  init(_ call: (() -> Void)?) { self.call = call }
}
