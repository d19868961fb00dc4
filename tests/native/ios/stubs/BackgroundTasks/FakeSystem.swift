import Foundation

/// The part of iOS that a background task sees, on a clock of its own: documented behaviour, and what the system does to
/// an app that breaks the rules. Rules: https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler
@_spi(Fake) public final class FakeSystem: @unchecked Sendable {
  nonisolated(unsafe) fileprivate(set) public static var current = FakeSystem()

  /// Seconds from the expiration handler to the kill; Apple says "soon".
  public static let expirationGrace: TimeInterval = 5
  /// What the user's leaving gives an app that asks for it.
  public static let backgroundSeconds: TimeInterval = 30
  /// https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/submit(_:)
  public static let maxProcessingRequests = 10
  public static let maxRefreshRequests = 1

  public struct Completion: Sendable {
    public let identifier: String
    public let success: Bool
    public let at: Date
  }

  private let lock = NSRecursiveLock()
  private let resumed = NSCondition()
  private var time = Date()
  private var timers: [(at: Date, work: @Sendable () -> Void)] = []
  private var handlers: [String: (DispatchQueue?, (BGTask) -> Void)] = [:]
  private var requests: [BGTaskRequest] = []
  /// More than one: a processing task does not keep a refresh task out.
  private var running: [BGTask] = []
  private var launchEnded = false
  /// The user has left the app, or the system has started the process: without a task, without background time it is
  /// suspended, no timer fires, and time goes by.
  private var inBackground = false
  /// That of UIKit, while it tells the app that the user leaves.
  private var leavingThread: Thread?
  private var backgroundTimes: [Int: (@MainActor @Sendable () -> Void)?] = [:]
  private var backgroundTimesSoFar = 0
  private var completionsSoFar: [Completion] = []
  private var crashesSoFar: [String] = []
  private var submissionsSoFar: [(identifier: String, main: Bool, while: Bool)] = []
  private var handlerWasSet: [Bool] = []
  private(set) public lazy var scheduler = BGTaskScheduler(fake: self)

  /// What a test sets up.
  public struct Setup: @unchecked Sendable {
    public var permittedIdentifiers: Set<String> = []
    public var isSimulator = false
    public var submitError: BGTaskScheduler.Error.Code?
    /// The daemon does not answer.
    public var submitHangs = false
    /// Called on the launch handler's thread, after the handler returned.
    public var afterLaunchHandler: (@Sendable (BGTask) -> Void)?
    /// Called in setTaskCompleted, on its caller's thread.
    public var onCompleted: (@Sendable () -> Void)?
  }

  private var setup = Setup()

  public init() {}

  // MARK: - What tests see

  public var now: Date { lock.withLock { time } }
  public var completions: [Completion] { lock.withLock { completionsSoFar } }
  /// What would have ended the app: exceptions and kills.
  public var crashes: [String] { lock.withLock { crashesSoFar } }
  public var pendingIdentifiers: [String] { lock.withLock { requests.map(\.identifier) } }
  public var pendingEarliest: Date? { lock.withLock { requests.last?.earliestBeginDate } }
  public var pendingRequest: BGTaskRequest? { lock.withLock { requests.last } }
  public var isRunning: Bool { lock.withLock { !running.isEmpty } }
  public var pendingRequests: [BGTaskRequest] { lock.withLock { requests } }
  public var isSuspended: Bool {
    lock.withLock { inBackground && running.isEmpty && backgroundTimes.isEmpty }
  }
  public var backgroundTimesHeld: Int { lock.withLock { backgroundTimes.count } }
  public var backgroundTimesEver: Int { lock.withLock { backgroundTimesSoFar } }
  /// Whether each submission came on the main thread, and while a task ran.
  public var submissions: [(identifier: String, main: Bool, while: Bool)] {
    lock.withLock { submissionsSoFar }
  }
  public var registeredIdentifiers: [String] { lock.withLock { handlers.keys.sorted() } }
  /// Of each launch: whether an expiration handler was there when the launch handler returned.
  public var expirationHandlerWasSet: [Bool] { lock.withLock { handlerWasSet } }

  // MARK: - What tests do

  public func configure(_ change: (inout Setup) -> Void) { lock.withLock { change(&setup) } }

  public func endLaunch() { lock.withLock { launchEnded = true } }

  public func after(_ seconds: Int, _ work: @escaping @Sendable () -> Void) {
    lock.withLock { timers.append((time + TimeInterval(seconds), work)) }
  }

  /// The user leaves the app. It is suspended once it has been told, unless it has asked for time. Other threads may get
  /// no turn until then: here they get none.
  ///
  /// - Parameter tell: what UIKit calls, on this thread
  public func enterBackground(tell: () -> Void = {}) {
    lock.withLock { leavingThread = Thread.current }
    tell()
    lock.withLock {
      leavingThread = nil
      inBackground = true
    }
    wake()
  }

  /// The user opens the app where it is suspended: until then it calls nothing.
  public func open() { if isSuspended { enterForeground() } }

