@_spi(Fake) import BackgroundTasks
import Foundation
@_spi(Fake) import Network
@_spi(Fake) import UIKit
@_spi(Fake) import notify
@_spi(Fake) import os

@testable import BackgroundSync

struct Failure: Error, CustomStringConvertible {
  let description: String
}

typealias Phase = @Sendable (App) throws -> Void

/// One test. Each phase is a process of its own over the same folder, so that a process can die.
struct Test: Sendable {
  let name: String
  let phases: [Phase]
}

enum Tests {
  /// Filled before the first test runs.
  nonisolated(unsafe) fileprivate(set) static var all: [Test] = []
}

func test(_ name: String, _ phases: Phase...) {
  Tests.all.append(Test(name: name, phases: phases))
}

/// What holds now, or soon: other threads bring it about, and a loaded machine lets them wait.
func expect(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String = "",
  line: Int = #line, file: StaticString = #fileID
) throws {
  if comesTrue(condition) { return }
  throw Failure(description: "\(file):\(line) \(message())")
}

func expectEqual<Value: Equatable>(
  _ actual: @autoclosure () -> Value, _ expected: @autoclosure () -> Value,
  line: Int = #line, file: StaticString = #fileID
) throws {
  if comesTrue({ actual() == expected() }) { return }
  throw Failure(description: "\(file):\(line) is \(actual()), expected \(expected())")
}

/// The answer of a call, which is made once.
func expectNow(
  _ condition: Bool, _ message: @autoclosure () -> String = "",
  line: Int = #line, file: StaticString = #fileID
) throws {
  if condition { return }
  throw Failure(description: "\(file):\(line) \(message())")
}

func expectEqualNow<Value: Equatable>(
  _ actual: Value, _ expected: Value, line: Int = #line, file: StaticString = #fileID
) throws {
  if actual == expected { return }
  throw Failure(description: "\(file):\(line) is \(actual), expected \(expected)")
}

/// Ten seconds are for a loaded machine: it is so within milliseconds.
private func comesTrue(_ condition: () -> Bool) -> Bool {
  for _ in 0..<5000 {
    if condition() { return true }
    usleep(2000)
  }
  return false
}

/// Waits for what other threads do.
func eventually(
  _ what: String, line: Int = #line, file: StaticString = #fileID, _ condition: () -> Bool
) throws {
  if comesTrue(condition) { return }
  throw Failure(description: "\(file):\(line) never: \(what)")
}

/// A value that callbacks fill.
final class Box<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var content: [Value] = []

  var values: [Value] { lock.withLock { content } }
  func add(_ value: Value) { lock.withLock { content.append(value) } }
}

struct Run: Decodable {
  struct Battery: Decodable {
    let percent: Int
    let charging: Bool
    let saver: Bool
  }
  struct Network: Decodable {
    let connected: Bool
    let metered: Bool
  }

  let runId: String
  let taskId: String
  let reason: String
  let deadline: Int64
  let attempt: Int
  let battery: Battery
  let network: Network
  let locked: Bool
}

struct Event: Decodable {
  struct Env: Decodable {
    let bat: Int?
    let chg: Int?
    let save: Int?
    let net: String?
    let metered: Int?
    let locked: Int?
  }

  let v: Int
  let seq: Int
  let ts: Int64
  let plat: String
  let pid: Int
  let ev: String
  let run: String?
  let task: String?
  let trig: String?
  let att: Int?
  let ms: Int64?
  let out: String?
  let rem: Int?
  let n: Int?
  let of: Int?
  let next: Int64?
  let why: String?
  let msg: String?
  let cut: Int?
  let env: Env?
}

/// One process of the app.
final class App: Sendable {
  static let taskId = BackgroundSyncConfig.taskId

  let directory: URL
  let system = FakeSystem.current
  let reactStarts = Box<String>()
  /// What a start of React waits for, on main.
  let reactWaits = Box<DispatchSemaphore>()
  let factoryWorks = Box<Bool>()
  let factories = Box<ObjectIdentifier>()
  let reactStops = Box<ObjectIdentifier>()
  let disk = FakeDisk()

  init(directory: URL) {
    self.directory = directory
    system.configure { $0.permittedIdentifiers = [Self.taskId] }
    let system = system
    FakeDevice.backgroundTime = FakeDevice.BackgroundTime(
      begin: { system.beginBackgroundTime($0) }, end: { system.endBackgroundTime($0) })
  }

  var clock: SyncClock {
    let system = system
    return SyncClock(now: { system.now }, after: { system.after($0, $1) })
  }

