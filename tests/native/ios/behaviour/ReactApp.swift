import Foundation
@_spi(Fake) import UIKit

@testable import BackgroundSync

/// What of the app is React Native's.
extension App {
  func makeHost(scenes: Bool, updates: Bool) -> ReactHost {
    ReactHost(
      usesScenes: scenes, usesExpoUpdates: updates,
      runtime: ReactHost.Runtime(
        factory: { FakeRuntime.factory(of: $0) },
        start: { [reactStarts, reactWaits, factoryWorks, factories] factory in
          reactStarts.add("start")
          reactWaits.values.last?.wait()
          factories.add(ObjectIdentifier(factory))
          return factoryWorks.values.last ?? true ? .started : .impossible
        },
        stop: { [reactStops] factory in reactStops.add(ObjectIdentifier(factory)) }))
  }
}

/// What the Objective-C runtime tells of a class written in Swift; there is none on Linux. Stored properties by name,
/// lazy ones by the name of their storage, computed ones where they are `@objc`.
@MainActor enum FakeRuntime {
  static func factory(of delegate: NSObject) -> NSObject? {
    if let visible = delegate as? ObjectiveCFactory { return visible.objectiveCFactory }
    var mirror: Mirror? = Mirror(reflecting: delegate)
    while let current = mirror {
      for name in ["reactNativeFactory", "$__lazy_storage_$_reactNativeFactory"] {
        if let found = current.children.first(where: { $0.label == name }) {
          return found.value as? NSObject
        }
      }
      mirror = current.superclassMirror
    }
    return nil
  }
}

/// An app delegate whose property is `@objc`.
@MainActor protocol ObjectiveCFactory {
  var objectiveCFactory: NSObject? { get }
}
