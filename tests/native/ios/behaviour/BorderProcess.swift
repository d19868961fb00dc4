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

/// `behaviour --border FOLDER ID`: a process of the app, whose other language is at the other end of a pipe. The suite in
/// tests/border speaks with it, one JSON object a line:
///
///     {"js":1,"id":7,"call":"nextRun","args":[]}      the other language calls: `call`
///     {"js":1,"id":7,"value":"{…}","now":17…}         and is answered, at once or when there is something to say
///     {"id":8,"world":"pass","args":[3600]}           something happens to the device; answered when it has happened
class BorderProcess: @unchecked Sendable {
  let app: App
  let lock = NSLock()
  private(set) var worker: BackgroundSyncWorker?
  private var taken: [BGTaskRequest] = []
  /// What the other language has not heard yet: it is suspended with its process.
  private var held: [[String: Any]] = []

  init(directory: String) {
    app = App(directory: URL(fileURLWithPath: directory, isDirectory: true))
    app.system.configure {
      $0.permittedIdentifiers = [App.taskId, "dev.bgsync.refresh", photos.taskId]
    }
  }

  /// Of which language is its host’s matter.
  func call(
    _ name: String, _ arguments: [Any], by js: Int, _ answer: @escaping @Sendable (Any) -> Void
  ) throws {
    throw Failure(description: "nothing can be called here")
  }

  /// The app has made its worker, and starts it next.
  func willStart(_ worker: BackgroundSyncWorker) {}

  /// What the suite sees of the device.
  func state() -> [String: Any] {
    let system = app.system
    return [
      "now": system.now.milliseconds, "suspended": system.isSuspended,
      "crashes": system.crashes, "results": system.completions.map(\.success),
      "pending": system.pendingRequests.map {
        ["id": $0.identifier, "earliest": ($0.earliestBeginDate ?? system.now).milliseconds]
      },
    ]
  }

  /// Something happens to the device. - Returns: what the suite is answered
  func happen(_ name: String, _ arguments: [Any]) throws -> Any {
    let system = app.system
    switch name {
    case "launch": launch(arguments)
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
    case "state": return state()
    default: throw Failure(description: "no \(name) in this world")
    }
    return NSNull()
  }

  /// A process of its own; the system has kept the requests of the one before.
  private func launch(_ arguments: [Any]) {
    let system = app.system
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
    willStart(worker)
    worker.start()
    system.endLaunch()
    self.worker = worker
    // Started by the system, not by the user.
    if arguments[3] as! Bool {
      app.lock()
      system.enterBackground()
    }
  }

  // MARK: - The pipe

  /// - Parameter id: of the message that has led to this process
  func serve(id: Int) throws {
    answer(["id": id, "value": NSNull()])
    while let line = readLine() {
      guard let message = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let id = message["id"] as? Int
      else { throw Failure(description: "not understood: \(line)") }
      let arguments = message["args"] as? [Any] ?? []
      if let js = message["js"] as? Int, let name = message["call"] as? String {
        try call(name, arguments, by: js) { [self] value in
          tell(["js": js, "id": id, "value": value])
        }
      } else if let name = message["world"] as? String {
        if name == "kill" { restart(directory: arguments[0] as! String, id: id) }
        answer(["id": id, "value": try happen(name, arguments)])
      }
    }
    exit(0)
  }

  /// The process ends where it stands, and another one is at this end of the pipe.
  private func restart(directory: String, id: Int) -> Never {
    let arguments = [CommandLine.arguments[0], "--border", directory, String(id)]
    execv(CommandLine.arguments[0], arguments.map { strdup($0) } + [nil])
    fatalError("no process: \(errno)")
  }

  /// What the other language hears, as soon as it can.
  func tell(_ message: [String: Any]) {
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

func runBorder(_ process: BorderProcess, id: Int) -> Never {
  Thread {
    do { try process.serve(id: id) } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(1)
    }
  }.start()
  dispatchMain()
}
