// Around BackgroundSyncBridge.swift, type-checked alone: the rest of the package uses the Foundation for Linux, whose NSObject
// is no Objective-C class.
import AppleFoundation

extension String: @retroactive _ObjectiveCBridgeable {
  public func _bridgeToObjectiveC() -> NSString { fatalError() }
  public static func _forceBridgeFromObjectiveC(_ source: NSString, result: inout String?) {}
  public static func _conditionallyBridgeFromObjectiveC(
    _ source: NSString, result: inout String?
  ) -> Bool { false }
  public static func _unconditionallyBridgeFromObjectiveC(_ source: NSString?) -> String { "" }
}

final class Bundle: @unchecked Sendable {
  static let main = Bundle()
  let infoDictionary: [String: Any]? = nil
}

// swift-format-ignore: AlwaysUseLowerCamelCase
func NSClassFromString(_ name: String) -> AnyClass? { nil }

struct AppInfo: Sendable {
  let usesScenes = false
  init(infoDictionary: [String: Any]) {}
}

struct ReactHost: Sendable {
  enum Start { case started, present, impossible }

  struct Runtime: Sendable {
    var factory: @MainActor @Sendable (NSObject) -> NSObject?
    var start: @MainActor @Sendable (NSObject) -> Start
    var stop: @MainActor @Sendable (NSObject) -> Void
  }

  init(usesScenes: Bool, usesExpoUpdates: Bool, runtime: Runtime) {}
}

enum SyncDisk {
  struct Folder: Sendable {}
  static let directory = Folder()
}

final class EventLog: Sendable {
  func history(limit: Int) -> String { "" }
}

final class RunCoordinator: Sendable {
  func javaScriptDidLoad() -> Int { 0 }
  func javaScriptDidStop(_ number: Int) {}
  func nextRun(_ number: Int, _ answer: @escaping @Sendable (String) -> Void) {}
  func endedRun(_ number: Int, after: Int, _ answer: @escaping @Sendable (String) -> Void) {}
  func whenExpired(_ runId: String, _ answer: @escaping @Sendable (String) -> Void) {}
  func progress(_ runId: String, done: Int, total: Int) {}
  func complete(_ runId: String, outcome: String, remaining: Int, message: String) {}
}

final class BackgroundSyncWorker: Sendable {
  let log = EventLog()
  let runs = RunCoordinator()

  init(app: AppInfo, host: ReactHost, directory: SyncDisk.Folder) {}
  func start() {}
  func register(switchOn: Bool, of name: String, _ answer: @escaping @Sendable (Bool) -> Void) {}
  func cancel(of name: String, _ answer: @escaping @Sendable () -> Void) {}
  func scheduleNext(
    delaySeconds: Int, of name: String, _ answer: @escaping @Sendable (Int64) -> Void
  ) {}
  func configure(_ text: String, of name: String, _ answer: @escaping @Sendable (Bool) -> Void) {}
  func status(of name: String, _ answer: @escaping @Sendable (String) -> Void) {}
  func beginForeground(
    _ javaScript: Int, of name: String, _ answer: @escaping @Sendable (String) -> Void
  ) {}
}

#if DEBUG
  enum BackgroundSyncDebug {
    static func install(on worker: BackgroundSyncWorker) {}
  }
#endif
