@_spi(Fake) import BackgroundTasks
import Foundation

@testable import BackgroundSync

/// JavaScript's `onRun`: hears of a run, acknowledges it with the next question.
private final class Hook: Sendable {
  struct Told: Decodable, Sendable {
    let n: Int
    let run: String
    let out: String
    let why: String?
    let trig: String
    let att: Int
  }

  let told = Box<Told>()
  private let worker: BackgroundSyncWorker

  private let number: Int

  init(_ worker: BackgroundSyncWorker, _ number: Int = 1) {
    self.worker = worker
    self.number = number
  }

  func ask(after: Int = 0) {
    worker.runs.endedRun(number, after: after) { [self] json in
      guard let run = try? JSONDecoder().decode(Told.self, from: Data(json.utf8)) else { return }
      told.add(run)
      ask(after: run.n)
    }
  }
}

/// What the app's `onRun` hears.
func endedRunTests() {
  test(
    "onRun hears of each run exactly once, over processes, of a killed one too",
    { app in
      let (_, js) = try app.launchWithJavaScript()
      try app.runNextWindow()
      _ = try js.takeRun()
      kill(getpid(), SIGKILL)
    },
    { app in
      let (worker, js) = try app.launchWithJavaScript()
      let hook = Hook(worker)
      hook.ask()
      try eventually("the one that was killed") { hook.told.values.map(\.out) == ["killed"] }
      try app.runNextWindow()
      js.complete(try js.takeRun(), "retry", remaining: 2)
      _ = try app.waitForEnd(count: 2)
      try eventually("the next one") { hook.told.values.map(\.out) == ["killed", "retry"] }
      try expectEqual(hook.told.values.map(\.run), app.events("run.end").map { $0.run ?? "" })
      try expectEqual(hook.told.values.map(\.att), [1, 2])
      try expectEqual(hook.told.values.map(\.trig), ["os", "os"])
    },
    { app in
      let (worker, js) = try app.launchWithJavaScript()
      let hook = Hook(worker)
      hook.ask()
      aMoment()
      try expectEqual(hook.told.values.count, 0)
      let own = try js.drain()!
      js.complete(own)
      _ = try app.waitForEnd(count: 3)
      try eventually("the next one") { hook.told.values.map(\.run) == [own.runId] }
    })
  test(
    "onRun: a run whose process died before it was acknowledged is told again",
    { app in
      let (worker, js) = try app.launchWithJavaScript()
      let own = try js.drain()!
      js.complete(own)
      _ = try app.waitForEnd()
      let heard = Box<String>()
      worker.runs.endedRun(1, after: 0) { heard.add($0) }
      try eventually("told") { heard.values.count == 1 }
      kill(getpid(), SIGKILL)
    },
    { app in
      let (worker, _) = try app.launchWithJavaScript()
      let hook = Hook(worker)
      hook.ask()
      try eventually("told again") { hook.told.values.count == 1 }
    })
  test("onRun: windows that were no run are not told, and a JavaScript that is gone hears nothing")
  { app in
    let (worker, js) = try app.launchWithJavaScript()
    let heard = Box<String>()
    worker.runs.endedRun(1, after: 0) { heard.add($0) }
    let own = try js.drain()!
    try expectNow(try js.drain() == nil)
    js.stop()
    try expectEqualNow(try app.waitForEnd().why, "js-gone")
    aMoment()
    try expectEqual(heard.values, [])
    let hook = Hook(worker)
    hook.ask()
    try eventually("told") { hook.told.values.map(\.run) == [own.runId] }
    try expectEqual(hook.told.values.map(\.why), ["js-gone"])
  }
  test("onRun: of two JavaScripts, one that goes leaves the other its promise") { app in
    let (worker, js) = try app.launchWithJavaScript()
    let (old, fresh) = (Hook(worker, 11), Hook(worker, 12))
    old.ask()
    fresh.ask()
    worker.runs.javaScriptDidStop(12)
    let run = try js.drain()!
    js.complete(run)
    _ = try app.waitForEnd()
    try eventually("told to the one that is left") { old.told.values.map(\.run) == [run.runId] }
    let made = Hook(worker, 13)
    made.ask()
    worker.runs.javaScriptDidStop(11)
    let next = try js.drain()!
    js.complete(next)
    _ = try app.waitForEnd(count: 2)
    try eventually("told to the one that came meanwhile") {
      made.told.values.map(\.run) == [next.runId]
    }
  }
  test(
    "onRun: two JavaScripts hear of each run once between them, in order, and of one whose hearer goes again"
  ) { app in
    let (worker, js) = try app.launchWithJavaScript()
    let quick = Hook(worker, 11)
    quick.ask()
    let heard = Box<String>()
    worker.runs.endedRun(12, after: 0) { heard.add($0) }
    for count in 1...2 {
      js.complete(try js.drain()!)
      _ = try app.waitForEnd(count: count)
    }
    aMoment()
    try expectEqual(heard.values.count, 1)
    try expectEqual(quick.told.values.count, 0)
    worker.runs.javaScriptDidStop(12)
    try eventually("all of them") { quick.told.values.map(\.n) == [1, 2] }
  }
  test(
    "onRun: runs that end while the earlier ones cannot be read take nothing from them",
    { app in
      let (_, js) = try app.launchWithJavaScript()
      for count in 1...2 {
        js.complete(try js.drain()!)
        _ = try app.waitForEnd(count: count)
      }
    },
    { app in
      app.disk.set(.failing)
      let (worker, js) = try app.launchWithJavaScript()
      let hook = Hook(worker)
      hook.ask()
      js.complete(try js.drain()!)
      _ = try app.waitForEnd(count: 3)
      aMoment()
      try expectEqual(hook.told.values.count, 0)
      app.disk.set(.fine)
      js.complete(try js.drain()!)
      _ = try app.waitForEnd(count: 4)
      try eventually("all four") { hook.told.values.map(\.n) == [1, 2, 3, 4] }
      try expectEqual(hook.told.values.map(\.run), app.events("run.end").map { $0.run ?? "" })
    })
  test("onRun: the newest hundred are kept") { app in
    let runs = EndedRuns(directory: app.directory, disk: .device)
    for number in 1...250 {
      let run = EndedRuns.Run(
        run: "run-\(number)", task: "t", trig: "os", att: 1, out: .done, ts: 1, ms: 1, rem: 0,
        why: nil)
      runs.add(run)
      runs.add(run)
    }
    let again = EndedRuns(directory: app.directory, disk: .device)
    let heard = Box<String>()
    again.next(after: 0, javaScript: 1) { heard.add($0) }
    try expect(heard.values.first?.contains("\"run-151\"") == true)
    again.next(after: 250, javaScript: 1) { heard.add($0) }
    try expectEqual(heard.values.count, 1)
  }
}
