// `behaviour --border FOLDER ID`: a process of the app, whose JavaScript is at the other end of a pipe. The suite in
// tests/border speaks with it, one JSON object a line:
//
//     {"js":1,"id":7,"call":"nextRun","args":[]}      JavaScript calls its native module
//     {"js":1,"id":7,"value":"{…}","now":17…}         and is answered, at once or when there is something to say
//     {"id":8,"world":"pass","args":[3600]}           something happens to the device; answered when it has happened
@_spi(Fake) import BackgroundTasks
import Foundation
@_spi(Fake) import UIKit

@testable import BackgroundSync

/// The second sync of an app that has two.
private let photos = SyncTask(
  name: "photos", taskId: "dev.bgsync.processing.photos",
  windows: SyncWindows(refresh: false, onBackground: false), requiresExternalPower: false,
  constraints: SyncConstraints(
    network: .any, charging: false, batteryNotLow: false, storageNotLow: false, deviceIdle: false),
  schedule: SchedulePolicy.Config(
    intervalSeconds: 7200, backlogSeconds: 900, maxSeconds: 14400, lowBatteryPercent: 20))

final class Border: @unchecked Sendable {
  private let app: App
  private var worker: BackgroundSyncWorker?
  private var taken: [BGTaskRequest] = []
  private let lock = NSLock()
  /// What JavaScript has not heard yet: it is suspended with its process.
  private var held: [[String: Any]] = []

  init(directory: String) {
    app = App(directory: URL(fileURLWithPath: directory, isDirectory: true))
    app.system.configure {
      $0.permittedIdentifiers = [App.taskId, "dev.bgsync.refresh", photos.taskId]
    }
  }

  /// - Parameter id: of the message that has led to this process
  func serve(id: Int) throws {
    answer(["id": id, "value": NSNull()])
    while let line = readLine() {
      guard let message = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let id = message["id"] as? Int
      else { throw Failure(description: "not understood: \(line)") }
      let arguments = message["args"] as? [Any] ?? []
      if let js = message["js"] as? Int, let name = message["call"] as? String {
        try call(name, arguments, js) { [self] value in
          tell(["js": js, "id": id, "value": value])
        }
      } else if let name = message["world"] as? String {
        if name == "kill" { restart(directory: arguments[0] as! String, id: id) }
        answer(["id": id, "value": try happen(name, arguments)])
      }
    }
    exit(0)
  }

  // MARK: - The native module, as BackgroundSyncModule.mm and BackgroundSyncBridge.swift make it of the worker

  private func call(
    _ name: String, _ arguments: [Any], _ js: Int, _ answer: @escaping @Sendable (Any) -> Void
  ) throws {
    guard let worker else { throw Failure(description: "\(name) before the launch") }
    func text(_ index: Int) -> String { arguments[index] as! String }
    func number(_ index: Int) -> Int { Int((arguments[index] as! NSNumber).doubleValue) }
    switch name {
    case "registerTask":
      worker.register(switchOn: arguments[0] as! Bool, of: text(1)) { answer($0) }
    case "cancel": worker.cancel(of: text(0)) { answer(NSNull()) }
    case "scheduleNext": worker.scheduleNext(delaySeconds: number(0), of: text(1)) { answer($0) }
    case "configure": worker.configure(text(0), of: text(1)) { answer($0) }
    case "getStatus": worker.status(of: text(0)) { answer($0) }
    case "getHistory": answer(worker.log.history(limit: number(0)))
    case "nextRun": worker.runs.nextRun(js) { answer($0) }
    case "endedRun": worker.runs.endedRun(js, after: number(0)) { answer($0) }
    case "whenExpired": worker.runs.whenExpired(text(0)) { answer($0) }
    case "progress": worker.runs.progress(text(0), done: number(1), total: number(2))
    case "complete":
      worker.runs.complete(text(0), outcome: text(1), remaining: number(2), message: text(3))
    case "beginForeground": worker.beginForeground(js, of: text(0)) { answer($0) }
    default: throw Failure(description: "no method \(name)")
    }
  }

  // MARK: - The device

  private func happen(_ name: String, _ arguments: [Any]) throws -> Any {
    let system = app.system
    switch name {
    case "launch":
      // A process of its own; the system has kept the requests of the one before.
      system.setClock(by: (arguments[0] as! Double) / 1000 - system.now.timeIntervalSince1970)
      for request in arguments[1] as! [[String: Any]] {
        system.leavePending(
          request["id"] as! String,
          earliest: Date(timeIntervalSince1970: (request["earliest"] as! Double) / 1000))
      }
      let hasTwo = arguments[4] as! Bool
      let worker = app.makeWorker(
        plist: hasTwo ? [App.taskId, photos.taskId] : nil,
        windows: SyncWindows(refresh: arguments[2] as! Bool, onBackground: false),
        others: hasTwo ? [photos] : [])
      worker.start()
      system.endLaunch()
      self.worker = worker
      // Started by the system, not by the user.
      if arguments[3] as! Bool {
        app.lock()
        system.enterBackground()
      }
    case "load": return worker!.runs.javaScriptDidLoad()
    case "invalidate": worker!.runs.javaScriptDidStop(arguments[0] as! Int)
    case "leave":
      app.leave()
      app.lock()
    case "return":
      FakeDevice.state.protectedDataAvailable = true
      system.enterForeground()
    case "pass": system.advance(by: (arguments[0] as! Double) / 1000)
    case "take":
      while let request = system.takeDueRequest() { taken.append(request) }
      return taken.map(\.identifier)
    case "deliver":
      let requests = taken
      taken = []
      for request in requests { try expect(system.deliver(request)) }
    case "expire": system.expireRunningTask()
    case "settle": aMoment()
    case "quit": try app.checkRules()
    case "state":
      return [
        "now": system.now.milliseconds, "suspended": system.isSuspended,
        "crashes": system.crashes, "results": system.completions.map(\.success),
        "pending": system.pendingRequests.map {
          ["id": $0.identifier, "earliest": ($0.earliestBeginDate ?? system.now).milliseconds]
        },
      ] as [String: Any]
    default: throw Failure(description: "no \(name) in this world")
    }
    return NSNull()
  }

  /// The process ends where it stands, and another one is at this end of the pipe.
  private func restart(directory: String, id: Int) -> Never {
    let arguments = [CommandLine.arguments[0], "--border", directory, String(id)]
    execv(CommandLine.arguments[0], arguments.map { strdup($0) } + [nil])
    fatalError("no process: \(errno)")
  }

  // MARK: - The pipe

  private func tell(_ message: [String: Any]) {
    lock.withLock {
      held.append(message)
      say()
    }
  }

  private func answer(_ message: [String: Any]) {
    lock.withLock {
      say()
      write(encode(message))
    }
  }

  /// What JavaScript can hear by now.
  private func say() {
    guard !app.system.isSuspended else { return }
    for message in held {
      write(encode(message.merging(["now": app.system.now.milliseconds]) { $1 }))
    }
    held = []
  }

  private func encode(_ message: [String: Any]) -> Data {
    try! JSONSerialization.data(withJSONObject: message) + Data("\n".utf8)
  }

  private func write(_ line: Data) { FileHandle.standardOutput.write(line) }
}

func runBorder(directory: String, id: Int) -> Never {
  Thread {
    do { try Border(directory: directory).serve(id: id) } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(1)
    }
  }.start()
  dispatchMain()
}
