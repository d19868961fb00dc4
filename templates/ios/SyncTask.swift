/// One of the app's syncs: each has its windows, its constraints and its books. The first has no name.
struct SyncTask: Sendable {
  /// Letters, digits and hyphens, as `bgsync.config.json` has it; "" of the first.
  let name: String
  /// Of its `BGProcessingTask`.
  let taskId: String
  /// What it asks for beside that. An app may have one `BGAppRefreshTask`, which is the first's.
  var windows: SyncWindows
  let requiresExternalPower: Bool
  let constraints: SyncConstraints
  let schedule: SchedulePolicy.Config

  /// The ids that have to be pending.
  var taskIds: [String] {
    [taskId] + (windows.refresh ? [BackgroundSyncConfig.refreshTaskId] : [])
  }

  /// Those that may be.
  var allIds: [String] {
    [taskId] + (name.isEmpty ? [BackgroundSyncConfig.refreshTaskId] : [])
  }

  /// In the folder of the package.
  var stateFile: String { name.isEmpty ? "state.json" : "state.\(name).json" }
}
