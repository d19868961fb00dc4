import Foundation

/// The runs that have ended and that JavaScript has not acknowledged, in a file of their own: the app's `onRun` hears of
/// each, also of one that died with its process. Safe on any thread.
final class EndedRuns: @unchecked Sendable {
  typealias Answer = @Sendable (String) -> Void

  struct Run: Codable, Sendable {
    var n = 0
    let run: String
    let task: String
    /// Of its sync; nil of the first.
    var name: String?
    let trig: String
    let att: Int
    let out: Outcome
    /// Its end, epoch milliseconds.
    let ts: Int64
    let ms: Int64
    let rem: Int
    let why: String?
  }

  private struct Content: Codable {
    /// Of the newest run; numbers only ever grow.
    var number = 0
    /// The id of the newest run: one that died between its report and the end of the books is not told twice.
    var newest = ""
    var runs: [Run] = []

    mutating func add(_ run: Run) {
      guard run.run != newest else { return }
      var run = run
      number += 1
      newest = run.run
      run.n = number
      runs = (runs + [run]).suffix(EndedRuns.most)
    }
  }

  /// Nobody has asked for more in a long time.
  private static let most = 100

  private let file: URL
  private let disk: SyncDisk
  private let lock = NSLock()
  private var loaded: Content?
  /// Those that ended while the file could not be read.
  private var early: [Run] = []
  /// By the number of the JavaScript: a reload, or a second React instance, must not deafen another.
  private var waiting: [Int: Answer] = [:]
  /// Who has the oldest run, and has yet to acknowledge it: no other hears of it meanwhile.
  private var hearer: Int?

  init(directory: URL, disk: SyncDisk) {
    file = directory.appendingPathComponent("runs.json")
    self.disk = disk
  }

  /// Keeps a run, and hands the oldest to the newest JavaScript that waits, if one does.
  func add(_ run: Run) {
    lock.withLock {
      early = (early + [run]).suffix(Self.most)
      _ = load()
    }
    deliver()
  }

  /// JavaScript has seen the runs up to a number; it gets the oldest that is left, once there is one.
  func next(after number: Int, javaScript: Int, _ answer: @escaping Answer) {
    lock.withLock {
      if var content = load(), content.runs.contains(where: { $0.n <= number }) {
        content.runs.removeAll { $0.n <= number }
        save(content)
      }
      if hearer == javaScript { hearer = nil }
      waiting[javaScript] = answer
    }
    deliver()
  }

  /// A JavaScript is gone: another hears of what it has not acknowledged.
  func forget(javaScript: Int) {
    lock.withLock {
      waiting[javaScript] = nil
      if hearer == javaScript { hearer = nil }
    }
    deliver()
  }

  private func deliver() {
    let handed: (Answer, Run)? = lock.withLock {
      guard hearer == nil, let run = load()?.runs.first else { return nil }
      guard let newest = waiting.keys.max(), let answer = waiting.removeValue(forKey: newest)
      else { return nil }
      hearer = newest
      return (answer, run)
    }
    guard let (answer, run) = handed else { return }
    answer((try? JSONEncoder().encode(run)).map { String(decoding: $0, as: UTF8.self) } ?? "{}")
  }

  /// With those that ended meanwhile.
  ///
  /// - Returns: nil while the file cannot be read: it is not written over then
  private func load() -> Content? {
    if loaded == nil {
      do {
        let data = try disk.read(file)
        loaded = data.flatMap { try? JSONDecoder().decode(Content.self, from: $0) } ?? Content()
      } catch { return nil }
    }
    if var content = loaded, !early.isEmpty {
      for run in early { content.add(run) }
      early = []
      save(content)
    }
    return loaded
  }

  private func save(_ content: Content) {
    loaded = content
    if let data = try? JSONEncoder().encode(content) { try? disk.replace(file, data) }
  }
}
