/// A token of JSON5 and the offsets it covers.
struct JSONToken {
  enum Kind: Hashable {
    /// One of `{ } [ ] : ,`.
    case punctuation(Unicode.Scalar)
    case string(String)
    case number(JSONNumber)
    /// A name without quotes; also `null`, `true`, `false`, `Infinity` and `NaN`.
    case identifier(String)
    case end
  }

  let kind: Kind
  let offsets: Range<Int>
}

/// Splits a file into JSON5 tokens.
///
/// An error in a token is reported and a usable token is returned all the same, so that the reader
/// goes on and finds further errors.
struct JSONLexer {
  let file: SourceFile
  let scalars: [Unicode.Scalar]
  var offset = 0
  var diagnostics: Diagnostics

  init(file: SourceFile) {
    self.file = file
    self.scalars = file.scalars
    self.diagnostics = Diagnostics(file: file)
  }

  mutating func next() -> JSONToken {
    while true {
      skipSpaceAndComments()
      let start = offset
      guard let scalar = peek() else {
        return JSONToken(kind: .end, offsets: start..<start)
      }
      switch scalar {
      case "{", "}", "[", "]", ":", ",":
        offset += 1
        return JSONToken(kind: .punctuation(scalar), offsets: start..<offset)
      case "\"", "'":
        return stringToken(quote: scalar)
      case "0"..."9", "+", "-", ".":
        return numberToken()
      case _ where Self.startsIdentifier(scalar) || scalar == "\\":
        return identifierToken()
      default:
        skipUnexpected()
      }
    }
  }

  func peek(_ distance: Int = 0) -> Unicode.Scalar? {
    offset + distance < scalars.count ? scalars[offset + distance] : nil
  }

  /// Reports an error; at the limit the rest of the file is not read.
  mutating func report(_ message: String, _ offsets: Range<Int>, help: String? = nil) {
    guard diagnostics.errorCount < JSONReader.errorLimit else {
      offset = scalars.count
      return
    }
    diagnostics.error(message, at: file.range(offsets), help: help)
  }

  /// The text between two offsets.
  func text(_ offsets: Range<Int>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[offsets])
    return String(view)
  }

  /// Reports a run of characters that start no token as one error.
  private mutating func skipUnexpected() {
    let start = offset
    repeat {
      offset += 1
    } while peek().map(Self.startsNothing) ?? false
    // A malformed byte sequence has its own report.
    guard !file.malformedOffsets.contains(where: (start..<offset).contains) else { return }
    let what = offset - start == 1 ? "character" : "characters"
    report("unexpected \(what) \(quoted(text(start..<offset)))", start..<offset)
  }

  private static func startsNothing(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "{", "}", "[", "]", ":", ",", "\"", "'", "0"..."9", "+", "-", ".", "/", "\\": false
    default: !startsIdentifier(scalar) && !isSpace(scalar)
    }
  }
}

extension JSONLexer {
  private mutating func skipSpaceAndComments() {
    while let scalar = peek() {
      if Self.isSpace(scalar) {
        offset += 1
      } else if scalar == "/", peek(1) == "/" {
        while let next = peek(), !SourceFile.endsLine(next) { offset += 1 }
      } else if scalar == "/", peek(1) == "*" {
        skipBlockComment()
      } else {
        return
      }
    }
  }

  private mutating func skipBlockComment() {
    let start = offset
    offset += 2
    while let scalar = peek() {
      if scalar == "*", peek(1) == "/" {
        offset += 2
        return
      }
      offset += 1
    }
    report("this comment is not closed", start..<start + 2, help: "end it with */")
  }

  /// The white space and line terminators of JSON5.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\t", "\u{0B}", "\u{0C}", " ", "\u{A0}", "\u{FEFF}": true
    case "\n", "\r", "\u{2028}", "\u{2029}": true
    default: scalar.value > 0x7F && scalar.properties.generalCategory == .spaceSeparator
    }
  }

  /// Whether an ECMAScript identifier may start with this character.
  static func startsIdentifier(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "$", "_": return true
    case _ where scalar.value <= 0x7F: return false
    default: break
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .letterNumber:
      return true
    default:
      return false
    }
  }

  /// Whether an ECMAScript identifier may go on with this character.
  static func continuesIdentifier(_ scalar: Unicode.Scalar) -> Bool {
    if startsIdentifier(scalar) { return true }
    if scalar.value <= 0x7F { return ("0"..."9").contains(scalar) }
    if scalar == "\u{200C}" || scalar == "\u{200D}" { return true }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .decimalNumber, .connectorPunctuation: return true
    default: return false
    }
  }
}

/// A piece of input between quotation marks, for a message: cut when long, control characters
/// shown as escapes.
public func quoted(_ text: String) -> String {
  let limit = 60
  var shown = ""
  for scalar in text.unicodeScalars.prefix(limit) {
    switch scalar {
    case "\n": shown += "\\n"
    case "\r": shown += "\\r"
    case "\t": shown += "\\t"
    case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
      shown += "\\u" + fourDigits(scalar.value)
    default: shown.unicodeScalars.append(scalar)
    }
  }
  let isCut = text.unicodeScalars.dropFirst(limit).first != nil
  return "\"" + shown + (isCut ? "..." : "") + "\""
}

/// Four hexadecimal digits, as in a `\u` escape.
func fourDigits(_ value: UInt32) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
