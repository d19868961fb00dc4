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

  @_spi(Fake) public init(
    fake status: Status, type: NWInterface.InterfaceType, expensive: Bool, constrained: Bool
  ) {
    self.status = status
    self.type = type
    isExpensive = expensive
    isConstrained = constrained
  }
}

public final class NWPathMonitor: @unchecked Sendable {
  public init() { FakeNetwork.state.monitors += 1 }

  public var pathUpdateHandler: (@Sendable (NWPath) -> Void)?

  /// Tells the path of now, and then each change, once the process runs again where it was suspended: later than what has
  /// resumed it. No test waits for that.
  public func start(queue: DispatchQueue) {
    FakeNetwork.state.watching += 1
    let handler = pathUpdateHandler
    let network = FakeNetwork.state
    guard network.answers else { return }
    queue.async {
      handler?(
        NWPath(
          fake: network.satisfied ? .satisfied : .unsatisfied,
          type: network.expensive ? .cellular : .wifi, expensive: network.expensive,
          constrained: network.lowDataMode))
    }
  }

  public func cancel() { FakeNetwork.state.watching -= 1 }
}

@_spi(Fake) public enum FakeNetwork {
  public struct State: Sendable {
    /// How many monitors there have been.
    public var monitors = 0
    /// How many of them are not cancelled.
    public var watching = 0
    public var answers = true
    public var lowDataMode = false
    public var expensive = false
    public var satisfied = true
  }

  nonisolated(unsafe) private static var current = State()
  private static let lock = NSLock()

  public static var state: State {
    get { lock.withLock { current } }
    set { lock.withLock { current = newValue } }
  }
}
