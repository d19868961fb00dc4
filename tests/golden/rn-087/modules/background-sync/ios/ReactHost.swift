import Foundation
import UIKit

/// What the app may set. See the README of this package.
public enum BackgroundSync {
  /// Where the app has scenes: gives the app's `RCTReactNativeFactory` (`ExpoReactNativeFactory`), owned by the app
  /// delegate, so that JavaScript can start in the background, before there is a scene. Not needed where the app
  /// delegate keeps it in a property `reactNativeFactory`, as Expo's does. Set it before
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
    /// React starts with a scene, there is none, and the app delegate has the factory.
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
    let canStart = BackgroundSync.hostProvider != nil || factoryOfAppDelegate() != nil
    return canStart && !usesExpoUpdates ? .start : .none
  }

  @MainActor
  func start() -> Bool {
    let provider = BackgroundSync.hostProvider ?? factoryOfAppDelegate
    guard let factory = provider() else { return false }
    return startReact(factory)
  }

  /// Expo's `ExpoReactNativeFactoryProvider` (SDK 58): its app delegate owns the factory that the scene uses later, in a
  /// property of this name, and so do bare apps that moved to scenes. By reflection: the protocol is Swift alone, and to
  /// name it this pod would have to be built against Expo's.
  @MainActor
  private func factoryOfAppDelegate() -> NSObject? {
    guard let delegate = UIApplication.shared.delegate else { return nil }
    var mirror: Mirror? = Mirror(reflecting: delegate)
    while let current = mirror {
      if let property = current.children.first(where: { $0.label == "reactNativeFactory" }) {
        return property.value as? NSObject
      }
      mirror = current.superclassMirror
    }
    return nil
  }
}
