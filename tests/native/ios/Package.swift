// swift-tools-version: 6.0
// The generated Swift (in build, made by run.mjs) over stubs of Apple's modules, and its behaviour tests.
import PackageDescription

let package = Package(
  name: "bgsync-test-ios",
  targets: [
    .target(name: "BackgroundTasks", path: "stubs/BackgroundTasks", swiftSettings: apple),
    .target(name: "UIKit", path: "stubs/UIKit", swiftSettings: apple),
    .target(name: "os", path: "stubs/os", swiftSettings: apple),
    .target(name: "Network", path: "stubs/Network", swiftSettings: apple),
    .target(name: "notify", path: "stubs/notify", swiftSettings: apple),
    .target(
      name: "BackgroundSync",
      dependencies: ["BackgroundTasks", "UIKit", "os", "Network", "notify"],
      path: "build/app/modules/background-sync/ios",
      exclude: ["BackgroundSyncModule.mm"],
      swiftSettings: [.swiftLanguageMode(.v6)]),
    .executableTarget(
      name: "behaviour", dependencies: ["BackgroundSync"], path: "behaviour",
      swiftSettings: [.swiftLanguageMode(.v6)]),
    // What `bgsync remove --retire` leaves, under a name of its own beside the full package.
    .target(
      name: "RetiredSync", dependencies: ["BackgroundTasks"],
      path: "build/retired-app/modules/background-sync/ios",
      exclude: ["BackgroundSyncLaunch.mm"], swiftSettings: [.swiftLanguageMode(.v6)]),
    .executableTarget(
      name: "retired", dependencies: ["RetiredSync"], path: "retired",
      swiftSettings: [.swiftLanguageMode(.v6)]),
  ]
)

/// Apple's modules are Objective-C: their callers' closures keep their isolation unchecked until they are called. They are
/// those of iOS 27, of which an older compiler sees nothing.
var apple: [SwiftSetting] { [.swiftLanguageMode(.v5), .define("IOS27_SDK")] }
