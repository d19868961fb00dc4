// The Objective-C surface of this package, for BackgroundSyncModule.mm, and what needs the Objective-C runtime.
// Nothing is decided here: bgsync's own tests run on Linux, where this one file is type-checked only, never run.
#if canImport(ObjectiveC)
  import Foundation

  // Objective-C has one space of names for the app and all its libraries: a prefix that nobody has.
  @objc(BgsyncBridge)
  public final class BgsyncBridge: NSObject {
    private static let app = AppInfo(infoDictionary: Bundle.main.infoDictionary ?? [:])
    private static let worker = BackgroundSyncWorker(
      app: app,
      host: ReactHost(
        usesScenes: app.usesScenes,
        usesExpoUpdates: NSClassFromString("EXUpdatesAppController") != nil,
        runtime: ReactHost.Runtime(
          factory: { factory(of: $0) }, start: { startReact(in: $0) },
          stop: { stopReact(in: $0) })),
      directory: SyncDisk.directory)

    @objc(start) public static func start() {
      worker.start()
      #if DEBUG
        BackgroundSyncDebug.install(on: worker)
      #endif
    }

    @objc(javaScriptDidLoad) public static func javaScriptDidLoad() -> Int {
      worker.runs.javaScriptDidLoad()
    }

    @objc(javaScriptDidStop:) public static func javaScriptDidStop(_ number: Int) {
      worker.runs.javaScriptDidStop(number)
    }

    @objc(register:name:answer:) public static func register(
      _ switchOn: Bool, name: String, answer: @escaping @Sendable (Bool) -> Void
    ) {
      worker.register(switchOn: switchOn, of: name, answer)
    }

    @objc(cancel:answer:) public static func cancel(
      _ name: String, answer: @escaping @Sendable () -> Void
    ) {
      worker.cancel(of: name, answer)
    }

    @objc(scheduleNext:name:answer:) public static func scheduleNext(
      _ delaySeconds: Double, name: String, answer: @escaping @Sendable (Int64) -> Void
    ) {
      worker.scheduleNext(delaySeconds: wholeNumber(delaySeconds), of: name, answer)
    }

    @objc(configure:name:answer:) public static func configure(
      _ settings: String, name: String, answer: @escaping @Sendable (Bool) -> Void
    ) {
      worker.configure(settings, of: name, answer)
    }

    @objc(status:answer:) public static func status(
      _ name: String, answer: @escaping @Sendable (String) -> Void
    ) {
      worker.status(of: name, answer)
    }

    @objc(history:answer:) public static func history(
      _ limit: Double, answer: @escaping @Sendable (String) -> Void
    ) {
      answer(worker.log.history(limit: wholeNumber(limit)))
    }

    @objc(nextRun:answer:) public static func nextRun(
      _ javaScript: Int, answer: @escaping @Sendable (String) -> Void
    ) {
      worker.runs.nextRun(javaScript, answer)
    }

    @objc(endedRun:after:answer:) public static func endedRun(
      _ javaScript: Int, after: Double, answer: @escaping @Sendable (String) -> Void
    ) {
      worker.runs.endedRun(javaScript, after: wholeNumber(after), answer)
    }

    @objc(whenExpired:answer:) public static func whenExpired(
      _ runId: String, answer: @escaping @Sendable (String) -> Void
    ) {
      worker.runs.whenExpired(runId, answer)
    }

    @objc(progress:done:total:) public static func progress(
      _ runId: String, done: Double, total: Double
    ) {
      worker.runs.progress(runId, done: wholeNumber(done), total: wholeNumber(total))
    }

    @objc(complete:outcome:remaining:message:) public static func complete(
      _ runId: String, outcome: String, remaining: Double, message: String
    ) {
      worker.runs.complete(
        runId, outcome: outcome, remaining: wholeNumber(remaining), message: message)
    }

    @objc(beginForeground:name:answer:) public static func beginForeground(
      _ javaScript: Int, name: String, answer: @escaping @Sendable (String) -> Void
    ) {
      worker.beginForeground(javaScript, of: name, answer)
    }

    /// JavaScript knows no integers; -1 stands for what is none.
    private static func wholeNumber(_ value: Double) -> Int {
      value.isFinite ? Int(min(max(value, -1), 1e15)) : -1
    }

    /// The factory that an app delegate keeps: behind an Objective-C getter, or in a stored property of Swift, of which
    /// the runtime knows the name and the place, whether it is lazy or not. By reflection (`Mirror`) every other property
    /// of the delegate would be read as well, and a dead `unowned` one ends the app.
    @MainActor
    private static func factory(of appDelegate: NSObject) -> NSObject? {
      let delegate: AnyObject = appDelegate
      if let found = delegate.reactNativeFactory, let factory = found { return factory }
      let type: AnyClass? = object_getClass(appDelegate)
      for name in ["reactNativeFactory", "$__lazy_storage_$_reactNativeFactory"] {
        guard let variable = name.withCString({ class_getInstanceVariable(type, $0) }) else {
          continue
        }
        return object_getIvar(appDelegate, variable) as? NSObject
      }
      return nil
    }

    /// Starts React without a window. Not with `createReactHost:`, which neither keeps the host nor sets the module
    /// system up.
    @MainActor
    private static func startReact(in factory: NSObject) -> ReactHost.Start {
      let factory: AnyObject = factory
      guard let found = factory.rootViewFactory, let root = found as AnyObject? else {
        return .impossible
      }
      if let host = root.reactHost, host != nil { return .present }
      // The app's own, where its version of React Native has them on the factory.
      let devMenu =
        (factory.devMenuConfiguration ?? nil) ?? defaultConfiguration("RCTDevMenuConfiguration")
      let bundle =
        (factory.bundleConfiguration ?? nil) ?? defaultConfiguration("RCTBundleConfiguration")
      // 0.84 and later, 0.83, 0.80 to 0.82. Older ones have no such call.
      if let bundle, let devMenu,
        root.initializeReactHost?(
          launchOptions: nil, bundleConfiguration: bundle, devMenuConfiguration: devMenu) != nil
      {
        return .started
      }
      if let devMenu,
        root.initializeReactHost?(launchOptions: nil, devMenuConfiguration: devMenu) != nil
      {
        return .started
      }
      return root.initializeReactHost?(launchOptions: nil) != nil ? .started : .impossible
    }

    /// The factory owns the host; without its last owner it invalidates its runtime, and the next start makes a new one.
    @MainActor
    private static func stopReact(in factory: NSObject) {
      guard let found = (factory as AnyObject).rootViewFactory, let root = found as AnyObject?
      else {
        return
      }
      _ = root.setReactHost?(nil)
    }

    private static func defaultConfiguration(_ className: String) -> NSObject? {
      guard let type = NSClassFromString(className) else { return nil }
      return (type as AnyObject).defaultConfiguration?() ?? nil
    }
  }

  /// React Native's call changed its name with 0.83 and 0.84, and its headers are C++, closed to Swift. Declared here for
  /// lookup on `AnyObject` only, which asks `respondsToSelector:` first; nothing adopts it.
  @objc private protocol ReactNativeNames {
    @objc var reactNativeFactory: NSObject? { get }
    @objc var rootViewFactory: NSObject? { get }
    @objc var bundleConfiguration: NSObject? { get }
    @objc var devMenuConfiguration: NSObject? { get }
    @objc var reactHost: NSObject? { get }
    @objc func setReactHost(_ host: NSObject?)
    @objc(initializeReactHostWithLaunchOptions:)
    func initializeReactHost(launchOptions: NSDictionary?)
    @objc(initializeReactHostWithLaunchOptions:devMenuConfiguration:)
    func initializeReactHost(launchOptions: NSDictionary?, devMenuConfiguration: NSObject)
    @objc(initializeReactHostWithLaunchOptions:bundleConfiguration:devMenuConfiguration:)
    func initializeReactHost(
      launchOptions: NSDictionary?, bundleConfiguration: NSObject, devMenuConfiguration: NSObject)
    @objc func defaultConfiguration() -> NSObject?
  }
#endif
