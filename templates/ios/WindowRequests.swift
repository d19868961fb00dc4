import BackgroundTasks
import Foundation

/// What is asked of the system's scheduler, and what of it is still as it would be asked for now.
enum WindowRequests {
  struct Pending: Sendable {
    let identifier: String
    /// Epoch milliseconds; 0 where the request may run at once.
    let earliest: Int64
    /// Of a processing task, which alone has any.
    let requirements: Requirements?

    init(_ request: BGTaskRequest) {
      identifier = request.identifier
      earliest = request.earliestBeginDate?.milliseconds ?? 0
      requirements = (request as? BGProcessingTaskRequest).map {
        Requirements(network: $0.requiresNetworkConnectivity, power: $0.requiresExternalPower)
      }
    }
  }

  /// What of the constraints the system itself sees to.
  struct Requirements: Equatable {
    let network: Bool
    let power: Bool

    init(network: Bool, power: Bool) {
      self.network = network
      self.power = power
    }

    init(_ settings: SyncSettings, of task: SyncTask) {
      self.init(
        network: settings.constraints(of: task).network != .none,
        power: settings.requiresExternalPower(of: task))
    }
  }

  /// The ids that have to be pending.
  static func taskIds(_ task: SyncTask, _ settings: SyncSettings) -> [String] {
    // The system gives those windows while the device is used, too, and for no other device.
    let isIdle = settings.constraints(of: task).deviceIdle
    return isIdle ? [task.taskId] : task.taskIds
  }

  static func make(
    _ task: SyncTask, _ settings: SyncSettings, earliest: Date
  ) -> [BGTaskRequest] {
    let requirements = Requirements(settings, of: task)
    let processing = BGProcessingTaskRequest(identifier: task.taskId)
    processing.requiresNetworkConnectivity = requirements.network
    processing.requiresExternalPower = requirements.power
    processing.earliestBeginDate = earliest
    let hasRefresh = taskIds(task, settings).contains(BackgroundSyncConfig.refreshTaskId)
    guard hasRefresh else { return [processing] }
    // It knows no requirements. An app may have one such request pending.
    let refresh = BGAppRefreshTaskRequest(identifier: BackgroundSyncConfig.refreshTaskId)
    refresh.earliestBeginDate = earliest
    return [processing, refresh]
  }

  /// Why the pending requests are not what would be asked for now, or nil where they are. One that is there is healthy
  /// only if it may run in time (the clock may have been wrong) and under today's conditions (the app may be newer).
  static func defect(
    of pending: [Pending], _ task: SyncTask, state: SyncState, now: Date
  ) -> String? {
    let ours = taskIds(task, state.settings).map { id in
      pending.first { $0.identifier == id }
    }
    if ours.contains(where: { $0 == nil }) { return "missing" }
    let wanted = Requirements(state.settings, of: task)
    if ours.contains(where: { ($0?.requirements ?? wanted) != wanted }) { return "requirements" }
    let latest = latestStart(task, state, now: now)
    return ours.contains { ($0?.earliest ?? 0) > latest } ? "date" : nil
  }

  /// The latest time that the policy, or the app itself, may have asked for by now. Epoch milliseconds.
  private static func latestStart(_ task: SyncTask, _ state: SyncState, now: Date) -> Int64 {
    let outcome = state.lastRun?.out ?? .done
    let delay = SchedulePolicy.nextDelaySeconds(
      outcome: outcome, queueDepth: state.lastRun?.rem ?? -1,
      // As it may have been then: the low battery of that run doubled the delay.
      battery: BatteryState(percent: 0, charging: false, saver: true),
      consecutiveFailures: outcome == .skipped ? state.skips : state.consecutiveFailures,
      config: state.settings.schedule(of: task))
    let byPolicy = (now + TimeInterval(delay)).milliseconds
    guard state.requested == true, let next = state.next else { return byPolicy }
    return max(byPolicy, min(next, (now + longestRequest).milliseconds))
  }

  /// Apple advises a week at most: https://developer.apple.com/documentation/backgroundtasks/bgtaskrequest/earliestbegindate
  static let longestRequest: TimeInterval = 7 * 24 * 3600

  // https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/error/code
  static func event(for error: any Error, of task: SyncTask) -> SyncEvent {
    let code = (error as NSError).code
    let meaning =
      switch code {
      case 1:
        "unavailable: Background App Refresh is off, or this is the Simulator or an app extension"
      case 2: "too many pending requests: an app may have ten for processing and one for refresh"
      case 3:
        "not permitted: Info.plist lacks the id in BGTaskSchedulerPermittedIdentifiers, or the mode in UIBackgroundModes (processing; fetch for refresh), or a profile of the device's management forbids it"
      case 4: "not eligible to run at once"
      default: error.localizedDescription
      }
    return SyncEvent(
      ev: .scheduleError, task: task.taskId, why: String(code), msg: meaning)
  }
}

/// Answers once, when every request has been answered: with the first error.
final class AllAnswers: @unchecked Sendable {
  private let lock = NSLock()
  private var left: Int
  private var first: (any Error)?
  private let then: @Sendable ((any Error)?) -> Void

  init(count: Int, then: @escaping @Sendable ((any Error)?) -> Void) {
    left = count
    self.then = then
  }

  func add(_ error: (any Error)?) {
    let (isLast, error) = lock.withLock {
      left -= 1
      first = first ?? error
      return (left == 0, first)
    }
    if isLast { then(error) }
  }
}
