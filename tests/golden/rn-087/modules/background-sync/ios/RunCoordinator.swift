import Foundation

/// Takes one run at a time from its gate to its one end.
///
/// Everything happens on one serial queue, so that events stand in the log in their order. Only the decision how
/// a run ends, and the report of it to the system, do not wait for that queue: see ``expire(_:why:)``.
final class RunCoordinator: @unchecked Sendable {
  typealias Answer = @Sendable (String) -> Void

  private let queue: DispatchQueue
  private let clock: SyncClock
  private let ledger: RunLedger
  private let device: Device
  private let host: ReactHost
  private let limits = BackgroundSyncConfig.limits

  // On `queue`.
  private var current: SyncRun?
  private var waitingForRun: Answer?
  /// The JavaScript that is there; nil while there is none.
  private var javaScript: Int?

  private let lock = NSLock()
  private var javaScripts = 0

  init(clock: SyncClock, ledger: RunLedger, device: Device, host: ReactHost) {
    queue = ledger.queue
    self.clock = clock
    self.ledger = ledger
    self.device = device
    self.host = host
  }

  // MARK: - The gate

  /// At the start of a process.
  func closeKilledRun() {
    queue.async { [self] in ledger.closeKilledRun() }
  }

  /// Opens the run, or refuses it with a `run.skip`.
  func begin(_ run: SyncRun) {
    queue.async { [self] in
      ledger.closeKilledRun()
      ledger.arrive(run)
      if current == nil { current = run }
      guard run.trigger == .os else { return check(run) }
      ledger.armSafetyNet(run) { [self] in check(run) }
    }
  }

  private func check(_ run: SyncRun) {
    guard current === run else {
      // The open run is doing the work, and sets the next window.
      _ = run.decide(.skipped, success: true)
      ledger.refuse(run, why: "busy")
      run.hand?("")
      run.report()
      return
    }
    giveUp(run, after: limits.hostSeconds, in: .checking, why: "main-blocked")
    device.read { [self] conditions in
      let plan = host.plan(sceneConnected: conditions.sceneConnected)
      queue.async { [self] in admit(run, conditions, plan) }
    }
  }

  private func admit(_ run: SyncRun, _ conditions: DeviceConditions, _ plan: ReactHost.Plan) {
    guard current === run, run.phase == .checking, run.outcome == nil else { return }
    run.conditions = conditions
    if !conditions.protectedDataAvailable { return skip(run, why: "locked") }
    if plan == .none, javaScript == nil { return skip(run, why: "no-host") }

    ledger.start(run)
    if let hand = run.hand { return give(run, to: hand) }
    if javaScript != nil { return waitForJavaScript(run) }
    run.phase = .hostStarting
    ledger.write(.hostStart, run)
    giveUp(run, after: limits.hostSeconds, in: .hostStarting, why: "host-timeout")
    if plan == .start { startHost(run) }
  }

  private func startHost(_ run: SyncRun) {
    Task { @MainActor in
      if host.start() { return }
      queue.async { [self] in
        guard current === run, run.phase == .hostStarting else { return }
        end(run, .skipped, why: "no-host")
      }
    }
  }

  /// No run opens: `run.skip`, and the next window.
  private func skip(_ run: SyncRun, why: String) {
    _ = run.decide(.skipped, success: false)
    run.phase = .ending
    ledger.armNext(run, .skipped) { [self] _ in
      ledger.refuse(run, why: why)
      run.hand?("")
      release(run)
    }
  }

  // MARK: - JavaScript

  /// JavaScript has loaded the module. Answers its number, for ``javaScriptDidStop(_:)``.
  func javaScriptDidLoad() -> Int {
    let number = lock.withLock {
      javaScripts += 1
      return javaScripts
    }
    queue.async { [self] in
      javaScript = number
      guard let run = current, run.phase == .hostStarting else { return }
      ledger.write(.hostReady, run)
      waitForJavaScript(run)
    }
    return number
  }

  /// JavaScript is gone, for a reload: its promise leads nowhere. The next one may have come before.
  func javaScriptDidStop(_ number: Int) {
    queue.async { [self] in
      guard javaScript == number else { return }
      javaScript = nil
      waitingForRun = nil
    }
  }

