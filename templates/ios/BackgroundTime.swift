import UIKit

/// Keeps the process running for a while after the user has left the app.
/// https://developer.apple.com/documentation/uikit/uiapplication/beginbackgroundtask(withname:expirationhandler:)
enum BackgroundTime {
  /// Holds it for the run, and gives it back with the run's end.
  ///
  /// - Parameter expire: the time is nearly over; the run has to end within seconds
  static func hold(for run: SyncRun, expire: @escaping @Sendable () -> Void) {
    Task { @MainActor in
      let giveBack = begin(expire)
      run.hold { _ in giveBack.call(()) }
    }
  }

  /// - Returns: gives it back; the system kills an app that keeps it
  @MainActor
  static func begin(_ expire: @escaping @Sendable () -> Void) -> Once<Void> {
    let identifier = UIApplication.shared.beginBackgroundTask(withName: "dev.bgsync.drain") {
      expire()
    }
    return Once {
      guard identifier != .invalid else { return }
      Task { @MainActor in UIApplication.shared.endBackgroundTask(identifier) }
    }
  }
}
