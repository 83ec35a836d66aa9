/// Distinct texts, numbered from 0 in the order in which they were first met.
///
/// Texts are compared byte by byte, as UTF-8. All of them stand in one array of bytes, so that a
/// text costs its length and about 20 bytes more, and a reader can look one up without building a
/// `String`. Numbers depend on the texts and their order alone.
public struct InternedTexts: Sendable {
  /// All texts, one after another.
  private var bytes: [UInt8] = []
  /// By number, where the text ends in ``bytes``; it starts where the one before it ends.
  private var ends: [Int] = []
  /// Open addressing from a text's hash on: by slot, 0 if it is free, otherwise eight bits of the
  /// hash. A table of bytes stays in the cache, where one of numbers would not, and nearly every
  /// new text is known by it to be new.
  private var tags: [UInt8] = []
  /// By slot that is not free, the number of its text.
  private var numbers: [Int32] = []

  /// No texts.
  public init() {}

  /// How many there are.
  public var count: Int { ends.count }

  /// How many bytes the texts have together.
  public var byteCount: Int { bytes.count }

  /// The number of `text`, a new one if it is new. Expected O(length). Traps beyond 2^31 - 2 texts.
  public mutating func id(of text: String) -> Int32 {
    var text = text
    return text.withUTF8 { id(ofBytes: UnsafeRawBufferPointer($0)) }
  }

  /// The same for a text that is given as UTF-8, which the caller has checked.
  public mutating func id(ofBytes text: UnsafeRawBufferPointer) -> Int32 {
    if 3 * (ends.count + 1) > 2 * tags.count { grow() }
    let hash = Self.hash(text)
    let slot = slot(of: text, hash)
    if tags[slot] != 0 { return numbers[slot] }
    precondition(ends.count < Int(Int32.max) - 1, "more texts than numbers for them")
    let number = Int32(truncatingIfNeeded: ends.count)
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
    tags[slot] = Self.tag(hash)
    numbers[slot] = number
    return number
  }

  /// The number of `text` if it has one.
  public func knownID(of text: String) -> Int32? {
    var text = text
    return text.withUTF8 { knownID(ofBytes: UnsafeRawBufferPointer($0)) }
  }

  /// The same for a text that is given as UTF-8.
  public func knownID(ofBytes text: UnsafeRawBufferPointer) -> Int32? {
    guard !tags.isEmpty else { return nil }
    let slot = slot(of: text, Self.hash(text))
    return tags[slot] == 0 ? nil : numbers[slot]
  }

  /// The text with this number. Traps on a number that was never given.
  public subscript(_ id: Int32) -> String {
    String(decoding: bytes[range(id)], as: UTF8.self)
  }

  /// Lets `body` look at the UTF-8 of a text. Traps on a number that was never given.
  public func withBytes<Result>(
    of id: Int32, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let range = range(id)
    return try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  private func range(_ id: Int32) -> Range<Int> {
    (id == 0 ? 0 : ends[Int(id) - 1])..<ends[Int(id)]
  }

  /// The slot where the text is, or where it belongs.
  private func slot(of text: UnsafeRawBufferPointer, _ hash: UInt64) -> Int {
    let tag = Self.tag(hash)
    return tags.withUnsafeBufferPointer { tags in
      let mask = tags.count - 1
      var slot = Int(truncatingIfNeeded: hash) & mask
      while tags[slot] != 0 {
        if tags[slot] == tag, isText(Int(numbers[slot]), text) { break }
        slot = (slot + 1) & mask
      }
      return slot
    }
  }

  private func isText(_ id: Int, _ text: UnsafeRawBufferPointer) -> Bool {
    let start = id == 0 ? 0 : ends[id - 1]
    guard ends[id] - start == text.count else { return false }
    return bytes.withUnsafeBytes { bytes in
      for offset in 0..<text.count where bytes[start + offset] != text[offset] { return false }
      return true
    }
  }

  private mutating func grow() {
    let count = max(16, tags.count * 2)
    tags = [UInt8](repeating: 0, count: count)
    numbers = [Int32](repeating: 0, count: count)
    for id in 0..<Int32(ends.count) {
      let hash = withBytes(of: id) { Self.hash($0) }
      var slot = Int(truncatingIfNeeded: hash) & (count - 1)
      while tags[slot] != 0 { slot = (slot + 1) & (count - 1) }
      tags[slot] = Self.tag(hash)
      numbers[slot] = id
    }
  }

  /// 1 to 255, from bits of the hash that do not choose the slot.
  private static func tag(_ hash: UInt64) -> UInt8 {
    max(1, UInt8(truncatingIfNeeded: hash >> 56))
  }

  /// A hash without a key, the same in every process: eight bytes at a time, each mixed in by a
  /// full multiplication whose halves are combined.
  private static func hash(_ text: UnsafeRawBufferPointer) -> UInt64 {
    var state = 0x9E37_79B9_7F4A_7C15 ^ UInt64(text.count)
    var offset = 0
    while offset + 8 <= text.count {
      let word = text.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      state = mix(state ^ UInt64(littleEndian: word))
      offset += 8
    }
    var rest: UInt64 = 0
    while offset < text.count {
      rest = rest << 8 | UInt64(text[offset])
      offset += 1
    }
    return mix(state ^ rest)
  }

  private static func mix(_ word: UInt64) -> UInt64 {
    let product = (word ^ 0xD6E8_FEB8_6659_FD93).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.high ^ product.low
  }
}
