// Of React Native 0.88.1, as Swift sees Libraries/AppDelegate/RCTReactNativeFactory.h and
// RCTDefaultReactNativeFactoryDelegate.h.
import React
import UIKit

@MainActor public protocol RCTDependencyProvider: AnyObject {}
@MainActor public protocol RCTReactNativeFactoryDelegate: AnyObject {
  func bundleURL() -> URL?
}
@MainActor open class RCTDefaultReactNativeFactoryDelegate: UIResponder,
  RCTReactNativeFactoryDelegate
{
  public var dependencyProvider: (any RCTDependencyProvider)?
  open func bundleURL() -> URL? { nil }
}
@MainActor open class RCTReactNativeFactory: NSObject {
  public init(delegate: any RCTReactNativeFactoryDelegate) {}
  public var devMenuConfiguration: RCTDevMenuConfiguration = .init(
    devMenuEnabled: true, shakeGestureEnabled: true, keyboardShortcutsEnabled: true)
  public func startReactNative(
    withModuleName moduleName: String, in window: UIWindow?,
    connectionOptions: UIScene.ConnectionOptions?
  ) {}
}
