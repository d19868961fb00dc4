// What Objective-C calls. Behind the condition: bgsync's own tests run on Linux, where it is not compiled.
#if canImport(ObjectiveC)
  import Foundation

  @objc(BackgroundSyncRetirement)
  public final class BackgroundSyncRetirement: NSObject {
    @objc(start) public static func start() {
      let info = Bundle.main.infoDictionary ?? [:]
      guard info["NSExtension"] == nil else { return }
      Retirement.start(
        permittedTaskIds: info["BGTaskSchedulerPermittedIdentifiers"] as? [String] ?? [])
    }
  }
#endif
