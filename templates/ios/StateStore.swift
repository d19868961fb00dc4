import Foundation

/// Keeps ``SyncState`` in a file. Safe on any thread.
final class StateStore: @unchecked Sendable {
  private let file: URL
  private let disk: SyncDisk
  private let lock = NSLock()
  private var loaded: SyncState?
  private var abandonedRun: SyncState.OpenRun?

  init(directory: URL, file: String = "state.json", disk: SyncDisk = .device) {
    self.file = directory.appendingPathComponent(file)
    self.disk = disk
  }

  /// False before the device's first unlock since its start: nothing of what is kept is known then.
  var isReadable: Bool { lock.withLock { load() != nil } }

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
        if let content = try? JSONEncoder().encode(state) { try? disk.replace(file, content) }
      }
      return result
    }
  }

  /// The run that the process before this one left open; tells it once.
  func takeAbandonedRun() -> SyncState.OpenRun? {
    lock.withLock {
      _ = load()
      defer { abandonedRun = nil }
      return abandonedRun
    }
  }

  /// - Returns: nil while the file cannot be read
  private func load() -> SyncState? {
    if let loaded { return loaded }
    var state = SyncState()
    do {
      if let content = try disk.read(file) {
        state = (try? JSONDecoder().decode(SyncState.self, from: content)) ?? SyncState()
      } else {
        // The first process of the app: from now on there is a file that tells whether files can be read.
        try disk.replace(file, JSONEncoder().encode(state))
      }
    } catch {
      if SyncDisk.isRefusal(error) { return nil }
    }
    // This process has not opened one yet.
    abandonedRun = state.openRun
    loaded = state
    return state
  }
}
