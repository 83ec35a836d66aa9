/// What kind of value stands at a place of an EDN text.
enum EDNKind: UInt8 {
  case nothing
  case boolean
  case integer
  /// A number with a fraction, an exponent, a numerator, or a suffix.
  case otherNumber
  /// The token is what stands between the quotes.
  case string
  case keyword
  case symbol
  case character
  /// A value with a tag before it, such as `#inst "2015-01-01"`.
  case tagged
  /// In brackets or parentheses; the token has them.
  case sequence
  case map
  case set

  /// Whether the value has no parts.
  var isScalar: Bool { rawValue <= EDNKind.tagged.rawValue }
}

/// One value of an EDN text.
struct EDNValue {
  // In this order the value fits into four registers.
  var token: Token
  var kind: EDNKind
  /// Whether a string has escapes.
  var hasEscapes = false

  init(kind: EDNKind, token: Token, hasEscapes: Bool = false) {
    self.token = token
    self.kind = kind
    self.hasEscapes = hasEscapes
  }

  /// The value with its quotes.
  var range: Range<Int> {
    kind == .string ? token.start - 1..<token.end + 1 : token.range
  }
}

/// Goes through an EDN text (extensible data notation, the literals of Clojure), value by value.
///
/// Nothing is built: a value is the bytes that it stands in. Source: the EDN format,
/// github.com/edn-format/edn.
struct EDNCursor {
  let base: UnsafePointer<UInt8>
  var offset: Int
  let end: Int
  /// Whether more input may follow after `end`.
  let mayGrow: Bool

  /// Values inside values, at most.
  static let deepest = 100

  init(_ base: UnsafePointer<UInt8>, _ range: Range<Int>, mayGrow: Bool = false) {
    self.base = base
    offset = range.lowerBound
    end = range.upperBound
    self.mayGrow = mayGrow
  }

  /// The byte at the offset; 0 at the end.
  var peek: UInt8 { offset < end ? base[offset] : 0 }

  var isAtEnd: Bool { offset >= end }

  /// The input ended inside something.
  func cut(_ what: String) -> PlaceError {
    var error = PlaceError(
      offset..<offset, "the input ends inside \(what)", help: "is the file cut off?")
    error.needsMore = mayGrow
    return error
  }

  /// Skips white space, which commas are, and comments.
  mutating func skipSpace() throws(PlaceError) {
    while offset < end {
      switch base[offset] {
      case UInt8(ascii: " "), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\t"),
        UInt8(ascii: "\r"):
        offset += 1
      case UInt8(ascii: ";"):
        while offset < end, base[offset] != UInt8(ascii: "\n") { offset += 1 }
        if offset == end, mayGrow { throw cut("a comment") }
      case UInt8(ascii: "#") where offset + 1 < end && base[offset + 1] == UInt8(ascii: "_"):
        offset += 2
        try skipSpace()
        _ = try value()
      default: return
      }
    }
  }

  /// Reads the value at the offset, with its parts.
  mutating func value(depth: Int = 0) throws(PlaceError) -> EDNValue {
    let start = offset
    guard offset < end else { throw cut("a value") }
    switch base[offset] {
    case UInt8(ascii: "\""): return try string()
    case UInt8(ascii: "["):
      return try collection(.sequence, UInt8(ascii: "]"), opening: 1, depth)
    case UInt8(ascii: "("):
      return try collection(.sequence, UInt8(ascii: ")"), opening: 1, depth)
    case UInt8(ascii: "{"): return try collection(.map, UInt8(ascii: "}"), opening: 1, depth)
    case UInt8(ascii: "#"): return try dispatched(depth)
    case UInt8(ascii: "\\"):
      offset += 1
      guard offset < end else { throw cut("a character") }
      offset += 1
      skipAtom()
      if offset == end, mayGrow { throw cut("a character") }
      return EDNValue(kind: .character, token: Token(base, start, offset))
    default: return try atom()
    }
  }

  private mutating func dispatched(_ depth: Int) throws(PlaceError) -> EDNValue {
    let start = offset
    offset += 1
    if peek == UInt8(ascii: "{") {
      offset = start
      return try collection(.set, UInt8(ascii: "}"), opening: 2, depth)
    }
    skipAtom()
    guard offset > start + 1 else {
      if offset == end { throw cut("a tag") }
      throw PlaceError(start..<start + 1, "a tag has a name: #inst \"2015-01-01\"")
    }
    try skipSpace()
    guard depth < Self.deepest else { throw tooDeep(start) }
    let inner = try value(depth: depth + 1)
    // A tagged map is a record, and a tagged vector a pair of key and value: what the tag says is
    // nothing that a history needs.
    if inner.kind == .map || inner.kind == .sequence { return inner }
    return EDNValue(kind: .tagged, token: Token(base, start, offset))
  }

  private func tooDeep(_ start: Int) -> PlaceError {
    PlaceError(start..<start + 1, "values stand in each other more than \(Self.deepest) deep")
  }

