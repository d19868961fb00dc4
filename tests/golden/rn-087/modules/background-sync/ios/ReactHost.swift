import Foundation

/// What the app may set. See the README of this package.
public enum BackgroundSync {
  /// Where the app has scenes: gives the app's `RCTReactNativeFactory` (`ExpoReactNativeFactory`), owned by the app
  /// delegate, so that JavaScript can start in the background, before there is a scene. Set it before
  /// `application(_:didFinishLaunchingWithOptions:)` returns:
  ///
  ///     BackgroundSync.hostProvider = { [weak self] in self?.reactNativeFactory }
  ///
  /// The factory must be the one that the scene uses later: a second one would be a second JavaScript runtime.
  @MainActor public static var hostProvider: (@MainActor () -> NSObject?)?
}

/// Whether JavaScript comes up in a background launch, and how.
struct ReactHost: Sendable {
  enum Plan {
    /// The app delegate or a scene has started React, or is about to.
    case wait
    /// React starts with a scene, there is none, and the app has handed its factory over.
    case start
    /// React starts with a scene, and there is none.
    case none
  }

  /// Whether the app has a scene manifest. Without one the app delegate starts React, at every launch.
  let usesScenes: Bool
  /// expo-updates cannot start without a window: it asks for one and traps, and a host that starts with the embedded
  /// bundle would keep the scene from the downloaded one.
  let usesExpoUpdates: Bool
  /// Starts React in the app's factory; false where that version of React Native has no call for it.
  let startReact: @MainActor @Sendable (NSObject) -> Bool

  @MainActor
  func plan(sceneConnected: Bool) -> Plan {
    if !usesScenes || sceneConnected { return .wait }
    return BackgroundSync.hostProvider == nil || usesExpoUpdates ? .none : .start
  }

  @MainActor
  func start() -> Bool {
    guard let factory = BackgroundSync.hostProvider?() else { return false }
    return startReact(factory)
  }
}
