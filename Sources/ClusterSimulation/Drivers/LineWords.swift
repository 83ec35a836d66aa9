/// Why a line of a failure file is not a step, or one of a progress file not what it should be.
public struct StepTextError: Error, Hashable, Sendable {
  /// What is wrong, and what would be right.
  public var message: String

  public init(message: String) { self.message = message }
}

/// The words of a line, taken one by one. Values are percent-encoded, and an empty one is written
/// `%`.
struct LineWords {
  private var words: ArraySlice<String>

  init(_ line: String) { words = line.split(separator: " ").map(String.init)[...] }

  var peek: String? { words.first }

  /// What stands behind the word `#`, which is next; empty if it is not.
  var remark: String { peek == "#" ? words.dropFirst().joined(separator: " ") : "" }

  /// Puts a word before the one at a place, or at the end.
  mutating func insert(_ word: String, at place: Int) {
    words.insert(word, at: min(words.startIndex + place, words.endIndex))
  }

  mutating func word(_ expected: String) throws(StepTextError) -> String {
    guard let word = words.popFirst() else {
      throw StepTextError(message: "the line ends where \(expected) should be")
    }
    return word
  }

  mutating func number(
    _ expected: String, _ range: ClosedRange<Int>
  ) throws(StepTextError) -> Int {
    let word = try word(expected)
    guard let number = Int(word), range.contains(number) else {
      throw StepTextError(message: "\"\(word)\" is not \(expected)")
    }
    return number
  }

  /// A percent-encoded value.
  mutating func text() throws(StepTextError) -> String {
    let word = try word("a value")
    if word == "%" { return "" }
    var bytes: [UInt8] = []
    var rest = Array(word.utf8)[...]
    while let byte = rest.popFirst() {
      if byte != UInt8(ascii: "%") {
        bytes.append(byte)
        continue
      }
      let digits = rest.prefix(2)
      rest = rest.dropFirst(2)
      guard digits.count == 2,
        let decoded = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      else { throw StepTextError(message: "\"\(word)\" is not percent-encoded") }
      bytes.append(decoded)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The value as one word.
  static func escape(_ text: String) -> String {
    guard !text.isEmpty else { return "%" }
    let digits = Array("0123456789ABCDEF")
    var escaped = ""
    for byte in text.utf8 {
      let isPlain = byte > 32 && byte < 127 && byte != UInt8(ascii: "%")
      escaped +=
        isPlain
        ? String(UnicodeScalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
    }
    return escaped
  }
}
