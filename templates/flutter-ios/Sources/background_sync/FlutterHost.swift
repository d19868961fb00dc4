import Flutter
import Foundation

/// A FlutterEngine of its own for each run, also while the app is open: a drain does not block what the user sees, and
/// has the same surroundings day and night. It enters Dart by a name and a library, and needs no scene.
final class FlutterHost: Sendable {
  enum Plan {
    case wait
    case start
    case none
  }

  enum Start {
    case started
    case present
    /// There is no such function in the app's Dart, or no Flutter in this build.
    case impossible
  }

  /// Gives the app's plugins to an engine, this one too.
  private let registerPlugins: @MainActor @Sendable (FlutterEngine) -> Void

  /// Never more than one.
  @MainActor private var engine: FlutterEngine?

  init(registerPlugins: @escaping @MainActor @Sendable (FlutterEngine) -> Void) {
    self.registerPlugins = registerPlugins
  }

  /// A run that waits gets an engine of its own: in this one the last drain may go on.
  let endsWithRun = true

  @MainActor var canStart: Bool { true }

  @MainActor
  func plan(sceneConnected: Bool) -> Plan { .start }

  @MainActor
  func start() -> Start {
    stopIfUnused()
    let engine = FlutterEngine(
      name: "dev.bgsync", project: nil, allowHeadlessExecution: true)
    let isRunning = engine.run(
      withEntrypoint: DartHandler.function, libraryURI: DartHandler.library)
    guard isRunning else { return .impossible }
    self.engine = engine
    // Dart is entered on a later turn of its event loop: it finds the channel.
    registerPlugins(engine)
    return .started
  }

  /// The engine ends with its run, and what still drains with it.
  @MainActor
  func stopIfUnused() {
    guard let engine else { return }
    self.engine = nil
    let plugin = engine.valuePublished(byPlugin: BackgroundSyncPlugin.name)
    (plugin as? BackgroundSyncPlugin)?.stop()
    engine.destroyContext()
  }
}
