import Foundation

/// What must outlive the process. Times are epoch milliseconds.
struct SyncState: Codable, Equatable, Sendable {
  struct OpenRun: Codable, Equatable, Sendable {
    var run: String
    var task: String
    var trig: String
    var att: Int
    var ts: Int64
  }

  struct LastRun: Codable, Equatable, Sendable {
    var run: String
    var out: Outcome
    var ts: Int64
    var ms: Int64
    var rem: Int
  }

  /// Whether the app wants windows: nil until it said so, false after `cancel()`.
  var armed: Bool?
  /// Earliest start of the window that was asked for last.
  var next: Int64?
  /// Runs in a row that did not end `done`.
  var consecutiveFailures = 0
  var openRun: OpenRun?
  var lastRun: LastRun?

  /// While the file cannot be read. The app wanted windows, or the system would not have launched it before the first
  /// unlock; without this the chain would end there.
  static let unreadable = SyncState(armed: true)
}

/// Keeps ``SyncState`` in a file. Safe on any thread.
final class StateStore: @unchecked Sendable {
  private let file: URL
  private let lock = NSLock()
  private var loaded: SyncState?
  private var abandonedRun: SyncState.OpenRun?

  init(directory: URL) {
    file = directory.appendingPathComponent("state.json")
  }

  func read() -> SyncState { lock.withLock { load() ?? .unreadable } }

  @discardableResult
  func update<Result>(_ change: (inout SyncState) -> Result) -> Result {
    lock.withLock {
      let old = load()
      var state = old ?? .unreadable
      let result = change(&state)
      // A file that is there but cannot be read yet must not be replaced by what little is known now.
      if old != nil, state != old {
        loaded = state
        if let content = try? JSONEncoder().encode(state) {
          try? SyncFiles.replace(file, with: content)
        }
      }
      return result
    }
  }

  /// The run that a process before this one left open; tells it once.
  func takeAbandonedRun() -> SyncState.OpenRun? {
    lock.withLock {
      _ = load()
      defer { abandonedRun = nil }
      return abandonedRun
    }
  }

  /// - Returns: nil while the file cannot be read: not unlocked since the device started
  private func load() -> SyncState? {
    if let loaded { return loaded }
    var state = SyncState()
    if FileManager.default.fileExists(atPath: file.path) {
      guard let content = try? Data(contentsOf: file) else { return nil }
      state = (try? JSONDecoder().decode(SyncState.self, from: content)) ?? SyncState()
    }
    // This process has not opened one yet.
    abandonedRun = state.openRun
    loaded = state
    return state
  }
}
