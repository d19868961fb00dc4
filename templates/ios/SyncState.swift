import Foundation

/// What must outlive the process. Times are epoch milliseconds.
struct SyncState: Codable, Equatable, Sendable {
  struct OpenRun: Codable, Equatable, Sendable {
    var run: String
    var task: String
    var trig: String
    var att: Int
    var ts: Int64
    /// Why its window closed, where it has: a process that dies after that has not killed the run.
    var expiry: String?
    var requested: Request?
  }

  /// A window that the app asked for while a run was open.
  struct Request: Codable, Equatable, Sendable {
    var next: Int64
    /// How far away that was when it was asked for, milliseconds.
    var delay: Int64

    /// Where the clock was set back since, as far away as it was then.
    func date(_ now: Date) -> Date {
      let milliseconds = min(next, now.milliseconds + delay)
      return Date(timeIntervalSince1970: TimeInterval(milliseconds) / 1000)
    }
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
  /// Whether the app itself asked for that time, with `scheduleNext`.
  var requested: Bool?
  /// Runs in a row that did not end `done`; skips leave it as it is.
  var consecutiveFailures = 0
  /// Windows in a row that were skipped.
  var skips = 0
  var openRun: OpenRun?
  var lastRun: LastRun?
  /// What the app has set at run time.
  var settings = SyncSettings()

  /// While the file cannot be read, at first. The app wanted windows, or the system would not have launched it before the first
  /// unlock; without this the chain would end there.
  static let unreadable = SyncState(armed: true)

  /// Counts a run that has ended; not one that the app itself has cancelled.
  ///
  /// - Returns: the row that the policy backs off by
  mutating func count(_ outcome: Outcome, _ expiry: String?) -> Int {
    if outcome == .expired, expiry == "cancelled" { return consecutiveFailures }
    switch outcome {
    case .done: (consecutiveFailures, skips) = (0, 0)
    case .skipped: skips += 1
    default: (consecutiveFailures, skips) = (consecutiveFailures + 1, 0)
    }
    return outcome == .skipped ? skips : consecutiveFailures
  }
}

extension SyncState {
  /// Key by key: what another version wrote otherwise, or did not write, costs no more than itself. Above all not `armed`.
  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys) -> Value? {
      (try? values.decodeIfPresent(Value.self, forKey: key)) ?? nil
    }
    armed = value(.armed)
    next = value(.next)
    requested = value(.requested)
    consecutiveFailures = value(.consecutiveFailures) ?? 0
    skips = value(.skips) ?? 0
    openRun = value(.openRun)
    lastRun = value(.lastRun)
    settings = value(.settings) ?? SyncSettings()
  }
}
