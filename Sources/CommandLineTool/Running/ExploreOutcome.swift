import ClusterSimulation
import InputText
import Reporting
import SimulationKernel

/// What `crashproof explore` says of one scenario.
struct ExploreOutcome {
  let outcome: ScenarioRun.Outcome
  let exploration: ScenarioRun.Exploration

  var report: ScenarioReport { outcome.report }

  /// Whether the search and another driver, or the search and itself, contradict each other.
  var isOurMistake: Bool {
    if case .differs? = exploration.confirmation { return true }
    return exploration.paths?.mismatch != nil || exploration.symmetry?.objection != nil
  }

  /// Lines of a trace, at most.
  private static let traceLimit = 400

  var text: String {
    var lines = ["\(report.file): \(headline)"]
    if let message = report.message { lines.append("  \(message)") }
    let width = report.certificate.map(\.name.count).max() ?? 0
    for entry in report.certificate {
      let name = entry.name + String(repeating: " ", count: width - entry.name.count)
      lines.append("  \(name)  \(entry.value)")
    }
    if !report.coverage.isEmpty {
      let label = "coverage"
      let name = label + String(repeating: " ", count: max(0, width - label.count))
      lines.append("  \(name)  \(CoverageTable(report.coverage).sentence)")
    }
    if case .violation(let found) = exploration.report.verdict {
      lines.append("  the shortest way there:")
      lines += found.lines.prefix(Self.traceLimit)
    }
    if let command = report.replayCommand { lines.append("  replay: \(command)") }
    return lines.joined(separator: "\n")
  }

  private var headline: String {
    guard !report.endedAsExpected else {
      return report.expectation == "pass"
        ? report.verdict.rawValue : "\(report.verdict.rawValue) (as expected)"
    }
    return report.expectation == "pass"
      ? report.verdict.rawValue
      : "\(report.verdict.rawValue), where the scenario expects: \(report.expectation)"
  }

  var json: JSONTree {
    let result = exploration.report
    var isExhausted = false
    if case .exhausted = result.verdict { isExhausted = true }
    return .object([
      .init("file", .string(report.file)),
      .init("verdict", .string(report.verdict.rawValue)),
      .init("asExpected", .boolean(report.endedAsExpected)),
      .init("exhausted", .boolean(isExhausted)),
      .init("states", .integer(result.states)),
      .init("transitions", .integer(result.transitions)),
      .init("statesWithoutSymmetry", .integer(result.statesInOrbits)),
      .init("transitionsWithoutSymmetry", .integer(result.transitionsInOrbits)),
      .init("depth", .integer(result.depth)),
      .init("failure", report.failureFile.map { .string($0) } ?? .null),
      .init("check", report.check.map { .string($0) } ?? .null),
      .init("message", report.message.map { .string($0) } ?? .null),
      .init("digest", .string(DigestText.text(result.digest))),
      .init("length", report.stepsToFailure.map { .integer($0) } ?? .null),
      .init("levels", .array(result.levels.map(JSONTree.integer))),
      .init(
        "certificate",
        .object(report.certificate.map { .init($0.name, .string($0.value)) })),
      .init("coverage", CoverageTable(report.coverage).json),
    ])
  }
}
