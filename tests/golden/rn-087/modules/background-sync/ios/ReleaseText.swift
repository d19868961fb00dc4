/// What of JavaScript's message may stand in the log of a released app, which others read.
enum ReleaseText {
  /// "SyntaxError: Unexpected token in JSON: …" quotes the data that it is about: of what was thrown, the name alone. A
  /// message that the handler chose stays as it is.
  static func of(_ message: String) -> String {
    guard let colon = message.firstIndex(of: ":") else { return message }
    let name = message[..<colon]
    let isError = name.hasSuffix("Error") || name.hasSuffix("Exception")
    return isError && name.allSatisfy { $0.isLetter || $0.isNumber } ? String(name) : message
  }
}
