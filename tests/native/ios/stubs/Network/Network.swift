// What Apple's Network declares of path monitoring, as far as a sync could use it.
// https://developer.apple.com/documentation/network/nwpathmonitor
import Foundation

public struct NWInterface: Sendable {
  public enum InterfaceType: Sendable {
    case other, wifi, cellular, wiredEthernet, loopback
  }
}

public struct NWPath: Sendable {
  public enum Status: Sendable {
    case satisfied, unsatisfied, requiresConnection
  }

  public let status: Status
  public let isExpensive: Bool
  public let isConstrained: Bool
  private let type: NWInterface.InterfaceType

  public func usesInterfaceType(_ type: NWInterface.InterfaceType) -> Bool { type == self.type }

  @_spi(Fake) public init(fake status: Status, type: NWInterface.InterfaceType, expensive: Bool) {
    self.status = status
    self.type = type
    isExpensive = expensive
    isConstrained = false
  }
}

public final class NWPathMonitor: @unchecked Sendable {
  public init() {}

  public var pathUpdateHandler: (@Sendable (NWPath) -> Void)?

  public func start(queue: DispatchQueue) {
    let handler = pathUpdateHandler
    queue.async { handler?(NWPath(fake: .satisfied, type: .wifi, expensive: false)) }
  }

  public func cancel() {}
}
