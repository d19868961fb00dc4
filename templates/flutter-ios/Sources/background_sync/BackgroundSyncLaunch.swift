import Flutter
import Foundation

/// The background sync of this process.
enum BackgroundSyncLaunch {
  private static let app = AppInfo(infoDictionary: Bundle.main.infoDictionary ?? [:])

  static let worker = BackgroundSyncWorker(
    app: app, host: FlutterHost(registerPlugins: { registerPlugins(with: $0) }),
    directory: SyncDisk.directory)

  static func start() {
    worker.start()
    #if DEBUG
      BackgroundSyncDebug.install(on: worker)
    #endif
  }

  /// The class that the Flutter tool writes into the app: it has no callback that an AppDelegate would have to set.
  @MainActor
  private static func registerPlugins(with engine: FlutterEngine) {
    #if canImport(ObjectiveC)
      guard let registrant = NSClassFromString("GeneratedPluginRegistrant") else { return }
      _ = (registrant as AnyObject).perform(
        NSSelectorFromString("registerWithRegistry:"), with: engine)
    #endif
  }
}

/// For the `+load` of BackgroundSyncLaunch.m, in the other target of this package.
@_cdecl("bgsync_launch")
public func bgsyncLaunch() {
  BackgroundSyncLaunch.start()
}
