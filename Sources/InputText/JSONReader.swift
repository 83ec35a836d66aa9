/// Reads JSON5 into a tree of positioned values.
///
/// Everything of JSON5 is accepted: comments, trailing commas, names without quotes, single quotes,
/// hexadecimal numbers, `Infinity`. Beyond the standard, a key that stands twice is an error. The
/// reader goes on after a mistake to report several at once; no input makes it trap.
public enum JSONReader {
  /// Objects and lists within each other, at most.
  public static let nestingLimit = 64
  /// After this many errors the reader gives up: the rest would hardly be read.
  public static let errorLimit = 20

  /// The value of the file.
  /// - Throws: all the syntax errors found, if there is any.
  public static func read(_ file: SourceFile) throws(Diagnostics) -> JSONValue {
    var parser = JSONParser(lexer: JSONLexer(file: file))
    for offset in file.malformedOffsets.prefix(errorLimit) {
      parser.lexer.report("this is not valid UTF-8", offset..<offset + 1)
    }
    let value = parser.document()
    guard !parser.lexer.diagnostics.hasErrors, let value else { throw parser.lexer.diagnostics }
    return value
  }
}

/// Recursive descent over tokens. A method that returns nil has reported why.
private struct JSONParser {
  var lexer: JSONLexer
  var token = JSONToken(kind: .end, offsets: 0..<0)
  /// The end of the last token taken, where something missing is reported.
  var previousEnd = 0
  var hasGivenUp = false

  init(lexer: JSONLexer) {
    self.lexer = lexer
  }

  mutating func document() -> JSONValue? {
    advance()
    let value = self.value(depth: 0)
    if !hasGivenUp, value != nil, token.kind != .end {
      report("expected the end of the file, found \(phrase(token))", token.offsets)
    }
    return value
  }

  private mutating func advance() {
    previousEnd = token.offsets.upperBound
    if lexer.diagnostics.errorCount >= JSONReader.errorLimit { hasGivenUp = true }
    guard !hasGivenUp else {
      token = JSONToken(kind: .end, offsets: lexer.offset..<lexer.offset)
      return
    }
    token = lexer.next()
  }

  private mutating func report(_ message: String, _ offsets: Range<Int>, help: String? = nil) {
    if !hasGivenUp { lexer.report(message, offsets, help: help) }
  }

  private mutating func value(depth: Int) -> JSONValue? {
    let start = token.offsets
    switch token.kind {
    case .punctuation("{"): return nested(depth) { $0.object(depth: depth + 1) }
    case .punctuation("["): return nested(depth) { $0.array(depth: depth + 1) }
    case .string(let text):
      advance()
      return JSONValue(range: lexer.file.range(start), content: .string(text))
    case .number(let number):
      advance()
      return JSONValue(range: lexer.file.range(start), content: .number(number))
    case .identifier(let name):
      guard let content = Self.constant(name) else {
        let help = "put a text in quotes: \(quoted(name))"
        report("expected a value, found the name \(quoted(name))", start, help: help)
        // The name stands where a value should: take it as one, and go on after it.
        advance()
        return JSONValue(range: lexer.file.range(start), content: .null)
      }
      advance()
      return JSONValue(range: lexer.file.range(start), content: content)
    case .punctuation, .end:
      report("expected a value, found \(phrase(token))", start)
      return nil
    }
  }

  private static func constant(_ name: String) -> JSONValue.Content? {
    switch name {
    case "null": .null
    case "true": .boolean(true)
    case "false": .boolean(false)
    case "Infinity": .number(JSONNumber(text: name, double: .infinity, integer: nil))
    case "NaN": .number(JSONNumber(text: name, double: .nan, integer: nil))
    default: nil
    }
  }

  private mutating func nested(
    _ depth: Int, _ body: (inout JSONParser) -> JSONValue.Content
  ) -> JSONValue? {
    let start = token.offsets
    guard depth < JSONReader.nestingLimit else {
      report("nested deeper than \(JSONReader.nestingLimit) levels", start)
      hasGivenUp = true
      advance()
      return nil
    }
    let content = body(&self)
    let range = lexer.file.range(start.lowerBound..<previousEnd)
    return JSONValue(range: range, content: content)
  }

