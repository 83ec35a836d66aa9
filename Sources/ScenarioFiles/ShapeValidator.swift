import InputText
import SimulationKernel

/// Compares a value with the shape it should have and reports everything that differs.
struct ShapeValidator {
  var diagnostics: Diagnostics

  /// - Parameter path: where the value stands, such as `run.seeds`; empty for the whole file.
  mutating func check(_ value: JSONValue, _ shape: Shape, path: String) {
    switch shape {
    case .text, .node:
      guard case .string = value.content else { return expected("a string", value) }
    case .flag:
      guard case .boolean = value.content else { return expected("true or false", value) }
    case .integer(let range): checkInteger(value, range, path)
    case .number(let range): checkNumber(value, range, path)
    case .duration: checkDuration(value)
    case .span: checkSpan(value, path)
    case .word(let list): checkWord(value, list)
    case .words(let list): checkWords(value, list, path)
    case .nodes(let count): checkNodes(value, count)
    case .list(let element):
      guard case .array(let elements) = value.content else { return expected("a list", value) }
      for (index, node) in elements.enumerated() {
        check(node, element, path: "\(path)[\(index + 1)]")
      }
    case .object(let shape): checkObject(value, shape, path)
    case .tagged(let noun, let shapes): checkTagged(value, noun, shapes, path)
    case .either(let shapes):
      guard let chosen = shapes.first(where: { $0.accepts(value.content) }) else {
        return expected(shapes.map(\.phrase).joined(separator: " or "), value)
      }
      check(value, chosen, path: path)
    case .size, .fraction, .map, .changes, .any: checkOpen(value, shape, path)
    }
  }

  mutating func expected(_ what: String, _ value: JSONValue) {
    diagnostics.error("expected \(what), found \(value.kindPhrase)", at: value.range)
  }

  private mutating func checkInteger(
    _ value: JSONValue, _ range: ClosedRange<Int>, _ path: String
  ) {
    guard case .number(let number) = value.content else {
      return expected("a whole number", value)
    }
    if let integer = number.integer, range.contains(integer) { return }
    // Beyond 2^53 a number is out of every range, whole or not.
    guard number.integer != nil || number.double.magnitude > 9_007_199_254_740_992 else {
      let message = "expected a whole number, found \(number.text.prefix(60))"
      return diagnostics.error(message, at: value.range)
    }
    let limits =
      range.upperBound == .max
      ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
    let found = number.text.prefix(60)
    diagnostics.error("\(path) must be \(limits), found \(found)", at: value.range)
  }

  private mutating func checkNumber(
    _ value: JSONValue, _ range: ClosedRange<Double>, _ path: String
  ) {
    guard case .number(let number) = value.content else { return expected("a number", value) }
    guard !range.contains(number.double) else { return }
    let limits = "from \(Self.short(range.lowerBound)) to \(Self.short(range.upperBound))"
    diagnostics.error(
      "\(path) must be \(limits), found \(number.text.prefix(60))", at: value.range)
  }

  static func short(_ number: Double) -> String {
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private mutating func checkDuration(_ value: JSONValue) {
    guard case .string(let text) = value.content else {
      return expected(Shape.duration.phrase, value)
    }
    do {
      _ = try DurationText.parse(text)
    } catch {
      let (message, help) = Self.explain(error, text)
      diagnostics.error(message, at: value.range, help: help)
    }
  }

  private static func explain(
    _ mistake: DurationText.Mistake, _ text: String
  ) -> (message: String, help: String?) {
    let known = DurationText.unitNames.joined(separator: ", ")
    switch mistake {
    case .notADuration:
      return ("expected \(Shape.duration.phrase), found \(quoted(text))", nil)
    case .noUnit:
      return ("the duration \(quoted(text)) has no unit; known: \(known)", nil)
    case .unknownUnit(let unit):
      let help = NearMiss.help(for: unit, among: DurationText.unitNames)
      return ("unknown unit \(quoted(unit)) of a duration; known: \(known)", help)
    case .belowOneNanosecond:
      return ("the duration \(quoted(text)) is not a whole number of nanoseconds", nil)
    case .tooLong:
      return ("the duration \(quoted(text)) is longer than \(DurationText.longestText)", nil)
    }
  }

  private mutating func checkSpan(_ value: JSONValue, _ path: String) {
    guard case .object = value.content else { return checkDuration(value) }
    checkObject(value, .span, path)
    guard let min = value.member("min")?.value.duration, let max = value.member("max")?.value,
      let longest = max.duration, longest < min
    else { return }
    diagnostics.error("max is \(longest), less than min, which is \(min)", at: max.range)
  }
}

extension ShapeValidator {
  private mutating func checkWord(_ value: JSONValue, _ list: WordList) {
    guard case .string(let word) = value.content else { return expected("a string", value) }
    guard !list.words.contains(word) else { return }
    let known =
      list.words.isEmpty ? "there is none" : "known: \(list.words.joined(separator: ", "))"
    diagnostics.error(
      "unknown \(list.noun) \(quoted(word)); \(known)", at: value.range,
      help: NearMiss.help(for: word, among: list.words))
  }

