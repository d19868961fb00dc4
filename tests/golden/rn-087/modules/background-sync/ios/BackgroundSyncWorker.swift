import BackgroundTasks
import Foundation
import UIKit

/// What this package knows of the app it is in, from its Info.plist.
struct AppInfo: Sendable {
  let isExtension: Bool
  let permittedTaskIds: [String]
  let usesScenes: Bool

  init(infoDictionary: [String: Any]) {
    isExtension = infoDictionary["NSExtension"] != nil
    permittedTaskIds =
      infoDictionary["BGTaskSchedulerPermittedIdentifiers"] as? [String] ?? []
    usesScenes = infoDictionary["UIApplicationSceneManifest"] != nil
  }
}

/// The background sync of this app. One instance per process; every method is safe on any thread, and
/// answers on any.
final class BackgroundSyncWorker: @unchecked Sendable {
  private let app: AppInfo
  private let clock: SyncClock
  private let state: StateStore
  private let scheduler: WindowScheduler
  private let device = Device()
  let runs: RunCoordinator
  let log: EventLog

  /// - Parameter directory: for the state and the events; created when the first is written
  init(app: AppInfo, host: ReactHost, directory: URL, clock: SyncClock = .wall) {
    self.app = app
    self.clock = clock
    state = StateStore(directory: directory)
    log = EventLog(directory: directory, clock: clock)
    scheduler = WindowScheduler(clock: clock, state: state, log: log)
    runs = RunCoordinator(
      clock: clock,
      ledger: RunLedger(
        queue: DispatchQueue(label: "dev.bgsync.runs", qos: .utility),
        clock: clock, state: state, log: log, scheduler: scheduler),
      device: device, host: host)
  }

  /// Before launch ends, once. Nothing here waits for the disk or for another process.
  func start() {
    guard !app.isExtension else { return }
    guard app.permittedTaskIds.contains(BackgroundSyncConfig.taskId) else {
      DispatchQueue.global(qos: .utility).async { [log] in
        log.write(
          SyncEvent(ev: .scheduleError, task: BackgroundSyncConfig.taskId, why: "not-in-plist"))
      }
      return
    }
    scheduler.registerLaunchHandler { [self] task in
      execute(taskId: task.identifier, trigger: .os, task: task)
    }
    scheduler.cancel(BackgroundSyncConfig.retiredTaskIds)
    device.watchNetwork()
    runs.closeKilledRun()
    _ = NotificationCenter.default.addObserver(
      forName: UIApplication.didEnterBackgroundNotification, object: nil, queue: nil
    ) { @Sendable [self] _ in
      healSchedule()
    }
  }

  /// Arms the schedule; a request that is pending stays as it is.
  ///
  /// - Parameter answer: false where the system refused. The log says why.
  func register(_ answer: @escaping @Sendable (Bool) -> Void) {
    guard scheduler.isRegistered else { return answer(false) }
    state.update { $0.armed = true }
    scheduler.pending { [self] requests in
      if requests.contains(where: { $0.identifier == BackgroundSyncConfig.taskId }) {
        log.write(SyncEvent(ev: .register, task: BackgroundSyncConfig.taskId, why: "kept"))
        return answer(true)
      }
      log.write(SyncEvent(ev: .register, task: BackgroundSyncConfig.taskId, why: "new"))
      rearm(why: "register", then: answer)
    }
  }

  /// Runs the sync once: opens the gate, brings JavaScript up, waits for its answer, sets the next window.
  ///
  /// - Parameters:
  ///   - task: the system's task, completed exactly once, with whether the queue was drained
  ///   - hand: gets the run where JavaScript asked for it, "" where there is none
  func execute(
    taskId: String, trigger: SyncTrigger, runId: String = SyncRun.newId(), task: BGTask? = nil,
    hand: (@Sendable (String) -> Void)? = nil
  ) {
    let run = SyncRun(id: runId, taskId: taskId, trigger: trigger, task: task, hand: hand)
    // First: a task without a handler is ended by the system without a word.
    // https://developer.apple.com/documentation/backgroundtasks/bgtask/expirationhandler
    task?.expirationHandler = { @Sendable [self] in handleExpiration(run) }
    runs.begin(run)
  }

  /// The system closes the window of a run.
  func handleExpiration(_ run: SyncRun) {
    runs.expire(run, why: "os")
  }

  /// The app's own drain, through the same gate.
  func beginForeground(_ answer: @escaping @Sendable (String) -> Void) {
    execute(taskId: BackgroundSyncConfig.taskId, trigger: .foreground, hand: answer)
  }

  /// Asks for the next window at another time.
  ///
  /// - Parameters:
  ///   - delaySeconds: ``SchedulePolicy/minDelaySeconds`` at least, as on Android, and a week at most, as Apple advises
  ///   - answer: the earliest start, epoch milliseconds; 0 where the system refused
  func scheduleNext(delaySeconds: Int, _ answer: @escaping @Sendable (Int64) -> Void) {
    guard scheduler.isRegistered else { return answer(0) }
    let delay = min(max(delaySeconds, SchedulePolicy.minDelaySeconds), 7 * 24 * 3600)
    state.update { $0.armed = true }
    scheduler.arm(after: delay, why: "requested") { accepted, next in
      answer(accepted ? next ?? 0 : 0)
    }
  }

  /// Withdraws the schedule, and closes the window of a run that is open.
  func cancel(_ answer: @escaping @Sendable () -> Void) {
    state.update {
      $0.armed = false
      $0.next = nil
    }
    runs.expireCurrentRun(why: "cancelled")
    scheduler.cancel([BackgroundSyncConfig.taskId]) { [log] in
      log.write(SyncEvent(ev: .cancel, task: BackgroundSyncConfig.taskId))
      answer()
    }
  }

  /// ``SyncStatus`` as JSON.
  func status(_ answer: @escaping @Sendable (String) -> Void) {
    scheduler.pending { [self] requests in
      let request = requests.first { $0.identifier == BackgroundSyncConfig.taskId }
      device.read { [self] conditions in
        answer(SyncStatus(state: state.read(), pending: request, conditions: conditions).json)
      }
    }
  }

  /// At the plain interval, or when the window that is missing would have been.
  private func rearm(why: String, then: @escaping @Sendable (Bool) -> Void = { _ in }) {
    let now = clock.now().milliseconds
    let interval = BackgroundSyncConfig.schedule.intervalSeconds
    let left = state.read().next.map { Int(($0 - now) / 1000) } ?? interval
    scheduler.arm(after: min(max(left, 0), interval), why: why) { accepted, _ in then(accepted) }
  }

  /// The app enters the background: its last chance to see that no request is pending.
  private func healSchedule() {
    guard scheduler.isRegistered, state.read().armed == true else { return }
    scheduler.pending { [self] requests in
      let pending = requests.contains { $0.identifier == BackgroundSyncConfig.taskId }
      guard !pending else { return }
      log.write(SyncEvent(ev: .heal, task: BackgroundSyncConfig.taskId, why: "missing"))
      rearm(why: "heal")
    }
  }
}
