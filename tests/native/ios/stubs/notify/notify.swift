// What notify.h declares, as far as a sync could use it: notify(3).
import Foundation

// swift-format-ignore: AlwaysUseLowerCamelCase
@discardableResult
public func notify_register_dispatch(
  _ name: UnsafePointer<CChar>!, _ out_token: UnsafeMutablePointer<Int32>!, _ queue: DispatchQueue!,
  _ handler: @escaping (Int32) -> Void
) -> UInt32 {
  out_token.pointee = FakeNotifications.register(String(cString: name), queue, handler)
  return 0
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@discardableResult
public func notify_get_state(_ token: Int32, _ state64: UnsafeMutablePointer<UInt64>!) -> UInt32 {
  state64.pointee = FakeNotifications.state(token)
  return 0
}

@_spi(Fake) public enum FakeNotifications {
  private struct Listener: @unchecked Sendable {
    let name: String
    let queue: DispatchQueue
    let handler: (Int32) -> Void
    var state: UInt64 = 0
  }

  nonisolated(unsafe) private static var listeners: [Listener] = []
  private static let lock = NSLock()

  static func register(_ name: String, _ queue: DispatchQueue, _ handler: @escaping (Int32) -> Void)
    -> Int32
  {
    lock.withLock {
      listeners.append(Listener(name: name, queue: queue, handler: handler))
      return Int32(listeners.count - 1)
    }
  }

  static func state(_ token: Int32) -> UInt64 { lock.withLock { listeners[Int(token)].state } }

  public static var names: [String] { lock.withLock { listeners.map(\.name) } }

  /// `notifyutil -s NAME STATE -p NAME`
  public static func post(_ name: String, state: UInt64 = 0) {
    let due = lock.withLock {
      listeners.indices.filter { listeners[$0].name == name }.map { index in
        listeners[index].state = state
        return (Int32(index), listeners[index])
      }
    }
    for (token, listener) in due { listener.queue.async { listener.handler(token) } }
  }
}
