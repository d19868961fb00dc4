import BackgroundTasks
import Foundation
import UIKit

/// The background sync of this app. One instance per process; every method is safe on any thread, and
/// answers on any.
final class BackgroundSyncWorker: @unchecked Sendable {
  private let app: AppInfo
  let clock: SyncClock
  let state: StateStore
  let scheduler: WindowScheduler
  private let device: Device
  private let host: FlutterHost
  let runs: RunCoordinator
  let log: EventLog

  /// - Parameter directory: for the state and the events; created when the first is written
  init(
    app: AppInfo, host: FlutterHost, directory: URL, clock: SyncClock = .wall,
    disk: SyncDisk = .device, windows: SyncWindows = BackgroundSyncConfig.windows
  ) {
    self.app = app
    self.host = host
    self.clock = clock
    state = StateStore(directory: directory, disk: disk)
    log = EventLog(directory: directory, clock: clock, disk: disk)
    scheduler = WindowScheduler(clock: clock, state: state, log: log, windows: windows)
    device = Device(clock: clock)
    runs = RunCoordinator(
      clock: clock,
      ledger: RunLedger(
        // The report of a window that closes depends on it.
        queue: DispatchQueue(label: "dev.bgsync.runs", qos: .userInitiated),
        clock: clock, state: state, log: log, scheduler: scheduler,
        ended: EndedRuns(directory: directory, disk: disk)),
      device: device, host: host)
  }

  /// Before launch ends, once. Nothing here waits for the disk or for another process.
  func start() {
    guard !app.isExtension else { return }
    for identifier in BackgroundSyncConfig.retiredTaskIds {
      scheduler.registerLaunchHandler(for: identifier) { [self] task in endRetired(task) }
    }
    guard app.permittedTaskIds.contains(BackgroundSyncConfig.taskId) else {
      return complain(why: "not-in-plist")
    }
    for identifier in scheduler.windows.taskIds { register(identifier) }
    scheduler.cancel(BackgroundSyncConfig.retiredTaskIds)
    runs.closeAbandonedRun()
    observe(UIApplication.didEnterBackgroundNotification) { [self] in
      healSchedule()
      if scheduler.windows.onBackground { drainOnBackground() }
    }
  }

  /// Arms the schedule; a request that is pending and healthy stays as it is.
  ///
  /// - Parameters:
  ///   - switchOn: also after `cancel()`, which outlives the process
  ///   - answer: false where the system refused. The log says why.
  func register(switchOn: Bool, _ answer: @escaping @Sendable (Bool) -> Void) {
    guard scheduler.isRegistered else { return answer(false) }
    let isOn = state.update {
      if switchOn || $0.armed == nil { $0.armed = true }
      return $0.armed == true
    }
    guard isOn else { return answer(true) }
    heal(isStart: true, then: answer)
  }

  /// Runs the sync once: opens the gate, brings Dart up, waits for its answer, sets the next window.
  ///
  /// - Parameters:
  ///   - task: the system's task, completed exactly once, with whether the queue was drained
  ///   - asker: the Dart that asked for the run, where one did
  ///   - isForWindow: whether the constraints count; by default in the system's windows alone
  func execute(
    taskId: String, trigger: SyncTrigger, runId: String = SyncRun.newId(), task: BGTask? = nil,
    asker: SyncRun.Asker? = nil, isForWindow: Bool? = nil
  ) {
    let run = SyncRun(
      id: runId, taskId: taskId, trigger: trigger, asker: asker, isForWindow: isForWindow)
    // First: a task without a handler is ended by the system without a word.
    // https://developer.apple.com/documentation/backgroundtasks/bgtask/expirationhandler
    task?.expirationHandler = { @Sendable [self] in handleExpiration(run) }
    if let task {
      let task = Unchecked(task)
      run.hold { task.value.setTaskCompleted(success: $0) }
    } else {
      BackgroundTime.hold(for: run) { [self] in handleExpiration(run) }
    }
    runs.begin(run)
  }

  /// The system closes the window of a run.
  func handleExpiration(_ run: SyncRun) {
    runs.expire(run, why: "os")
  }

  /// The app's own drain, through the same gate.
  ///
  /// - Parameter javaScript: the number of the Dart that asks
  func beginForeground(_ javaScript: Int, _ answer: @escaping @Sendable (String) -> Void) {
    execute(
      taskId: BackgroundSyncConfig.taskId, trigger: .foreground,
      asker: SyncRun.Asker(javaScript: javaScript, hand: answer))
  }

