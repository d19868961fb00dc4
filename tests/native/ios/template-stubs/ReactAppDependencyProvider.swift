// What React Native's codegen makes in each app.
import Foundation
import React_RCTAppDelegate

@MainActor public class RCTAppDependencyProvider: NSObject, RCTDependencyProvider {
  override public nonisolated init() {}
}
