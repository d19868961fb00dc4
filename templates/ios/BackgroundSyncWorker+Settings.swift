import Foundation

/// What the app sets and asks for at run time.
extension BackgroundSyncWorker {
  /// Keeps what the app sets at run time, over restarts, and asks for the pending windows anew where that changes them.
  ///
  /// - Parameters:
  ///   - text: JSON, or "" for what `bgsync.config.json` says
  ///   - answer: false where the system refused
  func configure(
    _ text: String, of name: String = "", _ answer: @escaping @Sendable (Bool) -> Void
  ) {
    guard let ledger = ledger(of: name) else { return answer(false) }
    let (task, scheduler) = (ledger.task, ledger.scheduler)
    let settings = SyncSettings(text: text)
    let (isChanged, isShorter, armed) = ledger.state.update {
      let before = $0.settings
      $0.settings = settings
      // Not where runs go wrong: the time that they back off by stands.
      let isShorter =
        settings.schedule(of: task).intervalSeconds < before.schedule(of: task).intervalSeconds
        && $0.consecutiveFailures == 0
      return (settings != before, isShorter, $0.armed == true)
    }
    guard isChanged else { return answer(true) }
    log.write(
      SyncEvent(
        ev: .configure, task: task.taskId, msg: settings.description(of: task)))
    guard armed, scheduler.isRegistered else { return answer(true) }
    if settings.constraints(of: task).deviceIdle, task.windows.refresh {
      scheduler.cancel([BackgroundSyncConfig.refreshTaskId])
    }
    let interval = settings.schedule(of: task).intervalSeconds
    let latest = (clock.now() + TimeInterval(interval)).milliseconds
    guard isShorter, let next = ledger.state.read().next, next > latest else {
      return heal(ledger, isStart: false, then: answer)
    }
    scheduler.arm(after: interval, why: "configure") { accepted, _ in
      answer(accepted)
    }
  }

  /// Asks for the next window at another time. Inside a run it holds against the policy of that run.
  ///
  /// - Parameters:
  ///   - delaySeconds: ``SchedulePolicy/minDelaySeconds`` at least, as on Android, and a week at most, as Apple advises
  ///   - answer: the earliest start, epoch milliseconds; 0 where the system refused, or after `cancel()`
  func scheduleNext(
    delaySeconds: Int, of name: String = "", _ answer: @escaping @Sendable (Int64) -> Void
  ) {
    guard let ledger = ledger(of: name), ledger.scheduler.isRegistered else { return answer(0) }
    let isOn = ledger.state.update {
      if $0.armed == nil { $0.armed = true }
      return $0.armed == true
    }
    guard isOn else { return answer(0) }
    let delay = min(
      TimeInterval(max(delaySeconds, SchedulePolicy.minDelaySeconds)),
      WindowRequests.longestRequest)
    let date = clock.now() + delay
    let requested = SyncState.Request(next: date.milliseconds, delay: Int64(delay) * 1000)
    runs.keep(requested: requested, of: ledger.task)
    ledger.scheduler.arm(at: date, why: "requested") { accepted, next in
      answer(accepted ? next ?? 0 : 0)
    }
  }
}
