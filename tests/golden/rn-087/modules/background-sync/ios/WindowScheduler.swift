import BackgroundTasks
import Foundation

/// The only user of `BGTaskScheduler`. Requests go out on a queue of its own, never on the main thread, and an
/// error is an event, never an exception. Safe on any thread.
final class WindowScheduler: @unchecked Sendable {
  struct PendingRequest: Sendable {
    var identifier: String
    /// Epoch milliseconds; 0 where the request may run at once.
    var earliest: Int64
  }

  /// The system's daemon answers within milliseconds. When it does not, a run must end all the same.
  private static let answerSeconds = 10

  private let queue = DispatchQueue(label: "dev.bgsync.scheduler", qos: .utility)
  private let clock: SyncClock
  private let state: StateStore
  private let log: EventLog
  private let lock = NSLock()
  private var handlerRegistered = false

  init(clock: SyncClock, state: StateStore, log: EventLog) {
    self.clock = clock
    self.state = state
    self.log = log
  }

  /// False where requests would have no launch handler to answer them.
  var isRegistered: Bool { lock.withLock { handlerRegistered } }

  /// Once per process, and before launch ends: both a second call and a late one raise an exception.
  /// https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/register(fortaskwithidentifier:using:launchhandler:)
  func registerLaunchHandler(_ launch: @escaping @Sendable (BGTask) -> Void) {
    // The system calls back on a queue of its own. `@Sendable` keeps the closure from taking over an actor's
    // isolation, which Swift 6 checks with a trap when it is called elsewhere.
    let registered = BGTaskScheduler.shared.register(
      forTaskWithIdentifier: BackgroundSyncConfig.taskId, using: nil
    ) { @Sendable task in
      launch(task)
    }
    lock.withLock { handlerRegistered = registered }
    guard !registered else { return }
    queue.async { [log] in
      log.write(
        SyncEvent(ev: .scheduleError, task: BackgroundSyncConfig.taskId, why: "not-registered"))
    }
  }

  /// Asks for a window, unless the app has cancelled. A request that is still pending is replaced.
  ///
  /// - Parameters:
  ///   - why: goes into the `schedule` event
  ///   - then: called once, in any case; whether the system took the request, and the earliest start of the window
  ///     that is asked for now, which may be an older one
  func arm(
    after seconds: Int, why: String,
    then: @escaping @Sendable (_ accepted: Bool, _ next: Int64?) -> Void = { _, _ in }
  ) {
    let answer = Once<Bool> { [state] accepted in then(accepted, state.read().next) }
    clock.after(Self.answerSeconds) { [log] in
      guard answer.call(false) else { return }
      log.write(
        SyncEvent(ev: .scheduleError, task: BackgroundSyncConfig.taskId, why: "no-answer"))
    }
    queue.async { [self] in
      guard state.read().armed == true else {
        answer.call(false)
        return
      }
      let earliest = clock.now().addingTimeInterval(TimeInterval(seconds))
      submit(earliest: earliest) { [self] error in
        if let error {
          log.write(Self.event(for: error))
        } else {
          state.update { if $0.armed == true { $0.next = earliest.milliseconds } }
          log.write(
            SyncEvent(
              ev: .schedule, task: BackgroundSyncConfig.taskId, next: earliest.milliseconds,
              why: why))
        }
        answer.call(error == nil)
      }
    }
  }

  func cancel(_ identifiers: [String], then: @escaping @Sendable () -> Void = {}) {
    queue.async {
      for identifier in identifiers {
        BGTaskScheduler.shared.cancel(taskRequestWithIdentifier: identifier)
      }
      then()
    }
  }

  /// All pending requests of the app.
  func pending(_ answer: @escaping @Sendable ([PendingRequest]) -> Void) {
    queue.async {
      BGTaskScheduler.shared.getPendingTaskRequests { requests in
        answer(
          requests.map {
            PendingRequest(
              identifier: $0.identifier, earliest: $0.earliestBeginDate?.milliseconds ?? 0)
          })
      }
    }
  }

  private func submit(earliest: Date, _ answer: @escaping @Sendable ((any Error)?) -> Void) {
    let request = BGProcessingTaskRequest(identifier: BackgroundSyncConfig.taskId)
    request.requiresNetworkConnectivity = true
    request.requiresExternalPower = BackgroundSyncConfig.requiresExternalPower
    request.earliestBeginDate = earliest
    // Xcode 27 has Swift 6.4; its SDK deprecates `submit(_:)`, which does not see every error.
    // https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler
    #if compiler(>=6.4)
      if #available(iOS 27, *) {
        BGTaskScheduler.shared.submitTaskRequest(request, completionHandler: answer)
        return
      }
    #endif
    do {
      try BGTaskScheduler.shared.submit(request)
      answer(nil)
    } catch {
      answer(error)
    }
  }

  // https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/error/code
  private static func event(for error: any Error) -> SyncEvent {
    let code = (error as NSError).code
    let meaning =
      switch code {
      case 1: "unavailable: Background App Refresh is off, or this is the Simulator"
      case 2: "too many pending requests: the app may have ten processing requests"
      case 3: "not permitted: the id or the background mode is missing in Info.plist"
      case 4: "not eligible to run at once"
      default: error.localizedDescription
      }
    return SyncEvent(
      ev: .scheduleError, task: BackgroundSyncConfig.taskId, why: String(code), msg: meaning)
  }
}
