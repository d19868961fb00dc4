import BackgroundTasks
import Foundation

/// The only user of `BGTaskScheduler`, for one sync. Requests go out on a queue of its own, never on the main thread, and an
/// error is an event, never an exception. Safe on any thread; every answer comes, also while the system's daemon hangs.
final class WindowScheduler: @unchecked Sendable {
  /// The system's daemon answers within milliseconds. When it does not, nothing here waits longer.
  static let answerSeconds = 10

  private let queue = DispatchQueue(label: "dev.bgsync.scheduler", qos: .utility)
  let clock: SyncClock
  let state: StateStore
  let log: EventLog
  let task: SyncTask
  private let lock = NSLock()
  private var registered: Set<String> = []

  init(clock: SyncClock, state: StateStore, log: EventLog, task: SyncTask) {
    self.clock = clock
    self.state = state
    self.log = log
    self.task = task
  }

  /// False where requests would have no launch handler to answer them.
  var isRegistered: Bool { lock.withLock { registered.contains(task.taskId) } }

  /// Once per id and process, and before launch ends: both a second call and a late one raise an exception.
  /// https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/register(fortaskwithidentifier:using:launchhandler:)
  ///
  /// - Returns: false where Info.plist does not permit the id
  @discardableResult
  func registerLaunchHandler(
    for identifier: String, _ launch: @escaping @Sendable (BGTask) -> Void
  ) -> Bool {
    // The system calls back on a queue of its own. `@Sendable` keeps the closure from taking over an actor's
    // isolation, which Swift 6 checks with a trap when it is called elsewhere.
    let isPermitted = BGTaskScheduler.shared.register(
      forTaskWithIdentifier: identifier, using: nil
    ) { @Sendable task in
      launch(task)
    }
    if isPermitted { lock.withLock { _ = registered.insert(identifier) } }
    return isPermitted
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
    arm(at: clock.now().addingTimeInterval(TimeInterval(seconds)), why: why, then: then)
  }

  func arm(
    at earliest: Date, why: String,
    then: @escaping @Sendable (_ accepted: Bool, _ next: Int64?) -> Void = { _, _ in }
  ) {
    let answer = Once<Bool> { [state] accepted in
      let state = state.read()
      then(accepted, state.armed == true ? state.next : nil)
    }
    clock.after(Self.answerSeconds) { [self] in
      if answer.call(false) { complain(why: "no-answer") }
    }
    queue.async { [self] in
      let asked = state.read()
      guard asked.armed == true else {
        answer.call(false)
        return
      }
      submit(WindowRequests.make(task, asked.settings, earliest: earliest)) { [self] error in
        let isAccepted = error == nil
        let isWanted = state.update {
          guard $0.armed == true else { return false }
          if isAccepted {
            $0.next = earliest.milliseconds
            $0.requested = why == "requested"
          }
          return true
        }
        // The app has cancelled while the request was on its way.
        if !isWanted { cancel(task.allIds) }
        if let error {
          log.write(WindowRequests.event(for: error, of: task))
        } else if isWanted {
          log.write(
            SyncEvent(
              ev: .schedule, task: task.taskId, next: earliest.milliseconds,
              why: why))
        }
        answer.call(isAccepted && isWanted)
      }
    }
  }

  func cancel(_ identifiers: [String], then: @escaping @Sendable () -> Void = {}) {
    let answer = Once<Void> { then() }
    clock.after(Self.answerSeconds) { answer.call(()) }
    queue.async {
      for identifier in identifiers {
        BGTaskScheduler.shared.cancel(taskRequestWithIdentifier: identifier)
      }
      answer.call(())
    }
  }

  /// All pending requests of the app; nil where the system does not answer.
  func pending(_ answer: @escaping @Sendable ([WindowRequests.Pending]?) -> Void) {
    let answer = Once(answer)
    clock.after(Self.answerSeconds) { [self] in
      if answer.call(nil) { complain(why: "no-answer") }
    }
    queue.async {
      BGTaskScheduler.shared.getPendingTaskRequests { requests in
        answer.call(requests.map(WindowRequests.Pending.init))
      }
    }
  }

  func complain(why: String) {
    log.write(SyncEvent(ev: .scheduleError, task: task.taskId, why: why))
  }

  /// Both kinds of request, the first one's error before the second one's.
  private func submit(
    _ requests: [BGTaskRequest], _ answer: @escaping @Sendable ((any Error)?) -> Void
  ) {
    // Xcode 27 has Swift 6.4; its SDK deprecates `submit(_:)`, which does not see every error.
    // https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler
    #if compiler(>=6.4)
      if #available(iOS 27, *) {
        let errors = AllAnswers(count: requests.count, then: answer)
        for request in requests {
          BGTaskScheduler.shared.submitTaskRequest(request) { errors.add($0) }
        }
        return
      }
    #endif
    var first: (any Error)?
    for request in requests {
      do {
        try BGTaskScheduler.shared.submit(request)
      } catch {
        first = first ?? error
      }
    }
    answer(first)
  }
}
