import Foundation

/// Keeps ``SyncState`` in a file. Safe on any thread.
final class StateStore: @unchecked Sendable {
  private let file: URL
  private let disk: SyncDisk
  private let lock = NSLock()
  private var loaded: SyncState?
  /// What this process knows and what it changes while the file cannot be read.
  private var provisional = SyncState.unreadable
  private var isRefused = false
  private var early: [@Sendable (inout SyncState) -> Void] = []
  private var abandonedRun: SyncState.OpenRun?

  init(directory: URL, file: String = "state.json", disk: SyncDisk = .device) {
    self.file = directory.appendingPathComponent(file)
    self.disk = disk
  }

  /// Before the device's first unlock since its start: nothing that the app has stored can be read then.
  var isSealed: Bool { lock.withLock { load() == nil && isRefused } }

  func read() -> SyncState { lock.withLock { load() ?? provisional } }

  @discardableResult
  func update<Result>(_ change: @escaping @Sendable (inout SyncState) -> Result) -> Result {
    lock.withLock {
      guard let old = load() else {
        // A file that is there must not be replaced by what little is known now: it is changed when it can be read.
        early.append { _ = change(&$0) }
        return change(&provisional)
      }
      var state = old
      let result = change(&state)
      if state != old { save(state) }
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
        do { try disk.replace(file, JSONEncoder().encode(state)) } catch {
          if SyncDisk.isRefusal(error) { throw error }
        }
      }
    } catch {
      // No error is taken for a file with nothing in it: the user's `cancel()` may be there.
      isRefused = SyncDisk.isRefusal(error)
      return nil
    }
    // Not of this process: what it has opened is among the changes.
    abandonedRun = state.openRun
    let old = state
    for change in early { change(&state) }
    early = []
    loaded = state
    if state != old { save(state) }
    return state
  }

  private func save(_ state: SyncState) {
    loaded = state
    if let content = try? JSONEncoder().encode(state) { try? disk.replace(file, content) }
  }
}
