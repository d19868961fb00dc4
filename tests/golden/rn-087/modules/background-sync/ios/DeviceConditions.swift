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
  /// False while the device is locked: files with complete protection and most Keychain items cannot be read.
  var protectedDataAvailable: Bool
  /// React starts with the first scene in an app that has scenes.
  var sceneConnected: Bool
  var backgroundRefresh: UIBackgroundRefreshStatus

  var environment: EventEnvironment {
    EventEnvironment(
      bat: battery.percent < 0 ? nil : battery.percent,
      chg: battery.charging ? 1 : 0,
      save: battery.saver ? 1 : 0,
      net: networkKind,
      metered: network.map { $0.metered ? 1 : 0 },
      locked: protectedDataAvailable ? 0 : 1
    )
  }
}

/// Reads ``DeviceConditions``.
final class Device: @unchecked Sendable {
  private let monitor = NWPathMonitor()
  private let lock = NSLock()
  private var network: (state: NetworkState, kind: String)?

  /// The first answer comes a moment later: called at launch, so that a run finds it.
  func watchNetwork() {
    monitor.pathUpdateHandler = { [weak self] path in
      let connected = path.status == .satisfied
      let state = NetworkState(connected: connected, metered: path.isExpensive)
      let kind =
        !connected
        ? "none"
        : path.usesInterfaceType(.wifi)
          ? "wifi" : path.usesInterfaceType(.cellular) ? "cell" : "other"
      guard let self else { return }
      lock.withLock { self.network = (state, kind) }
    }
    monitor.start(queue: DispatchQueue(label: "dev.bgsync.network", qos: .utility))
  }

  /// UIKit answers on the main thread only. Nothing waits for it: while the main thread is blocked, the answer
  /// does not come, and the caller's own limit decides.
  func read(_ answer: @escaping @MainActor @Sendable (DeviceConditions) -> Void) {
    Task { @MainActor in answer(conditions()) }
  }

  @MainActor
  private func conditions() -> DeviceConditions {
    let application = UIApplication.shared
    let network = lock.withLock { self.network }
    return DeviceConditions(
      battery: battery(),
      network: network?.state,
      networkKind: network?.kind,
      protectedDataAvailable: application.isProtectedDataAvailable,
      sceneConnected: !application.connectedScenes.isEmpty,
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
