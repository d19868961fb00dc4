import Foundation

/// What `getStatus()` answers, and the debug hook.
struct SyncStatus: Encodable {
  let task: SyncTask
  let state: SyncState
  let pending: [WindowRequests.Pending]
  let conditions: DeviceConditions

  private enum Key: String, CodingKey {
    case v, platform, scheduled, state, next, lastRun, consecutiveFailures, openRun, intervalMinutes
    case constraints, unmet, env
  }

  private var earliest: Int64? {
    pending
      .filter { task.allIds.contains($0.identifier) }
      .map(\.earliest).min()
  }

  /// The one word for people.
  private var word: String {
    switch conditions.backgroundRefresh {
    case .denied: "refresh-denied"
    case .restricted: "refresh-restricted"
    default: earliest != nil ? "pending" : state.armed == false ? "cancelled" : "none"
    }
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(1, forKey: .v)
    try values.encode("ios", forKey: .platform)
    try values.encode(earliest != nil, forKey: .scheduled)
    try values.encode(word, forKey: .state)
    try values.encode(earliest ?? 0, forKey: .next)
    // Not `encodeIfPresent`: both are null where there is none.
    try values.encode(state.lastRun, forKey: .lastRun)
    try values.encode(state.consecutiveFailures, forKey: .consecutiveFailures)
    try values.encode(state.openRun?.run, forKey: .openRun)
    let constraints = state.settings.constraints(of: task)
    try values.encode(
      state.settings.schedule(of: task).intervalSeconds / 60, forKey: .intervalMinutes)
    try values.encode(constraints.names, forKey: .constraints)
    try values.encode(constraints.unmet(conditions), forKey: .unmet)
    try values.encode(conditions.environment, forKey: .env)
  }

  var json: String {
    (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
