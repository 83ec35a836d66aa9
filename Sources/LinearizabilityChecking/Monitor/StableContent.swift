/// What a value consists of, as a sequence of 64-bit words: the basis of orders and fingerprints
/// that are the same in every process.
///
/// This module knows no hash function. Who has one combines ``words`` in order.
public struct ContentWords: Sendable {
  /// The words so far.
  public private(set) var words: [UInt64] = []

  /// No words.
  public init() {}

  /// Adds one word.
  public mutating func append(_ word: UInt64) {
    words.append(word)
  }

  /// Adds a number.
  public mutating func append(_ number: Int) {
    words.append(UInt64(bitPattern: Int64(number)))
  }

  /// Adds the content of a value.
  public mutating func append(_ value: some StableContent) {
    value.appendContent(to: &self)
  }
}

/// A value that can be written as words: equal values give equal words in every process, different
/// values different words, and no sequence is the beginning of another one.
public protocol StableContent {
  /// Adds the words of the value.
  func appendContent(to content: inout ContentWords)
}

extension String: StableContent {
  /// The number of bytes in UTF-8, then the bytes, eight a word.
  public func appendContent(to content: inout ContentWords) {
    content.append(utf8.count)
    var word: UInt64 = 0
    var filled = 0
    for byte in utf8 {
      word = word << 8 | UInt64(byte)
      filled += 1
      if filled == 8 {
        content.append(word)
        word = 0
        filled = 0
      }
    }
    if filled > 0 { content.append(word) }
  }
}

extension Int: StableContent {
  public func appendContent(to content: inout ContentWords) { content.append(self) }
}

extension Int32: StableContent {
  public func appendContent(to content: inout ContentWords) { content.append(Int(self)) }
}

extension Bool: StableContent {
  public func appendContent(to content: inout ContentWords) { content.append(self ? 1 : 0) }
}

extension Array: StableContent where Element: StableContent {
  public func appendContent(to content: inout ContentWords) { self[...].appendContent(to: &content) }
}

extension ArraySlice: StableContent where Element: StableContent {
  /// The number of elements, then the elements.
  public func appendContent(to content: inout ContentWords) {
    content.append(count)
    for element in self { content.append(element) }
  }
}

extension Set: StableContent where Element: StableContent & Comparable {
  public func appendContent(to content: inout ContentWords) { content.append(sorted()) }
}

extension Optional: StableContent where Wrapped: StableContent {
  public func appendContent(to content: inout ContentWords) {
    guard let value = self else { return content.append(0) }
    content.append(1)
    content.append(value)
  }
}

extension ContentWords: Comparable {
  /// The words of one value.
  public init(of value: some StableContent) {
    append(value)
  }

  /// The order of the first words that differ.
  public static func < (one: ContentWords, other: ContentWords) -> Bool {
    one.words.lexicographicallyPrecedes(other.words)
  }
}

extension Array where Element: StableContent {
  /// Sorts by content.
  mutating func sortByContent() {
    guard count > 1 else { return }
    let ranked = map { (words: ContentWords(of: $0), element: $0) }
    self = ranked.sorted { $0.words < $1.words }.map(\.element)
  }
}