  private mutating func collection(
    _ kind: EDNKind, _ closing: UInt8, opening: Int, _ depth: Int
  ) throws(PlaceError) -> EDNValue {
    let start = offset
    guard depth < Self.deepest else { throw tooDeep(start) }
    offset += opening
    while true {
      try skipSpace()
      guard offset < end else { throw cut("what opens with \(opener(start, opening))") }
      if base[offset] == closing { break }
      _ = try value(depth: depth + 1)
    }
    offset += 1
    return EDNValue(kind: kind, token: Token(base, start, offset))
  }

  private func opener(_ start: Int, _ count: Int) -> String {
    quoted(Token(base, start, min(end, start + count)))
  }

  private mutating func string() throws(PlaceError) -> EDNValue {
    let start = offset
    offset += 1
    var hasEscapes = false
    while offset < end, base[offset] != UInt8(ascii: "\"") {
      if base[offset] == UInt8(ascii: "\\") {
        hasEscapes = true
        offset += 1
      }
      offset += 1
    }
    guard offset < end else {
      offset = end
      throw cut("a string")
    }
    offset += 1
    return EDNValue(
      kind: .string, token: Token(base, start + 1, offset - 1), hasEscapes: hasEscapes)
  }

  /// Whether a byte ends a number, a keyword or a symbol.
  static func isDelimiter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\t"),
      UInt8(ascii: "\r"), UInt8(ascii: "\""), UInt8(ascii: ";"), UInt8(ascii: "("),
      UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
      UInt8(ascii: "}"):
      true
    default: false
    }
  }

  private mutating func skipAtom() {
    while offset < end, !Self.isDelimiter(base[offset]) { offset += 1 }
  }

  /// A number, a keyword or a symbol.
  private mutating func atom() throws(PlaceError) -> EDNValue {
    let start = offset
    skipAtom()
    let token = Token(base, start, offset)
    if offset == end, mayGrow { throw cut("a value") }
    guard !token.isEmpty else {
      throw PlaceError(
        start..<start + 1, "expected a value, found \(quoted(Token(base, start, start + 1)))")
    }
    return EDNValue(kind: try Self.kind(token), token: token)
  }

  private static func kind(_ token: Token) throws(PlaceError) -> EDNKind {
    let first = token.first
    if first == UInt8(ascii: ":") {
      guard token.count > 1 else { throw PlaceError(token, "a keyword has a name: :read") }
      return .keyword
    }
    let second = token.count > 1 ? token.base[token.start + 1] : 0
    let isSign = first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
    if first &- UInt8(ascii: "0") < 10 || (isSign && second &- UInt8(ascii: "0") < 10) {
      return try number(token)
    }
    if token == "nil" { return .nothing }
    if token == "true" || token == "false" { return .boolean }
    return .symbol
  }

  private static func number(_ token: Token) throws(PlaceError) -> EDNKind {
    if WholeNumber.value(token) != nil { return .integer }
    if WholeNumber.isNumeral(token) { throw WholeNumber.complaint(token) }
    var rest = EDNCursor(token.base, token.range)
    if rest.peek == UInt8(ascii: "-") || rest.peek == UInt8(ascii: "+") { rest.offset += 1 }
    var isNumber = rest.skipDigits()
    if rest.peek == UInt8(ascii: "/") {
      rest.offset += 1
      isNumber = rest.skipDigits() && isNumber
    } else {
      if rest.peek == UInt8(ascii: ".") {
        rest.offset += 1
        _ = rest.skipDigits()
      }
      if rest.peek | 0x20 == UInt8(ascii: "e") {
        rest.offset += 1
        if rest.peek == UInt8(ascii: "-") || rest.peek == UInt8(ascii: "+") { rest.offset += 1 }
        isNumber = rest.skipDigits() && isNumber
      }
      if rest.peek == UInt8(ascii: "N") || rest.peek == UInt8(ascii: "M") { rest.offset += 1 }
    }
    guard isNumber, rest.isAtEnd else {
      throw PlaceError(token, "\(quoted(token)) is no number")
    }
    return .otherNumber
  }

  private mutating func skipDigits() -> Bool {
    let start = offset
    while offset < end, base[offset] &- UInt8(ascii: "0") < 10 { offset += 1 }
    return offset > start
  }
}

extension EDNValue {
  /// A cursor over what stands inside a sequence.
  var inside: EDNCursor { EDNCursor(token.base, token.start + 1..<token.end - 1) }

  /// The two values of a sequence of two; `nil` for anything else.
  func pair() throws(PlaceError) -> (first: EDNValue, second: EDNValue)? {
    guard kind == .sequence else { return nil }
    var cursor = inside
    guard let first = try cursor.next(), let second = try cursor.next() else { return nil }
    return try cursor.next() == nil ? (first, second) : nil
  }

  /// The only value of a sequence of one; `nil` for anything else.
  func single() throws(PlaceError) -> EDNValue? {
    guard kind == .sequence else { return nil }
    var cursor = inside
    guard let first = try cursor.next() else { return nil }
    return try cursor.next() == nil ? first : nil
  }
}

extension EDNCursor {
  /// The next value; `nil` at the end.
  mutating func next() throws(PlaceError) -> EDNValue? {
    try skipSpace()
    return isAtEnd ? nil : try value()
  }
}
