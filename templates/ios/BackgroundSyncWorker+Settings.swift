import Foundation

/// What the app sets at run time.
extension BackgroundSyncWorker {
  /// Keeps what the app sets at run time, over restarts, and asks for the pending windows anew where that changes them.
  ///
  /// - Parameters:
  ///   - text: JSON, or "" for what `bgsync.config.json` says
  ///   - answer: false where the system refused
  func configure(_ text: String, _ answer: @escaping @Sendable (Bool) -> Void) {
    let settings = SyncSettings(text: text)
    let (isChanged, isShorter, armed) = state.update {
      let before = $0.settings
      $0.settings = settings
      // Not where runs go wrong: the time that they back off by stands.
      let isShorter =
        settings.schedule.intervalSeconds < before.schedule.intervalSeconds
        && $0.consecutiveFailures == 0
      return (settings != before, isShorter, $0.armed == true)
    }
    guard isChanged else { return answer(true) }
    log.write(
      SyncEvent(
        ev: .configure, task: BackgroundSyncConfig.taskId, msg: settings.description))
    guard armed, scheduler.isRegistered else { return answer(true) }
    if settings.inEffect.deviceIdle { scheduler.cancel([BackgroundSyncConfig.refreshTaskId]) }
    let latest = (clock.now() + TimeInterval(settings.schedule.intervalSeconds)).milliseconds
    guard isShorter, let next = state.read().next, next > latest else {
      return heal(isStart: false, then: answer)
    }
    scheduler.arm(after: settings.schedule.intervalSeconds, why: "configure") { accepted, _ in
      answer(accepted)
    }
  }
}
