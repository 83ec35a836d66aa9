/// A JSON5 value with the range of the file that it was read from.
public struct JSONValue: Hashable, Sendable {
  public enum Content: Hashable, Sendable {
    case null
    case boolean(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    /// Members in the order of the file; no key stands twice.
    case object([JSONMember])
  }

  public let range: SourceRange
  public let content: Content

  public init(range: SourceRange, content: Content) {
    self.range = range
    self.content = content
  }

  /// What the value is, with its article, for messages: "a number", "an object", "null".
  public var kindPhrase: String {
    switch content {
    case .null: "null"
    case .boolean: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// The member with this key; nil if there is none or the value is not an object.
  public func member(_ key: String) -> JSONMember? {
    guard case .object(let members) = content else { return nil }
    return members.first { $0.key == key }
  }
}

/// A number literal.
public struct JSONNumber: Hashable, Sendable {
  /// The literal as it stands in the file.
  public let text: String
  /// The nearest double; infinite or not a number where the literal says so.
  public let double: Double
  /// The exact value if the literal is a whole number that fits; nil otherwise.
  public let integer: Int?

  public init(text: String, double: Double, integer: Int?) {
    self.text = text
    self.double = double
    self.integer = integer
  }
}

/// A key of an object and its value.
public struct JSONMember: Hashable, Sendable {
  public let key: String
  public let keyRange: SourceRange
  public let value: JSONValue

  public init(key: String, keyRange: SourceRange, value: JSONValue) {
    self.key = key
    self.keyRange = keyRange
    self.value = value
  }
}
