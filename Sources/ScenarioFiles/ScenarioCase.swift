import InputText

/// One of the scenarios of a file: the only one, or a case.
///
/// A case is the file with some keys replaced. Where both have an object its members are put
/// together, and where both have a member the case's counts; of everything else the case's stands
/// alone.
public struct ScenarioCase: Sendable {
  /// What the case is called; `nil` for the only scenario of a file.
  public var name: String?
  public var scenario: Scenario
  /// The line of the file, from 1, that says how it should end: of its `expect`, or else where it
  /// begins.
  public var line: Int

  /// Reads and checks a scenario file.
  /// - Returns: at least one scenario, in the order of the file; no two of the same name.
  /// - Throws: everything that is wrong with the file, at once.
  public static func read(
    _ file: SourceFile, vocabulary: ScenarioVocabulary
  ) throws(Diagnostics) -> [ScenarioCase] {
    let value = try JSONReader.read(file)
    let keys = ScenarioKeys(vocabulary: vocabulary, file: value)
    var validator = ShapeValidator(diagnostics: Diagnostics(file: file))
    validator.check(value, .object(keys.scenario), path: "")
    var diagnostics = validator.diagnostics
    var scenarios: [ScenarioCase] = []
    for (name, value, line) in cases(of: value, &diagnostics) {
      let scenario = Scenario.interpret(value, keys, path: file.path, &diagnostics)
      guard var scenario else { continue }
      if let name { scenario.call(name) }
      scenarios.append(ScenarioCase(name: name, scenario: scenario, line: line))
    }
    guard !scenarios.isEmpty, !diagnostics.hasErrors else { throw diagnostics }
    return scenarios
  }

  private static func cases(
    of file: JSONValue, _ diagnostics: inout Diagnostics
  ) -> [(name: String?, value: JSONValue, line: Int)] {
    guard let cases = file.member("cases")?.value, case .array(let elements) = cases.content
    else { return [(nil, file, line(of: file, startingWith: ["title", "protocol"]))] }
    if elements.isEmpty { diagnostics.error("cases must hold at least one", at: cases.range) }
    var names: Set<String> = []
    return elements.compactMap { element in
      guard let name = element.member("case")?.value, case .string(let text) = name.content
      else { return nil }
      if text.isEmpty { diagnostics.error("a case needs a name", at: name.range) }
      if !names.insert(text).inserted {
        diagnostics.error("the case \(quoted(text)) stands twice", at: name.range)
      }
      return (
        text, merged(file, with: element, leavingOut: ["cases", "case"]),
        line(of: element, startingWith: ["case"])
      )
    }
  }

  /// The line of the key `expect`, or else of the first key that is there, or of the value.
  private static func line(of value: JSONValue, startingWith keys: [String]) -> Int {
    let members = (["expect"] + keys).lazy.compactMap { value.member($0) }
    return (members.first?.keyRange ?? value.range).start.line
  }

  /// The first value with the second's members put in.
  static func merged(
    _ base: JSONValue, with change: JSONValue, leavingOut hidden: Set<String> = []
  ) -> JSONValue {
    guard case .object(let old) = base.content, case .object(let new) = change.content else {
      return change
    }
    var members = old.map { member in
      guard let own = change.member(member.key) else { return member }
      return JSONMember(
        key: own.key, keyRange: own.keyRange, value: merged(member.value, with: own.value))
    }
    members += new.filter { base.member($0.key) == nil }
    return JSONValue(
      range: base.range, content: .object(members.filter { !hidden.contains($0.key) }))
  }
}

extension Scenario {
  /// Adds the name of its case to the title, and to those of its sweep's points.
  fileprivate mutating func call(_ name: String) {
    title += ": " + name
    for index in measure.points.indices { measure.points[index].scenario.title += ": " + name }
  }
}