  /// The user comes back: what fell due in the meantime fires.
  public func enterForeground() {
    lock.withLock { inBackground = false }
    wake()
    advance(by: 0)
  }

  /// The clock of the device is set: no time goes by.
  public func setClock(by seconds: TimeInterval) { lock.withLock { time += seconds } }

  public func beginBackgroundTime(_ expire: (@MainActor @Sendable () -> Void)?) -> Int {
    awaitResumption()
    let identifier = lock.withLock {
      backgroundTimesSoFar += 1
      backgroundTimes.updateValue(expire, forKey: backgroundTimesSoFar)
      return backgroundTimesSoFar
    }
    // It counts from here: the tests ask for it when they leave.
    after(Int(Self.backgroundSeconds)) { [self] in
      guard let expire = lock.withLock({ inBackground ? backgroundTimes[identifier] : nil })
      else { return }
      if let expire { Task { @MainActor in expire() } }
      after(Int(Self.expirationGrace)) { [self] in
        if lock.withLock({ inBackground && backgroundTimes.keys.contains(identifier) }) {
          crash("0x8badf00d: background time was not given back")
        }
      }
    }
    return identifier
  }

  public func endBackgroundTime(_ identifier: Int) {
    lock.withLock {
      if backgroundTimes.removeValue(forKey: identifier) == nil {
        crash("background time was given back twice")
      }
    }
  }

  /// Moves the clock; what falls due is called on this thread, in order. Not while the process is suspended.
  public func advance(by seconds: TimeInterval) {
    let end = now + seconds
    while true {
      let due: (@Sendable () -> Void)? = lock.withLock {
        if isSuspended {
          time = end
          return nil
        }
        let next = timers.indices.filter { timers[$0].at <= end }.min {
          timers[$0].at < timers[$1].at
        }
        guard let next else {
          time = end
          return nil
        }
        let timer = timers.remove(at: next)
        time = max(time, timer.at)
        return timer.work
      }
      guard let due else { return }
      due()
    }
  }

  /// Whether something waits for the clock, for as long as that from now.
  public func hasTimer(in seconds: TimeInterval) -> Bool {
    lock.withLock { timers.contains { abs($0.at.timeIntervalSince(time) - seconds) < 0.001 } }
  }

  /// The process is suspended: wall time goes by and no code of it runs; what fell due fires after ``resume()``.
  public func suspend(for seconds: TimeInterval) { lock.withLock { time += seconds } }
  /// What fell due while the process was suspended.
  public func resume() { advance(by: 0) }

  /// The system takes a request whose time has come: with it it starts a process, or resumes one.
  public func takeDueRequest() -> BGTaskRequest? {
    lock.withLock {
      let due = requests.firstIndex { ($0.earliestBeginDate ?? .distantPast) <= time }
      return due.map { requests.remove(at: $0) }
    }
  }

  /// The device is idle: the system runs a request whose time has come, unless a task is running. A suspended process
  /// goes on at the same moment: what fell due in the meantime fires.
  @discardableResult
  public func launchDueTask() -> Bool {
    guard !isRunning, let request = takeDueRequest() else { return false }
    return deliver(request)
  }

  /// After launch ended, the task of a request that was taken is delivered.
  @discardableResult
  public func deliver(_ request: BGTaskRequest) -> Bool {
    let isRefresh = request is BGAppRefreshTaskRequest
    let request = Unchecked(request)
    let start: (() -> Void)? = lock.withLock {
      let request = request.value
      guard let (queue, handler) = handlers[request.identifier] else {
        crashesSoFar.append("No launch handler registered for task \(request.identifier)")
        return nil
      }
      let identifier = request.identifier
      let completed: @Sendable (Bool, Bool) -> Void = { [self] success, first in
        self.completed(identifier, success, first)
      }
      let task =
        isRefresh
        ? BGAppRefreshTask(fakeRefresh: identifier, onCompletion: completed)
        : BGProcessingTask(fake: identifier, onCompletion: completed)
      running.append(task)
      let box = Unchecked(task)
      let call = Unchecked(handler)
      return { [self] in
        (queue ?? DispatchQueue(label: "com.apple.BGTaskScheduler")).async { [self] in
          call.value(box.value)
          lock.withLock {
            let handler = box.value.expirationHandler != nil
            handlerWasSet.append(handler || completionsSoFar.count > handlerWasSet.count)
          }
          lock.withLock { setup.afterLaunchHandler }?(box.value)
        }
      }
    }
    wake()
    start?()
    if start != nil { advance(by: 0) }
    return start != nil
  }

  /// The system needs the device back. Returns when the expiration handlers returned.
  public func expireRunningTask() {
    for task in lock.withLock({ running.map(Unchecked.init) }) { expire(task) }
  }

