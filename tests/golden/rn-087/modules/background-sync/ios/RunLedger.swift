import Foundation

/// Writes runs into the log and into the state, and sets the window after each.
///
/// Everything here happens on `queue`, which it shares with ``RunCoordinator``: what it gets as `then`, too.
struct RunLedger: Sendable {
  let queue: DispatchQueue
  let clock: SyncClock
  let state: StateStore
  let log: EventLog
  let scheduler: WindowScheduler

  func write(
    _ name: SyncEvent.Name, _ run: SyncRun, _ fill: (inout SyncEvent) -> Void = { _ in }
  ) {
    var event = SyncEvent(ev: name)
    event.run = run.id
    event.task = run.taskId
    event.trig = run.trigger
    fill(&event)
    log.write(event)
  }

  /// Counts the run's attempt. Nothing is open yet.
  func arrive(_ run: SyncRun) {
    run.start = clock.now()
    run.attempt = state.update {
      // The system does not launch what nobody asked for: the state was lost.
      if run.trigger == .os, $0.armed == nil { $0.armed = true }
      return $0.consecutiveFailures + 1
    }
  }

  /// The launch used the pending request up: from here on the chain does not depend on the run.
  func armSafetyNet(_ run: SyncRun, then: @escaping @Sendable () -> Void) {
    let delay = delay(after: .killed, failures: run.attempt)
    scheduler.arm(after: delay, why: "safety-net") { _, _ in queue.async(execute: then) }
  }

  func start(_ run: SyncRun) {
    state.update {
      $0.openRun = SyncState.OpenRun(
        run: run.id, task: run.taskId, trig: run.trigger.rawValue, att: run.attempt,
        ts: run.start.milliseconds)
    }
    write(.runStart, run) {
      $0.att = run.attempt
      $0.env = run.conditions?.environment
    }
  }

  func refuse(_ run: SyncRun, why: String) {
    write(.runSkip, run) {
      $0.att = run.attempt
      $0.why = why
      $0.env = run.conditions?.environment
    }
  }

  /// Counts the outcome, asks for the window after it, and writes the end once that is settled.
  func end(
    _ run: SyncRun, _ outcome: Outcome, why: String?, message: String,
    then: @escaping @Sendable () -> Void
  ) {
    armNext(run, outcome) { next in
      let duration = max(clock.now().milliseconds - run.start.milliseconds, 0)
      // First the state: an end that the log lacks is seen as `killed`, two ends of one run are a contradiction.
      state.update {
        $0.openRun = nil
        $0.lastRun = SyncState.LastRun(
          run: run.id, out: outcome, ts: run.start.milliseconds, ms: duration, rem: run.remaining)
      }
      write(.runEnd, run) {
        $0.att = run.attempt
        $0.ms = duration
        $0.out = outcome
        $0.rem = run.remaining < 0 ? nil : run.remaining
        $0.next = next
        $0.why = why
        $0.msg = message.isEmpty ? nil : message
      }
      then()
    }
  }

  func armNext(
    _ run: SyncRun, _ outcome: Outcome, then: @escaping @Sendable (_ next: Int64?) -> Void
  ) {
    let failures = state.update {
      $0.consecutiveFailures = outcome == .done ? 0 : $0.consecutiveFailures + 1
      return $0.consecutiveFailures
    }
    let delay = delay(
      after: outcome, failures: failures, remaining: run.remaining,
      battery: run.conditions?.battery ?? .unknown)
    scheduler.arm(after: delay, why: outcome.rawValue) { _, next in queue.async { then(next) } }
  }

  /// A run that the state of a new process has open died with the old one.
  func closeKilledRun() {
    guard let killed = state.takeAbandonedRun() else { return }
    let (failures, armed) = state.update {
      $0.openRun = nil
      $0.lastRun = SyncState.LastRun(run: killed.run, out: .killed, ts: killed.ts, ms: 0, rem: -1)
      $0.consecutiveFailures += 1
      return ($0.consecutiveFailures, $0.armed == true)
    }
    let delay = delay(after: .killed, failures: failures)
    let next = (clock.now() + TimeInterval(delay)).milliseconds
    log.write(
      SyncEvent(
        ev: .runEnd, run: killed.run, task: killed.task, trig: SyncTrigger(rawValue: killed.trig),
        att: killed.att, out: .killed, next: armed ? next : nil))
    scheduler.arm(after: delay, why: Outcome.killed.rawValue)
  }

  private func delay(
    after outcome: Outcome, failures: Int, remaining: Int = -1, battery: BatteryState = .unknown
  ) -> Int {
    SchedulePolicy.nextDelaySeconds(
      outcome: outcome, queueDepth: remaining, battery: battery, consecutiveFailures: failures,
      config: BackgroundSyncConfig.schedule)
  }
}
