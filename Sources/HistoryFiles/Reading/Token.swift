/// Some bytes of the window: a word, or what stands between quotes.
struct Token {
  let base: UnsafePointer<UInt8>
  var start: Int
  var end: Int

  init(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) {
    self.base = base
    self.start = start
    self.end = end
  }

  var count: Int { end - start }
  var isEmpty: Bool { start == end }
  var range: Range<Int> { start..<end }
  var first: UInt8 { start < end ? base[start] : 0 }

  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + start, count: count)
  }

  /// For messages, which show at most 60 bytes of it.
  var text: String {
    let shown = UnsafeBufferPointer(start: base + start, count: min(count, 60))
    return String(decoding: shown, as: UTF8.self) + (count > 60 ? "..." : "")
  }

  /// All of it.
  var fullText: String { String(decoding: bytes, as: UTF8.self) }

  static func == (token: Token, word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard token.count == count else { return false }
    let start = word.utf8Start
    for offset in 0..<count where token.base[token.start + offset] != start[offset] {
      return false
    }
    return true
  }

  static func != (token: Token, word: StaticString) -> Bool { !(token == word) }

  static func == (left: Token, right: Token) -> Bool {
    guard left.count == right.count else { return false }
    for offset in 0..<left.count
    where left.base[left.start + offset] != right.base[right.start + offset] {
      return false
    }
    return true
  }

  /// Whether it starts with these bytes.
  func hasPrefix(_ word: StaticString) -> Bool {
    guard count >= word.utf8CodeUnitCount else { return false }
    return Token(base, start, start + word.utf8CodeUnitCount) == word
  }
}

/// What is wrong with some bytes of the window.
struct PlaceError: Error {
  var range: Range<Int>
  var message: String
  var help: String?
  /// Whether the bytes ended too early: with more of the input there may be nothing wrong.
  var needsMore = false
  /// Whether what follows would be misread.
  var isFatal = false

  init(_ range: Range<Int>, _ message: String, help: String? = nil) {
    self.range = range
    self.message = message
    self.help = help
  }

  init(_ token: Token, _ message: String, help: String? = nil) {
    self.init(token.range, message, help: help)
  }

  /// The same, of something without which the rest cannot be read.
  var fatal: PlaceError {
    var error = self
    error.isFatal = true
    return error
  }
}

/// Whole numbers as histories write them.
enum WholeNumber {
  /// Whether the token is digits, perhaps with a sign: a number of some size.
  static func isNumeral(_ token: Token) -> Bool {
    var offset = token.start
    if token.first == UInt8(ascii: "-") || token.first == UInt8(ascii: "+") { offset += 1 }
    guard offset < token.end else { return false }
    while offset < token.end {
      guard token.base[offset] &- UInt8(ascii: "0") < 10 else { return false }
      offset += 1
    }
    return true
  }

  /// The value of a numeral without a plus sign and without needless zeros; `nil` if it is none or
  /// does not fit into 64 bits.
  static func value(_ token: Token) -> Int? {
    var offset = token.start
    let isNegative = token.first == UInt8(ascii: "-")
    if isNegative { offset += 1 }
    let digits = token.end - offset
    guard digits > 0, digits <= 19 else { return nil }
    if token.base[offset] == UInt8(ascii: "0"), digits > 1 || isNegative { return nil }
    var magnitude: UInt = 0
    while offset < token.end {
      let digit = token.base[offset] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      magnitude = magnitude &* 10 &+ UInt(digit)
      offset += 1
    }
    // 19 digits stay below 2^64, so that nothing has wrapped around.
    if isNegative { return magnitude <= 1 << 63 ? Int(truncatingIfNeeded: 0 &- magnitude) : nil }
    return Int(exactly: magnitude)
  }

  /// What is wrong with a token that should be a number with a value.
  static func complaint(_ token: Token) -> PlaceError {
    guard isNumeral(token) else {
      return PlaceError(token, "expected a whole number, found \(quoted(token))")
    }
    let hasSign = token.first == UInt8(ascii: "-") || token.first == UInt8(ascii: "+")
    let digits = hasSign ? token.count - 1 : token.count
    if digits > 19 || (digits == 19 && token.base[token.end - digits] != UInt8(ascii: "0")) {
      return PlaceError(
        token, "\(token.text) is too large: numbers lie between -2^63 and 2^63 - 1")
    }
    return PlaceError(
      token, "\(quoted(token)) is no number as histories write them: no plus sign, no zeros first")
  }
}

/// The token between quotes, as messages show it.
func quoted(_ token: Token) -> String { "\"\(token.text)\"" }
