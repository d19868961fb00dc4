// swift-tools-version: 6.0
// The generated Swift over stubs of Apple's modules and of Flutter's, and its behaviour: laid out by ios.mjs.
import PackageDescription

let apple: [SwiftSetting] = [.swiftLanguageMode(.v5)]
let modules = ["BackgroundTasks", "UIKit", "os", "Network", "notify", "Flutter"]

let package = Package(
  name: "bgsync-test-flutter",
  targets: modules.map { .target(name: $0, path: "stubs/\($0)", swiftSettings: apple) } + [
    .target(
      name: "background_sync", dependencies: modules.map { .target(name: $0) },
      path: "background_sync", swiftSettings: [.swiftLanguageMode(.v6)])
  ]
)
