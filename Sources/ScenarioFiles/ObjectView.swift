import InputText
import SimulationKernel

extension JSONValue {
  /// The duration that a string says; nil if it says none.
  var duration: VirtualDuration? {
    guard case .string(let text) = content else { return nil }
    return try? DurationText.parse(text)
  }

  var text: String? {
    if case .string(let text) = content { text } else { nil }
  }

  var elements: [JSONValue]? {
    if case .array(let elements) = content { elements } else { nil }
  }
}

/// The values of an object, with the defaults of its shape for what is left out or wrong.
///
/// The validator has reported what is wrong; reading goes on with the default, so that the rules
/// between keys find further errors.
struct ObjectView {
  let value: JSONValue?
  let shape: ObjectShape

  /// The value of a key as it stands in the file; nil if it is left out.
  func given(_ name: String) -> JSONValue? {
    _ = key(name)
    return value?.member(name)?.value
  }

  func has(_ name: String) -> Bool { given(name) != nil }

  /// Where to complain about a key: its name, or the whole object if it is left out.
  func keyRange(_ name: String) -> SourceRange {
    value?.member(name)?.keyRange ?? value?.range ?? .startOfFile
  }

  /// Where to complain about the value of a key.
  func range(_ name: String) -> SourceRange {
    given(name)?.range ?? value?.range ?? .startOfFile
  }

  func integer(_ name: String) -> Int { read(name, Self.integer) }
  func integerIfGiven(_ name: String) -> Int? { readIfGiven(name, Self.integer) }
  func number(_ name: String) -> Double { read(name, Self.number) }
  func numberIfGiven(_ name: String) -> Double? { readIfGiven(name, Self.number) }
  func sizeIfGiven(_ name: String) -> Int? { readIfGiven(name, Self.size) }
  func fractionIfGiven(_ name: String) -> Double? { readIfGiven(name, Self.fraction) }
  func flag(_ name: String) -> Bool { read(name, Self.flag) }
  func text(_ name: String) -> String { read(name, Self.text) }
  func textIfGiven(_ name: String) -> String? { readIfGiven(name, Self.text) }
  func duration(_ name: String) -> VirtualDuration { read(name, Self.duration) }
  func durationIfGiven(_ name: String) -> VirtualDuration? { readIfGiven(name, Self.duration) }
  func spanIfGiven(_ name: String) -> DurationSpan? { readIfGiven(name, Self.span) }
  func span(_ name: String) -> DurationSpan { read(name, Self.span) }
  func words(_ name: String) -> [String] { read(name, Self.words) }
  func wordsIfGiven(_ name: String) -> [String]? { readIfGiven(name, Self.words) }

  /// The object of a key; one that is left out or wrong has only defaults.
  func object(_ name: String) -> ObjectView {
    guard case .object(let inner) = key(name).shape else {
      programmingError("\(shape.name).\(name) is no object")
    }
    if let given = given(name), case .object = given.content {
      return ObjectView(value: given, shape: inner)
    }
    return ObjectView(value: nil, shape: inner)
  }

  /// The members of an object whose names the author chose, with a value of this shape; none if it
  /// is left out or wrong.
  func entries(_ name: String) -> [JSONMember] {
    guard case .object(let members)? = given(name)?.content else { return [] }
    return members
  }

  private func key(_ name: String) -> Key {
    guard let key = shape.key(name) else {
      programmingError("\(shape.name) has no key \(name)")
    }
    return key
  }

  private func readIfGiven<Value>(
    _ name: String, _ convert: (JSONTree, Shape) -> Value?
  ) -> Value? {
    given(name).flatMap { convert($0.tree, key(name).shape) }
  }

  private func read<Value>(_ name: String, _ convert: (JSONTree, Shape) -> Value?) -> Value {
    if let value = readIfGiven(name, convert) { return value }
    let key = key(name)
    guard let fallback = key.fallback, let value = convert(fallback, key.shape) else {
      programmingError("\(shape.name).\(name) has no default")
    }
    return value
  }
}

/// Conversions of a value that has a shape; nil if it does not have it.
extension ObjectView {
  private static func integer(_ tree: JSONTree, _ shape: Shape) -> Int? {
    guard case .integer(let value) = tree, case .integer(let range) = shape else { return nil }
    return range.contains(value) ? value : nil
  }

  private static func number(_ tree: JSONTree, _ shape: Shape) -> Double? {
    guard case .number(let range) = shape else { return nil }
    switch tree {
    case .integer(let value) where range.contains(Double(value)): return Double(value)
    case .number(let value) where range.contains(value): return value
    default: return nil
    }
  }

  private static func size(_ tree: JSONTree, _ shape: Shape) -> Int? {
    guard case .string(let text) = tree, case .size(let kind) = shape else { return nil }
    return SizeText.bytes(text, kind)
  }

  private static func fraction(_ tree: JSONTree, _ shape: Shape) -> Double? {
    guard case .fraction(let range) = shape else { return nil }
    if case .string(let text) = tree {
      return FractionText.parse(text).flatMap { range.contains($0) ? $0 : nil }
    }
    return number(tree, .number(range))
  }

  private static func flag(_ tree: JSONTree, _ shape: Shape) -> Bool? {
    if case .boolean(let flag) = tree { flag } else { nil }
  }

  private static func text(_ tree: JSONTree, _ shape: Shape) -> String? {
    guard case .string(let text) = tree else { return nil }
    if case .word(let list) = shape, !list.words.contains(text) { return nil }
    return text
  }

  private static func duration(_ tree: JSONTree, _ shape: Shape) -> VirtualDuration? {
    guard case .string(let text) = tree else { return nil }
    return try? DurationText.parse(text)
  }

  private static func span(_ tree: JSONTree, _ shape: Shape) -> DurationSpan? {
    guard case .object(let members) = tree else {
      return duration(tree, shape).map { DurationSpan(min: $0, max: $0) }
    }
    let ends = ["min", "max"].compactMap { name in
      members.first { $0.key == name }.flatMap { duration($0.value, shape) }
    }
    guard ends.count == 2, ends[0] <= ends[1] else { return nil }
    return DurationSpan(min: ends[0], max: ends[1])
  }

  private static func words(_ tree: JSONTree, _ shape: Shape) -> [String]? {
    guard case .words(let list) = shape else { return nil }
    let trees: [JSONTree]
    if case .array(let elements) = tree { trees = elements } else { trees = [tree] }
    var words: [String] = []
    for case .string(let word) in trees where list.words.contains(word) && !words.contains(word) {
      words.append(word)
    }
    return words.isEmpty ? nil : words
  }
}
