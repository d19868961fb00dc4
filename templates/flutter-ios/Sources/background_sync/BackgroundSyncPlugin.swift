import Flutter
import Foundation

/// What Dart sees; its other side is `lib/src/channel.dart`. There is one in each engine of the app. Calls are taken off
/// the main thread, in their order, since they write to the disk; answers go out on it.
public final class BackgroundSyncPlugin: NSObject, FlutterPlugin, @unchecked Sendable {
  /// By which GeneratedPluginRegistrant knows it.
  static let name = "BackgroundSyncPlugin"

  private let worker: BackgroundSyncWorker
  private let queue = DispatchQueue(label: "dev.bgsync.plugin")

  // On `queue`.
  /// Of the Dart that takes runs: the engine of a run, and not that of the app.
  private var taker: Int?
  /// Of the Dart that drains in the foreground.
  private var asker: Int?
  private var isStopped = false

  init(worker: BackgroundSyncWorker) {
    self.worker = worker
  }

  public static func register(with registrar: FlutterPluginRegistrar) {
    register(with: registrar, worker: BackgroundSyncLaunch.worker)
  }

  /// Arms the schedule whenever the app starts, unless the app has switched the sync off.
  static func register(with registrar: FlutterPluginRegistrar, worker: BackgroundSyncWorker) {
    let plugin = BackgroundSyncPlugin(worker: worker)
    let channel = FlutterMethodChannel(
      name: "dev.bgsync/background_sync", binaryMessenger: registrar.messenger())
    registrar.addMethodCallDelegate(plugin, channel: channel)
    // Without it, `detachFromEngine` is not called.
    registrar.publish(plugin)
    plugin.queue.async {
      for ledger in worker.ledgers {
        worker.register(switchOn: false, of: ledger.task.name) { _ in }
      }
    }
  }

  public func detachFromEngine(for registrar: FlutterPluginRegistrar) {
    stop()
  }

  /// The engine goes, and its Dart with it.
  func stop() {
    queue.async { [self] in
      isStopped = true
      for number in [taker, asker].compactMap({ $0 }) { worker.runs.javaScriptDidStop(number) }
      (taker, asker) = (nil, nil)
    }
  }

  public func handle(_ call: FlutterMethodCall, result: @escaping FlutterResult) {
    let result = Unchecked(result)
    let arguments = Unchecked(call.arguments as? [Any] ?? [])
    let method = call.method
    queue.async { [self] in
      take(method, Arguments(values: arguments.value)) { answer in
        let answer = Unchecked(answer)
        DispatchQueue.main.async { result.value(answer.value) }
      }
    }
  }

  private func take(
    _ method: String, _ arguments: Arguments, _ answer: @escaping @Sendable (Any?) -> Void
  ) {
    switch method {
    case "registerTask":
      worker.register(switchOn: arguments.flag(0), of: arguments.text(1)) { answer($0) }
    case "cancel": worker.cancel(of: arguments.text(0)) { answer(nil) }
    case "scheduleNext":
      worker.scheduleNext(delaySeconds: arguments.number(0), of: arguments.text(1)) { answer($0) }
    case "configure":
      worker.configure(arguments.text(0), of: arguments.text(1)) { answer($0) }
    case "getStatus": worker.status(of: arguments.text(0)) { answer($0) }
    case "getHistory": answer(worker.log.history(limit: arguments.number(0)))
    case "nextRun":
      if !isStopped { worker.runs.nextRun(runTaker()) { answer($0) } }
    case "endedRun":
      if !isStopped {
        worker.runs.endedRun(runTaker(), after: arguments.number(0)) { answer($0) }
      }
    case "whenExpired": worker.runs.whenExpired(arguments.text(0)) { answer($0) }
    case "progress":
      worker.runs.progress(
        arguments.text(0), done: arguments.number(1), total: arguments.number(2))
      answer(nil)
    case "complete":
      worker.runs.complete(
        arguments.text(0), outcome: arguments.text(1), remaining: arguments.number(2),
        message: arguments.text(3))
      answer(nil)
    case "beginForeground":
      let number = asker ?? worker.runs.numbers.next()
      asker = number
      worker.beginForeground(number, of: arguments.text(0)) { answer($0) }
    default: answer(FlutterMethodNotImplemented)
    }
  }

  private func runTaker() -> Int {
    let number = taker ?? worker.runs.javaScriptDidLoad()
    taker = number
    return number
  }

  /// By position, in the order of the parameters in Dart.
  private struct Arguments {
    let values: [Any]

    func number(_ index: Int) -> Int { values[index] as? Int ?? -1 }

    func text(_ index: Int) -> String { values[index] as? String ?? "" }

    func flag(_ index: Int) -> Bool { values[index] as? Bool ?? false }
  }
}
