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

/// An engine whose Dart the tests play. Like Flutter's, it belongs to the main thread.
public class FlutterEngine: NSObject, @unchecked Sendable {
  /// Of each engine that runs.
  nonisolated(unsafe) public static var running: [FlutterEngine] = []
  nonisolated(unsafe) public static var most = 0
  /// Whether there is such a function in the app's Dart.
  nonisolated(unsafe) public static var hasEntryPoint = true
  /// Dart is entered: on a later turn, as by the task runner of its own thread.
  nonisolated(unsafe) public static var dart: @Sendable (FlutterEngine) -> Void = { _ in }
  /// An engine is destroyed.
  nonisolated(unsafe) public static var gone: @Sendable (FlutterEngine) -> Void = { _ in }

  public let allowsHeadless: Bool
  public private(set) var entry: String?
  private var published: [String: NSObject] = [:]
  public private(set) var handlers: [String: FlutterPlugin] = [:]
  private var isDestroyed = false

  public init(name: String, project: FlutterDartProject?, allowHeadlessExecution: Bool) {
    PlayedMain.check("FlutterEngine.init")
    allowsHeadless = allowHeadlessExecution
  }

  public func run(withEntrypoint entrypoint: String?, libraryURI: String?) -> Bool {
    PlayedMain.check("run(withEntrypoint:libraryURI:)")
    guard Self.hasEntryPoint else { return false }
    entry = "\(libraryURI ?? "") \(entrypoint ?? "")"
    Self.running.append(self)
    Self.most = max(Self.most, Self.running.count)
    DispatchQueue.main.async { [self] in
      if !isDestroyed { Self.dart(self) }
    }
    return true
  }

  /// A Dart that has gone hears of nothing, and its plugins are not told: `detachFromEngine` is for the engine's own end.
  public func destroyContext() {
    PlayedMain.check("destroyContext")
    isDestroyed = true
    handlers = [:]
    Self.running.removeAll { $0 === self }
    Self.gone(self)
  }

  /// The engine itself goes, as that of a view controller that is dismissed.
  public func dealloc() {
    destroyContext()
    for plugin in published.values {
      (plugin as? FlutterPlugin)?.detachFromEngine(for: registrar(forPlugin: "")!)
    }
  }

  public func valuePublished(byPlugin plugin: String) -> NSObject? { published[plugin] }

  public func registrar(forPlugin plugin: String) -> FlutterPluginRegistrar? {
    Registrar(engine: self, plugin: plugin)
  }

  /// Dart sends. The answer is nil where there is no such channel or method, and never comes to a Dart that has gone.
  public func send(
    _ channel: String, _ message: Data, _ answer: @escaping @Sendable (Data?) -> Void
  ) {
    DispatchQueue.main.async { [self] in
      if isDestroyed { return }
      guard let handler = handlers[channel] else { return answer(nil) }
      nonisolated(unsafe) var isAnswered = false
      handler.handle(PlayedCodec.call(message)) { [self] result in
        PlayedMain.check("an answer")
        precondition(!isAnswered, "answered twice")
        isAnswered = true
        if !isDestroyed { answer(PlayedCodec.envelope(result)) }
      }
    }
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

/// The main queue is the main thread, also where `dispatchMain` serves it by others.
enum PlayedMain {
  private static let key: DispatchSpecificKey<Bool> = {
    let key = DispatchSpecificKey<Bool>()
    DispatchQueue.main.setSpecific(key: key, value: true)
    return key
  }()

  static func check(_ what: String) {
    precondition(DispatchQueue.getSpecific(key: key) == true, "\(what) off the main thread")
  }
}

/// `@optional` in FlutterPlugin.h, which Swift without Objective-C cannot say.
extension FlutterPlugin {
  public func handle(_ call: FlutterMethodCall, result: @escaping FlutterResult) {}
  public func detachFromEngine(for registrar: FlutterPluginRegistrar) {}
}
