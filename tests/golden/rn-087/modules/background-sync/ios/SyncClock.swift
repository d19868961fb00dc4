import Foundation

/// Wall time and timers: native owns every limit of a run, JavaScript timers bound nothing.
struct SyncClock: Sendable {
  let now: @Sendable () -> Date

  /// Calls back once `seconds` of wall time are over, on a queue that nothing of the app can block.
  let after: @Sendable (_ seconds: Int, _ work: @escaping @Sendable () -> Void) -> Void

  // Wall time, not uptime: time that the app spent suspended counts. Never the main queue: a limit that
  // needs the main queue cannot end a run that blocks it.
  static let wall = SyncClock(
    now: { Date() },
    after: { seconds, work in
      DispatchQueue.global(qos: .utility)
        .asyncAfter(wallDeadline: .now() + .seconds(seconds), execute: work)
    }
  )
}

extension Date {
  /// Epoch milliseconds, the unit of the event line and of JavaScript.
  var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }
}
