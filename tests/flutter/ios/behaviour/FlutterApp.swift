@_spi(Fake) import BackgroundTasks
import Flutter
import Foundation

@testable import BackgroundSync

let channel = "dev.bgsync/background_sync"

/// What of the app is Flutter's.
extension App {
  /// What GeneratedPluginRegistrant does, for each engine of the process.
  nonisolated(unsafe) static var worker: BackgroundSyncWorker?
  nonisolated(unsafe) static var beforePlugins: () -> Void = {}

  func makeHost(scenes: Bool, updates: Bool) -> FlutterHost {
    FlutterHost(registerPlugins: { App.registerPlugins(with: $0) })
  }

  static func registerPlugins(with engine: FlutterEngine) {
    guard let worker else { return }
    beforePlugins()
    BackgroundSyncPlugin.register(
      with: engine.registrar(forPlugin: BackgroundSyncPlugin.name)!, worker: worker)
  }

  /// A launch up to its end, in a process that the system or the user has started.
  func launchFlutter() throws -> BackgroundSyncWorker {
    let worker = makeWorker()
    App.worker = worker
    worker.start()
    system.endLaunch()
    try expectEqual(system.registeredIdentifiers, [Self.taskId])
    return worker
  }

  /// The user opens the app: it has an engine of its own, whose Dart takes no runs.
  func openFlutter() throws -> Dart {
    let opened = Box<Dart>()
    DispatchQueue.main.async {
      let engine = FlutterEngine(name: "app", project: nil, allowHeadlessExecution: false)
      _ = engine.run(withEntrypoint: nil, libraryURI: nil)
      App.registerPlugins(with: engine)
      opened.add(Dart(engine))
    }
    try eventually("the app's engine runs") { !opened.values.isEmpty }
    return opened.values[0]
  }

  func waitForEngines(_ count: Int, line: Int = #line) throws {
    try eventually("\(count) engines; there are \(FlutterEngine.running.count)", line: line) {
      FlutterEngine.running.count == count
    }
  }
}

/// Dart in one engine.
final class Dart: Sendable {
  let engine: FlutterEngine

  init(_ engine: FlutterEngine) { self.engine = engine }

  /// - Returns: the answers, in the text of what came: one at most
  func send(_ method: String, _ arguments: [Any] = []) -> Box<String> {
    let answers = Box<String>()
    send(method, arguments) { answers.add($0) }
    return answers
  }

  func send(
    _ method: String, _ arguments: [Any] = [], then: @escaping @Sendable (String) -> Void
  ) {
    let message = PlayedCodec.bytes(method) + PlayedCodec.bytes(arguments)
    engine.send(channel, message) { envelope in
      guard let envelope else { return then("MissingPluginException") }
      // An envelope of success is a call without a name: its value comes after one byte.
      let call = PlayedCodec.call(PlayedCodec.bytes("") + envelope.dropFirst())
      then(call.arguments.map { "\($0)" } ?? "nil")
    }
  }

  func ask(_ method: String, _ arguments: [Any] = [], line: Int = #line) throws -> String {
    let answers = send(method, arguments)
    try eventually("\(method) answers", line: line) { !answers.values.isEmpty }
    return answers.values[0]
  }

  /// Drains each run as `drain` says, as `backgroundSyncMain` does.
  static func takesRuns(_ drain: @escaping @Sendable (Dart, Run) -> Void) {
    FlutterEngine.dart = { engine in
      guard engine.allowsHeadless else { return }
      let dart = Dart(engine)
      dart.send("nextRun") { json in
        guard let run = try? JSONDecoder().decode(Run.self, from: Data(json.utf8)) else { return }
        drain(dart, run)
      }
    }
  }
}