  func makeWorker(
    scenes: Bool = false, updates: Bool = false, plist: [String]? = nil, isExtension: Bool = false,
    windows: SyncWindows = BackgroundSyncConfig.windows, others: [SyncTask] = []
  ) -> BackgroundSyncWorker {
    var first = BackgroundSyncConfig.tasks[0]
    first.windows = windows
    var info: [String: Any] = ["BGTaskSchedulerPermittedIdentifiers": plist ?? [Self.taskId]]
    if isExtension { info["NSExtension"] = ["NSExtensionPointIdentifier": "share"] }
    return BackgroundSyncWorker(
      app: AppInfo(infoDictionary: info),
      host: makeHost(scenes: scenes, updates: updates),
      directory: directory,
      clock: clock, disk: disk.disk, tasks: [first] + others)
  }

  /// A launch up to its end, without JavaScript.
  func launch(scenes: Bool = false, updates: Bool = false) throws -> BackgroundSyncWorker {
    let worker = makeWorker(scenes: scenes, updates: updates)
    worker.start()
    system.endLaunch()
    try expectEqual(system.registeredIdentifiers, [Self.taskId])
    return worker
  }

  /// A launch with JavaScript, which has armed the schedule and waits for a run.
  func launchWithJavaScript() throws -> (BackgroundSyncWorker, JavaScript) {
    let worker = try launch()
    let js = JavaScript(worker)
    js.load()
    try js.start()
    js.listen()
    return (worker, js)
  }

  /// The user goes to bed: the app is left and suspended, the device is locked, a day goes by without a timer. The system
  /// resumes the process and runs the task.
  ///
  /// - Parameter afterLeaving: what else happens before the process is suspended
  func runNextWindow(afterLeaving: () -> Void = {}) throws {
    try eventually("a request is pending") { !system.pendingIdentifiers.isEmpty }
    leave()
    afterLeaving()
    lock()
    system.advance(by: 24 * 3600)
    try eventually("the request after the app was left") { !system.pendingIdentifiers.isEmpty }
    try expect(system.launchDueTask(), "the system launched nothing")
  }

  /// The user leaves the app. UIKit says so on the main thread; the process may be suspended as soon as that returns, unless
  /// it has asked for time.
  func leave() {
    open()
    DispatchQueue.main.sync {
      system.enterBackground {
        NotificationCenter.default.post(
          name: UIApplication.didEnterBackgroundNotification, object: nil)
      }
    }
    aMoment()
  }

  /// The user opens the app, where it is suspended: until then it calls nothing.
  func open() { system.open() }

  /// The device is locked, with a passcode: class A is closed, class C is open.
  func lock() { FakeDevice.state.protectedDataAvailable = false }

  /// The device has restarted, and nobody has unlocked it: class C is closed as well.
  func restartDevice() {
    lock()
    disk.set(.beforeFirstUnlock)
  }

