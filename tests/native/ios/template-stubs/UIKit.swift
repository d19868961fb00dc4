// What the README's change to React Native 0.88's template needs of UIKit, as Apple declares it. Type-checked, never run.
// https://developer.apple.com/documentation/uikit
@_exported import Foundation

@MainActor open class UIResponder: NSObject {}

@MainActor open class UIScene: UIResponder {
  open class ConnectionOptions: NSObject {}
}
@MainActor open class UIWindowScene: UIScene {}
@MainActor open class UISceneSession: NSObject {}
@MainActor public class UIOpenURLContext: NSObject {}
@MainActor open class UIWindow: UIResponder {
  public init(windowScene: UIWindowScene) {}
}

@MainActor open class UIApplication: UIResponder {
  public struct LaunchOptionsKey: Hashable, Sendable { public let rawValue: String }
  public class var shared: UIApplication { fatalError() }
  open weak var delegate: (any UIApplicationDelegate)?
}

@MainActor public protocol UIApplicationDelegate: AnyObject {
  func application(
    _ application: UIApplication,
    didFinishLaunchingWithOptions launchOptions: [UIApplication.LaunchOptionsKey: Any]?
  ) -> Bool
}
extension UIApplicationDelegate {
  public static func main() {}
}

@MainActor public protocol UIWindowSceneDelegate: AnyObject {
  var window: UIWindow? { get set }
  func scene(
    _ scene: UIScene, willConnectTo session: UISceneSession,
    options connectionOptions: UIScene.ConnectionOptions)
  func scene(_ scene: UIScene, openURLContexts URLContexts: Set<UIOpenURLContext>)
  func scene(_ scene: UIScene, continue userActivity: NSUserActivity)
}

// Foundation's on a Mac.
open class NSUserActivity: NSObject {}
