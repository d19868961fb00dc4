// What Objective-C calls. Behind the condition: bgsync's own tests run on Linux, where it is not compiled.
#if canImport(ObjectiveC)
  import Foundation

  @objc(BgsyncRetirement)
  public final class BgsyncRetirement: NSObject {
    @objc(start) public static func start() {
      Retirement.start(info: Bundle.main.infoDictionary ?? [:])
    }
  }
#endif
