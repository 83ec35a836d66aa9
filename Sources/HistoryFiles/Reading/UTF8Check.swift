/// Whether bytes are UTF-8, by the table of the Unicode Standard (section 3.9, table 3-7).
enum UTF8Check {
  /// The offset of the first byte that no character has there; `nil` if all is well. A character
  /// that the range cuts off is malformed too.
  static func firstMalformed(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> Int? {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let byte = base[offset]
      if byte < 0x80 {
        offset += 1
        continue
      }
      let length = length(startingWith: byte)
      guard length > 0, offset + length <= range.upperBound else { return offset }
      let second = base[offset + 1]
      guard secondBytes(after: byte).contains(second) else { return offset }
      for index in 2..<max(2, length) where base[offset + index] & 0xC0 != 0x80 { return offset }
      offset += length
    }
    return nil
  }

  /// How many bytes the character has; 0 if none starts so.
  private static func length(startingWith byte: UInt8) -> Int {
    switch byte {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 0
    }
  }

  /// Which second bytes are neither an overlong form, nor a surrogate, nor beyond U+10FFFF.
  private static func secondBytes(after byte: UInt8) -> ClosedRange<UInt8> {
    switch byte {
    case 0xE0: 0xA0...0xBF
    case 0xED: 0x80...0x9F
    case 0xF0: 0x90...0xBF
    case 0xF4: 0x80...0x8F
    default: 0x80...0xBF
    }
  }
}
