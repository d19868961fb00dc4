import Foundation
import Network
import UIKit

struct NetworkState: Encodable, Sendable {
  var connected: Bool
  var metered: Bool
}

/// The device at one moment.
struct DeviceConditions: Sendable {
  var battery: BatteryState
  /// nil until the system told.
  var network: NetworkState?
  /// `wifi`, `cell`, `other` or `none`; nil until the system told.
  var networkKind: String?
  /// Files with complete protection and most Keychain items cannot be read. So it is in nearly every window of the night,
  /// and no reason not to run: what is readable after the first unlock still is.
  var locked: Bool
  /// React starts with the first scene in an app that has scenes.
  var sceneConnected: Bool
  /// The app is in front of a user.
  var inUse: Bool
  var backgroundRefresh: UIBackgroundRefreshStatus

  var environment: EventEnvironment {
    EventEnvironment(
      bat: battery.percent < 0 ? nil : battery.percent,
      chg: battery.charging ? 1 : 0,
      save: battery.saver ? 1 : 0,
      net: networkKind,
      metered: network.map { $0.metered ? 1 : 0 },
      locked: locked ? 1 : 0
    )
  }
}

/// Reads ``DeviceConditions``.
final class Device: Sendable {
  private let clock: SyncClock

  init(clock: SyncClock) { self.clock = clock }

  /// Asked anew each time: what a monitor has told before the process was suspended is the network of then, and its news
  /// comes later than the window.
  private func readNetwork(
    _ answer: @escaping @Sendable ((state: NetworkState, kind: String)?) -> Void
  ) {
    let monitor = Unchecked(NWPathMonitor())
    let answer = Once<(state: NetworkState, kind: String)?> {
      monitor.value.cancel()
      answer($0)
    }
    clock.after(1) { answer.call(nil) }
    monitor.value.pathUpdateHandler = { path in
      let connected = path.status == .satisfied
      let state = NetworkState(
        connected: connected, metered: path.isExpensive || path.isConstrained)
      let kind =
        !connected
        ? "none"
        : path.usesInterfaceType(.wifi)
          ? "wifi" : path.usesInterfaceType(.cellular) ? "cell" : "other"
      answer.call((state, kind))
    }
    monitor.value.start(queue: DispatchQueue(label: "dev.bgsync.network", qos: .utility))
  }

  /// UIKit answers on the main thread only. Nothing waits for it: while the main thread is blocked, the answer
  /// does not come, and the caller's own limit decides.
  func read(_ answer: @escaping @MainActor @Sendable (DeviceConditions) -> Void) {
    readNetwork { network in Task { @MainActor in answer(self.conditions(network)) } }
  }

  @MainActor
  private func conditions(_ network: (state: NetworkState, kind: String)?) -> DeviceConditions {
    let application = UIApplication.shared
    return DeviceConditions(
      battery: battery(),
      network: network?.state,
      networkKind: network?.kind,
      locked: !application.isProtectedDataAvailable,
      sceneConnected: !application.connectedScenes.isEmpty,
      inUse: application.applicationState == .active,
      backgroundRefresh: application.backgroundRefreshStatus
    )
  }

  @MainActor
  private func battery() -> BatteryState {
    let device = UIDevice.current
    // The level is -1 while monitoring is off; the app's own choice stays as it was.
    let monitored = device.isBatteryMonitoringEnabled
    device.isBatteryMonitoringEnabled = true
    defer { device.isBatteryMonitoringEnabled = monitored }
    return BatteryState(
      percent: device.batteryLevel < 0 ? -1 : Int((device.batteryLevel * 100).rounded()),
      charging: device.batteryState == .charging || device.batteryState == .full,
      saver: ProcessInfo.processInfo.isLowPowerModeEnabled
    )
  }
}
