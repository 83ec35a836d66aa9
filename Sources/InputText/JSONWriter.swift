/// A JSON value to be written: no ranges, members in the order they are written.
public enum JSONTree: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONTree])
  case object([Member])

  public struct Member: Hashable, Sendable {
    public let key: String
    public let value: JSONTree

    public init(_ key: String, _ value: JSONTree) {
      self.key = key
      self.value = value
    }
  }
}

extension JSONValue {
  /// The value without its ranges.
  public var tree: JSONTree {
    switch content {
    case .null: .null
    case .boolean(let flag): .boolean(flag)
    case .number(let number): number.integer.map(JSONTree.integer) ?? .number(number.double)
    case .string(let text): .string(text)
    case .array(let elements): .array(elements.map(\.tree))
    case .object(let members): .object(members.map { JSONTree.Member($0.key, $0.value.tree) })
    }
  }
}

/// Writes a tree as text. Equal trees give equal text, on every machine.
public struct JSONWriter: Sendable {
  public enum Style: Sendable {
    /// Strict JSON. Infinities and not-a-number, which it lacks, become null.
    case json
    /// Keys without quotes where they may go without.
    case json5
  }

  public let style: Style
  /// Lists and objects that fit into this many columns stand on one line.
  public let width: Int

  public init(style: Style, width: Int = 100) {
    self.style = style
    self.width = width
  }

  /// The text, two columns per level, ending in a line feed.
  public func text(of tree: JSONTree) -> String {
    var text = ""
    write(tree, column: 0, indentation: 0, into: &text)
    return text + "\n"
  }

  private func write(_ tree: JSONTree, column: Int, indentation: Int, into text: inout String) {
    if let line = line(tree, room: width - column) {
      text += line
      return
    }
    let inner = String(repeating: " ", count: indentation + 2)
    let outer = String(repeating: " ", count: indentation)
    switch tree {
    case .array(let elements):
      text += "[\n"
      for (index, element) in elements.enumerated() {
        text += inner
        write(element, column: inner.count + 1, indentation: indentation + 2, into: &text)
        text += index + 1 < elements.count ? ",\n" : "\n"
      }
      text += outer + "]"
    case .object(let members):
      text += "{\n"
      for (index, member) in members.enumerated() {
        let label = key(member.key) + ": "
        text += inner + label
        let column = inner.count + label.count + 1
        write(member.value, column: column, indentation: indentation + 2, into: &text)
        text += index + 1 < members.count ? ",\n" : "\n"
      }
      text += outer + "}"
    case .null, .boolean, .integer, .number, .string:
      text += scalar(tree) ?? "null"
    }
  }

  /// The value on one line; nil if it is a list or an object that does not fit.
  private func line(_ tree: JSONTree, room: Int) -> String? {
    if let scalar = scalar(tree) { return scalar }
    var parts: [String] = []
    var used = 4
    switch tree {
    case .array(let elements):
      if elements.isEmpty { return "[]" }
      for element in elements {
        guard used <= room, let part = line(element, room: room - used) else { return nil }
        parts.append(part)
        used += part.unicodeScalars.count + 2
      }
      let text = "[" + parts.joined(separator: ", ") + "]"
      return text.unicodeScalars.count <= room ? text : nil
    case .object(let members):
      if members.isEmpty { return "{}" }
      for member in members {
        guard used <= room, let value = line(member.value, room: room - used) else { return nil }
        parts.append(key(member.key) + ": " + value)
        used += parts[parts.count - 1].unicodeScalars.count + 2
      }
      let text = "{ " + parts.joined(separator: ", ") + " }"
      return text.unicodeScalars.count <= room ? text : nil
    case .null, .boolean, .integer, .number, .string:
      return nil
    }
  }

  private func scalar(_ tree: JSONTree) -> String? {
    switch tree {
    case .null: "null"
    case .boolean(let flag): flag ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): number(value)
    case .string(let value): string(value)
    case .array, .object: nil
    }
  }

  private func number(_ value: Double) -> String {
    if value.isFinite {
      // A whole number reads back as the same double without its ".0".
      let text = value.description
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
    guard style == .json5 else { return "null" }
    if value.isNaN { return "NaN" }
    return value < 0 ? "-Infinity" : "Infinity"
  }

  private func key(_ key: String) -> String {
    let isName =
      !key.isEmpty && key.unicodeScalars.allSatisfy { $0.isASCII }
      && JSONLexer.startsIdentifier(key.unicodeScalars.first ?? "0")
      && key.unicodeScalars.allSatisfy(JSONLexer.continuesIdentifier)
    return style == .json5 && isName ? key : string(key)
  }

  private func string(_ value: String) -> String {
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F, "\u{2028}", "\u{2029}":
        text += "\\u" + fourDigits(scalar.value)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