  /// Asks for the next window at another time. Inside a run it holds against the policy of that run.
  ///
  /// - Parameters:
  ///   - delaySeconds: ``SchedulePolicy/minDelaySeconds`` at least, as on Android, and a week at most, as Apple advises
  ///   - answer: the earliest start, epoch milliseconds; 0 where the system refused, or after `cancel()`
  func scheduleNext(delaySeconds: Int, _ answer: @escaping @Sendable (Int64) -> Void) {
    guard scheduler.isRegistered else { return answer(0) }
    let isOn = state.update {
      if $0.armed == nil { $0.armed = true }
      return $0.armed == true
    }
    guard isOn else { return answer(0) }
    let delay = min(
      max(delaySeconds, SchedulePolicy.minDelaySeconds), Int(WindowRequests.longestRequest))
    let date = clock.now() + TimeInterval(delay)
    runs.keep(requested: date)
    scheduler.arm(at: date, why: "requested") { accepted, next in
      answer(accepted ? next ?? 0 : 0)
    }
  }

  /// Withdraws the schedule until the app registers again, and closes the window of a run that is open.
  func cancel(_ answer: @escaping @Sendable () -> Void) {
    state.update {
      $0.armed = false
      $0.next = nil
      $0.requested = nil
    }
    runs.expireCurrentRun(why: "cancelled")
    scheduler.cancel([BackgroundSyncConfig.taskId, BackgroundSyncConfig.refreshTaskId]) { [log] in
      log.write(SyncEvent(ev: .cancel, task: BackgroundSyncConfig.taskId))
      answer()
    }
  }

  /// ``SyncStatus`` as JSON.
  func status(_ answer: @escaping @Sendable (String) -> Void) {
    scheduler.pending { [self] requests in
      device.read { [self] conditions in
        answer(
          SyncStatus(state: state.read(), pending: requests ?? [], conditions: conditions).json)
      }
    }
  }

  private func register(_ identifier: String) {
    let isPermitted = scheduler.registerLaunchHandler(for: identifier) { [self] task in
      execute(taskId: task.identifier, trigger: .os, task: task)
    }
    if !isPermitted { complain(why: "not-registered") }
  }

  /// A process that the system has started for an id of an older version. The app may not be opened for days: what
  /// that window was for is asked for under today's id.
  private func endRetired(_ task: BGTask) {
    let task = Unchecked(task)
    let end = Once<Void> { task.value.setTaskCompleted(success: true) }
    task.value.expirationHandler = { @Sendable in end.call(()) }
    guard scheduler.isRegistered, state.read().armed == true else {
      end.call(())
      return
    }
    heal(isStart: false) { _ in end.call(()) }
  }

  /// Sees to it that what is pending is what would be asked for now.
  func heal(isStart: Bool, then: @escaping @Sendable (Bool) -> Void = { _ in }) {
    scheduler.pending { [self] requests in
      guard let requests else { return then(false) }
      let now = clock.now()
      let state = state.read()
      let defect = WindowRequests.defect(
        of: requests, scheduler.windows, state: state, now: now)
      if isStart, defect == nil || defect == "missing" {
        let why = defect == nil ? "kept" : "new"
        log.write(SyncEvent(ev: .register, task: BackgroundSyncConfig.taskId, why: why))
      } else if let defect {
        log.write(SyncEvent(ev: .heal, task: BackgroundSyncConfig.taskId, why: defect))
      }
      guard defect != nil else { return then(true) }
      // At the plain interval, or when the window that is missing would have been.
      let interval = state.settings.schedule.intervalSeconds
      let left = state.next.map { Int(($0 - now.milliseconds) / 1000) } ?? interval
      scheduler.arm(after: min(max(left, 0), interval), why: isStart ? "register" : "heal") {
        accepted, _ in then(accepted)
      }
    }
  }

  /// The app enters the background: its last chance to see what is pending.
  private func healSchedule() {
    guard scheduler.isRegistered, state.read().armed == true else { return }
    heal(isStart: false)
  }

  /// Sends what waits while the process still runs: Dart that is up drains as in the foreground.
  private func drainOnBackground() {
    let state = state.read()
    // Who leaves the app uses the device.
    guard state.armed == true, !state.settings.inEffect.deviceIdle else { return }
    runs.whenListening { [self] in
      // Of the app's own accord: a user who has ruled the mobile network out has not asked for it.
      execute(taskId: BackgroundSyncConfig.taskId, trigger: .foreground, isForWindow: true)
    }
  }

  private func complain(why: String) {
    DispatchQueue.global(qos: .utility).async { [scheduler] in scheduler.complain(why: why) }
  }

  private func observe(_ name: Notification.Name, _ react: @escaping @Sendable () -> Void) {
    _ = NotificationCenter.default.addObserver(forName: name, object: nil, queue: nil) {
      @Sendable _ in react()
    }
  }
}
