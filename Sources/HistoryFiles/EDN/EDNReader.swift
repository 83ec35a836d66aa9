import InputText
import LinearizabilityChecking

/// Reads histories that are maps of EDN: in a vector or a list, or one after another.
struct EDNReader: ~Copyable {
  private var window: InputWindow
  private var diagnostics: StreamDiagnostics
  private var events: JepsenEvents
  /// What closes the vector or list that the maps stand in; 0 if they stand in none.
  private var closing: UInt8 = 0
  private var openingLine = 0
  private var isClosed = false

  init(_ window: consuming InputWindow, _ format: HistoryFormat, _ request: HistoryRequest) {
    self.window = window
    diagnostics = StreamDiagnostics(path: request.path, limit: request.errorLimit)
    events = JepsenEvents(.of(format, request))
  }

  consuming func read() throws -> RecordedHistory {
    var isDone = false
    while !isDone, !diagnostics.isFull {
      do throws(PlaceError) {
        isDone = try !step()
      } catch {
        if error.needsMore, try window.more() { continue }
        isDone = error.isFatal
        // An end that comes too early is no news after other errors.
        if !isDone || diagnostics.errorCount == 0 { try report(error) }
      }
    }
    if diagnostics.errorCount > 0 { throw diagnostics }
    do throws(PlaceError) {
      return try events.finish(at: window.position..<window.position)
    } catch {
      diagnostics.add(error, window)
    }
    throw diagnostics
  }

  /// Reads white space up to the next thing, or that thing.
  /// - Returns: false at the end of the input.
  private mutating func step() throws(PlaceError) -> Bool {
    var cursor = EDNCursor(
      window.base, window.position..<window.end, mayGrow: !window.isAtEnd)
    try cursor.skipSpace()
    if cursor.offset > window.position {
      try window.advance(to: cursor.offset)
      return true
    }
    guard !cursor.isAtEnd else {
      if cursor.mayGrow { throw cursor.cut("the history") }
      if closing != 0, !isClosed {
        throw PlaceError(
          cursor.offset..<cursor.offset,
          "the vector or list that begins in line \(openingLine) is not closed",
          help: "is the file cut off?"
        ).fatal
      }
      return false
    }
    switch cursor.peek {
    case UInt8(ascii: "{") where !isClosed: try takeMap(&cursor)
    case UInt8(ascii: "#") where !isClosed: try takeRecord(&cursor)
    case UInt8(ascii: "["), UInt8(ascii: "("): try open(cursor)
    case closing where closing != 0 && !isClosed:
      isClosed = true
      try window.advance(to: cursor.offset + 1)
    default:
      let value = try cursor.value()
      let place = isClosed ? "after the end of the history" : "instead of a map"
      throw PlaceError(value.range, "\(quoted(value.token)) stands here \(place)")
    }
    return true
  }

  private mutating func open(_ cursor: EDNCursor) throws(PlaceError) {
    guard closing == 0, events.builder.history.eventCount == 0 else {
      throw PlaceError(
        cursor.offset..<cursor.offset + 1,
        "a vector or list begins here; a history is one, or maps without any")
    }
    closing = UInt8(ascii: cursor.peek == UInt8(ascii: "[") ? "]" : ")")
    openingLine = window.line
    try window.advance(to: cursor.offset + 1)
  }

  // MARK: Maps

  private mutating func takeMap(_ cursor: inout EDNCursor) throws(PlaceError) {
    let line = window.line
    let event = try Self.event(&cursor, line)
    try window.advance(to: cursor.offset)
    try events.take(event)
  }

  /// A map with the name of its type before it: `#jepsen.history.Op{...}`.
  private mutating func takeRecord(_ cursor: inout EDNCursor) throws(PlaceError) {
    let line = window.line
    let value = try cursor.value()
    guard value.kind == .map else {
      throw PlaceError(value.range, "\(quoted(value.token)) stands here instead of a map")
    }
    var inner = EDNCursor(cursor.base, value.token.range)
    let event = try Self.event(&inner, line)
    try window.advance(to: cursor.offset)
    try events.take(event)
  }