  private mutating func checkWords(_ value: JSONValue, _ list: WordList, _ path: String) {
    guard case .array(let elements) = value.content else {
      guard case .string = value.content else { return expected("a string or a list", value) }
      return checkWord(value, list)
    }
    if elements.isEmpty, !list.mayBeEmpty {
      diagnostics.error("\(path) must name at least one", at: value.range)
    }
    var seen: Set<String> = []
    for element in elements {
      checkWord(element, list)
      guard case .string(let word) = element.content else { continue }
      if !seen.insert(word).inserted {
        diagnostics.error("the \(list.noun) \(quoted(word)) stands twice", at: element.range)
      }
    }
  }

  private mutating func checkNodes(_ value: JSONValue, _ count: ClosedRange<Int>) {
    guard case .array(let elements) = value.content else {
      return expected("a list of nodes", value)
    }
    for element in elements { check(element, .node, path: "") }
    guard !count.contains(elements.count) else { return }
    // The only counts that are limited are those of the two ends of a link.
    diagnostics.error(
      "expected \(count.lowerBound) nodes, found \(elements.count)", at: value.range)
  }

  private mutating func checkTagged(
    _ value: JSONValue, _ noun: String, _ shapes: [ObjectShape], _ path: String
  ) {
    guard case .object(let members) = value.content else { return expected("an object", value) }
    let tags = shapes.compactMap(\.tag)
    let given = members.filter { tags.contains($0.key) }
    if given.count > 1 {
      let both = "\(quoted(given[0].key)) and \(quoted(given[1].key))"
      return diagnostics.error("\(both) exclude each other in one \(noun)", at: given[1].keyRange)
    }
    if let tag = given.first?.key, let shape = shapes.first(where: { $0.tag == tag }) {
      return checkObject(value, shape, path)
    }
    let allKeys = shapes.flatMap { $0.keys.map(\.name) }
    let stranger = members.first { !allKeys.contains($0.key) }
    diagnostics.error(
      "this \(noun) has none of the keys \(tags.joined(separator: ", "))",
      at: stranger?.keyRange ?? value.range,
      help: stranger.flatMap { NearMiss.help(for: $0.key, among: tags) })
  }

  private mutating func checkObject(_ value: JSONValue, _ shape: ObjectShape, _ path: String) {
    guard case .object(let members) = value.content else { return expected("an object", value) }
    let names = shape.keys.map(\.name)
    for member in members {
      if let key = shape.key(member.key) {
        check(member.value, key.shape, path: path.isEmpty ? key.name : "\(path).\(key.name)")
      } else {
        let known = names.isEmpty ? "it has none" : "known: \(names.joined(separator: ", "))"
        diagnostics.error(
          "unknown key \(quoted(member.key)) in \(shape.name); \(known)", at: member.keyRange,
          help: NearMiss.help(for: member.key, among: names))
      }
    }
    for key in shape.keys {
      guard case .required = key.presence, value.member(key.name) == nil else { continue }
      let start = value.range.start
      let end = SourcePosition(line: start.line, column: start.column + 1)
      diagnostics.error(
        "\(shape.name) lacks the key \"\(key.name)\": \(key.help)",
        at: SourceRange(start: start, end: end))
    }
  }
}

extension Shape {
  /// What stands here, for messages.
  var phrase: String {
    switch self {
    case .text, .word, .node: "a string"
    case .flag: "true or false"
    case .integer: "a whole number"
    case .number: "a number"
    case .duration, .span: "a duration with a unit such as \"10ms\""
    case .words: "a string or a list"
    case .nodes, .list: "a list"
    case .object, .tagged: "an object"
    case .size(let kind): "a size with a unit such as \"240MB\(kind.suffix)\""
    case .fraction: "a percentage such as \"2%\" or a number"
    case .map, .changes: "an object"
    case .any: "a value"
    case .either(let shapes): shapes.map(\.phrase).joined(separator: " or ")
    }
  }

  /// Whether this kind of value may stand here at all.
  func accepts(_ content: JSONValue.Content) -> Bool {
    switch (self, content) {
    case (.text, .string), (.word, .string), (.node, .string), (.flag, .boolean),
      (.integer, .number), (.number, .number), (.duration, .string), (.span, .string),
      (.span, .object), (.words, .string), (.words, .array), (.nodes, .array), (.list, .array),
      (.object, .object), (.tagged, .object), (.size, .string), (.fraction, .string),
      (.fraction, .number), (.map, .object), (.changes, .object), (.any, _):
      true
    case (.either(let shapes), _): shapes.contains { $0.accepts(content) }
    default: false
    }
  }
}
