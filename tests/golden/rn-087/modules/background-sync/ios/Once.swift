import Foundation

/// A block that runs on its first call only. Safe on any thread.
final class Once<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var block: (@Sendable (Value) -> Void)?

  init(_ block: @escaping @Sendable (Value) -> Void) { self.block = block }

  /// - Returns: whether this call was the first
  @discardableResult
  func call(_ value: Value) -> Bool {
    let block = lock.withLock {
      defer { self.block = nil }
      return self.block
    }
    block?(value)
    return block != nil
  }
}
