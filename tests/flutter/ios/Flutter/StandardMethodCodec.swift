import Foundation

/// Flutter's standard codec, as far as the plugin's values go. A whole number is an NSNumber in Swift's hands, as the real
/// reader makes it: https://api.flutter.dev/flutter/services/StandardMessageCodec-class.html
public enum PlayedCodec {
  public static func call(_ message: Data) -> FlutterMethodCall {
    var reader = Reader(bytes: [UInt8](message))
    let method = reader.value() as! String
    let arguments = reader.value()
    return FlutterMethodCall(
      methodName: method, arguments: arguments is NSNull ? nil : arguments)
  }

  /// Nil where native has no such method.
  public static func envelope(_ result: Any?) -> Data? {
    if let object = result as? NSObject, object === FlutterMethodNotImplemented { return nil }
    return Data([0]) + bytes(result)
  }

  public static func bytes(_ value: Any?) -> Data {
    switch value {
    case nil, is NSNull: return Data([0])
    case let flag as Bool where type(of: value!) == Bool.self: return Data([flag ? 1 : 2])
    case let whole as any BinaryInteger:
      if let small = Int32(exactly: whole) { return Data([3]) + raw(small) }
      return Data([4]) + raw(Int64(whole))
    case let text as String:
      let utf8 = Data(text.utf8)
      return Data([7]) + size(utf8.count) + utf8
    case let list as [Any]: return list.reduce(Data([12]) + size(list.count)) { $0 + bytes($1) }
    default: fatalError("Unsupported value: \(value!) of type \(type(of: value!))")
    }
  }

  private static func raw(_ value: some FixedWidthInteger) -> Data {
    withUnsafeBytes(of: value) { Data($0) }
  }

  private static func size(_ count: Int) -> Data {
    if count < 254 { return Data([UInt8(count)]) }
    if count <= 0xffff { return Data([254]) + raw(UInt16(count)) }
    return Data([255]) + raw(UInt32(count))
  }

  private struct Reader {
    let bytes: [UInt8]
    var at = 0

    mutating func take<Value: FixedWidthInteger>(_ type: Value.Type) -> Value {
      defer { at += MemoryLayout<Value>.size }
      return bytes[at...].withUnsafeBytes { $0.loadUnaligned(as: type) }
    }

    mutating func size() -> Int {
      switch take(UInt8.self) {
      case 254: return Int(take(UInt16.self))
      case 255: return Int(take(UInt32.self))
      case let size: return Int(size)
      }
    }

    mutating func value() -> Any {
      switch take(UInt8.self) {
      case 0: return NSNull()
      case 1: return NSNumber(value: true)
      case 2: return NSNumber(value: false)
      case 3: return NSNumber(value: take(Int32.self))
      case 4: return NSNumber(value: take(Int64.self))
      case 7:
        let count = size()
        defer { at += count }
        return String(decoding: bytes[at..<at + count], as: UTF8.self)
      case 12: return (0..<size()).map { _ in value() }
      case let type: fatalError("Message corrupted: type \(type)")
      }
    }
  }
}
