import Foundation

/// Writes runs into the log and into the state, and sets the window after each.
///
/// Everything here happens on `queue`, which it shares with ``RunCoordinator``: what it gets as `then`, too.
struct RunLedger: Sendable {
  let task: SyncTask
  let queue: DispatchQueue
  let clock: SyncClock
  let state: StateStore
  let log: EventLog
  let scheduler: WindowScheduler
  let ended: EndedRuns

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

  /// After `cancel()`, until the app switches the sync on again.
  var isSwitchedOff: Bool { state.read().armed == false }

  var constraints: SyncConstraints { state.read().settings.constraints(of: task) }

  /// As JavaScript hears it: nil of the first.
  var nameToTell: String? { task.name.isEmpty ? nil : task.name }

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
    let delay = delay(after: .killed, row: run.attempt)
    scheduler.arm(after: delay, why: "safety-net") { _, _ in queue.async(execute: then) }
  }

  func start(_ run: SyncRun) {
    state.update {
      $0.openRun = SyncState.OpenRun(
        run: run.id, task: run.taskId, trig: run.trigger.rawValue, att: run.attempt,
        ts: run.start.milliseconds, requested: run.requested)
    }
    write(.runStart, run) {
      $0.att = run.attempt
      $0.env = run.conditions?.environment
    }
  }

  /// The window has closed. Kept at once: the process may not live to see the end of the run.
  func expire(_ run: SyncRun, why: String) {
    write(.expire, run) { $0.why = why }
    state.update { if $0.openRun?.run == run.id { $0.openRun?.expiry = why } }
  }

  /// What the app asked for holds where the process dies before the run has ended, too.
  func keep(_ requested: SyncState.Request, _ run: SyncRun) {
    state.update { if $0.openRun?.run == run.id { $0.openRun?.requested = requested } }
  }

  func refuse(_ run: SyncRun, why: String, message: String? = nil) {
    write(.runSkip, run) {
      $0.att = run.attempt
      $0.why = why
      $0.msg = message
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
      ended.add(
        EndedRuns.Run(
          run: run.id, task: run.taskId, name: nameToTell, trig: run.trigger.rawValue,
          att: run.attempt, out: outcome, ts: clock.now().milliseconds, ms: duration,
          rem: run.remaining, why: why))
      // First the state: an end that the log lacks is seen as `killed`, two ends of one run are a contradiction.
      state.update {
        $0.openRun = nil
        $0.lastRun = SyncState.LastRun(
          run: run.id, out: outcome, ts: clock.now().milliseconds, ms: duration, rem: run.remaining)
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

  /// Counts the outcome, and asks for the window after it; ``SyncRun/hurry`` goes on without an answer.
  func armNext(
    _ run: SyncRun, _ outcome: Outcome, then: @escaping @Sendable (_ next: Int64?) -> Void
  ) {
    let expiry = run.expiry
    let row = state.update { $0.count(outcome, expiry) }
    let answer = Once<Int64?>(then)
    run.hurry = { answer.call(isSwitchedOff ? nil : state.read().next) }
    let settled: @Sendable (Bool, Int64?) -> Void = { _, next in
      queue.async { answer.call(next) }
    }
    let delay = delay(
      after: outcome, row: row, remaining: run.remaining,
      battery: run.conditions?.battery ?? .unknown)
    let (date, why) = next(run.requested, after: delay, outcome)
    scheduler.arm(at: date, why: why, then: settled)
  }

  /// The app's own wish holds over the policy's time.
  private func next(
    _ requested: SyncState.Request?, after delay: Int, _ outcome: Outcome
  ) -> (date: Date, why: String) {
    let now = clock.now()
    guard let requested else { return (now + TimeInterval(delay), outcome.rawValue) }
    return (requested.date(now), "requested")
  }

  /// A run that the state of a new process has open died with the old one.
  func closeAbandonedRun() {
    guard let abandoned = state.takeAbandonedRun() else { return }
    if log.hasEnd(ofRun: abandoned.run) {
      // It ended, and only the state could not be written any more (no space).
      return state.update { if $0.openRun?.run == abandoned.run { $0.openRun = nil } }
    }
    let outcome = abandoned.expiry == nil ? Outcome.killed : .expired
    ended.add(
      EndedRuns.Run(
        run: abandoned.run, task: abandoned.task, name: nameToTell, trig: abandoned.trig,
        att: abandoned.att, out: outcome, ts: clock.now().milliseconds, ms: 0, rem: -1,
        why: abandoned.expiry))
    let (row, armed) = state.update {
      if $0.openRun?.run == abandoned.run { $0.openRun = nil }
      $0.lastRun = SyncState.LastRun(
        run: abandoned.run, out: outcome, ts: clock.now().milliseconds, ms: 0, rem: -1)
      return ($0.count(outcome, abandoned.expiry), $0.armed == true)
    }
    let (date, why) = next(abandoned.requested, after: delay(after: outcome, row: row), outcome)
    log.write(
      SyncEvent(
        ev: .runEnd, run: abandoned.run, task: abandoned.task,
        trig: SyncTrigger(rawValue: abandoned.trig), att: abandoned.att, out: outcome,
        next: armed ? date.milliseconds : nil, why: abandoned.expiry))
    scheduler.arm(at: date, why: why)
  }

  private func delay(
    after outcome: Outcome, row: Int, remaining: Int = -1, battery: BatteryState = .unknown
  ) -> Int {
    SchedulePolicy.nextDelaySeconds(
      outcome: outcome, queueDepth: remaining, battery: battery, consecutiveFailures: row,
      config: state.read().settings.schedule(of: task))
  }
}