  /// Reads a map; the cursor stands on its brace.
  private static func event(
    _ cursor: inout EDNCursor, _ line: Int
  ) throws(PlaceError) -> JepsenEvent {
    let start = cursor.offset
    var members = EDNMembers()
    cursor.offset += 1
    while true {
      try cursor.skipSpace()
      if cursor.peek == UInt8(ascii: "}") { break }
      guard !cursor.isAtEnd else { throw cursor.cut("a map") }
      let key = try cursor.value()
      guard key.kind == .keyword else {
        throw PlaceError(
          key.range, "expected a key such as :process, found \(quoted(key.token))")
      }
      try cursor.skipSpace()
      if cursor.peek == UInt8(ascii: "}") {
        throw PlaceError(key.range, "the key \(key.token.text) has no value")
      }
      try members.set(key, try cursor.value())
    }
    cursor.offset += 1
    return try members.event(start..<cursor.offset, line)
  }

  // MARK: Errors

  /// Keeps the error and goes on with the next line that starts with a map.
  private mutating func report(_ error: PlaceError) throws {
    var error = error
    if error.needsMore {
      error = PlaceError(
        error.range.lowerBound..<error.range.lowerBound,
        "a map is longer than \(InputWindow.longestRecord) bytes")
    }
    if error.range.lowerBound > window.position {
      window.countLines(to: error.range.lowerBound)
    }
    diagnostics.add(error, window)
    try skipToMap()
  }

  private mutating func skipToMap() throws {
    while let line = try window.nextLine() {
      window.finishLine()
      if line.isTooLong { return }
      while window.end - window.position < 4096, try window.more() {}
      var offset = window.position
      while offset < window.end,
        window.base[offset] == UInt8(ascii: " ") || window.base[offset] == UInt8(ascii: ",")
      {
        offset += 1
      }
      guard offset < window.end else { continue }
      if window.base[offset] == UInt8(ascii: "{") { return }
      if window.base[offset] == closing, closing != 0 { return }
    }
  }
}

/// The members of a map that say something about an operation.
private struct EDNMembers {
  private var process: EDNValue?
  private var type: EDNValue?
  private var function: EDNValue?
  private var value: EDNValue?
  private var key: EDNValue?
  private var count: EDNValue?
  private var result: EDNValue?
  private var error: EDNValue?

  mutating func set(_ key: EDNValue, _ value: EDNValue) throws(PlaceError) {
    let isNew: Bool
    switch key.token.count {
    case 2 where key.token == ":f": isNew = Self.fill(&function, value)
    case 4 where key.token == ":key": isNew = Self.fill(&self.key, value)
    case 5 where key.token == ":type": isNew = Self.fill(&type, value)
    case 6 where key.token == ":value": isNew = Self.fill(&self.value, value)
    case 6 where key.token == ":count": isNew = Self.fill(&count, value)
    case 6 where key.token == ":error": isNew = Self.fill(&error, value)
    case 7 where key.token == ":result": isNew = Self.fill(&result, value)
    case 8 where key.token == ":process": isNew = Self.fill(&process, value)
    default: isNew = true
    }
    guard isNew else {
      throw PlaceError(key.range, "the key \(key.token.text) stands here twice")
    }
  }

  private static func fill(_ member: inout EDNValue?, _ value: EDNValue) -> Bool {
    guard member == nil else { return false }
    member = value
    return true
  }

  func event(_ range: Range<Int>, _ line: Int) throws(PlaceError) -> JepsenEvent {
    guard let process else { throw Self.missing(":process", range) }
    let type = try Self.keyword(type, ":type", range)
    let function = try Self.keyword(function, ":f", range)
    var event = JepsenEvent(
      range: range, line: line, process: process, type: type, function: function)
    event.value = value
    event.key = key
    event.count = count
    event.result = result
    event.error = error
    return event
  }

  private static func keyword(
    _ value: EDNValue?, _ name: String, _ range: Range<Int>
  ) throws(PlaceError) -> Token {
    guard let value else { throw missing(name, range) }
    guard value.kind == .keyword else {
      throw PlaceError(
        value.range, "expected a keyword for \(name), found \(quoted(value.token))")
    }
    return value.token
  }

  private static func missing(_ name: String, _ range: Range<Int>) -> PlaceError {
    PlaceError(range.lowerBound..<range.lowerBound + 1, "the map has no \(name)")
  }
}
