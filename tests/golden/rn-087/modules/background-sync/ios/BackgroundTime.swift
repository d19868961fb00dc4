import UIKit

/// Keeps the process running for a while after the user has left the app.
/// https://developer.apple.com/documentation/uikit/uiapplication/beginbackgroundtask(withname:expirationhandler:)
enum BackgroundTime {
  /// Holds it for the run, and gives it back with the run's end: the system kills an app that keeps it.
  ///
  /// - Parameter expire: the time is nearly over; the run has to end within seconds
  static func hold(for run: SyncRun, expire: @escaping @Sendable () -> Void) {
    Task { @MainActor in
      let identifier = UIApplication.shared.beginBackgroundTask(withName: "dev.bgsync.drain") {
        expire()
      }
      guard identifier != .invalid else { return }
      run.hold { _ in
        Task { @MainActor in UIApplication.shared.endBackgroundTask(identifier) }
      }
    }
  }
}
