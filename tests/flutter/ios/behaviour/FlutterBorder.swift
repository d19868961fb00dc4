import Flutter
import Foundation

@testable import BackgroundSync

/// A Flutter app whose Dart is at the other end of the pipe:
///
///     {"js":1,"id":7,"call":"dev.bgsync/…","args":["…"]}   Dart of the first engine sends a message, in base64
///     {"js":1,"id":7,"value":"…","now":17…}                and is answered, at once or when there is something to say
///     {"engine":2,"entry":"package:app/… …"}               an engine enters Dart
///     {"gone":2}                                           and is destroyed
final class FlutterBorder: BorderProcess, @unchecked Sendable {
  /// Of the app's user interface.
  private var ui: FlutterEngine?
  private var engines: [FlutterEngine] = []

  override init(directory: String) {
    super.init(directory: directory)
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

  override func call(
    _ name: String, _ arguments: [Any], by js: Int, _ answer: @escaping @Sendable (Any) -> Void
  ) throws {
    let engine = lock.withLock { engines[js - 1] }
    engine.send(name, Data(base64Encoded: arguments[0] as! String)!) { reply in
      answer(reply?.base64EncodedString() ?? NSNull())
    }
  }

  override func willStart(_ worker: BackgroundSyncWorker) { App.worker = worker }

  override func happen(_ name: String, _ arguments: [Any]) throws -> Any {
    switch name {
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
    default: return try super.happen(name, arguments)
    }
    return NSNull()
  }

  override func state() -> [String: Any] {
    let engines: [String: Any] = [
      "engines": FlutterEngine.running.count { $0.allowsHeadless },
      "mostEngines": FlutterEngine.most,
    ]
    return super.state().merging(engines) { $1 }
  }

  private func onMain(_ act: @escaping @Sendable () -> Void) {
    let done = DispatchSemaphore(value: 0)
    DispatchQueue.main.async {
      act()
      done.signal()
    }
    done.wait()
  }
}
