import Foundation

/// For what must not happen, and before time passes: what was begun has come to its end or waits for the clock.
///
/// On Linux its end is a fact and no matter of luck: nobody but the caller runs or could run. A worker of libdispatch that
/// has work is woken by who gives it, so there is no moment at which work is waiting and all sleep. Elsewhere, where
/// nobody tells what threads do, it lasts as long as they need to get their turns.
func aMoment() {
  guard var before = sleepsOfOthers() else { return waitForTurns() }
  // At most twenty seconds: a test whose threads never rest goes on, and says itself what it misses.
  for _ in 0..<40_000 {
    usleep(500)
    let now = sleepsOfOthers() ?? [:]
    // Who sleeps at both looks and has not gone to sleep in between has slept all the time: there was an instant at which
    // all slept.
    if now == before, !now.values.contains(nil) { return }
    before = now
  }
}

/// Each thread but the caller's, with how often it has gone to sleep so far, or nil where it is awake; nil where the system
/// does not tell. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
private func sleepsOfOthers() -> [String: Int?]? {
  let tasks = "/proc/self/task"
  let files = FileManager.default
  guard let own = try? files.destinationOfSymbolicLink(atPath: "/proc/thread-self"),
    let threads = try? files.contentsOfDirectory(atPath: tasks)
  else { return nil }
  return threads.filter { !own.hasSuffix("/\($0)") }.reduce(into: [:]) { found, thread in
    let status = (try? String(contentsOfFile: "\(tasks)/\(thread)/status", encoding: .utf8)) ?? ""
    var fields: [Substring: Substring] = [:]
    for line in status.split(separator: "\n") {
      let parts = line.split(separator: "\t", maxSplits: 1)
      if parts.count == 2 { fields[parts[0]] = parts[1] }
    }
    let isAsleep = fields["State:"]?.first == "S"
    let count = isAsleep ? fields["voluntary_ctxt_switches:"].flatMap { Int($0) } : nil
    found.updateValue(count, forKey: thread)
  }
}

private func waitForTurns() {
  usleep(60_000)
  for _ in 0..<30 {
    let turn = DispatchSemaphore(value: 0)
    DispatchQueue.global(qos: .utility).async { turn.signal() }
    turn.wait()
  }
}
