// Of React Native 0.88.1, as Swift sees its headers: React/CoreModules/RCTDevMenu.h, React/Base/RCTBundleURLProvider.h,
// Libraries/LinkingIOS/RCTLinkingManager.h.
import UIKit

open class RCTDevMenuConfiguration: NSObject {
  public init(devMenuEnabled: Bool, shakeGestureEnabled: Bool, keyboardShortcutsEnabled: Bool) {}
}
open class RCTBundleURLProvider: NSObject {
  public class func sharedSettings() -> RCTBundleURLProvider { fatalError() }
  public func jsBundleURL(forBundleRoot bundleRoot: String) -> URL! { nil }
}
@MainActor open class RCTLinkingManager: NSObject {
  public class func scene(_ scene: UIScene, openURLContexts URLContexts: Set<UIOpenURLContext>) {}
  public class func scene(_ scene: UIScene, continue userActivity: NSUserActivity) {}
}
