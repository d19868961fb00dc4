import Foundation

/// What asked for a run.
enum SyncTrigger: String, Codable, Sendable {
  case os, foreground
  #if DEBUG
    case trigger
  #endif
}

/// The device as a run found it. What the system does not tell is left out.
struct EventEnvironment: Encodable, Sendable {
  /// Battery, percent.
  var bat: Int?
  /// 1 while charging.
  var chg: Int?
  /// 1 in Low Power Mode.
  var save: Int?
  /// `wifi`, `cell`, `other` or `none`.
  var net: String?
  /// 1 on a metered network.
  var metered: Int?
  /// 1 while protected data is unavailable.
  var locked: Int?
}

/// One event, written as one line: `BGSYNC1 {json}`, at most ``maxLineBytes`` bytes of ASCII.
///
/// `bgsync logs`, `trigger` and `doctor` read it; the keys must not change. Times are epoch milliseconds.
struct SyncEvent: Encodable, Sendable {
  enum Name: String, Encodable, Sendable {
    case register, heal, schedule, progress, expire, late, cancel, configure
    case scheduleError = "schedule.error"
    case runStart = "run.start"
    case runSkip = "run.skip"
    case runEnd = "run.end"
    case hostStart = "host.start"
    case hostReady = "host.ready"
    case javaScriptStart = "js.start"
    #if DEBUG
      case ack
    #endif
  }

  static let marker = "BGSYNC1 "

  /// os_log keeps 1,024 bytes of a dynamic string; the rest is room for framing.
  static let maxLineBytes = 900

  let v = 1
  let plat = "ios"
  /// Counts the events of one process, from 1; the log sets it, and `ts`, and `pid`.
  var seq = 0
  var ts: Int64 = 0
  var pid: Int32 = 0
  var ev: Name
  var run: String?
  var task: String?
  var trig: SyncTrigger?
  var att: Int?
  var ms: Int64?
  var out: Outcome?
  var rem: Int?
  var n: Int?
  var of: Int?
  var next: Int64?
  var why: String?
  var msg: String?
  /// 1 where `msg` was shortened to keep the line within ``maxLineBytes``.
  var cut: Int?
  var env: EventEnvironment?

  /// The line, without its end. A message that is too long is shortened at a character boundary.
  func line() -> String {
    let whole = encoded()
    guard whole.utf8.count > Self.maxLineBytes, let message = msg else { return whole }
    var event = self
    event.cut = 1
    // The longest beginning that fits. A line cannot hold more characters than bytes.
    let characters = Array(message.prefix(Self.maxLineBytes))
    var kept = 0..<(characters.count + 1)
    while kept.count > 1 {
      let middle = (kept.lowerBound + kept.upperBound) / 2
      event.msg = String(characters[..<middle])
      let fits = event.encoded().utf8.count <= Self.maxLineBytes
      kept = fits ? middle..<kept.upperBound : kept.lowerBound..<middle
    }
    event.msg = String(characters[..<kept.lowerBound])
    return event.encoded()
  }

  private func encoded() -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings and numbers only: nothing here that JSON cannot say.
    let json = (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) }
    return Self.marker + (json ?? "{}").asciiEscaped
  }
}

extension String {
  /// JSON text in which every character is one byte, so that no reader, pipe or buffer can split one.
  fileprivate var asciiEscaped: String {
    utf16.reduce(into: "") { text, unit in
      if unit < 0x80 {
        text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      } else {
        let digits = String(unit, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
  }
}
