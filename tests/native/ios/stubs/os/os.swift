// What Apple's os declares of the unified log, as far as a sync could use it.
// https://developer.apple.com/documentation/os/logger
import Foundation

public struct OSLogPrivacy: Equatable, Sendable {
  private let name: String
  public static let auto = OSLogPrivacy(name: "auto")
  public static let `public` = OSLogPrivacy(name: "public")
  public static let `private` = OSLogPrivacy(name: "private")
}

public struct OSLogInterpolation: StringInterpolationProtocol, Sendable {
  fileprivate var text = ""

  public init(literalCapacity: Int, interpolationCount: Int) {}
  public mutating func appendLiteral(_ literal: String) { text += literal }
  /// A dynamic string is `<private>` unless it is marked: os_log(3).
  public mutating func appendInterpolation(
    _ value: @autoclosure @escaping () -> String, privacy: OSLogPrivacy = .auto
  ) {
    text += privacy == .public ? value() : "<private>"
  }
}

public struct OSLogMessage: ExpressibleByStringInterpolation, Sendable {
  fileprivate let text: String

  public init(stringInterpolation: OSLogInterpolation) { text = stringInterpolation.text }
  public init(stringLiteral value: String) { text = value }
}

public struct Logger: Sendable {
  private let category: String

  public init(subsystem: String, category: String) { self.category = category }

  public func notice(_ message: OSLogMessage) { FakeLog.append(category, message.text) }
}

@_spi(Fake) public enum FakeLog {
  nonisolated(unsafe) private static var collected: [(category: String, text: String)] = []
  private static let lock = NSLock()

  public static var lines: [(category: String, text: String)] { lock.withLock { collected } }
  static func append(_ category: String, _ text: String) {
    lock.withLock { collected.append((category, text)) }
  }
}
