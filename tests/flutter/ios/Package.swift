// swift-tools-version: 6.0
// The generated Swift over stubs of Apple's modules and of Flutter's, and its behaviour: laid out by ios.mjs.
import Foundation
import PackageDescription

let apple: [SwiftSetting] = [.swiftLanguageMode(.v5)]
let modules = ["BackgroundTasks", "UIKit", "os", "Network", "notify", "Flutter"]
let hasTests = FileManager.default.fileExists(
  atPath: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("behaviour").path)

let package = Package(
  name: "bgsync-test-flutter",
  targets: modules.map { .target(name: $0, path: "stubs/\($0)", swiftSettings: apple) } + [
    // By the name that the tests of all hosts know.
    .target(
      name: "BackgroundSync", dependencies: modules.map { .target(name: $0) },
      path: "background_sync", swiftSettings: [.swiftLanguageMode(.v6)])
  ]
    + (hasTests
      ? [
        .executableTarget(
          name: "behaviour", dependencies: ["BackgroundSync"], path: "behaviour",
          swiftSettings: [.swiftLanguageMode(.v6)])
      ] : [])
)