  private mutating func array(depth: Int) -> JSONValue.Content {
    let open = token.offsets
    advance()
    var elements: [JSONValue] = []
    while !closes("]", "list", open) {
      if let element = value(depth: depth) { elements.append(element) } else { skipToSeparator() }
      separate(closing: "]")
    }
    return .array(elements)
  }

  private mutating func object(depth: Int) -> JSONValue.Content {
    let open = token.offsets
    advance()
    var members: [JSONMember] = []
    var firstLines: [String: Int] = [:]
    while !closes("}", "object", open) {
      if let member = member(depth: depth) {
        if let line = firstLines[member.key] {
          let message = "the key \(quoted(member.key)) stands twice; first in line \(line)"
          if !hasGivenUp { lexer.diagnostics.error(message, at: member.keyRange) }
        } else {
          firstLines[member.key] = member.keyRange.start.line
          members.append(member)
        }
      } else {
        skipToSeparator()
      }
      separate(closing: "}")
    }
    return .object(members)
  }

  private mutating func member(depth: Int) -> JSONMember? {
    let keyOffsets = token.offsets
    let key: String
    switch token.kind {
    case .string(let text): key = text
    case .identifier(let name): key = name
    case .number(let number):
      let help = "put it in quotes: \(quoted(number.text))"
      report("expected a key, found \(phrase(token))", keyOffsets, help: help)
      return nil
    default:
      report("expected a key, found \(phrase(token))", keyOffsets)
      return nil
    }
    advance()
    if token.kind == .punctuation(":") {
      advance()
    } else {
      let message = "expected \":\" after the key \(quoted(key)), found \(phrase(token))"
      report(message, token.offsets)
      guard startsValue(token.kind) else { return nil }
    }
    guard let value = value(depth: depth) else { return nil }
    return JSONMember(key: key, keyRange: lexer.file.range(keyOffsets), value: value)
  }
}

extension JSONParser {
  /// Whether the object or list ends here; takes the closing bracket.
  private mutating func closes(
    _ bracket: Unicode.Scalar, _ what: String, _ open: Range<Int>
  ) -> Bool {
    switch token.kind {
    case .punctuation(bracket):
      advance()
      return true
    case .punctuation("}"), .punctuation("]"):
      let line = lexer.file.position(at: open.lowerBound).line
      let message = "expected \"\(bracket)\" to close the \(what) of line \(line)"
      report("\(message), found \(phrase(token))", token.offsets)
      // Taken for the bracket that was meant.
      advance()
      return true
    case .end:
      let line = lexer.file.position(at: open.lowerBound).line
      let message = "expected \"\(bracket)\" to close the \(what) of line \(line)"
      report("\(message), found the end of the file", token.offsets)
      hasGivenUp = true
      return true
    default:
      return false
    }
  }

  /// Takes the comma between two elements; reports a missing one.
  private mutating func separate(closing: Unicode.Scalar) {
    switch token.kind {
    case .punctuation(","):
      advance()
    case .punctuation("}"), .punctuation("]"), .end:
      return
    default:
      let message = "expected \",\" or \"\(closing)\", found \(phrase(token))"
      report(message, token.offsets)
      if !startsValue(token.kind) { skipToSeparator() }
      if token.kind == .punctuation(",") { advance() }
    }
  }

  /// Skips to the next comma or closing bracket of this level.
  private mutating func skipToSeparator() {
    var depth = 0
    while true {
      switch token.kind {
      case .end: return
      case .punctuation(","), .punctuation(":"):
        if depth == 0, token.kind == .punctuation(",") { return }
      case .punctuation("{"), .punctuation("["): depth += 1
      case .punctuation("}"), .punctuation("]"):
        if depth == 0 { return }
        depth -= 1
      case .string, .number, .identifier, .punctuation: break
      }
      advance()
    }
  }

  private func startsValue(_ kind: JSONToken.Kind) -> Bool {
    switch kind {
    case .string, .number, .identifier, .punctuation("{"), .punctuation("["): true
    case .punctuation, .end: false
    }
  }

  private func phrase(_ token: JSONToken) -> String {
    switch token.kind {
    case .punctuation(let scalar): "\"\(scalar)\""
    case .string(let text): "the string \(quoted(text))"
    case .number(let number): "the number \(number.text.prefix(60))"
    case .identifier(let name): "the name \(quoted(name))"
    case .end: "the end of the file"
    }
  }
}
