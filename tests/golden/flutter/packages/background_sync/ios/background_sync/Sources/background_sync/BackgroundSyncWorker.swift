import BackgroundTasks
import Foundation
import UIKit

/// The background sync of this app. One instance per process; every method is safe on any thread, and
/// answers on any.
final class BackgroundSyncWorker: @unchecked Sendable {
  private let app: AppInfo
  let clock: SyncClock
  /// Of each sync; the first has no name.
  let ledgers: [RunLedger]
  private let device: Device
  private let host: FlutterHost
  let runs: RunCoordinator
  let log: EventLog

  /// - Parameter directory: for the state and the events; created when the first is written
  init(
    app: AppInfo, host: FlutterHost, directory: URL, clock: SyncClock = .wall,
    disk: SyncDisk = .device, tasks: [SyncTask] = BackgroundSyncConfig.tasks
  ) {
    self.app = app
    self.host = host
    self.clock = clock
    let log = EventLog(directory: directory, clock: clock, disk: disk)
    let ended = EndedRuns(directory: directory, disk: disk)
    // The report of a window that closes depends on it.
    let queue = DispatchQueue(label: "dev.bgsync.runs", qos: .userInitiated)
    ledgers = tasks.map { task in
      let state = StateStore(directory: directory, file: task.stateFile, disk: disk)
      return RunLedger(
        task: task, queue: queue, clock: clock, state: state, log: log,
        scheduler: WindowScheduler(clock: clock, state: state, log: log, task: task), ended: ended)
    }
    self.log = log
    device = Device(clock: clock)
    runs = RunCoordinator(clock: clock, ledgers: ledgers, device: device, host: host)
  }

  /// Before launch ends, once. Nothing here waits for the disk or for another process.
  func start() {
    guard !app.isExtension else { return }
    let first = ledgers[0]
    for identifier in BackgroundSyncConfig.retiredTaskIds {
      first.scheduler.registerLaunchHandler(for: identifier) { [self] task in endRetired(task) }
    }
    let permitted = ledgers.filter { app.permittedTaskIds.contains($0.task.taskId) }
    for ledger in ledgers where !app.permittedTaskIds.contains(ledger.task.taskId) {
      complain(ledger, why: "not-in-plist")
    }
    guard !permitted.isEmpty else { return }
    for ledger in permitted {
      for identifier in ledger.task.taskIds { register(identifier, of: ledger) }
    }
    first.scheduler.cancel(BackgroundSyncConfig.retiredTaskIds)
    runs.closeAbandonedRun()
    // Posted on the main thread.
    observe(UIApplication.didEnterBackgroundNotification) { [self] in
      MainActor.assumeIsolated { leave() }
    }
  }

  /// Arms the schedule; a request that is pending and healthy stays as it is.
  ///
  /// - Parameters:
  ///   - switchOn: also after `cancel()`, which outlives the process
  ///   - name: of the sync, here and below; "" of the first
  ///   - answer: false where the system refused. The log says why.
  func register(
    switchOn: Bool, of name: String = "", _ answer: @escaping @Sendable (Bool) -> Void
  ) {
    guard let ledger = ledger(of: name), ledger.scheduler.isRegistered else { return answer(false) }
    let isOn = ledger.state.update {
      if switchOn || $0.armed == nil { $0.armed = true }
      return $0.armed == true
    }
    guard isOn else { return answer(true) }
    heal(ledger, isStart: true, then: answer)
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
      id: runId, taskId: taskId, ledger: ledger(ofTask: taskId), trigger: trigger, asker: asker,
      isForWindow: isForWindow)
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
  func beginForeground(
    _ javaScript: Int, of name: String = "", _ answer: @escaping @Sendable (String) -> Void
  ) {
    guard let ledger = ledger(of: name) else { return answer("") }
    execute(
      taskId: ledger.task.taskId, trigger: .foreground,
      asker: SyncRun.Asker(javaScript: javaScript, hand: answer))
  }

  /// Withdraws the schedule until the app registers again, and closes the window of a run that is open.
  func cancel(of name: String = "", _ answer: @escaping @Sendable () -> Void) {
    guard let ledger = ledger(of: name) else { return answer() }
    ledger.state.update {
      $0.armed = false
      $0.next = nil
      $0.requested = nil
    }
    runs.expireRuns(of: ledger.task, why: "cancelled")
    ledger.scheduler.cancel(ledger.task.allIds) {
      ledger.log.write(SyncEvent(ev: .cancel, task: ledger.task.taskId))
      answer()
    }
  }

  /// ``SyncStatus`` as JSON.
  func status(of name: String = "", _ answer: @escaping @Sendable (String) -> Void) {
    guard let ledger = ledger(of: name) else { return answer("") }
    ledger.scheduler.pending { [device] requests in
      device.read { conditions in
        answer(
          SyncStatus(
            task: ledger.task, state: ledger.state.read(), pending: requests ?? [],
            conditions: conditions
          ).json)
      }
    }
  }

  /// Nil where this build knows no such sync: Dart is of another version.
  func ledger(of name: String) -> RunLedger? {
    let ledger = ledgers.first { $0.task.name == name }
    if ledger == nil { complain(ledgers[0], why: "unknown-task") }
    return ledger
  }

  /// The first's where it is an id of the app's own.
  private func ledger(ofTask id: String) -> RunLedger {
    ledgers.first { $0.task.allIds.contains(id) } ?? ledgers[0]
  }

  private func register(_ identifier: String, of ledger: RunLedger) {
    let isPermitted = ledger.scheduler.registerLaunchHandler(for: identifier) { [self] task in
      execute(taskId: task.identifier, trigger: .os, task: task)
    }
    if !isPermitted { complain(ledger, why: "not-registered") }
  }

  private func complain(_ ledger: RunLedger, why: String) {
    DispatchQueue.global(qos: .utility).async { ledger.scheduler.complain(why: why) }
  }

  private func observe(_ name: Notification.Name, _ react: @escaping @Sendable () -> Void) {
    _ = NotificationCenter.default.addObserver(forName: name, object: nil, queue: nil) {
      @Sendable _ in react()
    }
  }
}
