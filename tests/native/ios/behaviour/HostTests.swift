@_spi(Fake) import BackgroundTasks
import Foundation
@_spi(Fake) import UIKit
@_spi(Fake) import notify

@testable import BackgroundSync

/// Hosts that start React with a scene, and the debug hook.
func hostTests() {
  test("E4 a scene-based app without a scene: no run, and the next window") { app in
    let worker = try app.launch(scenes: true)
    let js = JavaScript(worker)
    try js.register()
    try app.runNextWindow()
    aMoment()
    app.system.advance(by: 9)
    aMoment()
    try expectEqual(app.events("run.skip").count, 0)
    let skip = try app.passSeconds(until: "run.skip")
    aMoment()
    try expectEqual(skip.why, "no-host")
    try expectEqual(app.system.completions.map(\.success), [false])
    try expectEqual(app.events("run.start").count, 0)
    try expectEqual(app.system.pendingIdentifiers, [App.taskId])
    try expectEqual(app.events("schedule").last?.delay, 900)
    try expectEqual(app.reactStarts.values.count, 0)
  }
  test("a scene-based app whose process is warm runs as any other") { app in
    let worker = try app.launch(scenes: true)
    let js = JavaScript(worker)
    js.load()
    try js.register()
    js.listen()
    try app.runNextWindow()
    js.complete(try js.takeRun())
    try expectEqualNow(try app.waitForEnd().out, "done")
    try expectEqual(app.reactStarts.values.count, 0)
  }
  test("a scene-based app with a scene that is about to start React: the run waits for it") { app in
    FakeDevice.state.sceneConnected = true
    let worker = try app.launch(scenes: true)
    let js = JavaScript(worker)
    try js.register()
    try app.runNextWindow()
    _ = try app.waitFor("host.start")
    js.load()
    js.listen()
    js.complete(try js.takeRun())
    try expectEqualNow(try app.waitForEnd().out, "done")
    try expectEqual(app.reactStarts.values.count, 0)
  }
  test("a scene-based app that hands its factory over: React is started there, once, on main") {
    app in
    try provideHost()
    let worker = try app.launch(scenes: true)
    let js = JavaScript(worker)
    try js.register()
    try app.runNextWindow()
    try eventually("React starts") { app.reactStarts.values.count == 1 }
    js.load()
    js.listen()
    js.complete(try js.takeRun())
    try expectEqualNow(try app.waitForEnd().out, "done")
    // It had no window: it goes with its run, so that the scene that connects later starts with its own options.
    try eventually("React is taken down") { app.reactStops.values == app.factories.values }
    try expectEqual(app.system.completions.map(\.success), [true])
    js.stop()
    try app.runNextWindow()
    try eventually("React starts again") { app.reactStarts.values.count == 2 }
    let again = JavaScript(worker)
    again.load()
    again.listen()
    again.complete(try again.takeRun())
    _ = try app.waitForEnd(count: 2)
    try expectEqual(app.events("host.start").count, 2)
  }
  test("a host that is there when its run has been given up goes at once") { app in
    try provideHost()
    let worker = try app.launch(scenes: true)
    try JavaScript(worker).register()
    let start = DispatchSemaphore(value: 0)
    app.reactWaits.add(start)
    try app.runNextWindow()
    try eventually("React starts") { app.reactStarts.values.count == 1 }
    try expectEqualNow(try app.passSeconds(until: "run.end").why, "host-timeout")
    try expectEqual(app.reactStops.values.count, 0)
    start.signal()
    try eventually("React is taken down") { app.reactStops.values == app.factories.values }
  }
  test("a scene connects while the host that was started for a run works: the host makes room") {
    app in
    try provideHost()
    let worker = try app.launch(scenes: true)
    let js = JavaScript(worker)
    try js.register()
    try app.runNextWindow()
    try eventually("React starts") { app.reactStarts.values.count == 1 }
    js.load()
    js.listen()
    _ = try js.takeRun()
    FakeDevice.state.sceneConnected = true
    try connectScene()
    try eventually("React is taken down") { app.reactStops.values.count == 1 }
    js.stop()
    let end = try app.waitForEnd()
    try expectEqual(end.out, "retry")
    try expectEqual(end.why, "js-gone")
    try expectEqual(app.reactStops.values.count, 1)
  }
  test("a scene that has its window already keeps the host that was started for a run") { app in
    try provideHost()
    let worker = try app.launch(scenes: true)
    let js = JavaScript(worker)
    try js.register()
    try app.runNextWindow()
    try eventually("React starts") { app.reactStarts.values.count == 1 }
    js.load()
    js.listen()
    let run = try js.takeRun()
    FakeDevice.state.sceneConnected = true
    FakeDevice.state.hasWindow = true
    try connectScene()
    js.complete(run)
    try expectEqualNow(try app.waitForEnd().out, "done")
    try expectEqual(app.reactStops.values.count, 0)
  }
  for delegate in [ExpoTemplateDelegate.self, ExtendedDelegate.self] {
    test("\(delegate): the app delegate has the factory: React is started there") { app in
      let factory = try install(delegate)!
      let worker = try app.launch(scenes: true)
      let js = JavaScript(worker)
      try js.register()
      try app.runNextWindow()
      try eventually("React starts") { app.reactStarts.values.count == 1 }
      try expectEqual(app.factories.values, [factory])
      js.load()
      js.listen()
      js.complete(try js.takeRun())
      try expectEqualNow(try app.waitForEnd().out, "done")
    }
  }
  test("an app delegate whose factory is not made yet, or is in the scene, ends the run") { app in
    _ = try install(ExpoTemplateDelegate.self, hasFactory: false)
    let worker = try app.launch(scenes: true)
    try JavaScript(worker).register()
    try app.runNextWindow()
    try expectEqualNow(try app.passSeconds(until: "run.skip").why, "no-host")
    try expectEqual(app.reactStarts.values.count, 0)
  }
  test("never with expo-updates, also where Expo's app delegate has the factory") { app in
    _ = try install(ExpoTemplateDelegate.self)
    let worker = try app.launch(scenes: true, updates: true)
    try JavaScript(worker).register()
    try app.runNextWindow()
    try expectEqualNow(try app.passSeconds(until: "run.skip").why, "no-host")
    try expectEqual(app.reactStarts.values.count, 0)
  }
  test("a factory that has no call to start React without a window ends the run") { app in
    try provideHost()
    app.factoryWorks.add(false)
    let worker = try app.launch(scenes: true)
    try JavaScript(worker).register()
    try app.runNextWindow()
    let end = try app.waitForEnd()
    try expectEqual(end.out, "skipped")
    try expectEqual(end.why, "no-host")
    try expectEqual(app.system.completions.map(\.success), [false])
  }
  test("never with expo-updates, also where the factory is there") { app in
    try provideHost()
    let worker = try app.launch(scenes: true, updates: true)
    try JavaScript(worker).register()
    try app.runNextWindow()
    try expectEqualNow(try app.passSeconds(until: "run.skip").why, "no-host")
    aMoment()
    try expectEqual(app.reactStarts.values.count, 0)
  }
  test("the debug trigger runs the sync without a task, under the id that it was given") { app in
    let (worker, js) = try app.launchWithJavaScript()
    BackgroundSyncDebug.install(on: worker, bundleId: "com.example", environment: [:])
    let id = "a1b2c3d4"
    FakeNotifications.post("com.example.bgsync.trigger", state: UInt64(id, radix: 36) ?? 0)
    let run = try js.takeRun()
    try expectEqual(run.runId, id)
    try expectEqual(run.reason, "trigger")
    js.complete(run)
    let end = try app.waitForEnd()
    try expectEqual(end.trig, "trigger")
    try expectEqual(app.events("ack").map(\.run), [id])
    try expectEqual(app.system.completions.count, 0)
    try expectEqual(app.events("schedule").last?.why, "done")

    js.listen()
    FakeNotifications.post("com.example.bgsync.trigger")
    let own = try js.takeRun(2)
    try expectEqual(own.runId.count, 8)
    js.complete(own)
    _ = try app.waitForEnd(count: 2)
    FakeNotifications.post(
      "com.example.bgsync.trigger", state: UInt64("0000000z", radix: 36) ?? 0)
    js.listen()
    let padded = try js.takeRun(3)
    try expectEqual(padded.runId, "0000000z")
    js.complete(padded)
    _ = try app.waitForEnd(count: 3)
  }
  test("a debug trigger with a ninth digit, or BGSYNC_RESPECT, heeds the constraints") { app in
    let (worker, js) = try app.launchWithJavaScript()
    BackgroundSyncDebug.install(
      on: worker, bundleId: "com.example",
      environment: ["BGSYNC_RUN": "zzzz0000", "BGSYNC_RESPECT": "1"])
    worker.configure(#"{"constraints":{"charging":true}}"#) { _ in }
    FakeNotifications.post(
      "com.example.bgsync.trigger", state: UInt64("1a1b2c3d4", radix: 36) ?? 0)
    let skip = try app.waitFor("run.skip")
    try expectEqual([skip.run, skip.why, skip.msg], ["a1b2c3d4", "constraint", "charging"])
    NotificationCenter.default.post(
      name: UIApplication.didBecomeActiveNotification, object: nil)
    try expectEqualNow(try app.waitFor("run.skip", count: 2).run, "zzzz0000")
    FakeNotifications.post(
      "com.example.bgsync.trigger", state: UInt64("a1b2c3d5", radix: 36) ?? 0)
    js.complete(try js.takeRun())
    _ = try app.waitForEnd()
  }
  test("the debug hook tells what is pending") { app in
    let (worker, _) = try app.launchWithJavaScript()
    BackgroundSyncDebug.install(on: worker, bundleId: "com.example", environment: [:])
    FakeNotifications.post("com.example.bgsync.status")
    let ack = try app.waitFor("ack")
    try expectEqual(ack.why, "status")
    try expectEqual(ack.cut, nil)
    let status = try JSONSerialization.jsonObject(with: Data((ack.msg ?? "").utf8))
    try expectEqual((status as? [String: Any])?["scheduled"] as? Bool, true)
  }
  test("with BGSYNC_RUN in its environment the app triggers itself, once it is active") { app in
    let (worker, js) = try app.launchWithJavaScript()
    BackgroundSyncDebug.install(
      on: worker, bundleId: "com.example", environment: ["BGSYNC_RUN": "zzzz0000"])
    aMoment()
    try expectEqual(js.runs.values.count, 0)
    for _ in 1...2 {
      NotificationCenter.default.post(
        name: UIApplication.didBecomeActiveNotification, object: nil)
    }
    let run = try js.takeRun()
    try expectEqual(run.runId, "zzzz0000")
    js.complete(run)
    _ = try app.waitForEnd()
    try expectEqual(app.events("ack").count, 1)
  }
}

/// UIKit posts on the main thread.
func connectScene() throws {
  let done = Box<Bool>()
  DispatchQueue.main.async {
    NotificationCenter.default.post(name: UIScene.willConnectNotification, object: nil)
    done.add(true)
  }
  try eventually("the scene is there") { done.values == [true] }
}

/// What the app delegate does.
func provideHost() throws {
  let done = Box<Bool>()
  Task { @MainActor in
    let factory = NSObject()
    BackgroundSync.hostProvider = { factory }
    done.add(true)
  }
  try eventually("the provider is set") { done.values == [true] }
}

// Expo's, as far as it matters here: ios/Expo/ExpoAppDelegate.swift and ExpoReactNativeFactoryProvider.swift of the package
// `expo` 58, and AppDelegate.swift of its template.
@MainActor class ExpoAppDelegate: UIResponder, UIApplicationDelegate {}

@MainActor protocol ExpoReactNativeFactoryProvider: AnyObject {
  var reactNativeFactory: RCTReactNativeFactory? { get }
}

class RCTReactNativeFactory: NSObject {}
final class ExpoReactNativeFactory: RCTReactNativeFactory {}

class ExpoTemplateDelegate: ExpoAppDelegate, ExpoReactNativeFactoryProvider {
  var reactNativeDelegate: NSObject?
  var reactNativeFactory: RCTReactNativeFactory?

  required override init() {}
}

/// A property of a class further up is one, too.
final class ExtendedDelegate: ExpoTemplateDelegate {
  var other = 1
}

/// Makes an app delegate, which lives as long as the process.
func install(_ type: ExpoTemplateDelegate.Type, hasFactory: Bool = true) throws -> ObjectIdentifier?
{
  let made = Box<ObjectIdentifier?>()
  Task { @MainActor in
    let delegate = type.init()
    if hasFactory { delegate.reactNativeFactory = ExpoReactNativeFactory() }
    _ = Unmanaged.passRetained(delegate)
    UIApplication.shared.delegate = delegate
    made.add(delegate.reactNativeFactory.map(ObjectIdentifier.init))
  }
  try eventually("the app delegate is there") { made.values.count == 1 }
  return made.values[0]
}
