import Foundation

/// The package's two files: events and state.
///
/// They are readable once the device was unlocked after its start, so that a run at night can use them, also in an
/// app whose default is `NSFileProtectionComplete`. Neither dates nor sizes of files are asked for: those are
/// required-reason APIs (https://developer.apple.com/documentation/bundleresources/describing-use-of-required-reason-api).
enum SyncFiles {
  static var directory: URL {
    // Not Caches: the system empties it while the app does not run.
    FileManager.default.urls(for: .applicationSupportDirectory, in: .userDomainMask)[0]
      .appendingPathComponent("dev.bgsync", isDirectory: true)
  }

  static func create(_ file: URL) throws {
    try replace(file, with: Data())
  }

  /// Atomically: a process that dies meanwhile leaves the old content.
  static func replace(_ file: URL, with content: Data) throws {
    let directory = file.deletingLastPathComponent()
    if !FileManager.default.fileExists(atPath: directory.path) {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      // What happened on this device says nothing about the one that a backup is restored to.
      var excluded = directory
      var values = URLResourceValues()
      values.isExcludedFromBackup = true
      try? excluded.setResourceValues(values)
    }
    try content.write(
      to: file, options: [.atomic, .completeFileProtectionUntilFirstUserAuthentication])
  }
}
