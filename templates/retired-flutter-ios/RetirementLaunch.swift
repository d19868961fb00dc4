import Foundation

/// For the `+load` of BackgroundSyncLaunch.m, in the other target of this package.
@_cdecl("bgsync_launch")
public func bgsyncLaunch() {
  let info = Bundle.main.infoDictionary ?? [:]
  guard info["NSExtension"] == nil, info["EXAppExtensionAttributes"] == nil else { return }
  Retirement.start(
    permittedTaskIds: info["BGTaskSchedulerPermittedIdentifiers"] as? [String] ?? [])
}
