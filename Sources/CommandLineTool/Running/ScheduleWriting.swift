import ClusterSimulation
import InputText
import LinearizabilityChecking
import ScenarioFiles
import SimulationKernel

/// A failure as a scenario that people edit.
extension FailureShrinking.Result {
  /// The scenario in JSON5, with the keys that differ from their defaults.
  /// - Parameters:
  ///   - original: where the failure comes from.
  ///   - message: what the check says.
  func scenarioText(like original: FailureFile, message: String) -> String {
    var scheduled = scenario
    scheduled.schedule = lines
    scheduled.faults = .scripted([])
    scheduled.title = "\(scenario.title), step by step"
    scheduled.notes = ""
    // Nothing is drawn, so the rates of the network mean nothing.
    scheduled.network.loss = 0
    scheduled.network.duplication = 0
    scheduled.network.reordering = 0
    scheduled.network.slowness.rate = 0
    scheduled.network.slowness.by = DurationSpan(min: .milliseconds(50), max: .milliseconds(200))
    let isOpen = scenario.run.mode != .simulate || scenario.run.powerLossDecision == .whenRead
    scheduled.run.powerLossDecision = isOpen ? .whenRead : .whenItStrikes
    scheduled.run.mode = .simulate
    scheduled.run.seedCount = 1
    scheduled.run.firstSeed = 1
    scheduled.run.depth = 1
    scheduled.run.explore.reach = []
    scheduled.expectation = .violation(anyOf: [shrunk.violation.check.rawValue])
    return comment(original, message) + scheduled.sparseText
  }

  /// The steps as lines of a schedule.
  private var lines: [String] {
    let text = StepText(layout)
    var lines = shrunk.steps.indices.map { place in
      text.encode(
        shrunk.steps[place], remark: shrunk.remarks[place], takesFirst: shrunk.takesFirst[place],
        isTimeless: shrunk.isTimeless)
    }
    if shrunk.settles { lines.append(FailureFile.settlingWord) }
    return lines
  }

  private func comment(_ original: FailureFile, _ message: String) -> String {
    var words = "Seed \(original.seed) of \(original.scenarioFile), made smaller by "
    words += "crashproof shrink: \(sentence(like: original)). \(message)"
    var lines: [String] = []
    for word in words.split(whereSeparator: \.isWhitespace) {
      if let last = lines.last, last.count + word.count < 98 {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append("// \(word)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Scenario {
  /// The scenario as a file without what the reader fills in by itself: reading it gives the same
  /// as reading the whole text.
  var sparseText: String {
    guard let whole = Self.read(tree) else { return text() }
    var tree = self.tree
    for way in Self.ways(in: tree) {
      let smaller = tree.without(way)
      if Self.read(smaller) == whole { tree = smaller }
    }
    return JSONWriter(style: .json5).text(of: tree)
  }

  private static func read(_ tree: JSONTree) -> Scenario? {
    let text = JSONWriter(style: .json5).text(of: tree)
    return try? Scenario.read(
      SourceFile(path: "schedule.json5", bytes: Array(text.utf8)),
      vocabulary: ProtocolCatalog.vocabulary)
  }

  /// The ways to everything that may be left out: the inner ones after their whole.
  private static func ways(in tree: JSONTree) -> [[String]] {
    guard case .object(let members) = tree else { return [] }
    return members.filter { $0.key != "title" && $0.key != "schedule" }.flatMap { member in
      [[member.key]] + ways(in: member.value).map { [member.key] + $0 }
    }
  }
}

extension JSONTree {
  /// The tree without the member that a way of keys leads to.
  fileprivate func without(_ way: [String]) -> JSONTree {
    guard case .object(let members) = self, let key = way.first else { return self }
    if way.count == 1 { return .object(members.filter { $0.key != key }) }
    return .object(
      members.map { member in
        member.key == key
          ? Member(key, member.value.without(Array(way.dropFirst()))) : member
      })
  }
}
