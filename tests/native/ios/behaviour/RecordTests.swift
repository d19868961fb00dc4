@_spi(Fake) import BackgroundTasks
import Foundation
@_spi(Fake) import UIKit
@_spi(Fake) import os

@testable import BackgroundSync

/// Event lines, the ring file, and what JavaScript reads of it.
func recordTests() {
  test("a message that is too long is cut at a character, and nothing in it can break a line") {
    app in
    let message = "line\none \u{2028} tab\t \"quoted\" \u{0} " + String(repeating: "👩‍👩‍👧‍👦é", count: 400)
    let event = SyncEvent(ev: .runEnd, run: "abcd0000", task: App.taskId, msg: message)
    let line = event.line()
    try expect(line.utf8.count <= 900 && line.utf8.count > 700, "\(line.utf8.count) bytes")
    try expect(line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f })
    let back = try JSONDecoder().decode(Event.self, from: Data(line.dropFirst(8).utf8))
    try expectEqual(back.cut, 1)
    try expect(message.hasPrefix(back.msg ?? "?"), "the message is not a beginning of it")
    let short = SyncEvent(ev: .runEnd, msg: "fine").line()
    try expect(!short.contains("cut"))
    // Worst case: one character that is longer than a line.
    let zalgo = SyncEvent(ev: .runEnd, msg: "a" + String(repeating: "\u{301}", count: 5000)).line()
    try expect(zalgo.utf8.count <= 900)
  }
  test("the unified log gets each event, in public; the numbers have no gap") { app in
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    js.complete(try js.takeRun())
    _ = try app.waitForEnd()
    try expectEqual(app.events.map(\.seq), Array(1...app.events.count))
    try expectEqual(FakeLog.lines.count, app.events.count)
    try expect(app.events.allSatisfy { $0.v == 1 && $0.plat == "ios" && $0.pid == Int(getpid()) })
  }
  test("history: the newest events, newest last; a torn line is left out") { app in
    let clock = app.clock
    let log = EventLog(directory: app.directory, clock: clock)
    for number in 1...20 { log.write(SyncEvent(ev: .progress, n: number)) }
    let file = app.directory.appendingPathComponent("events.log")
    let handle = try FileHandle(forWritingTo: file)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("BGSYNC1 {\"v\":1,\"se".utf8))
    try handle.close()
    let events = try JSONDecoder().decode([Event].self, from: Data(log.history(limit: 3).utf8))
    try expectEqual(events.map(\.n), [19, 20])
    let all = try JSONDecoder().decode([Event].self, from: Data(log.history(limit: 1000).utf8))
    try expectEqual(all.map(\.n), Array(1...20))
    try expectEqual(log.history(limit: -1), "[]")
    try FileManager.default.removeItem(at: app.directory)
  }
  test("the ring file keeps the last 200 kB, and whole lines") { app in
    let clock = app.clock
    let log = EventLog(directory: app.directory, clock: clock)
    let message = String(repeating: "x", count: 700)
    for number in 1...1500 { log.write(SyncEvent(ev: .progress, n: number, msg: message)) }
    let file = app.directory.appendingPathComponent("events.log")
    let size = try Data(contentsOf: file).count
    try expect(size >= 200_000 && size <= 402_000, "\(size) bytes")
    let numbers = app.events.compactMap(\.n)
    try expectEqual(numbers.last, 1500)
    try expectEqual(numbers, Array((numbers.first ?? 0)...1500))
    try FileManager.default.removeItem(at: app.directory)
  }
  test("many threads write: one line each") { app in
    let clock = app.clock
    let log = EventLog(directory: app.directory, clock: clock)
    DispatchQueue.concurrentPerform(iterations: 200) { log.write(SyncEvent(ev: .progress, n: $0)) }
    try expectEqual(app.events.map(\.seq), Array(1...200))
    try expectEqual(Set(app.events.compactMap(\.n)).count, 200)
    try FileManager.default.removeItem(at: app.directory)
  }
  test("a folder that cannot be written costs the history only") { app in
    try FileManager.default.createDirectory(
      at: app.directory.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data().write(to: app.directory)
    let (_, js) = try app.launchWithJavaScript()
    try app.runNextWindow()
    js.complete(try js.takeRun())
    try eventually("a completion") { app.system.completions.map(\.success) == [true] }
    try expect(FakeLog.lines.contains { $0.text.contains("\"run.end\"") })
  }
}
