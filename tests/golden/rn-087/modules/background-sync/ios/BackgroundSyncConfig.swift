/// What `bgsync.config.json` says, as `bgsync init` writes it.
enum BackgroundSyncConfig {
  /// Stands in Info.plist under `BGTaskSchedulerPermittedIdentifiers`, too.
  static let taskId = "dev.bgsync.processing"

  /// The id of the `BGAppRefreshTask`, where there is one.
  static let refreshTaskId = "dev.bgsync.refresh"

  static let windows = SyncWindows(
    refresh: false, onBackground: false)

  /// Ids that an older generated version submitted. A request that is still pending for an id without a
  /// launch handler ends the app with an exception when the system runs it.
  static let retiredTaskIds: [String] = []

  static let requiresExternalPower = false

  static let constraints = SyncConstraints(
    network: .any,
    charging: false,
    batteryNotLow: false,
    storageNotLow: false,
    deviceIdle: false
  )

  static let schedule = SchedulePolicy.Config(
    intervalSeconds: 3600,
    backlogSeconds: 900,
    maxSeconds: 14400,
    lowBatteryPercent: 20
  )

  /// The first has no name, and is the one above.
  static let tasks = [
    SyncTask(
      name: "", taskId: taskId, windows: windows, requiresExternalPower: requiresExternalPower,
      constraints: constraints, schedule: schedule)
  ]

  static let limits = RunLimits(budgetSeconds: 180)
}
