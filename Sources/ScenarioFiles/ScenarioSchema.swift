import InputText
import SimulationKernel

/// The JSON Schema (draft 2020-12) of scenario files, for editors. It is made from the table of
/// keys that the reader uses; rules between keys are the reader's alone.
public enum ScenarioSchema {
  /// The schema as strict JSON.
  public static func text(vocabulary: ScenarioVocabulary) -> String {
    JSONWriter(style: .json).text(of: tree(vocabulary: vocabulary))
  }

  public static func tree(vocabulary: ScenarioVocabulary) -> JSONTree {
    let shape = ScenarioKeys(vocabulary: vocabulary, words: nil).scenario
    return .object(
      [
        .init("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
        .init("title", .string("CrashProof scenario")),
      ] + members(of: shape).filter { $0.key != "required" } + [protocolOrSweep]
        + [.init("allOf", .array(vocabulary.protocols.map { rules(of: $0, vocabulary) }))])
  }

  /// A sweep may put the protocol in.
  private static let protocolOrSweep = JSONTree.Member(
    "anyOf",
    .array(
      ["protocol", "sweep"].map { key in
        .object([.init("required", .array([.string(key)]))])
      }))

  /// What holds for one protocol only.
  private static func rules(
    of words: ProtocolWords, _ vocabulary: ScenarioVocabulary
  ) -> JSONTree {
    let shape = ScenarioKeys(vocabulary: vocabulary, words: words).scenario
    let special = ["servers", "variant", "options"].compactMap(shape.key)
    let name = JSONTree.object([.init("const", .string(words.name))])
    let isNamed = JSONTree.object([.init("properties", .object([.init("protocol", name)]))])
    return .object([
      .init("if", isNamed),
      .init(
        "then",
        .object([.init("properties", .object(special.map { .init($0.name, schema(of: $0)) }))])),
    ])
  }

  private static func members(of shape: ObjectShape) -> [JSONTree.Member] {
    let required = shape.keys.filter { key in
      if case .required = key.presence { true } else { false }
    }
    return [
      .init("description", .string(shape.help)),
      .init("type", .string("object")),
      .init("properties", .object(shape.keys.map { .init($0.name, schema(of: $0)) })),
      .init("required", .array(required.map { .string($0.name) })),
      .init("additionalProperties", .boolean(false)),
    ]
  }

  private static func schema(of key: Key) -> JSONTree {
    var members = self.members(of: key.shape).filter { $0.key != "description" }
    members.insert(.init("description", .string(key.help)), at: 0)
    if let fallback = key.fallback { members.append(.init("default", fallback)) }
    return .object(members)
  }

  private static func members(of shape: Shape) -> [JSONTree.Member] {
    func type(_ name: String) -> JSONTree.Member { .init("type", .string(name)) }
    func any(_ shapes: [JSONTree]) -> JSONTree.Member { .init("anyOf", .array(shapes)) }
    switch shape {
    case .text, .node: return [type("string")]
    case .flag: return [type("boolean")]
    case .integer(let range):
      return [
        type("integer"), .init("minimum", .integer(range.lowerBound)),
        .init("maximum", .integer(range.upperBound)),
      ]
    case .number(let range):
      return [
        type("number"), .init("minimum", .number(range.lowerBound)),
        .init("maximum", .number(range.upperBound)),
      ]
    case .duration:
      let units = DurationText.unitNames.joined(separator: "|")
      return [type("string"), .init("pattern", .string("^[0-9]+(\\.[0-9]+)?(\(units))$"))]
    case .span:
      return [any([.object(members(of: .duration)), .object(members(of: ObjectShape.span))])]
    case .word(let list):
      return [.init("enum", .array(list.words.map(JSONTree.string)))]
    case .words(let list):
      let word = JSONTree.object(members(of: .word(list)))
      let several: [JSONTree.Member] = [
        type("array"), .init("items", word),
        .init("minItems", .integer(list.mayBeEmpty ? 0 : 1)),
        .init("uniqueItems", .boolean(true)),
      ]
      return [any([word, .object(several)])]
    case .nodes(let count):
      let limits: [JSONTree.Member] =
        count.upperBound == .max
        ? []
        : [
          .init("minItems", .integer(count.lowerBound)),
          .init("maxItems", .integer(count.upperBound)),
        ]
      return [type("array"), .init("items", .object([type("string")]))] + limits
    case .list(let element):
      return [type("array"), .init("items", .object(members(of: element)))]
    case .object(let shape): return members(of: shape)
    case .tagged(_, let shapes): return [any(shapes.map { .object(members(of: $0)) })]
    case .either(let shapes): return [any(shapes.map { .object(members(of: $0)) })]
    case .size, .fraction, .map, .changes, .any: return openMembers(of: shape)
    }
  }

  private static func openMembers(of shape: Shape) -> [JSONTree.Member] {
    switch shape {
    case .size(let kind):
      let units = SizeText.unitNames.joined(separator: "|")
      let pattern = "^[0-9]+(\\.[0-9]+)?(\(units))\(kind.suffix)$"
      return [.init("type", .string("string")), .init("pattern", .string(pattern))]
    case .fraction(let range):
      let percentage: [JSONTree.Member] = [
        .init("type", .string("string")), .init("pattern", .string("^[0-9]+(\\.[0-9]+)?%$")),
      ]
      return [
        .init(
          "anyOf", .array([.object(members(of: .number(range))), .object(percentage)]))
      ]
    case .map(_, let element):
      return [
        .init("type", .string("object")),
        .init("additionalProperties", .object(members(of: element))),
      ]
    case .changes(let shape): return members(of: shape)
    default: return []
    }
  }
}
