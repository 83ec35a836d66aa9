/// The shape of a line that a logger wrote.
///
///     INFO  jepsen.util - 4 :invoke :write 3
///     2022-02-02 12:07:14,566{GMT} INFO [jepsen worker 3] jepsen.util: 3 :invoke :write 3
enum LogLine {
  private static let levels: [StaticString] = ["INFO", "WARN", "ERROR", "DEBUG", "TRACE", "FATAL"]

  /// What the logger of operations wrote; `nil` if another one wrote the line.
  static func operation(_ line: Token) -> Token? {
    let common: StaticString = "INFO  jepsen.util - "
    if line.hasPrefix(common) {
      return Token(line.base, line.start + common.utf8CodeUnitCount, line.end)
    }
    let name: StaticString = "jepsen.util"
    guard isLogLine(line), let found = line.firstOffset(of: name) else { return nil }
    var rest = Token(line.base, found + name.utf8CodeUnitCount, line.end)
    // The name of another logger goes on: jepsen.util.data.
    guard rest.first != UInt8(ascii: ".") else { return nil }
    if rest.first == UInt8(ascii: ":") { rest.start += 1 }
    rest.skipBlanks()
    if rest.first == UInt8(ascii: "-") {
      rest.start += 1
      rest.skipBlanks()
    }
    return rest
  }

  /// Whether a level stands first, or after a time that starts with a digit.
  static func isLogLine(_ line: Token) -> Bool {
    var rest = line
    rest.skipBlanks()
    let startsWithDigit = rest.first &- UInt8(ascii: "0") < 10
    // A date, a time and a zone stand before the level at most.
    for _ in 0..<(startsWithDigit ? 4 : 1) {
      let word = rest.nextWord()
      for level in levels where word == level { return true }
    }
    return false
  }
}

extension Token {
  /// Leaves out blanks and tabs at the start.
  mutating func skipBlanks() {
    while start < end, base[start] == UInt8(ascii: " ") || base[start] == UInt8(ascii: "\t") {
      start += 1
    }
  }

  /// Takes the bytes up to the next blank or tab, and leaves out what follows of them.
  mutating func nextWord() -> Token {
    var stop = start
    while stop < end, base[stop] != UInt8(ascii: " "), base[stop] != UInt8(ascii: "\t") {
      stop += 1
    }
    let word = Token(base, start, stop)
    start = stop
    skipBlanks()
    return word
  }
}
