// swift-tools-version: 5.9
import PackageDescription

// Two targets, since a target of SwiftPM is of one language: Swift, and the Objective-C of +load.
let package = Package(
  name: "background_sync",
  platforms: [.iOS("15.1")],
  products: [
    .library(name: "background-sync", targets: ["background_sync", "background_sync_launch"])
  ],
  targets: [
    .target(name: "background_sync"),
    .target(name: "background_sync_launch"),
  ]
)
