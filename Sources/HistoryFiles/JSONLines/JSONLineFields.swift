import InputText

/// The keys that a line of our format may have; those first that say what a line is.
enum JSONLineKey: Int, CaseIterable {
  case call, returned, fail, unknown, remark, order, format
  case op, key, value, expected, found, count, values, swapped, present
  case version, model, initial, about

  var word: StaticString {
    switch self {
    case .call: "call"
    case .returned: "return"
    case .fail: "fail"
    case .unknown: "unknown"
    case .remark: "remark"
    case .order: "order"
    case .format: "crashproof"
    case .op: "op"
    case .key: "key"
    case .value: "value"
    case .expected: "expected"
    case .found: "found"
    case .count: "count"
    case .values: "values"
    case .swapped: "swapped"
    case .present: "present"
    case .version: "version"
    case .model: "model"
    case .initial: "initial"
    case .about: "about"
    }
  }

  var bit: UInt32 { 1 << UInt32(rawValue) }

  /// The bits of the keys of which each line has exactly one; they come first.
  static let leading: UInt32 = 0b111_1111

  static func named(_ token: Token) -> JSONLineKey? {
    guard let key = guess(token), token == key.word else { return nil }
    return key
  }

  /// The only key that the token can be.
  private static func guess(_ token: Token) -> JSONLineKey? {
    switch (token.first, token.count) {
    case (UInt8(ascii: "c"), 4): .call
    case (UInt8(ascii: "c"), 5): .count
    case (UInt8(ascii: "c"), _): .format
    case (UInt8(ascii: "r"), 6):
      token.base[token.start + 2] == UInt8(ascii: "t") ? .returned : .remark
    case (UInt8(ascii: "o"), 2): .op
    case (UInt8(ascii: "o"), _): .order
    case (UInt8(ascii: "k"), _): .key
    case (UInt8(ascii: "v"), 5): .value
    case (UInt8(ascii: "v"), 6): .values
    case (UInt8(ascii: "v"), _): .version
    case (UInt8(ascii: "f"), 4): .fail
    case (UInt8(ascii: "f"), _): .found
    case (UInt8(ascii: "u"), _): .unknown
    case (UInt8(ascii: "e"), _): .expected
    case (UInt8(ascii: "s"), _): .swapped
    case (UInt8(ascii: "p"), _): .present
    case (UInt8(ascii: "m"), _): .model
    case (UInt8(ascii: "i"), _): .initial
    case (UInt8(ascii: "a"), _): .about
    default: nil
    }
  }
}

/// The members of one line, by key.
struct JSONLineFields {
  /// The line as a whole, without the white space around it.
  private(set) var line: Token
  /// By raw value of the key; what no line has set yet, or an earlier one, means nothing.
  private var values: [JSONLineValue]
  /// The key that says what the line is.
  private(set) var leading: JSONLineKey = .call
  /// A bit for each key that the line has and nobody asked for yet.
  private var unused: UInt32 = 0

  init(_ line: Token) {
    self.line = line
    let nothing = JSONLineValue(kind: .null, token: line)
    values = Array(repeating: nothing, count: JSONLineKey.allCases.count)
  }

  /// Takes the members of another line; the storage is used again.
  mutating func read(_ line: Token) throws(PlaceError) {
    self.line = line
    var known: UInt32 = 0
    var cursor = JSONLineCursor(line)
    guard cursor.skip(UInt8(ascii: "{")) else { throw cursor.expected("\"{\"") }
    if !cursor.skip(UInt8(ascii: "}")) {
      repeat { try member(&cursor, &known) } while cursor.skip(UInt8(ascii: ","))
      guard cursor.skip(UInt8(ascii: "}")) else { throw cursor.expected("\",\" or \"}\"") }
    }
    cursor.skipSpace()
    guard cursor.offset == cursor.end else { throw cursor.expected("the end of the line") }
    unused = known
    try findLeading(known)
  }

  private mutating func member(
    _ cursor: inout JSONLineCursor, _ known: inout UInt32
  ) throws(PlaceError) {
    cursor.skipSpace()
    guard cursor.peek == UInt8(ascii: "\"") else { throw cursor.expected("a key in quotes") }
    let name = try cursor.string()
    guard let key = JSONLineKey.named(name.token) else {
      let words = JSONLineKey.allCases.map { "\($0.word)" }
      throw PlaceError(
        name.range, "unknown key \(quoted(name.token))",
        help: NearMiss.help(for: name.token.text, among: words)
          ?? "known: \(words.joined(separator: ", "))")
    }
    guard known & key.bit == 0 else {
      throw PlaceError(name.range, "the key \(quoted(name.token)) stands here twice")
    }
    guard cursor.skip(UInt8(ascii: ":")) else { throw cursor.expected("\":\"") }
    values[key.rawValue] = try cursor.value()
    known |= key.bit
  }

  private mutating func findLeading(_ known: UInt32) throws(PlaceError) {
    let found = known & JSONLineKey.leading
    guard found != 0 else {
      throw PlaceError(
        line.start..<line.start + 1, "the line does not say what it is",
        help: "one of the keys \"call\", \"return\", \"fail\", \"unknown\" and \"remark\" does")
    }
    guard found.nonzeroBitCount == 1 else {
      let words = JSONLineKey.allCases.filter { found & $0.bit != 0 }.map { "\"\($0.word)\"" }
      throw PlaceError(
        line, "a line is one thing: \(words.joined(separator: " and ")) exclude each other")
    }
    leading = JSONLineKey(rawValue: found.trailingZeroBitCount) ?? .call
    unused &= ~found
  }

  /// The value of the key that says what the line is.
  var leadingValue: JSONLineValue { values[leading.rawValue] }

  /// The value of a key, which then counts as used; `nil` if the line does not have it.
  mutating func take(_ key: JSONLineKey) -> JSONLineValue? {
    guard unused & key.bit != 0 else { return nil }
    unused &= ~key.bit
    return values[key.rawValue]
  }

  /// The value of a key that the line must have.
  mutating func need(
    _ key: JSONLineKey, _ reason: @autoclosure () -> String
  ) throws(PlaceError) -> JSONLineValue {
    if let value = take(key) { return value }
    throw PlaceError(line.end - 1..<line.end, "the key \"\(key.word)\" is missing: \(reason())")
  }

  /// Refuses keys that the line has and nobody asked for.
  func refuseTheRest(_ what: @autoclosure () -> String) throws(PlaceError) {
    guard unused != 0 else { return }
    for key in JSONLineKey.allCases where unused & key.bit != 0 {
      throw PlaceError(
        values[key.rawValue].range, "\(what()) has no \"\(key.word)\"")
    }
  }
}
