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

/// Counts from 1. Safe on any thread.
final class Numbers: @unchecked Sendable {
  private let lock = NSLock()
  private var last = 0

  func next() -> Int {
    lock.withLock {
      last += 1
      return last
    }
  }
}

/// For what the system hands over without saying that it may be used on any thread, and that may.
struct Unchecked<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
