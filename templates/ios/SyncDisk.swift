import Foundation

/// The package's two files, events and state, and what can go wrong with them.
///
/// They are readable once the device was unlocked after its start, so that a run at night can use them, also in an
/// app whose default is `NSFileProtectionComplete`. Neither dates nor sizes of files are asked for: those are
/// required-reason APIs (https://developer.apple.com/documentation/bundleresources/describing-use-of-required-reason-api).
struct SyncDisk: Sendable {
  /// nil where there is no such file. Throws where it is there and cannot be read.
  var read: @Sendable (URL) throws -> Data?
  /// Atomically: a process that dies meanwhile leaves the old content.
  var replace: @Sendable (URL, Data) throws -> Void
  /// Adds a line, after the end of one that a dying process left torn. Returns the file's size before.
  var append: @Sendable (URL, Data) throws -> UInt64

  static var directory: URL {
    // Not Caches: the system empties it while the app does not run.
    FileManager.default.urls(for: .applicationSupportDirectory, in: .userDomainMask)[0]
      .appendingPathComponent("dev.bgsync", isDirectory: true)
  }

  static let device = SyncDisk(
    read: { try read($0) }, replace: { try replace($0, with: $1) },
    append: { try append($0, line: $1) })

  /// Whether an error is a refusal, as data protection gives it before the first unlock; no other error of the disk.
  static func isRefusal(_ error: any Error) -> Bool {
    let code = (error as? CocoaError)?.code
    return code == .fileReadNoPermission || code == .fileWriteNoPermission
  }

  /// Not asked of `fileExists`, which also says no where the disk gives an error.
  private static func isMissing(_ error: any Error) -> Bool {
    let code = (error as? CocoaError)?.code
    return code == .fileReadNoSuchFile || code == .fileNoSuchFile
  }

  private static func read(_ file: URL) throws -> Data? {
    do { return try Data(contentsOf: file) } catch {
      guard isMissing(error) else { throw error }
      return nil
    }
  }

  private static func replace(_ file: URL, with content: Data) throws {
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

  private static func append(_ file: URL, line: Data) throws -> UInt64 {
    let handle: FileHandle
    do { handle = try FileHandle(forUpdating: file) } catch {
      guard isMissing(error) else { throw error }
      try replace(file, with: Data())
      handle = try FileHandle(forUpdating: file)
    }
    defer { try? handle.close() }
    let size = try handle.seekToEnd()
    var text = line
    if size > 0 {
      try handle.seek(toOffset: size - 1)
      let last = try handle.read(upToCount: 1)
      if last != Data([UInt8(ascii: "\n")]) { text.insert(UInt8(ascii: "\n"), at: 0) }
    }
    try handle.write(contentsOf: text)
    return size
  }
}
