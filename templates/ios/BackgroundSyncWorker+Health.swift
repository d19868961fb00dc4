import BackgroundTasks
import Foundation

/// What is pending, held to what would be asked for now.
extension BackgroundSyncWorker {
  /// A process that the system has started for an id of an older version. The app may not be opened for days: what
  /// that window was for is asked for under today's id.
  func endRetired(_ task: BGTask) {
    let task = Unchecked(task)
    let end = Once<Void> { task.value.setTaskCompleted(success: true) }
    task.value.expirationHandler = { @Sendable in end.call(()) }
    guard let first = ledgers.first, first.scheduler.isRegistered, first.state.read().armed == true
    else {
      end.call(())
      return
    }
    heal(first, isStart: false) { _ in end.call(()) }
  }

  /// Sees to it that what is pending is what would be asked for now.
  func heal(
    _ ledger: RunLedger, isStart: Bool, then: @escaping @Sendable (Bool) -> Void = { _ in }
  ) {
    let task = ledger.task
    ledger.scheduler.pending { [clock, log] requests in
      guard let requests else { return then(false) }
      let now = clock.now()
      let state = ledger.state.read()
      let defect = WindowRequests.defect(of: requests, task, state: state, now: now)
      if isStart, defect == nil || defect == "missing" {
        let why = defect == nil ? "kept" : "new"
        log.write(SyncEvent(ev: .register, task: task.taskId, why: why))
      } else if let defect {
        log.write(SyncEvent(ev: .heal, task: task.taskId, why: defect))
      }
      guard defect != nil else { return then(true) }
      // At the plain interval, or when the window that is missing would have been.
      let interval = state.settings.schedule(of: task).intervalSeconds
      let left = state.next.map { Int(($0 - now.milliseconds) / 1000) } ?? interval
      ledger.scheduler.arm(
        after: min(max(left, 0), interval), why: isStart ? "register" : "heal"
      ) { accepted, _ in then(accepted) }
    }
  }

  /// The user leaves the app: the last chance to see what is pending, and to send what waits. The system may suspend the
  /// process as soon as this returns, so time is asked for first.
  @MainActor
  func leave() {
    let armed = ledgers.filter { $0.scheduler.isRegistered && $0.state.read().armed == true }
    guard !armed.isEmpty else { return }
    let left = DispatchGroup()
    for ledger in armed {
      left.enter()
      heal(ledger, isStart: false) { _ in left.leave() }
      // Who leaves the app uses the device.
      guard ledger.task.windows.onBackground, !ledger.constraints.deviceIdle else { continue }
      left.enter()
      runs.isListening { [self] isListening in
        // JavaScript that is up drains as in the foreground. Of the app's own accord: a user who has ruled the mobile network
        // out has not asked for it.
        if isListening {
          execute(taskId: ledger.task.taskId, trigger: .foreground, isForWindow: true)
        }
        left.leave()
      }
    }
    // Within seconds, whatever hangs.
    let giveBack = BackgroundTime.begin {}
    left.notify(queue: .global(qos: .utility)) { giveBack.call(()) }
  }
}
