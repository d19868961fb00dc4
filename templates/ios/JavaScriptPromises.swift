/// The JavaScripts of this process, and their pending `nextRun`. Two React instances (a share sheet, a second screen)
/// do not know of each other, and a reload has the new one before the old one is gone.
struct JavaScriptPromises {
  typealias Answer = @Sendable (String) -> Void

  /// By number: the newest has the highest.
  private var pending: [Int: Answer?] = [:]
  private var newest = 0
  private var newestOfRetired = 0

  /// Whether there is any.
  var isPresent: Bool { !pending.isEmpty }

  var isWaiting: Bool { pending.values.contains { $0 != nil } }

  mutating func add(_ number: Int) {
    newest = max(newest, number)
    if pending[number] == nil { pending.updateValue(nil, forKey: number) }
  }

  mutating func remove(_ number: Int) { pending.removeValue(forKey: number) }

  /// Those of today get no run any more: their host is on its way out.
  mutating func retire() {
    newestOfRetired = newest
    pending = [:]
  }

  /// A newer call replaces the older.
  mutating func wait(_ number: Int, _ answer: @escaping Answer) {
    guard number > newestOfRetired else { return }
    pending.updateValue(answer, forKey: number)
  }

  /// The promise of the newest that waits.
  mutating func take() -> (number: Int, answer: Answer)? {
    let waiting = pending.compactMap { number, answer in answer.map { (number, $0) } }
    guard let newest = waiting.max(by: { $0.0 < $1.0 }) else { return nil }
    pending.updateValue(nil, forKey: newest.0)
    return (newest.0, newest.1)
  }
}
