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
@MainActor open class UIScene: NSObject {}

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
  public var connectedScenes: Set<UIScene> { FakeDevice.state.sceneConnected ? [UIScene()] : [] }

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
    public var protectedDataAvailable = true
    public var sceneConnected = false
    public var backgroundRefreshStatus = UIBackgroundRefreshStatus.available
    public var batteryLevel: Float = 0.8
    public var batteryState = UIDevice.BatteryState.unplugged
    public var lowPowerMode = false
  }

  nonisolated(unsafe) private static var current = State()
  private static let lock = NSLock()

  public static var state: State {
    get { lock.withLock { current } }
    set { lock.withLock { current = newValue } }
  }
}
