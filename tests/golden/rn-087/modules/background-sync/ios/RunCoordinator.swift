import Foundation

/// Takes one run at a time from its gate to its one end.
///
/// Everything happens on one serial queue, which waits for nothing: neither for the main thread nor for the system's
/// daemon. So events stand in the log in their order, and a window that closes is reported in time.
final class RunCoordinator: @unchecked Sendable {
  typealias Answer = @Sendable (String) -> Void

  let queue: DispatchQueue
  let clock: SyncClock
  let log: EventLog
  let ended: EndedRuns
  /// Of each sync.
  let ledgers: [RunLedger]
  let device: Device
  let host: ReactHost
  let limits = BackgroundSyncConfig.limits

  // On `queue`, like all that is not said to be safe on any thread.
  var current: SyncRun?
  /// Runs that wait for their turn, in the order of their coming, one of each sync: of other syncs than the open run, and
  /// a window that came while a run of its own was open whose time is over.
  var parked: [SyncRun] = []
  var javaScripts = JavaScriptPromises()
  /// Whether the host was started here.
  var ownsHost = false

  let numbers = Numbers()

  init(clock: SyncClock, ledgers: [RunLedger], device: Device, host: ReactHost) {
    queue = ledgers[0].queue
    log = ledgers[0].log
    ended = ledgers[0].ended
    self.clock = clock
    self.ledgers = ledgers
    self.device = device
    self.host = host
  }

  /// At the start of a process.
  func closeAbandonedRun() {
    queue.async { [self] in closeAbandonedRuns() }
  }

  private func closeAbandonedRuns() {
    for ledger in ledgers { ledger.closeAbandonedRun() }
  }

  /// Opens the run, or refuses it with a `run.skip`.
  func begin(_ run: SyncRun) {
    queue.async { [self] in
      closeAbandonedRuns()
      run.ledger.arrive(run)
      if run.trigger == .os, run.ledger.isSwitchedOff {
        return turnAway(run, why: "cancelled", success: true)
      }
      let isFree = current == nil
      if isFree { current = run }
      guard run.trigger == .os else { return isFree ? check(run) : meet(run) }
      run.ledger.armSafetyNet(run) { [self] in
        if current === run { check(run) } else { meet(run) }
      }
    }
  }

  /// A run arrives while another is open.
  private func meet(_ run: SyncRun) {
    // Its window may have closed before the system's scheduler answered.
    guard run.outcome == nil else { return }
    guard let open = current else {
      current = run
      return check(run)
    }
    let isOver = open.deadline <= clock.now() || open.phase == .expiring || open.phase == .ending
    if open.isOfSync(of: run) {
      guard run.trigger == .os else { return turnAway(run, why: "busy", success: true) }
      // The app was suspended in its own drain, or the limits of that run fell due in the meantime: this is a new window.
      if isOver {
        park(run)
        return endAtOnce(open)
      }
    } else {
      park(run)
      return isOver ? endAtOnce(open) : ()
    }
    // The open run is doing the work, and sets the next window: the task lives and ends with it.
    run.carrier = open
    open.hold { success in
      _ = run.decide(.skipped, success: success)
      run.report()
    }
    run.ledger.refuse(run, why: "busy")
  }

  /// One of each sync waits: of two, the window of the system, or the newer.
  private func park(_ run: SyncRun) {
    guard let index = parked.firstIndex(where: { $0.isOfSync(of: run) }) else {
      return parked.append(run)
    }
    let older = parked[index]
    if run.trigger != .os, older.trigger == .os || older.asker != nil {
      return turnAway(run, why: "busy", success: true)
    }
    parked[index] = run
    turnAway(older, why: "busy", success: true)
  }

  /// There is no run for it, and no window is set.
  func turnAway(_ run: SyncRun, why: String, success: Bool) {
    _ = run.decide(.skipped, success: success)
    run.ledger.refuse(run, why: why)
    run.asker?.hand("")
    run.report()
  }

  func check(_ run: SyncRun) {
    giveUp(run, after: limits.hostSeconds, in: .checking, why: "main-blocked")
    device.read { [self] conditions in
      let plan = host.plan(sceneConnected: conditions.sceneConnected)
      queue.async { [self] in admit(run, conditions, plan) }
    }
  }

  private func admit(_ run: SyncRun, _ conditions: DeviceConditions, _ plan: ReactHost.Plan) {
    guard current === run, run.phase == .checking, run.outcome == nil else { return }
    run.conditions = conditions
    // A locked device is where most windows are. Only before its first unlock nothing can be read, our own state least.
    if conditions.locked, run.ledger.state.isSealed { return skip(run, "before-first-unlock") }
    if run.isForWindow {
      let isProcessing = run.trigger == .os && run.taskId == run.ledger.task.taskId
      let unmet = run.ledger.constraints.unmet(conditions, isProcessing: isProcessing)
      if !unmet.isEmpty { return holdBack(run, unmet) }
    }
    if let asker = run.asker {
      run.ledger.start(run)
      return give(run, to: asker.javaScript, asker.hand)
    }
    if javaScripts.isPresent {
      run.ledger.start(run)
      return waitForJavaScript(run)
    }
    if plan == .none {
      run.phase = .waitingForHost
      return clock.after(limits.hostlessSeconds) { [self] in tryAgain(run) }
    }
    run.ledger.start(run)
    startHost(run, after: plan == .start ? 0 : limits.hostPatienceSeconds)
  }
}
