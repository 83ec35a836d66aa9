/// Takes the bytes of a history as they are written: a few thousand at a time.
public typealias ByteSink = (UnsafeRawBufferPointer) throws -> Void

/// Bytes that have been written and not yet been passed on.
struct ByteOutput {
  private(set) var bytes: [UInt8] = []

  /// Whether enough has come together to be passed on.
  var isFull: Bool { bytes.count >= 1 << 16 }

  mutating func flush(_ sink: ByteSink) throws {
    try bytes.withUnsafeBytes { if !$0.isEmpty { try sink($0) } }
    bytes.removeAll(keepingCapacity: true)
  }

  mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }

  mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  mutating func append(_ text: UnsafeRawBufferPointer) { bytes.append(contentsOf: text) }

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(_ number: Int32) { append(String(number)) }

  mutating func append(_ number: Int) { append(String(number)) }

  /// A text between quotes, with the escapes that JSON and EDN share.
  mutating func appendQuoted(_ text: UnsafeRawBufferPointer) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""): append(#"\""#)
      case UInt8(ascii: "\\"): append(#"\\"#)
      case UInt8(ascii: "\n"): append(#"\n"#)
      case UInt8(ascii: "\r"): append(#"\r"#)
      case UInt8(ascii: "\t"): append(#"\t"#)
      case 0..<0x20, 0x7F:
        append(#"\u00"#)
        append(Self.digit(byte >> 4))
        append(Self.digit(byte & 15))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func appendQuoted(_ text: String) {
    var text = text
    text.withUTF8 { appendQuoted(UnsafeRawBufferPointer($0)) }
  }

  /// A whole number as it is, any other text between quotes.
  mutating func appendScalar(_ text: UnsafeRawBufferPointer) {
    if Self.wholeNumber(text) != nil { append(text) } else { appendQuoted(text) }
  }

  /// The number that a text is; `nil` if it is none.
  static func wholeNumber(_ text: UnsafeRawBufferPointer) -> Int? {
    guard let start = text.baseAddress, !text.isEmpty else { return nil }
    return WholeNumber.value(
      Token(start.assumingMemoryBound(to: UInt8.self), 0, text.count))
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
