// The Objective-C surface of this package, for BackgroundSyncModule.mm, and what needs the Objective-C runtime.
// Nothing is decided here: bgsync's own tests run on Linux, where this one file is type-checked only, never run.
#if canImport(ObjectiveC)
  import Foundation

  @objc(BackgroundSyncBridge)
  public final class BackgroundSyncBridge: NSObject {
    private static let app = AppInfo(infoDictionary: Bundle.main.infoDictionary ?? [:])
    private static let worker = BackgroundSyncWorker(
      app: app,
      host: ReactHost(
        usesScenes: app.usesScenes,
        usesExpoUpdates: NSClassFromString("EXUpdatesAppController") != nil,
        startReact: { startReact(factory: $0) }),
      directory: SyncFiles.directory)

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

    @objc(register:) public static func register(_ answer: @escaping @Sendable (Bool) -> Void) {
      worker.register(answer)
    }

    @objc(cancel:) public static func cancel(_ answer: @escaping @Sendable () -> Void) {
      worker.cancel(answer)
    }

    @objc(scheduleNext:answer:) public static func scheduleNext(
      _ delaySeconds: Double, answer: @escaping @Sendable (Int64) -> Void
    ) {
      worker.scheduleNext(delaySeconds: wholeNumber(delaySeconds), answer)
    }

    @objc(status:) public static func status(_ answer: @escaping @Sendable (String) -> Void) {
      worker.status(answer)
    }

    @objc(history:answer:) public static func history(
      _ limit: Double, answer: @escaping @Sendable (String) -> Void
    ) {
      answer(worker.log.history(limit: wholeNumber(limit)))
    }

    @objc(nextRun:) public static func nextRun(_ answer: @escaping @Sendable (String) -> Void) {
      worker.runs.nextRun(answer)
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

    @objc(beginForeground:) public static func beginForeground(
      _ answer: @escaping @Sendable (String) -> Void
    ) {
      worker.beginForeground(answer)
    }

    /// JavaScript knows no integers; -1 stands for what is none.
    private static func wholeNumber(_ value: Double) -> Int {
      value.isFinite ? Int(min(max(value, -1), 1e15)) : -1
    }

    /// Starts React without a window. Not with `createReactHost:`, which neither keeps the host nor sets the module
    /// system up.
    @MainActor
    private static func startReact(factory: NSObject) -> Bool {
      let factory: AnyObject = factory
      guard let found = factory.rootViewFactory, let root = found as AnyObject? else {
        return false
      }
      if let host = root.reactHost, host != nil { return true }
      let devMenu = defaultConfiguration("RCTDevMenuConfiguration")
      // 0.84 and later, 0.83, 0.80 to 0.82. Older ones have no such call.
      if let bundle = defaultConfiguration("RCTBundleConfiguration"), let devMenu,
        root.initializeReactHost?(
          launchOptions: nil, bundleConfiguration: bundle, devMenuConfiguration: devMenu) != nil
      {
        return true
      }
      if let devMenu,
        root.initializeReactHost?(launchOptions: nil, devMenuConfiguration: devMenu) != nil
      {
        return true
      }
      return root.initializeReactHost?(launchOptions: nil) != nil
    }

    private static func defaultConfiguration(_ className: String) -> NSObject? {
      guard let type = NSClassFromString(className) else { return nil }
      return (type as AnyObject).defaultConfiguration?() ?? nil
    }
  }

  /// React Native's call changed its name with 0.83 and 0.84, and its headers are C++, closed to Swift. Declared here for
  /// lookup on `AnyObject` only, which asks `respondsToSelector:` first; nothing adopts it.
  @objc private protocol ReactNativeNames {
    @objc var rootViewFactory: NSObject? { get }
    @objc var reactHost: NSObject? { get }
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
