#if DEBUG
  import Foundation
  import UIKit

  #if canImport(notify)
    import notify
  #else
    import Darwin
  #endif

  /// `bgsync trigger` and `bgsync status` on a debug build: Darwin notifications, since nothing outside the app can
  /// run a task of `BGTaskScheduler`, and the Simulator has no such tasks. No part of it is in a release build.
  ///
  ///     xcrun simctl spawn UDID notifyutil -s BUNDLE.bgsync.trigger STATE -p BUNDLE.bgsync.trigger
  ///
  /// The run is the one that the system would start, only without its task.
  enum BackgroundSyncDebug {
    static func install(
      on worker: BackgroundSyncWorker,
      bundleId: String = Bundle.main.bundleIdentifier ?? "",
      environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
      for name in worker.ledgers.map(\.task.name) {
        // A notification to an iPhone carries no number: there the name of a sync is in its own.
        let suffix = name.isEmpty ? "" : ".\(name)"
        listen("\(bundleId).bgsync.trigger\(suffix)") { state in
          trigger(
            worker, runId: state == 0 ? nil : SyncRun.id(of: state),
            isForWindow: SyncRun.isForWindow(state),
            task: name.isEmpty ? SyncRun.task(state) : taskNumber(name))
        }
        listen("\(bundleId).bgsync.status\(suffix)") { state in
          tellStatus(worker, task: name.isEmpty ? state : taskNumber(name))
        }
      }
      if let runId = environment["BGSYNC_RUN"] {
        triggerOnceActive(
          worker, runId: runId.count == 8 ? runId : nil,
          isForWindow: environment["BGSYNC_RESPECT"] == "1",
          task: taskNumber(environment["BGSYNC_TASK"] ?? ""))
      }
    }

    /// With `BGSYNC_RUN` in its environment, the app triggers itself; before it is active there is no scene yet.
    private static func triggerOnceActive(
      _ worker: BackgroundSyncWorker, runId: String?, isForWindow: Bool, task: UInt64
    ) {
      let once = Once<Void> {
        trigger(worker, runId: runId, isForWindow: isForWindow, task: task)
      }
      _ = NotificationCenter.default.addObserver(
        forName: UIApplication.didBecomeActiveNotification, object: nil, queue: nil
      ) { @Sendable _ in once.call(()) }
    }

    private static func trigger(
      _ worker: BackgroundSyncWorker, runId: String?, isForWindow: Bool, task: UInt64
    ) {
      guard let ledger = ledger(worker, task) else { return }
      let runId = runId ?? SyncRun.newId()
      worker.log.write(SyncEvent(ev: .ack, run: runId, trig: .trigger))
      worker.execute(
        taskId: ledger.task.taskId, trigger: .trigger, runId: runId,
        isForWindow: isForWindow)
    }

    private static func tellStatus(_ worker: BackgroundSyncWorker, task: UInt64) {
      guard let ledger = ledger(worker, task) else { return }
      worker.status(of: ledger.task.name) { status in
        worker.log.write(SyncEvent(ev: .ack, why: "status", msg: status))
      }
    }

    private static func ledger(_ worker: BackgroundSyncWorker, _ number: UInt64) -> RunLedger? {
      worker.ledgers.first { taskNumber($0.task.name) == number }
    }

    /// A notification carries no text: a number for the name of a sync, 0 for the first. The CLI reckons the same.
    static func taskNumber(_ name: String) -> UInt64 {
      if name.isEmpty { return 0 }
      return name.utf8.reduce(7) { ($0 * 31 + UInt64($1)) % 1_000_003 } + 1
    }

    private static func listen(_ name: String, _ handle: @escaping @Sendable (UInt64) -> Void) {
      var token: Int32 = 0
      notify_register_dispatch(name, &token, .global(qos: .utility)) { @Sendable token in
        var state: UInt64 = 0
        notify_get_state(token, &state)
        handle(state)
      }
    }
  }

  extension SyncRun {
    /// A notification carries 64 bits: the id as a number in base 36.
    fileprivate static func id(of state: UInt64) -> String {
      let digits = String(state, radix: 36).suffix(8)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// The lowest bit above says that the constraints count; a build that does not know it takes the eight before.
    fileprivate static func isForWindow(_ state: UInt64) -> Bool {
      (state / digits) % 2 == 1
    }

    /// Above it, the number of the sync.
    fileprivate static func task(_ state: UInt64) -> UInt64 { state / digits / 2 }

    /// 36 to the power of 8.
    private static let digits: UInt64 = 2_821_109_907_456
  }
#endif
