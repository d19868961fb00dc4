import Foundation
import UIKit

/// What the app may set. See the README of this package.
public enum BackgroundSync {
  /// Gives the app's `RCTReactNativeFactory` (`ExpoReactNativeFactory`), so that JavaScript can start in the background,
  /// before there is a scene. Not needed where the app delegate keeps it in a property `reactNativeFactory`, as Expo's
  /// and that of React Native's template up to 0.87 do. Set it before
  /// `application(_:didFinishLaunchingWithOptions:)` returns:
  ///
  ///     BackgroundSync.hostProvider = { [weak self] in self?.reactNativeFactory }
  ///
  /// The factory must be the one that the scene uses later: a second one would be a second JavaScript runtime.
  @MainActor public static var hostProvider: (@MainActor () -> NSObject?)?
}

/// Whether JavaScript comes up in a background launch, and how.
final class ReactHost: Sendable {
  enum Plan {
    /// The app delegate or a scene has started React, or is about to.
    case wait
    /// React starts with a scene, there is none, and the app has handed its factory over.
    case start
    /// React starts with a scene, and there is none: only the app itself can bring it up.
    case none
  }

  enum Start {
    case started
    /// It was there.
    case present
    /// There is no factory, or no call for it in that version of React Native.
    case impossible
  }

  /// What reaches into React Native, by the Objective-C runtime.
  struct Runtime: Sendable {
    /// The factory that an app delegate keeps in a property `reactNativeFactory`.
    var factory: @MainActor @Sendable (_ appDelegate: NSObject) -> NSObject?
    var start: @MainActor @Sendable (_ factory: NSObject) -> Start
    /// Takes the host of the factory down.
    var stop: @MainActor @Sendable (_ factory: NSObject) -> Void
  }

  /// Whether the app has a scene manifest. Without one the app delegate starts React, at every launch.
  private let usesScenes: Bool
  /// expo-updates cannot start without a window: it asks for one and traps, and a host that starts with the embedded
  /// bundle would keep the scene from the downloaded one.
  private let usesExpoUpdates: Bool
  private let runtime: Runtime
  /// The factory whose host was started here.
  @MainActor private weak var started: NSObject?

  init(usesScenes: Bool, usesExpoUpdates: Bool, runtime: Runtime) {
    self.usesScenes = usesScenes
    self.usesExpoUpdates = usesExpoUpdates
    self.runtime = runtime
  }

  /// React Native takes its time to start, and its app is one world: a run that waits gets it, too.
  let endsWithRun = false

  @MainActor var canStart: Bool { !usesExpoUpdates && factory() != nil }

  @MainActor
  func plan(sceneConnected: Bool) -> Plan {
    if !usesScenes || sceneConnected { return .wait }
    return canStart ? .start : .none
  }

  @MainActor
  func start() -> Start {
    guard !usesExpoUpdates, let factory = factory() else { return .impossible }
    let start = runtime.start(factory)
    if start == .started { started = factory }
    return start
  }

  /// Takes down what was started here, unless it has a window by now. A host that stays has no launch options: React
  /// Native keeps it when a scene connects, and the deep link that opened the app would be lost.
  @MainActor
  func stopIfUnused() {
    guard let factory = started else { return }
    started = nil
    let windows = UIApplication.shared.connectedScenes
      .compactMap { $0 as? UIWindowScene }.flatMap(\.windows)
    if windows.isEmpty { runtime.stop(factory) }
  }

  /// The app's own word comes first.
  @MainActor
  private func factory() -> NSObject? {
    if let provider = BackgroundSync.hostProvider { return provider() }
    return (UIApplication.shared.delegate as? NSObject).flatMap(runtime.factory)
  }
}
