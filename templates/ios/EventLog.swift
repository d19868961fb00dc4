import Foundation
import os

/// Writes events to the unified log and to a ring file, so that "what happened last night" has an answer.
///
/// Safe on any thread; an event is in the file when `write` returns.
final class EventLog: @unchecked Sendable {
  /// What the ring file keeps at least. It grows to twice as much before its older half goes.
  static let ringBytes = 200_000

  // `.notice` is what the system keeps on disk: https://developer.apple.com/documentation/os/logger
  private let logger = Logger(subsystem: "dev.bgsync", category: "BackgroundSync")
  private let clock: SyncClock
  private let file: URL
  private let disk: SyncDisk
  private let lock = NSLock()
  private var sequence = 0

  init(directory: URL, clock: SyncClock, disk: SyncDisk = .device) {
    self.clock = clock
    self.disk = disk
    file = directory.appendingPathComponent("events.log")
  }

  func write(_ event: SyncEvent) {
    lock.withLock {
      sequence += 1
      var event = event
      event.seq = sequence
      event.ts = clock.now().milliseconds
      event.pid = ProcessInfo.processInfo.processIdentifier
      let line = event.line()
      // Dynamic strings are `<private>` outside a debugger unless marked. No user data is in them.
      logger.notice("\(line, privacy: .public)")
      // A file that cannot be written (no space, not unlocked since the restart) costs the history only.
      try? append(line + "\n")
    }
  }

  /// The newest events, newest last, as a JSON array.
  func history(limit: Int) -> String {
    let events =
      lines()
      .suffix(max(limit, 0))
      .filter { $0.hasPrefix(SyncEvent.marker) }
      .map { $0.dropFirst(SyncEvent.marker.count) }
      // The last line of a process that lost its power may be torn.
      .filter { (try? JSONSerialization.jsonObject(with: Data($0.utf8))) != nil }
    return "[" + events.joined(separator: ",") + "]"
  }

  /// Whether the end of a run stands in the file already: its state was not written any more.
  func hasEnd(ofRun run: String) -> Bool {
    lines().contains { $0.contains("\"run.end\"") && $0.contains("\"\(run)\"") }
  }

  private func lines() -> [Substring] {
    let text = lock.withLock { (try? disk.read(file)) ?? nil }
    return String(decoding: text ?? Data(), as: UTF8.self).split(separator: "\n")
  }

  private func append(_ line: String) throws {
    let size = try disk.append(file, Data(line.utf8))
    if size > 2 * Self.ringBytes { try trim() }
  }

  private func trim() throws {
    guard let kept = try disk.read(file)?.suffix(Self.ringBytes) else { return }
    let start = kept.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? kept.startIndex
    try disk.replace(file, Data(kept[start...]))
  }
}
