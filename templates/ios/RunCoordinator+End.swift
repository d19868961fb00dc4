import Foundation

/// How a run ends: JavaScript is told, the books are kept, then the system hears of it. In this order, since iOS suspends
/// the process when it has heard.
extension RunCoordinator {
  /// The window of a run closes. Safe on any thread, and waits for nothing.
  func expire(_ run: SyncRun, why: String) {
    // An app that does not report soon after its expiration handler is killed.
    clock.after(limits.lastResortSeconds) { run.report() }
    queue.async { [self] in close(run, why: why) }
  }

  /// Of one sync: the open run, and one that waits.
  func expireRuns(of task: SyncTask, why: String) {
    queue.async { [self] in
      for run in [current].compactMap({ $0 }) + parked where run.ledger.task.name == task.name {
        close(run, why: why)
      }
    }
  }

  private func close(_ run: SyncRun, why: String) {
    if let carrier = run.carrier { return close(carrier, why: why) }
    guard current === run else {
      parked.removeAll { $0 === run }
      if run.outcome == nil { turnAway(run, why: "expired", success: false) }
      return
    }
    switch run.phase {
    case .checking, .waitingForHost:
      skip(run, "expired")
    case .hostStarting, .javaScriptStarting:
      mark(run, why)
      end(run, .expired, why: why)
    case .running:
      run.phase = .expiring
      giveUp(run, after: limits.graceSeconds, in: .expiring, why: why)
      mark(run, why)
    case .expiring:
      break
    case .ending:
      // It is decided. What hangs is the system's own scheduler.
      run.hurry?()
    }
  }

  /// A new window waits for it.
  func endAtOnce(_ run: SyncRun) {
    guard run.outcome == nil else { return }
    if run.expiry == nil { mark(run, "budget") }
    end(run, .expired, why: run.expiry)
  }

  private func mark(_ run: SyncRun, _ why: String) {
    run.expiry = why
    for answer in run.expiryWaiters { answer(why) }
    run.expiryWaiters = []
    run.ledger.expire(run, why: why)
  }

  func giveUp(_ run: SyncRun, after seconds: Int, in phase: SyncRun.Phase, why: String) {
    clock.after(seconds) { [self] in
      queue.async { [self] in
        guard current === run, run.phase == phase, run.outcome == nil else { return }
        switch phase {
        case .checking: skip(run, why)
        case .expiring: end(run, .expired, why: why)
        default: end(run, .skipped, why: why)
        }
      }
    }
  }

  /// No run opens: `run.skip`, and the next window.
  func skip(_ run: SyncRun, _ why: String) {
    skip(run, why, success: false)
  }

  /// The system cannot be asked for what is not there: no fault of the app's that it should learn from.
  func holdBack(_ run: SyncRun, _ unmet: [String]) {
    skip(run, "constraint", success: true, message: unmet.joined(separator: ","))
  }

  private func skip(_ run: SyncRun, _ why: String, success: Bool, message: String? = nil) {
    guard run.decide(.skipped, success: success) else { return }
    run.phase = .ending
    run.ledger.armNext(run, .skipped) { [self] _ in
      run.ledger.refuse(run, why: why, message: message)
      run.asker?.hand("")
      release(run)
    }
    if why == "expired" { run.hurry?() }
  }

  func end(_ run: SyncRun, _ outcome: Outcome, why: String? = nil, message: String = "") {
    guard run.decide(outcome, success: outcome == .done) else { return }
    run.phase = .ending
    for answer in run.expiryWaiters { answer("") }
    run.expiryWaiters = []
    run.ledger.end(run, outcome, why: why, message: message) { [self] in release(run) }
    // The system waits for the report, and its scheduler may not answer.
    if run.expiry == "os" {
      clock.after(1) { [self] in queue.async { run.hurry?() } }
    }
  }

  private func release(_ run: SyncRun) {
    run.hurry = nil
    current = nil
    if !parked.isEmpty {
      let next = parked.removeFirst()
      current = next
      run.report()
      next.ledger.arrive(next)
      // What still drains there is none of the next run's: the next host stops it on its own start.
      if ownsHost, host.endsWithRun { javaScripts.retire() }
      return check(next)
    }
    guard ownsHost else { return run.report() }
    // A host that was started for this run goes with it; on the way out of a closed window nothing is waited for.
    ownsHost = false
    let report = Once<Void> { run.report() }
    if run.expiry != nil { report.call(()) }
    clock.after(1) { report.call(()) }
    Task { @MainActor in
      host.stopIfUnused()
      report.call(())
    }
  }
}
