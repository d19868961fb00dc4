/// How a run ended, in the event line and in the schedule.
enum Outcome: String, Codable, Sendable {
  case done, retry, failed, expired, skipped, killed
}

struct BatteryState: Encodable, Equatable, Sendable {
  /// 0 to 100; -1 where the system does not tell.
  var percent: Int
  var charging: Bool
  /// Low Power Mode.
  var saver: Bool

  static let unknown = BatteryState(percent: -1, charging: false, saver: false)
}

/// The delay to the next window: when items wait it is short, when runs go wrong it doubles each time, on a
/// low battery it doubles once more.
///
/// The same function stands in bgsync itself and in `SchedulePolicy.kt`; one file of test vectors holds the
/// three together. Whole numbers only, so that all three agree to the second.
enum SchedulePolicy {
  struct Config: Sendable {
    /// Between two windows while nothing waits.
    var intervalSeconds: Int
    /// To the next window while items remain, and the first step of the back-off.
    var backlogSeconds: Int
    /// No delay is longer.
    var maxSeconds: Int
    /// At or below it, and not charging, every delay doubles. Percent.
    var lowBatteryPercent: Int
  }

  /// What WorkManager allows. iOS knows no minimum; one floor keeps the platforms alike.
  static let minDelaySeconds = 900

  /// - Parameters:
  ///   - queueDepth: items that remain; -1 where no one knows
  ///   - consecutiveFailures: runs in a row, this one included, that did not end `done`; for `skipped`, windows in
  ///     a row that were skipped
  /// - Returns: seconds, at least ``minDelaySeconds``
  static func nextDelaySeconds(
    outcome: Outcome,
    queueDepth: Int,
    battery: BatteryState,
    consecutiveFailures: Int,
    config: Config
  ) -> Int {
    let interval = max(config.intervalSeconds, minDelaySeconds)
    let longest = max(config.maxSeconds, interval)
    let backlog = min(max(config.backlogSeconds, minDelaySeconds), interval)

    let steps = min(max(consecutiveFailures, 1), 16) - 1
    let backOff = backlog << steps
    var delay: Int
    switch outcome {
    case .failed:
      // Trying again is useless until something changes: neither sooner nor backing off.
      return interval
    case .done:
      delay = queueDepth > 0 ? backlog : interval
    case .expired, .skipped:
      // The window was too short, not the server unwell: never slower than the plain interval.
      delay = min(backOff, interval)
    case .retry, .killed:
      delay = min(backOff, longest)
    }

    let low =
      battery.saver
      || (battery.percent >= 0 && battery.percent <= config.lowBatteryPercent)
    if low && !battery.charging { delay = min(delay * 2, longest) }
    return delay
  }
}
