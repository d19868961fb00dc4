// Of the module Flutter what the generated Swift uses, as Swift sees its Objective-C headers:
// https://github.com/flutter/flutter/tree/3.29.0/engine/src/flutter/shell/platform/darwin/ios/framework/Headers
import Foundation

public typealias FlutterResult = (Any?) -> Void

public let FlutterMethodNotImplemented: NSObject = PlayedNotImplemented()
final class PlayedNotImplemented: NSObject, @unchecked Sendable {}

public protocol FlutterBinaryMessenger: AnyObject {}

public class FlutterMethodCall {
  public let method: String
  public let arguments: Any?

  public init(methodName: String, arguments: Any?) {
    method = methodName
    self.arguments = arguments
  }
}

public class FlutterMethodChannel {
  public let name: String

  public init(name: String, binaryMessenger: FlutterBinaryMessenger) {
    self.name = name
  }
}

public class FlutterDartProject: NSObject {}

public protocol FlutterPluginRegistrar: AnyObject {
  func messenger() -> FlutterBinaryMessenger
  func publish(_ value: NSObject)
  func addMethodCallDelegate(_ delegate: FlutterPlugin, channel: FlutterMethodChannel)
}

/// `handle` and `detachFromEngine` are optional there.
public protocol FlutterPlugin: AnyObject {
  static func register(with registrar: FlutterPluginRegistrar)
  func handle(_ call: FlutterMethodCall, result: @escaping FlutterResult)
  func detachFromEngine(for registrar: FlutterPluginRegistrar)
}

/// An engine whose Dart the tests play.
public class FlutterEngine: NSObject, @unchecked Sendable {
  /// Of each engine that runs.
  nonisolated(unsafe) public static var running: [FlutterEngine] = []
  nonisolated(unsafe) public static var most = 0
  /// Whether there is such a function in the app's Dart.
  nonisolated(unsafe) public static var hasEntryPoint = true

  public let allowsHeadless: Bool
  public private(set) var entry: String?
  private var published: [String: NSObject] = [:]
  public private(set) var handlers: [String: FlutterPlugin] = [:]

  public init(name: String, project: FlutterDartProject?, allowHeadlessExecution: Bool) {
    allowsHeadless = allowHeadlessExecution
  }

  public func run(withEntrypoint entrypoint: String?, libraryURI: String?) -> Bool {
    guard Self.hasEntryPoint else { return false }
    entry = "\(libraryURI ?? "") \(entrypoint ?? "")"
    Self.running.append(self)
    Self.most = max(Self.most, Self.running.count)
    return true
  }

  public func destroyContext() {
    Self.running.removeAll { $0 === self }
  }

  public func valuePublished(byPlugin plugin: String) -> NSObject? { published[plugin] }

  public func registrar(forPlugin plugin: String) -> FlutterPluginRegistrar {
    Registrar(engine: self, plugin: plugin)
  }

  private final class Registrar: FlutterPluginRegistrar, FlutterBinaryMessenger {
    private let engine: FlutterEngine
    private let plugin: String

    init(engine: FlutterEngine, plugin: String) {
      self.engine = engine
      self.plugin = plugin
    }

    func messenger() -> FlutterBinaryMessenger { self }
    func publish(_ value: NSObject) { engine.published[plugin] = value }
    func addMethodCallDelegate(_ delegate: FlutterPlugin, channel: FlutterMethodChannel) {
      // A handler of a channel before the engine runs ends the app.
      precondition(engine.entry != nil, "a channel before run(withEntrypoint:)")
      engine.handlers[channel.name] = delegate
    }
  }
}

/// `@optional` in FlutterPlugin.h, which Swift without Objective-C cannot say.
extension FlutterPlugin {
  public func handle(_ call: FlutterMethodCall, result: @escaping FlutterResult) {}
  public func detachFromEngine(for registrar: FlutterPluginRegistrar) {}
}
