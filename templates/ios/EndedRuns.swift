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
  }

  /// Nobody has asked for more in a long time.
  private static let most = 100

  private let file: URL
  private let disk: SyncDisk
  private let lock = NSLock()
  private var loaded: Content?
  private var waiting: (javaScript: Int, answer: Answer)?

  init(directory: URL, disk: SyncDisk) {
    file = directory.appendingPathComponent("runs.json")
    self.disk = disk
  }

  /// Keeps a run, and hands it to the JavaScript that waits, if one does.
  func add(_ run: Run) {
    lock.withLock {
      var content = load()
      guard run.run != content.newest else { return }
      var run = run
      content.number += 1
      content.newest = run.run
      run.n = content.number
      content.runs = (content.runs + [run]).suffix(Self.most)
      save(content)
    }
    deliver()
  }

  /// JavaScript has seen the runs up to a number; it gets the oldest that is left, once there is one.
  func next(after number: Int, javaScript: Int, _ answer: @escaping Answer) {
    lock.withLock {
      var content = load()
      let count = content.runs.count
      content.runs.removeAll { $0.n <= number }
      if content.runs.count != count { save(content) }
      waiting = (javaScript, answer)
    }
    deliver()
  }

  func forget(javaScript: Int) {
    lock.withLock { if waiting?.javaScript == javaScript { waiting = nil } }
  }

  private func deliver() {
    let handed: (Answer, Run)? = lock.withLock {
      guard let waiting, let run = load().runs.first else { return nil }
      self.waiting = nil
      return (waiting.answer, run)
    }
    guard let (answer, run) = handed else { return }
    answer((try? JSONEncoder().encode(run)).map { String(decoding: $0, as: UTF8.self) } ?? "{}")
  }

  private func load() -> Content {
    if let loaded { return loaded }
    do {
      let data = try disk.read(file)
      let content = data.flatMap { try? JSONDecoder().decode(Content.self, from: $0) } ?? Content()
      loaded = content
      return content
    } catch {
      // Before the first unlock no run is opened: nothing of what is kept can be lost.
      return Content()
    }
  }

  private func save(_ content: Content) {
    loaded = content
    if let data = try? JSONEncoder().encode(content) { try? disk.replace(file, data) }
  }
}
