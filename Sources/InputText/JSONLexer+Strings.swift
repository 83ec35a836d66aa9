extension JSONLexer {
  /// A string in single or double quotes. It ends at the line's end if it is not closed there.
  mutating func stringToken(quote: Unicode.Scalar) -> JSONToken {
    let start = offset
    offset += 1
    var value = String.UnicodeScalarView()
    while let scalar = peek() {
      if scalar == quote {
        offset += 1
        return JSONToken(kind: .string(String(value)), offsets: start..<offset)
      }
      if scalar == "\n" || scalar == "\r" { break }
      if scalar == "\\" {
        readEscape(into: &value)
      } else {
        value.append(scalar)
        offset += 1
      }
    }
    report("this string is not closed", start..<offset, help: "end it with \(quote)")
    return JSONToken(kind: .string(String(value)), offsets: start..<offset)
  }

  /// A name without quotes, with `\u` escapes.
  mutating func identifierToken() -> JSONToken {
    let start = offset
    var name = String.UnicodeScalarView()
    while let scalar = peek() {
      if scalar == "\\" {
        let escapeStart = offset
        var part = String.UnicodeScalarView()
        guard peek(1) == "u" else {
          offset += 1
          report("only \\u escapes may stand in a name without quotes", escapeStart..<offset)
          continue
        }
        readEscape(into: &part)
        guard let first = part.first else { continue }
        let fits = name.isEmpty ? Self.startsIdentifier(first) : Self.continuesIdentifier(first)
        if !fits {
          report("\(quoted(String(part))) may not stand in a name here", escapeStart..<offset)
        }
        name.append(contentsOf: part)
      } else if Self.continuesIdentifier(scalar) {
        name.append(scalar)
        offset += 1
      } else {
        break
      }
    }
    return JSONToken(kind: .identifier(String(name)), offsets: start..<offset)
  }

  /// Reads one escape; `offset` is at its backslash.
  private mutating func readEscape(into value: inout String.UnicodeScalarView) {
    let start = offset
    guard let letter = peek(1) else {
      offset += 1
      return
    }
    offset += 2
    switch letter {
    case "b": value.append("\u{08}")
    case "f": value.append("\u{0C}")
    case "n": value.append("\n")
    case "r": value.append("\r")
    case "t": value.append("\t")
    case "v": value.append("\u{0B}")
    case "x":
      if let code = hexDigits(2, from: start) { appendScalar(code, to: &value) }
    case "u": readUnicodeEscape(start, into: &value)
    case "0" where !(peek().map(Self.isDigit) ?? false): value.append("\u{00}")
    case "0"..."9":
      report("octal escapes are not allowed", start..<offset, help: "write \\x or \\u")
    case "\r":
      if peek() == "\n" { offset += 1 }
    case "\n", "\u{2028}", "\u{2029}": break
    default: value.append(letter)
    }
  }

  /// After `\u`: four digits, or a pair of surrogates as two escapes.
  private mutating func readUnicodeEscape(
    _ start: Int, into value: inout String.UnicodeScalarView
  ) {
    guard let code = hexDigits(4, from: start) else { return }
    guard (0xD800...0xDFFF).contains(code) else {
      appendScalar(code, to: &value)
      return
    }
    if code < 0xDC00, peek() == "\\", peek(1) == "u" {
      let second = offset
      offset += 2
      guard let low = hexDigits(4, from: second) else { return }
      if (0xDC00...0xDFFF).contains(low) {
        appendScalar(0x10000 + (code - 0xD800) << 10 + (low - 0xDC00), to: &value)
        return
      }
      offset = second
    }
    report("half of a surrogate pair stands alone", start..<offset)
  }

  /// Reads `count` hexadecimal digits of the escape that began at `start`; nil, and an error, if
  /// there are fewer.
  private mutating func hexDigits(_ count: Int, from start: Int) -> UInt32? {
    var code: UInt32 = 0
    for _ in 0..<count {
      guard let digit = peek().flatMap(Self.hexValue) else {
        let form = count == 2 ? "\\x needs two" : "\\u needs four"
        report("\(form) hexadecimal digits", start..<offset)
        return nil
      }
      code = code << 4 | digit
      offset += 1
    }
    return code
  }

  private func appendScalar(_ code: UInt32, to value: inout String.UnicodeScalarView) {
    if let scalar = Unicode.Scalar(code) { value.append(scalar) }
  }

  static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    ("0"..."9").contains(scalar)
  }

  static func hexValue(_ scalar: Unicode.Scalar) -> UInt32? {
    switch scalar {
    case "0"..."9": scalar.value - 0x30
    case "a"..."f": scalar.value - 0x61 + 10
    case "A"..."F": scalar.value - 0x41 + 10
    default: nil
    }
  }
}
