/// A value of a JSON object that stands on one line, as the bytes that it stands in.
struct JSONLineValue {
  enum Kind: UInt8 {
    /// The token is what stands between the quotes.
    case string
    case integer
    case boolean
    case null
    /// The token has the brackets; the elements are strings and whole numbers.
    case list
  }

  // In this order the value fits into four registers.
  var token: Token
  var kind: Kind
  /// Whether a string has escapes.
  var hasEscapes = false

  init(kind: Kind, token: Token, hasEscapes: Bool = false) {
    self.token = token
    self.kind = kind
    self.hasEscapes = hasEscapes
  }

  var range: Range<Int> {
    kind == .string ? token.start - 1..<token.end + 1 : token.range
  }

  /// For messages: `a string`.
  var phrase: String {
    switch kind {
    case .string: "a string"
    case .integer: "a number"
    case .boolean: "true or false"
    case .null: "null"
    case .list: "a list"
    }
  }
}

/// Goes through one JSON object on one line. The line has no control characters and is UTF-8.
struct JSONLineCursor {
  let base: UnsafePointer<UInt8>
  var offset: Int
  let end: Int

  init(_ line: Token) {
    base = line.base
    offset = line.start
    end = line.end
  }

  var peek: UInt8 { offset < end ? base[offset] : 0 }

  mutating func skipSpace() {
    while offset < end, base[offset] == UInt8(ascii: " ") || base[offset] == UInt8(ascii: "\t") {
      offset += 1
    }
  }

  /// Skips white space and one byte, if it is the one wanted.
  mutating func skip(_ byte: UInt8) -> Bool {
    skipSpace()
    guard peek == byte else { return false }
    offset += 1
    return true
  }

  /// Says what stands here instead of what should.
  func expected(_ what: String) -> PlaceError {
    guard offset < end else {
      return PlaceError(
        offset..<offset, "expected \(what), found the end of the line",
        help: "is the line cut off?")
    }
    var stop = offset + 1
    while stop < end, base[stop] & 0xC0 == 0x80 { stop += 1 }
    return PlaceError(
      offset..<stop, "expected \(what), found \(quoted(Token(base, offset, stop)))")
  }

  /// Reads a string; the offset stands on its first quote.
  mutating func string() throws(PlaceError) -> JSONLineValue {
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
      throw PlaceError(start..<end, "the string has no end", help: "is the line cut off?")
    }
    offset += 1
    return JSONLineValue(
      kind: .string, token: Token(base, start + 1, offset - 1), hasEscapes: hasEscapes)
  }

  mutating func value() throws(PlaceError) -> JSONLineValue {
    skipSpace()
    switch peek {
    case UInt8(ascii: "\""): return try string()
    case UInt8(ascii: "["): return try list()
    case UInt8(ascii: "{"): throw PlaceError(offset..<offset + 1, "no object stands here")
    default: return try literal()
    }
  }

  private mutating func literal() throws(PlaceError) -> JSONLineValue {
    let start = offset
    while offset < end, !Self.endsLiteral(base[offset]) { offset += 1 }
    let token = Token(base, start, offset)
    if token.isEmpty { throw expected("a value") }
    if token == "true" || token == "false" { return JSONLineValue(kind: .boolean, token: token) }
    if token == "null" { return JSONLineValue(kind: .null, token: token) }
    if WholeNumber.value(token) != nil { return JSONLineValue(kind: .integer, token: token) }
    if WholeNumber.isNumeral(token) { throw WholeNumber.complaint(token) }
    throw PlaceError(
      token, "\(quoted(token)) is no value",
      help: "a value is a string in quotes, a whole number, true, false, null or a list")
  }

  private static func endsLiteral(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: "}"),
      UInt8(ascii: "]"), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "\""),
      UInt8(ascii: ":"):
      true
    default: false
    }
  }

  private mutating func list() throws(PlaceError) -> JSONLineValue {
    let start = offset
    offset += 1
    if !skip(UInt8(ascii: "]")) {
      repeat { _ = try element() } while skip(UInt8(ascii: ","))
      guard skip(UInt8(ascii: "]")) else { throw expected("\",\" or \"]\"") }
    }
    return JSONLineValue(kind: .list, token: Token(base, start, offset))
  }

  /// A member of a list: a string or a whole number.
  mutating func element() throws(PlaceError) -> JSONLineValue {
    skipSpace()
    if peek == UInt8(ascii: "[") {
      throw PlaceError(offset..<offset + 1, "no list stands inside a list")
    }
    let value = try value()
    guard value.kind == .string || value.kind == .integer else {
      throw PlaceError(value.range, "expected a string or a number, found \(value.phrase)")
    }
    return value
  }
}

/// The escapes of JSON strings.
enum JSONEscapes {
  /// Appends the text of a string that has escapes, as UTF-8.
  static func decode(_ token: Token, into bytes: ScratchBytes) throws(PlaceError) {
    var offset = token.start
    while offset < token.end {
      let byte = token.base[offset]
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        offset += 1
        continue
      }
      guard offset + 1 < token.end else { throw wrong(token, offset, 1) }
      switch token.base[offset + 1] {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
        bytes.append(token.base[offset + 1])
      case UInt8(ascii: "b"): bytes.append(UInt8(8))
      case UInt8(ascii: "f"): bytes.append(UInt8(12))
      case UInt8(ascii: "n"): bytes.append(UInt8(10))
      case UInt8(ascii: "r"): bytes.append(UInt8(13))
      case UInt8(ascii: "t"): bytes.append(UInt8(9))
      case UInt8(ascii: "u"):
        offset = try decodeUnicode(token, offset, into: bytes)
        continue
      default: throw wrong(token, offset, 2)
      }
      offset += 2
    }
  }

  /// - Returns: the offset after the escape, or after both halves of a surrogate pair.
  private static func decodeUnicode(
    _ token: Token, _ start: Int, into bytes: ScratchBytes
  ) throws(PlaceError) -> Int {
    guard let first = unit(token, start) else { throw wrong(token, start, 6) }
    var value = first
    var offset = start + 6
    if 0xD800..<0xDC00 ~= first {
      guard let second = unit(token, offset), 0xDC00..<0xE000 ~= second else {
        throw wrong(token, start, 6)
      }
      value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
      offset += 6
    }
    guard let scalar = Unicode.Scalar(value) else { throw wrong(token, start, 6) }
    bytes.append(scalar)
    return offset
  }

  /// The sixteen bits of `\u12AB`.
  private static func unit(_ token: Token, _ start: Int) -> UInt32? {
    guard start + 6 <= token.end, token.base[start] == UInt8(ascii: "\\"),
      token.base[start + 1] == UInt8(ascii: "u")
    else { return nil }
    var value: UInt32 = 0
    for offset in start + 2..<start + 6 {
      guard let digit = Unicode.Scalar(token.base[offset]).hexadecimalValue else { return nil }
      value = value << 4 | digit
    }
    return value
  }

  private static func wrong(_ token: Token, _ start: Int, _ length: Int) -> PlaceError {
    let end = min(token.end, start + length)
    return PlaceError(
      start..<end, "\(quoted(Token(token.base, start, end))) is no escape",
      help: #"escapes are \" \\ \/ \b \f \n \r \t and \u with four hexadecimal digits"#)
  }
}

extension Unicode.Scalar {
  /// 0 to 15 for a hexadecimal digit.
  var hexadecimalValue: UInt32? {
    switch self {
    case "0"..."9": value - 48
    case "a"..."f": value - 87
    case "A"..."F": value - 55
    default: nil
    }
  }
}
