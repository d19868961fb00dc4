import BackgroundTasks
import Foundation

/// One run, and what the system holds open for it: the task of its scheduler, background time.
///
/// ``decide(_:success:)``, ``report()`` and ``hold(_:)`` are safe on any thread and wait for nothing. Everything else
/// belongs to the queue of ``RunCoordinator``.
final class SyncRun: @unchecked Sendable {
  enum Phase {
    /// The device is asked, or an older run is on its way out.
    case checking
    /// Nothing can start JavaScript; it may come by itself.
    case waitingForHost
    case hostStarting, javaScriptStarting, running
    /// The window has closed; JavaScript may still say what it did.
    case expiring
    case ending
  }

  let id: String
  let taskId: String
  /// The books of its sync.
  let ledger: RunLedger
  let trigger: SyncTrigger
  /// The JavaScript that asked for the run itself, and gets its JSON, or "" when there is no run.
  let asker: Asker?
  /// Whether it needs what a window needs, by the constraints: nobody asked for it now.
  let isForWindow: Bool

  struct Asker: Sendable {
    let javaScript: Int
    let hand: @Sendable (String) -> Void
  }

  // On the coordinator's queue.
  var phase = Phase.checking
  var attempt = 1
  var start = Date.distantPast
  var deadline = Date.distantFuture
  var conditions: DeviceConditions?
  /// The JavaScript that has the run.
  var owner: Int?
  var remaining = -1
  /// The next window that the app asked for while this run was open; holds against the policy of this run.
  var requested: SyncState.Request?
  /// Why the window closed.
  var expiry: String?
  var expiryWaiters: [@Sendable (String) -> Void] = []
  var lastProgress = Date.distantPast
  /// Ends the bookkeeping without the answer of the system's scheduler.
  var hurry: (@Sendable () -> Void)?
  /// The open run that does the work of this one.
  var carrier: SyncRun?

  private let lock = NSLock()
  private var verdict: (outcome: Outcome, success: Bool)?
  private var holds: [@Sendable (_ success: Bool) -> Void] = []
  private var reported = false

  init(
    id: String, taskId: String, ledger: RunLedger, trigger: SyncTrigger, asker: Asker? = nil,
    isForWindow: Bool? = nil
  ) {
    self.id = id
    self.taskId = taskId
    self.ledger = ledger
    self.trigger = trigger
    self.asker = asker
    self.isForWindow = isForWindow ?? (trigger == .os)
  }

  /// Eight characters of 0-9 and a-z.
  static func newId() -> String {
    String((0..<8).map { _ in "0123456789abcdefghijklmnopqrstuvwxyz".randomElement()! })
  }

  func isOfSync(of other: SyncRun) -> Bool { ledger.task.name == other.ledger.task.name }

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

  /// Keeps something of the system's open until the run is over; called once, at once where it is over.
  func hold(_ release: @escaping @Sendable (_ success: Bool) -> Void) {
    let success: Bool? = lock.withLock {
      if reported { return verdict?.success ?? false }
      holds.append(release)
      return nil
    }
    if let success { release(success) }
  }

  /// Tells the system that the run is over, once. Without a decision it was no success.
  func report() {
    let (holds, success) = lock.withLock {
      defer {
        self.holds = []
        reported = true
      }
      return (self.holds, verdict?.success ?? false)
    }
    for release in holds { release(success) }
  }

  /// What JavaScript gets.
  var json: String {
    struct Run: Encodable {
      var runId: String
      var taskId: String
      var name: String?
      var reason: SyncTrigger
      var deadline: Int64
      var attempt: Int
      var battery: BatteryState
      var network: NetworkState
      var locked: Bool
    }
    let run = Run(
      runId: id, taskId: taskId, name: ledger.nameToTell, reason: trigger,
      deadline: deadline.milliseconds, attempt: attempt,
      battery: conditions?.battery ?? .unknown,
      // The request asks for a network: unless the system says otherwise there is one.
      network: conditions?.network ?? NetworkState(connected: true, metered: false),
      locked: conditions?.locked ?? false
    )
    return (try? JSONEncoder().encode(run)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

/// The windows that the app asks for beside the `BGProcessingTask`.
struct SyncWindows: Sendable {
  /// A `BGAppRefreshTask` as well.
  var refresh: Bool
  /// A drain when the user leaves the app.
  var onBackground: Bool
}

/// How long a run waits, in seconds.
struct RunLimits: Sendable {
  /// For a JavaScript host that nothing here can start.
  var hostlessSeconds = 10
  /// For the app itself to start the host, before it is started here.
  var hostPatienceSeconds = 5
  /// For the JavaScript host to load.
  var hostSeconds = 30
  /// For JavaScript to take the run, once it is loaded.
  var javaScriptSeconds = 20
  /// For JavaScript to complete the run. The system may end the window earlier.
  var budgetSeconds: Int
  /// The same in a window of `BGAppRefreshTask`, which the system ends after about 30.
  var refreshBudgetSeconds = 25
  /// For JavaScript to say what it did, once its window has closed.
  var graceSeconds = 2
  /// From the system's word that the window closes to the report, whatever hangs.
  var lastResortSeconds = 4
}
