import Foundation

/// The network that a window needs. The names are those of the settings, of event lines and of JavaScript.
enum RequiredNetwork: String, Codable, Sendable {
  case any, unmetered
  /// iOS does not tell roaming, and has a switch of the user's for it: the same as ``any``.
  case notRoaming
  /// A window comes also without one.
  case none
}

/// What must be there before a window opens.
struct SyncConstraints: Equatable, Sendable {
  var network: RequiredNetwork
  var charging: Bool
  var batteryNotLow: Bool
  /// Not looked at: the free space is a required-reason API, which this package does without.
  /// https://developer.apple.com/documentation/bundleresources/describing-use-of-required-reason-api
  var storageNotLow: Bool
  var deviceIdle: Bool

  /// As on Android, percent.
  private static let lowBatteryPercent = 15

  /// Each by its name.
  var names: [String] {
    (network == .none ? [] : [network.rawValue])
      + [
        ("charging", charging), ("batteryNotLow", batteryNotLow), ("storageNotLow", storageNotLow),
        ("deviceIdle", deviceIdle),
      ].filter(\.1).map(\.0)
  }

  /// The ``names`` of what the device does not offer.
  ///
  /// - Parameter isProcessing: in a window of a `BGProcessingTask`, for which the system itself has seen to a network, a
  ///   charger and an idle device
  func unmet(_ device: DeviceConditions, isProcessing: Bool = false) -> [String] {
    names.filter { !isMet($0, device, isProcessing) }
  }

  private func isMet(_ name: String, _ device: DeviceConditions, _ isProcessing: Bool) -> Bool {
    // Unless the system says otherwise there is a network, but none that nobody knows to cost nothing.
    let isConnected = isProcessing || device.network?.connected != false
    switch name {
    case RequiredNetwork.any.rawValue, RequiredNetwork.notRoaming.rawValue: return isConnected
    case RequiredNetwork.unmetered.rawValue:
      return isConnected && device.network?.metered == false
    case "charging": return isProcessing || device.battery.charging
    case "batteryNotLow":
      return device.battery.charging
        || !(0...Self.lowBatteryPercent).contains(device.battery.percent)
    case "deviceIdle": return isProcessing || !device.inUse
    default: return true
    }
  }
}

/// What the app has set at run time, over what `bgsync.config.json` says: nil where it has not.
struct SyncSettings: Codable, Equatable, Sendable {
  struct Constraints: Codable, Equatable, Sendable {
    var network: RequiredNetwork?
    var charging: Bool?
    var batteryNotLow: Bool?
    var storageNotLow: Bool?
    var deviceIdle: Bool?
  }

  var constraints: Constraints?
  var intervalMinutes: Int?

  /// - Parameter text: what JavaScript hands over; "", or what is no JSON, sets nothing
  init(text: String = "") {
    guard let read = try? JSONDecoder().decode(SyncSettings.self, from: Data(text.utf8)) else {
      return
    }
    self = read
  }

  /// As they are in effect.
  func constraints(of task: SyncTask) -> SyncConstraints {
    let configured = task.constraints
    return SyncConstraints(
      network: constraints?.network ?? configured.network,
      charging: constraints?.charging ?? configured.charging,
      batteryNotLow: constraints?.batteryNotLow ?? configured.batteryNotLow,
      storageNotLow: constraints?.storageNotLow ?? configured.storageNotLow,
      deviceIdle: constraints?.deviceIdle ?? configured.deviceIdle)
  }

  func schedule(of task: SyncTask) -> SchedulePolicy.Config {
    var schedule = task.schedule
    if let intervalMinutes { schedule.intervalSeconds = min(max(intervalMinutes, 15), 10_080) * 60 }
    return schedule
  }

  /// Of the processing task.
  func requiresExternalPower(of task: SyncTask) -> Bool {
    task.requiresExternalPower || constraints(of: task).charging
  }

  /// For people.
  func description(of task: SyncTask) -> String {
    let interval = "every \(schedule(of: task).intervalSeconds / 60) min"
    return (constraints(of: task).names + [interval]).joined(separator: ", ")
  }
}

extension SyncSettings {
  /// Key by key: what another version wrote costs no more than itself.
  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    constraints = try? values.decodeIfPresent(Constraints.self, forKey: .constraints)
    intervalMinutes = try? values.decodeIfPresent(Int.self, forKey: .intervalMinutes)
  }
}

extension SyncSettings.Constraints {
  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys) -> Value? {
      (try? values.decodeIfPresent(Value.self, forKey: key)) ?? nil
    }
    network = value(.network)
    charging = value(.charging)
    batteryNotLow = value(.batteryNotLow)
    storageNotLow = value(.storageNotLow)
    deviceIdle = value(.deviceIdle)
  }
}
