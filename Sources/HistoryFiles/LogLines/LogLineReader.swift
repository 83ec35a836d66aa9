import LinearizabilityChecking

/// Reads the log lines of Jepsen; those of other loggers are skipped.
struct LogLineReader: LineReader {
  private var events: JepsenEvents

  init(_ request: HistoryRequest) {
    events = JepsenEvents(.of(.jepsenLog, request))
  }

  mutating func read(_ line: Token, number: Int) throws(PlaceError) {
    guard let operation = LogLine.operation(line) else { return try skip(line) }
    var cursor = EDNCursor(operation.base, operation.range)
    guard let process = try cursor.next() else {
      throw PlaceError(operation.end..<operation.end, "expected a process")
    }
    let type = try keyword(&cursor, "a type such as :invoke")
    let function = try keyword(&cursor, "an operation such as :read")
    var event = JepsenEvent(
      range: line.range, line: number, process: process, type: type, function: function)
    if process.kind == .keyword {
      event.value = try rest(cursor)
    } else {
      guard let value = try cursor.next() else {
        throw PlaceError(
          cursor.end..<cursor.end, "expected a value", help: "is the line cut off?")
      }
      event.value = value
      try skipExtras(&cursor)
    }
    try events.take(event)
  }

  /// What a nemesis says: one value, or words that are none.
  private func rest(_ cursor: EDNCursor) throws(PlaceError) -> EDNValue? {
    var text = Token(cursor.base, cursor.offset, cursor.end)
    text.skipBlanks()
    if text.isEmpty { return nil }
    var cursor = cursor
    do throws(PlaceError) {
      if let value = try cursor.next(), try cursor.next() == nil { return value }
    } catch {
      // Not everything that a nemesis prints is EDN.
    }
    return EDNValue(kind: .symbol, token: text)
  }

  /// Words such as `:hint 3` may follow.
  private func skipExtras(_ cursor: inout EDNCursor) throws(PlaceError) {
    while let name = try cursor.next() {
      guard name.kind == .keyword, try cursor.next() != nil else {
        throw PlaceError(name.range, "expected the end of the line, found \(quoted(name.token))")
      }
    }
  }

  private func keyword(
    _ cursor: inout EDNCursor, _ what: String
  ) throws(PlaceError) -> Token {
    guard let value = try cursor.next() else {
      throw PlaceError(
        cursor.end..<cursor.end, "expected \(what), found the end of the line",
        help: "is the line cut off?")
    }
    guard value.kind == .keyword else {
      throw PlaceError(value.range, "expected \(what), found \(quoted(value.token))")
    }
    return value.token
  }

  /// Refuses a line that no logger wrote, and one that tells of an operation.
  private func skip(_ line: Token) throws(PlaceError) {
    var rest = line
    rest.skipBlanks()
    if rest.isEmpty { return }
    guard LogLine.isLogLine(line) else {
      throw PlaceError(
        rest, "this is no log line: it starts with no level such as INFO",
        help: "an operation is told so: INFO  jepsen.util - 4 :invoke :write 3")
    }
    for word: StaticString in [":invoke", ":ok", ":fail"] where line.contains(word) {
      throw PlaceError(
        rest, "this looks like an operation, but the logger is not jepsen.util")
    }
  }

  mutating func finish(at end: Token) throws(PlaceError) -> RecordedHistory {
    try events.finish(at: end.range)
  }
}