  var events: [Event] {
    let text =
      (try? String(
        contentsOf: directory.appendingPathComponent("events.log"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("BGSYNC1 ") else { return nil }
      return try? JSONDecoder().decode(Event.self, from: Data(line.dropFirst(8).utf8))
    }
  }

  func events(_ name: String) -> [Event] { events.filter { $0.ev == name } }

  func waitFor(_ name: String, count: Int = 1, line: Int = #line) throws -> Event {
    try eventually("\(count) \(name); there are \(events.map(\.ev))", line: line) {
      events(name).count >= count
    }
    return events(name)[count - 1]
  }

  /// Lets seconds pass, one after the other, until the event is there: on a loaded machine the code that waits for a time
  /// may not have begun to wait when the first of them passes.
  func passSeconds(until name: String, count: Int = 1, line: Int = #line) throws -> Event {
    for _ in 0..<60 where events(name).count < count {
      aMoment()
      system.advance(by: 1)
    }
    return try waitFor(name, count: count, line: line)
  }

  /// The end of the run, after which the gate is free again.
  func waitForEnd(count: Int = 1, line: Int = #line) throws -> Event {
    let end = try waitFor("run.end", count: count, line: line)
    aMoment()
    return end
  }

  /// What holds at the end of every test.
  func checkRules() throws {
    try expectEqual(system.crashes, [])
    try expect(system.submissions.allSatisfy { !$0.main }, "a request was submitted on main")
    try expect(
      system.expirationHandlerWasSet.allSatisfy { $0 },
      "a launch handler returned without an expiration handler")
    let lines = FakeLog.lines
    try expect(lines.allSatisfy { !$0.text.contains("<private>") }, "the log hides its text")
    try expect(lines.allSatisfy { $0.category == "BackgroundSync" })
    try expect(lines.allSatisfy { $0.text.utf8.count <= 900 && !$0.text.contains("\n") })
    let starts = events("run.start").compactMap(\.run)
    let ends = events("run.end").compactMap(\.run)
    try expectEqual(Set(ends).count, ends.count)
    try expect(Set(ends).isSubset(of: Set(starts)), "an end without a start")
  }
}

/// The app's JavaScript, as the generated TypeScript behaves.
final class JavaScript: Sendable {
  let worker: BackgroundSyncWorker
  let runs = Box<String>()
  private let numbers = Box<Int>()

  init(_ worker: BackgroundSyncWorker) { self.worker = worker }

  func load() { numbers.add(worker.runs.javaScriptDidLoad()) }

  func stop() { worker.runs.javaScriptDidStop(numbers.values[0]) }

  /// `registerBackgroundSync`, at each start.
  @discardableResult
  func start() throws -> Bool { try register(switchOn: false) }

  /// `BackgroundSync.register()`, the app's own word.
  @discardableResult
  func register(switchOn: Bool = true) throws -> Bool {
    FakeSystem.current.open()
    let answer = Box<Bool>()
    worker.register(switchOn: switchOn) { answer.add($0) }
    try eventually("register answers") { !answer.values.isEmpty }
    return answer.values[0]
  }

  func listen() { worker.runs.nextRun(numbers.values.last ?? 0) { [runs] in runs.add($0) } }

  /// `drainNow()`.
  func drain() throws -> Run? {
    FakeSystem.current.open()
    let answer = Box<String>()
    worker.beginForeground(numbers.values.last ?? 0) { answer.add($0) }
    try eventually("drainNow answers") { !answer.values.isEmpty }
    guard answer.values[0] != "" else { return nil }
    return try JSONDecoder().decode(Run.self, from: Data(answer.values[0].utf8))
  }

  func takeRun(_ count: Int = 1, line: Int = #line) throws -> Run {
    try eventually("JavaScript gets a run", line: line) { runs.values.count >= count }
    return try JSONDecoder().decode(Run.self, from: Data(runs.values[count - 1].utf8))
  }

  func complete(_ run: Run, _ outcome: String = "done", remaining: Int = 0, message: String = "") {
    worker.runs.complete(run.runId, outcome: outcome, remaining: remaining, message: message)
  }

  func whenExpired(_ runId: String) -> Box<String> {
    let answer = Box<String>()
    worker.runs.whenExpired(runId) { answer.add($0) }
    return answer
  }

  func status() throws -> [String: Any] {
    FakeSystem.current.open()
    let answer = Box<String>()
    worker.status { answer.add($0) }
    try eventually("status answers") { !answer.values.isEmpty }
    let json = try JSONSerialization.jsonObject(with: Data(answer.values[0].utf8))
    return json as? [String: Any] ?? [:]
  }
}

extension Event {
  /// Seconds from `ts` to `next`, rounded.
  var delay: Int? { next.map { Int((Double($0 - ts) / 1000).rounded()) } }
}

/// The disk of the device, and what can be wrong with it.
final class FakeDisk: @unchecked Sendable {
  /// `.failing`: what is there cannot be read, for another reason than the device's lock.
  enum State { case fine, beforeFirstUnlock, full, hangs, failing }

  private let lock = NSLock()
  private var current = State.fine

  func set(_ state: State) { lock.withLock { current = state } }

  var disk: SyncDisk {
    let real = SyncDisk.device
    return SyncDisk(
      read: { [self] file in
        // Whether a file is there can be seen at any time.
        if FileManager.default.fileExists(atPath: file.path) { try check(writing: false) }
        return try real.read(file)
      },
      replace: { [self] file, content in
        try check(writing: true)
        try real.replace(file, content)
      },
      append: { [self] file, line in
        try check(writing: true)
        return try real.append(file, line)
      })
  }

  private func check(writing: Bool) throws {
    switch lock.withLock({ current }) {
    case .fine: break
    case .beforeFirstUnlock:
      throw CocoaError(writing ? .fileWriteNoPermission : .fileReadNoPermission)
    case .hangs: while true { sleep(1000) }
    case .failing: if !writing { throw CocoaError(.fileReadUnknown) }
    case .full: if writing { throw CocoaError(.fileWriteOutOfSpace) }
    }
  }
}
