import BackgroundTasks
import Foundation

/// How long a run waits, in seconds.
struct RunLimits: Sendable {
  /// For the JavaScript host to load.
  var hostSeconds: Int
  /// For JavaScript to take the run, once it is loaded.
  var javaScriptSeconds: Int
  /// For JavaScript to complete the run. The system may end the window earlier.
  var budgetSeconds: Int
}

/// One run, and the system's task for it, where the system asked for the run.
///
/// ``decide(_:success:)`` and ``report()`` are safe on any thread and wait for nothing, so that an expiration handler
/// can call them directly. Everything else belongs to the queue of ``RunCoordinator``.
final class SyncRun: @unchecked Sendable {
  enum Phase {
    case checking, hostStarting, javaScriptStarting, running, ending
  }

  let id: String
  let taskId: String
  let trigger: SyncTrigger
  /// Gets the run's JSON where JavaScript itself asked for the run, or "" when there is no run.
  let hand: (@Sendable (String) -> Void)?

  // On the coordinator's queue.
  var phase = Phase.checking
  var attempt = 1
  var start = Date.distantPast
  var conditions: DeviceConditions?
  var remaining = -1
  /// Why the window closed.
  var expiry: String?
  var expiryWaiters: [@Sendable (String) -> Void] = []
  var lastProgress = Date.distantPast

  private let lock = NSLock()
  private var verdict: (outcome: Outcome, success: Bool)?
  private var task: BGTask?

  init(
    id: String, taskId: String, trigger: SyncTrigger, task: BGTask?,
    hand: (@Sendable (String) -> Void)?
  ) {
    self.id = id
    self.taskId = taskId
    self.trigger = trigger
    self.task = task
    self.hand = hand
  }

  /// Eight characters of 0-9 and a-z.
  static func newId() -> String {
    String((0..<8).map { _ in "0123456789abcdefghijklmnopqrstuvwxyz".randomElement()! })
  }

  var outcome: Outcome? { lock.withLock { verdict?.outcome } }

  /// Settles how the run ends. The first call counts.
  ///
  /// - Parameter success: what the system hears
  /// - Returns: whether this call was the first
  func decide(_ outcome: Outcome, success: Bool) -> Bool {
    lock.withLock {
      guard verdict == nil else { return false }
      verdict = (outcome, success)
      return true
    }
  }

  /// Tells the system that the task is over, once. Needs a decision.
  func report() {
    let (task, success) = lock.withLock {
      defer { self.task = nil }
      return (self.task, verdict?.success ?? false)
    }
    task?.setTaskCompleted(success: success)
  }

  /// What JavaScript gets.
  func json(deadline: Date) -> String {
    struct Run: Encodable {
      var runId: String
      var taskId: String
      var reason: SyncTrigger
      var deadline: Int64
      var attempt: Int
      var battery: BatteryState
      var network: NetworkState
    }
    let run = Run(
      runId: id, taskId: taskId, reason: trigger, deadline: deadline.milliseconds,
      attempt: attempt,
      battery: conditions?.battery ?? .unknown,
      // The request asks for a network: unless the system says otherwise there is one.
      network: conditions?.network ?? NetworkState(connected: true, metered: false)
    )
    return (try? JSONEncoder().encode(run)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
