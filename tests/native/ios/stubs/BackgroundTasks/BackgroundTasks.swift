// What Apple's BackgroundTasks declares for an iOS app, as far as a sync could use it; nothing more is visible without
// `@_spi(Fake)`. Behaviour: FakeSystem.swift.
// https://developer.apple.com/documentation/backgroundtasks
import Foundation

/// https://developer.apple.com/documentation/backgroundtasks/bgtaskrequest
open class BGTaskRequest: NSObject {
  public let identifier: String
  public var earliestBeginDate: Date?

  fileprivate init(_ identifier: String) { self.identifier = identifier }
}

/// https://developer.apple.com/documentation/backgroundtasks/bgapprefreshtaskrequest
public class BGAppRefreshTaskRequest: BGTaskRequest {
  public init(identifier: String) { super.init(identifier) }
}

/// https://developer.apple.com/documentation/backgroundtasks/bgprocessingtaskrequest
public class BGProcessingTaskRequest: BGTaskRequest {
  public var requiresNetworkConnectivity = false
  public var requiresExternalPower = false

  public init(identifier: String) { super.init(identifier) }
}

/// https://developer.apple.com/documentation/backgroundtasks/bgtask
open class BGTask: NSObject {
  public let identifier: String

  /// Not `@Sendable`: a closure takes over the isolation of the place where it stands.
  public var expirationHandler: (() -> Void)? {
    get { lock.withLock { handler } }
    set { lock.withLock { handler = completed ? nil : newValue } }
  }

  private let lock = NSLock()
  private var handler: (() -> Void)?
  private var completed = false
  private let onCompletion: @Sendable (_ success: Bool, _ first: Bool) -> Void

  fileprivate init(
    _ identifier: String, _ onCompletion: @escaping @Sendable (Bool, Bool) -> Void
  ) {
    self.identifier = identifier
    self.onCompletion = onCompletion
  }

  public func setTaskCompleted(success: Bool) {
    let first = lock.withLock {
      defer { completed = true }
      handler = nil
      return !completed
    }
    onCompletion(success, first)
  }
}

/// https://developer.apple.com/documentation/backgroundtasks/bgprocessingtask
public class BGProcessingTask: BGTask {
  @_spi(Fake) public init(
    fake identifier: String, onCompletion: @escaping @Sendable (Bool, Bool) -> Void
  ) {
    super.init(identifier, onCompletion)
  }
}

/// https://developer.apple.com/documentation/backgroundtasks/bgapprefreshtask
public class BGAppRefreshTask: BGTask {
  @_spi(Fake) public init(
    fakeRefresh identifier: String, onCompletion: @escaping @Sendable (Bool, Bool) -> Void
  ) {
    super.init(identifier, onCompletion)
  }
}

/// https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler
open class BGTaskScheduler: NSObject {
  public class var shared: BGTaskScheduler { FakeSystem.current.scheduler }

  public static let errorDomain = "BGTaskSchedulerErrorDomain"

  /// https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/error
  public struct Error: CustomNSError, Hashable {
    public enum Code: Int, Sendable {
      case unavailable = 1
      case tooManyPendingTaskRequests = 2
      case notPermitted = 3
      case immediateRunIneligible = 4
    }

    public let code: Code
    public static var errorDomain: String { BGTaskScheduler.errorDomain }
    public var errorCode: Int { code.rawValue }

    @_spi(Fake) public init(fake code: Code) { self.code = code }
  }

  private unowned let system: FakeSystem

  @_spi(Fake) public init(fake system: FakeSystem) { self.system = system }

  /// The handler is not `@Sendable`, as in Apple's header.
  public func register(
    forTaskWithIdentifier identifier: String, using queue: DispatchQueue?,
    launchHandler: @escaping (BGTask) -> Void
  ) -> Bool {
    system.register(identifier, queue, launchHandler)
  }

  public func submit(_ taskRequest: BGTaskRequest) throws { try system.submit(taskRequest) }

  #if IOS27_SDK
    /// iOS 27: https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler
    public func submitTaskRequest(
      _ taskRequest: BGTaskRequest,
      completionHandler: @escaping @Sendable ((any Swift.Error)?) -> Void
    ) {
      system.submitAsynchronously(taskRequest, completionHandler)
    }
  #endif

  public func cancel(taskRequestWithIdentifier identifier: String) { system.cancel(identifier) }

  public func cancelAllTaskRequests() { system.cancel(nil) }

  public func getPendingTaskRequests(completionHandler: @escaping ([BGTaskRequest]) -> Void) {
    system.pending(completionHandler)
  }
}
