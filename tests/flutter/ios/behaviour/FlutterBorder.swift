// `behaviour --border FOLDER ID`: a process of a Flutter app, whose Dart is at the other end of a pipe. The suite in
// tests/border speaks with it, one JSON object a line:
//
//     {"js":1,"id":7,"call":"dev.bgsync/…","args":["…"]}   Dart of the first engine sends a message, in base64
//     {"js":1,"id":7,"value":"…","now":17…}                and is answered, at once or when there is something to say
//     {"id":8,"world":"pass","args":[3600]}                something happens to the device; answered when it has happened
//     {"engine":2,"entry":"package:app/… …"}               an engine enters Dart
//     {"gone":2}                                           and is destroyed
@_spi(Fake) import BackgroundTasks
import Flutter
import Foundation
@_spi(Fake) import UIKit

@testable import BackgroundSync

final class Border: @unchecked Sendable {
  private let app: App
  private var worker: BackgroundSyncWorker?
  private var taken: [BGTaskRequest] = []
  /// Of the app's user interface.
  private var ui: FlutterEngine?
  private let lock = NSLock()
  private var engines: [FlutterEngine] = []
  /// What Dart has not heard yet: it is suspended with its process.
  private var held: [[String: Any]] = []

  init(directory: String) {
    app = App(directory: URL(fileURLWithPath: directory, isDirectory: true))
    app.system.configure { $0.permittedIdentifiers = [App.taskId, "dev.bgsync.refresh"] }
    FlutterEngine.dart = { [self] engine in
      let number = lock.withLock {
        engines.append(engine)
        return engines.count
      }
      let entry = engine.allowsHeadless ? engine.entry ?? "" : "main"
      tell(["engine": number, "entry": entry])
    }
    FlutterEngine.gone = { [self] engine in
      let index = lock.withLock { engines.firstIndex { $0 === engine } }
      if let index { tell(["gone": index + 1]) }
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
      if let number = message["js"] as? Int, let name = message["call"] as? String {
        let engine = lock.withLock { engines[number - 1] }
        engine.send(name, Data(base64Encoded: arguments[0] as! String)!) { [self] reply in
          let value: Any = reply?.base64EncodedString() ?? NSNull()
          tell(["js": number, "id": id, "value": value])
        }
      } else if let name = message["world"] as? String {
        if name == "kill" { restart(directory: arguments[0] as! String, id: id) }
        answer(["id": id, "value": try happen(name, arguments)])
      }
    }
    exit(0)
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
      let worker = app.makeWorker()
      App.worker = worker
      worker.start()
      system.endLaunch()
      self.worker = worker
      // Started by the system, not by the user.
      if arguments[3] as! Bool {
        app.lock()
        system.enterBackground()
      }
    case "load":
      onMain { [self] in
        let engine = FlutterEngine(name: "app", project: nil, allowHeadlessExecution: false)
        _ = engine.run(withEntrypoint: nil, libraryURI: nil)
        App.registerPlugins(with: engine)
        ui = engine
      }
    case "close":
      onMain { [self] in
        ui?.dealloc()
        ui = nil
      }
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
        "engines": FlutterEngine.running.count { $0.allowsHeadless },
        "mostEngines": FlutterEngine.most,
        "pending": system.pendingRequests.map {
          ["id": $0.identifier, "earliest": ($0.earliestBeginDate ?? system.now).milliseconds]
        },
      ] as [String: Any]
    default: throw Failure(description: "no \(name) in this world")
    }
    return NSNull()
  }

  private func onMain(_ act: @escaping @Sendable () -> Void) {
    let done = DispatchSemaphore(value: 0)
    DispatchQueue.main.async {
      act()
      done.signal()
    }
    done.wait()
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

  /// What Dart can hear by now.
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
