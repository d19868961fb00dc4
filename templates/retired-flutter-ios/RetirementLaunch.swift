import Foundation

/// For the `+load` of BackgroundSyncLaunch.m, in the other target of this package.
@_cdecl("bgsync_launch")
public func bgsyncLaunch() {
  Retirement.start(info: Bundle.main.infoDictionary ?? [:])
}