  /// Stays pending until there is a run. A newer call replaces the older, which was of a JavaScript that is gone.
  func nextRun(_ answer: @escaping Answer) {
    queue.async { [self] in
      waitingForRun = answer
      giveToWaiting()
    }
  }

  /// Stays pending until the window closes (the reason) or the run is complete ("").
  func whenExpired(_ runId: String, _ answer: @escaping Answer) {
    queue.async { [self] in
      guard let run = current, run.id == runId else { return answer("") }
      if run.expiry != nil || run.phase == .ending { return answer(run.expiry ?? "") }
      run.expiryWaiters.append(answer)
    }
  }

  func progress(_ runId: String, done: Int, total: Int) {
    queue.async { [self] in
      guard let run = current, run.id == runId, run.phase == .running else { return }
      let now = clock.now()
      guard now.timeIntervalSince(run.lastProgress) >= 1 else { return }
      run.lastProgress = now
      ledger.write(.progress, run) {
        $0.n = done
        $0.of = total
      }
    }
  }

  /// JavaScript's answer. Anything but `done` and `retry` counts as `failed`.
  func complete(_ runId: String, outcome: String, remaining: Int, message: String) {
    let outcome = [Outcome.done, .retry].first { $0.rawValue == outcome } ?? .failed
    queue.async { [self] in
      if let run = current, run.id == runId {
        if run.outcome == nil, run.phase == .running {
          run.remaining = remaining
          return end(run, outcome, message: message)
        }
        if run.outcome == .expired {
          // Too late to change the outcome, in time to tell what remains.
          run.remaining = remaining
          return
        }
      }
      ledger.log.write(
        SyncEvent(ev: .late, run: runId, out: outcome, rem: remaining < 0 ? nil : remaining))
    }
  }

  private func waitForJavaScript(_ run: SyncRun) {
    run.phase = .javaScriptStarting
    giveUp(run, after: limits.javaScriptSeconds, in: .javaScriptStarting, why: "js-timeout")
    giveToWaiting()
  }

  private func giveToWaiting() {
    guard let run = current, run.outcome == nil, let answer = waitingForRun else { return }
    guard run.phase == .hostStarting || run.phase == .javaScriptStarting else { return }
    waitingForRun = nil
    give(run, to: answer)
  }

  private func give(_ run: SyncRun, to answer: Answer) {
    run.phase = .running
    ledger.write(.javaScriptStart, run)
    clock.after(limits.budgetSeconds) { [self] in expire(run, why: "budget") }
    answer(run.json(deadline: clock.now() + TimeInterval(limits.budgetSeconds)))
  }

  // MARK: - The end

  /// The window closes. Reports to the system before it returns, on the caller's thread, without waiting for any queue:
  /// an app that does not report soon after its expiration handler is killed.
  func expire(_ run: SyncRun, why: String) {
    let first = run.decide(.expired, success: false)
    // Also where the run is over and only its bookkeeping is on the way.
    run.report()
    guard first else { return }
    queue.async { [self] in
      guard current === run else { return }
      if run.phase == .checking { return skip(run, why: "expired") }
      run.expiry = why
      ledger.write(.expire, run) { $0.why = why }
      end(run, .expired, why: why)
    }
  }

  func expireCurrentRun(why: String) {
    queue.async { [self] in
      if let run = current { expire(run, why: why) }
    }
  }

  private func giveUp(_ run: SyncRun, after seconds: Int, in phase: SyncRun.Phase, why: String) {
    clock.after(seconds) { [self] in
      queue.async { [self] in
        guard current === run, run.phase == phase, run.outcome == nil else { return }
        if phase == .checking { skip(run, why: why) } else { end(run, .skipped, why: why) }
      }
    }
  }

  private func end(_ run: SyncRun, _ outcome: Outcome, why: String? = nil, message: String = "") {
    guard run.decide(outcome, success: outcome == .done) || run.outcome == outcome else { return }
    run.phase = .ending
    for answer in run.expiryWaiters { answer(run.expiry ?? "") }
    run.expiryWaiters = []
    ledger.end(run, outcome, why: why, message: message) { [self] in release(run) }
  }

  private func release(_ run: SyncRun) {
    run.report()
    current = nil
  }
}
