import Foundation
@testable import BackgroundSync

/// An app whose JavaScript is at the other end of the pipe.
final class Border: BorderProcess, @unchecked Sendable {
  /// The native module, as BackgroundSyncModule.mm and BackgroundSyncBridge.swift make it of the worker.
  override func call(
    _ name: String, _ arguments: [Any], by js: Int, _ answer: @escaping @Sendable (Any) -> Void
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

  override func happen(_ name: String, _ arguments: [Any]) throws -> Any {
    switch name {
    case "load": return worker!.runs.javaScriptDidLoad()
    case "invalidate":
      worker!.runs.javaScriptDidStop(arguments[0] as! Int)
      return NSNull()
    default: return try super.happen(name, arguments)
    }
  }
}