  private func expire(_ task: Unchecked<BGTask>) {
    guard let handler = task.value.expirationHandler else {
      // Without a handler the system marks the task complete and unsuccessful, and does not warn.
      crash("the task had no expiration handler")
      task.value.setTaskCompleted(success: false)
      return
    }
    let call = Unchecked(handler)
    let done = DispatchSemaphore(value: 0)
    DispatchQueue(label: "com.apple.BGTaskScheduler.expiration").async {
      call.value()
      done.signal()
    }
    if done.wait(timeout: .now() + 5) == .timedOut { crash("the expiration handler blocks") }
    after(Int(Self.expirationGrace)) { [self] in
      if lock.withLock({ running.contains { $0 === task.value } }) {
        crash("0x8badf00d: setTaskCompleted was not called in time")
      }
    }
  }

  // MARK: - What the app calls

  func register(
    _ identifier: String, _ queue: DispatchQueue?, _ handler: @escaping (BGTask) -> Void
  ) -> Bool {
    lock.withLock {
      if launchEnded {
        crash(
          "All launch handlers must be registered before application finishes launching")
        return false
      }
      if handlers[identifier] != nil {
        crash("Launch handler for task with identifier \(identifier) has already been registered")
        return false
      }
      guard setup.permittedIdentifiers.contains(identifier) else { return false }
      handlers[identifier] = (queue, handler)
      return true
    }
  }

  /// No code of a suspended process runs: a thread that is there stays where it is until the process is resumed.
  private func awaitResumption() {
    resumed.lock()
    while isSuspended || othersLeave { resumed.wait() }
    resumed.unlock()
  }

  private var othersLeave: Bool {
    guard let thread = lock.withLock({ leavingThread }) else { return false }
    return thread !== Thread.current
  }

  private func wake() {
    resumed.lock()
    resumed.broadcast()
    resumed.unlock()
  }

  func submit(_ request: BGTaskRequest) throws {
    awaitResumption()
    if lock.withLock({ setup.submitHangs }) { Thread.sleep(forTimeInterval: 3600) }
    try lock.withLock {
      submissionsSoFar.append((request.identifier, Thread.isMainThread, !running.isEmpty))
      if setup.isSimulator { throw BGTaskScheduler.Error(fake: .unavailable) }
      if let submitError = setup.submitError { throw BGTaskScheduler.Error(fake: submitError) }
      guard setup.permittedIdentifiers.contains(request.identifier) else {
        throw BGTaskScheduler.Error(fake: .notPermitted)
      }
      let others = requests.filter { $0.identifier != request.identifier }
      let isRefresh = request is BGAppRefreshTaskRequest
      let alike = others.filter { ($0 is BGAppRefreshTaskRequest) == isRefresh }.count
      if alike >= (isRefresh ? Self.maxRefreshRequests : Self.maxProcessingRequests) {
        throw BGTaskScheduler.Error(fake: .tooManyPendingTaskRequests)
      }
      requests = others + [copy(request)]
    }
  }

  /// What the app changes in its object later is not what is pending.
  private func copy(_ request: BGTaskRequest) -> BGTaskRequest {
    let kept: BGTaskRequest
    if let processing = request as? BGProcessingTaskRequest {
      let other = BGProcessingTaskRequest(identifier: request.identifier)
      other.requiresNetworkConnectivity = processing.requiresNetworkConnectivity
      other.requiresExternalPower = processing.requiresExternalPower
      kept = other
    } else {
      kept = BGAppRefreshTaskRequest(identifier: request.identifier)
    }
    kept.earliestBeginDate = request.earliestBeginDate
    return kept
  }

  func submitAsynchronously(
    _ request: BGTaskRequest, _ answer: @escaping @Sendable ((any Error)?) -> Void
  ) {
    let request = Unchecked(request)
    DispatchQueue.global().async { [self] in
      do {
        try submit(request.value)
        answer(nil)
      } catch { answer(error) }
    }
  }

  public func cancel(_ identifier: String?) {
    awaitResumption()
    lock.withLock { requests.removeAll { identifier == nil || $0.identifier == identifier } }
  }

  /// As an older version of the app left it.
  public func leavePending(_ identifier: String, earliest: Date? = nil) {
    lock.withLock {
      let request = BGProcessingTaskRequest(identifier: identifier)
      request.earliestBeginDate = earliest
      requests.append(request)
    }
  }

  func pending(_ answer: @escaping ([BGTaskRequest]) -> Void) {
    awaitResumption()
    let requests = Unchecked(lock.withLock { self.requests })
    let answer = Unchecked(answer)
    DispatchQueue.global().async { [self] in
      awaitResumption()
      answer.value(requests.value)
    }
  }

  private func completed(_ identifier: String, _ success: Bool, _ first: Bool) {
    lock.withLock {
      guard first else { return crash("setTaskCompleted was called twice") }
      completionsSoFar.append(Completion(identifier: identifier, success: success, at: time))
      running.removeAll { $0.identifier == identifier }
    }
    lock.withLock { setup.onCompleted }?()
  }

  private func crash(_ text: String) { lock.withLock { crashesSoFar.append(text) } }
}

private struct Unchecked<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
