// What Apple's UIKit declares, as far as a sync could use it; nothing more is visible without `@_spi(Fake)`.
// https://developer.apple.com/documentation/uikit
@_exported import Foundation

/// https://developer.apple.com/documentation/uikit/uibackgroundrefreshstatus
public enum UIBackgroundRefreshStatus: Int, Sendable {
  case restricted = 0
  case denied = 1
  case available = 2
}

/// https://developer.apple.com/documentation/uikit/uiscene
@MainActor open class UIScene: NSObject {
  nonisolated public static let willConnectNotification = NSNotification.Name(
    "UISceneWillConnectNotification")
}

/// https://developer.apple.com/documentation/uikit/uiwindow
@MainActor open class UIWindow: NSObject {}

/// https://developer.apple.com/documentation/uikit/uiwindowscene
@MainActor open class UIWindowScene: UIScene {
  public var windows: [UIWindow] { FakeDevice.state.hasWindow ? [UIWindow()] : [] }
}

/// https://developer.apple.com/documentation/uikit/uibackgroundtaskidentifier
public struct UIBackgroundTaskIdentifier: Hashable, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }
  public static let invalid = UIBackgroundTaskIdentifier(rawValue: 0)
}

/// https://developer.apple.com/documentation/uikit/uiresponder
@MainActor open class UIResponder: NSObject {}

/// https://developer.apple.com/documentation/uikit/uiapplicationdelegate
@MainActor public protocol UIApplicationDelegate: AnyObject {}

/// https://developer.apple.com/documentation/uikit/uiapplication
@MainActor open class UIApplication: NSObject {
  public enum State: Int, Sendable {
    case active = 0
    case inactive = 1
    case background = 2
  }

  public class var shared: UIApplication { application }
  private static let application = UIApplication()

  /// `unowned(unsafe)` in Apple's header; the process has one for as long as it lives.
  public weak var delegate: (any UIApplicationDelegate)?

  public var applicationState: State { .background }
  public var isProtectedDataAvailable: Bool { FakeDevice.state.protectedDataAvailable }
  public var backgroundRefreshStatus: UIBackgroundRefreshStatus {
    FakeDevice.state.backgroundRefreshStatus
  }
  public var connectedScenes: Set<UIScene> {
    FakeDevice.state.sceneConnected ? [UIWindowScene()] : []
  }

  public func beginBackgroundTask(
    withName name: String?, expirationHandler handler: (@MainActor @Sendable () -> Void)? = nil
  ) -> UIBackgroundTaskIdentifier {
    UIBackgroundTaskIdentifier(rawValue: FakeDevice.beginBackgroundTask(handler))
  }

  public func endBackgroundTask(_ identifier: UIBackgroundTaskIdentifier) {
    FakeDevice.endBackgroundTask(identifier.rawValue)
  }

  nonisolated public static let didEnterBackgroundNotification = NSNotification.Name(
    "UIApplicationDidEnterBackgroundNotification")
  nonisolated public static let didBecomeActiveNotification = NSNotification.Name(
    "UIApplicationDidBecomeActiveNotification")
}

/// https://developer.apple.com/documentation/uikit/uidevice
@MainActor open class UIDevice: NSObject {
  public enum BatteryState: Int, Sendable {
    case unknown = 0
    case unplugged = 1
    case charging = 2
    case full = 3
  }

  public class var current: UIDevice { device }
  private static let device = UIDevice()

  public var isBatteryMonitoringEnabled = false
  public var batteryLevel: Float {
    isBatteryMonitoringEnabled ? FakeDevice.state.batteryLevel : -1
  }
  public var batteryState: BatteryState {
    isBatteryMonitoringEnabled ? FakeDevice.state.batteryState : .unknown
  }
}

extension ProcessInfo {
  /// https://developer.apple.com/documentation/foundation/processinfo/islowpowermodeenabled
  public var isLowPowerModeEnabled: Bool { FakeDevice.state.lowPowerMode }
}

@_spi(Fake) public enum FakeDevice {
  public struct State: Sendable {
    /// Of class A: false on every locked device with a passcode.
    public var protectedDataAvailable = true
    public var sceneConnected = false
    public var hasWindow = false
    public var backgroundRefreshStatus = UIBackgroundRefreshStatus.available
    public var batteryLevel: Float = 0.8
    public var batteryState = UIDevice.BatteryState.unplugged
    public var lowPowerMode = false
  }

  /// The part of the system that gives background time.
  public struct BackgroundTime: Sendable {
    public var begin: @Sendable (_ expire: (@MainActor @Sendable () -> Void)?) -> Int
    public var end: @Sendable (Int) -> Void
    public init(
      begin: @escaping @Sendable ((@MainActor @Sendable () -> Void)?) -> Int,
      end: @escaping @Sendable (Int) -> Void
    ) { (self.begin, self.end) = (begin, end) }
  }

  nonisolated(unsafe) private static var time: BackgroundTime?
  public static var backgroundTime: BackgroundTime? {
    get { lock.withLock { time } }
    set { lock.withLock { time = newValue } }
  }
  static func beginBackgroundTask(_ expire: (@MainActor @Sendable () -> Void)?) -> Int {
    backgroundTime?.begin(expire) ?? 0
  }
  static func endBackgroundTask(_ identifier: Int) { backgroundTime?.end(identifier) }

  nonisolated(unsafe) private static var current = State()
  private static let lock = NSLock()

  public static var state: State {
    get { lock.withLock { current } }
    set { lock.withLock { current = newValue } }
  }
}
