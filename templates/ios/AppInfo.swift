/// What this package knows of the app it is in, from its Info.plist.
struct AppInfo: Sendable {
  let isExtension: Bool
  let permittedTaskIds: [String]
  let usesScenes: Bool

  init(infoDictionary: [String: Any]) {
    // The second is ExtensionKit's: https://developer.apple.com/documentation/bundleresources/information-property-list/exappextensionattributes
    isExtension =
      infoDictionary["NSExtension"] != nil || infoDictionary["EXAppExtensionAttributes"] != nil
    permittedTaskIds =
      infoDictionary["BGTaskSchedulerPermittedIdentifiers"] as? [String] ?? []
    usesScenes = infoDictionary["UIApplicationSceneManifest"] != nil
  }
}
