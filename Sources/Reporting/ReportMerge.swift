import ClusterSimulation
import SimulationKernel

/// Combines the results of several runs, or of the shards of one.
///
/// Scenarios of the same file are summed; others stand side by side; all are sorted by file. The
/// result does not depend on the order of the inputs, and merging in two stages gives what merging
/// at once gives.
public enum ReportMerge {
  /// A report and where it came from, for messages.
  public struct Input: Sendable {
    public var name: String
    public var report: RunReport

    public init(name: String, report: RunReport) {
      self.name = name
      self.report = report
    }
  }

  /// Everything for which the inputs do not fit together; one line each, without a full stop.
  public struct Conflicts: Error, Hashable, Sendable, CustomStringConvertible {
    public let messages: [String]

    public var description: String { messages.joined(separator: "\n") }
  }

  public static func merge(_ inputs: [Input]) throws(Conflicts) -> RunReport {
    guard let first = inputs.first else {
      throw Conflicts(messages: ["there are no results to merge"])
    }
    var parts: [String: [Part]] = [:]
    for input in inputs {
      for (index, scenario) in input.report.scenarios.enumerated() {
        let seconds = input.report.wallSeconds
        let time = index < seconds.count ? ResultsJSON.milliseconds(seconds[index]) : 0
        let part = Part(input: input.name, scenario: scenario, milliseconds: time)
        parts[scenario.file, default: []].append(part)
      }
    }
    let files = parts.keys.sorted()
    let messages =
      versionConflicts(inputs) + files.flatMap { scenarioConflicts($0, parts[$0] ?? []) }
    guard messages.isEmpty else { throw Conflicts(messages: messages) }
    var merged = RunReport(
      version: first.report.version, scenarios: [], wallSeconds: [],
      wasInterrupted: inputs.contains { $0.report.wasInterrupted })
    for file in files {
      let group = parts[file] ?? []
      merged.scenarios.append(combined(group.map(\.scenario)))
      merged.wallSeconds.append(Double(Statistics.sum(group.map(\.milliseconds))) / 1_000)
    }
    for coverage in inputs.flatMap(\.report.coverage) { merged.coverage.add(coverage) }
    return merged
  }

  private struct Part {
    let input: String
    let scenario: ScenarioReport
    let milliseconds: Int
  }

  /// The sum of the parts of one scenario; at least one.
  private static func combined(_ parts: [ScenarioReport]) -> ScenarioReport {
    // The decisive verdict, and of those that have it the lowest seed.
    var result = parts[0]
    for part in parts.dropFirst() where precedes(part, result) { result = part }
    func sum(_ path: KeyPath<ScenarioReport, Int>) -> Int {
      Statistics.sum(parts.map { $0[keyPath: path] })
    }
    result.runs = sum(\.runs)
    result.steps = sum(\.steps)
    result.operations = sum(\.operations)
    result.undecidedRuns = sum(\.undecidedRuns)
    for kind in ResultsJSON.faultKinds {
      let numbers = parts.map { $0.faults[keyPath: kind.path] }
      result.faults[keyPath: kind.path] = Statistics.sum(numbers)
    }
    let slowest = slowest(of: parts)
    result.longestRecovery = slowest.longestRecovery
    result.slowestSeed = slowest.slowestSeed
    result.crashPoints = CrashPointTable.merged(parts.compactMap(\.crashPoints))
    result.crashTable = result.crashTable ?? parts.lazy.compactMap(\.crashTable).first
    if result.verdict == .pass {
      result.withinAssumptions = parts.allSatisfy(\.withinAssumptions)
    }
    result.coverage = coverage(of: parts)
    // A search is one part, and may have missed more than its verdict.
    if parts.count == 1 { return result }
    if let expected = ExpectedVerdict(words: result.expectation) {
      result.endedAsExpected = expected.isMet(verdict: result.verdict, check: result.check)
    }
    return result
  }

  /// The part that took longest to recover, and of those the one with the lowest seed.
  private static func slowest(of parts: [ScenarioReport]) -> ScenarioReport {
    var slowest = parts[0]
    for part in parts.dropFirst() {
      let seeds = (part.slowestSeed ?? .max, slowest.slowestSeed ?? .max)
      if part.longestRecovery > slowest.longestRecovery
        || (part.longestRecovery == slowest.longestRecovery && seeds.0 < seeds.1)
      {
        slowest = part
      }
    }
    return slowest
  }

  /// What any part reached, in the order of the first.
  private static func coverage(of parts: [ScenarioReport]) -> [Coverage.Row] {
    var rows: [Coverage.Row] = []
    for row in parts.flatMap(\.coverage) {
      if let known = rows.firstIndex(where: { $0.kind == row.kind && $0.name == row.name }) {
        if row.isReached { rows[known].isReached = true }
      } else {
        rows.append(row)
      }
    }
    return rows
  }

  /// A total order of what decides: violations before undecided before passes, then by seed, then
  /// by everything else that the result takes over, so that no order of inputs matters.
  private static func precedes(_ left: ScenarioReport, _ right: ScenarioReport) -> Bool {
    if left.verdict != right.verdict { return rank(left.verdict) < rank(right.verdict) }
    let seeds = (left.seed ?? .max, right.seed ?? .max)
    if seeds.0 != seeds.1 { return seeds.0 < seeds.1 }
    if left.stepsToFailure != right.stepsToFailure {
      return left.stepsToFailure ?? .max < right.stepsToFailure ?? .max
    }
    if left.withinAssumptions != right.withinAssumptions { return left.withinAssumptions }
    let texts = [\ScenarioReport.check, \.message, \.failureFile, \.historyFile]
    for text in texts where left[keyPath: text] != right[keyPath: text] {
      guard let one = left[keyPath: text] else { return false }
      guard let other = right[keyPath: text] else { return true }
      return one < other
    }
    return false
  }

  private static func rank(_ verdict: ScenarioReport.Verdict) -> Int {
    switch verdict {
    case .violation: 0
    case .undecided: 1
    case .pass: 2
    }
  }
}

/// What does not fit together.
extension ReportMerge {
  private static func versionConflicts(_ inputs: [Input]) -> [String] {
    conflict("the version of CrashProof", inputs.map { ($0.report.version, $0.name) })
  }

  private static func scenarioConflicts(_ file: String, _ parts: [Part]) -> [String] {
    let properties: [(String, (ScenarioReport) -> String)] = [
      ("the title", { $0.title }), ("the protocol", { $0.protocolName }),
      ("the variant", { $0.variant }), ("the mode", { $0.mode }),
      ("the expectation", { $0.expectation }),
      ("the limit of recovery", { $0.recoveryLimit?.description ?? "none" }),
      ("the list of checks", { $0.checks.joined(separator: ", ") }),
    ]
    return properties.flatMap { name, property in
      conflict(name, parts.map { (property($0.scenario), $0.input) })
        .map { "\(file): \($0)" }
    }
  }

  /// Nothing, or one message that names two of the values and an input for each.
  private static func conflict(_ what: String, _ values: [(String, String)]) -> [String] {
    let sorted = values.sorted { $0 < $1 }
    guard let first = sorted.first, let last = sorted.last, first.0 != last.0 else { return [] }
    return ["\(what) is \"\(first.0)\" in \(first.1) and \"\(last.0)\" in \(last.1)"]
  }
}

extension ReportMerge {
  /// The report with its failure files and histories looked for in another report folder: results
  /// that were written elsewhere name the path that was right there.
  ///
  /// - Parameter folder: the report folder that the results were read from, as the user named it.
  public static func relocated(_ report: RunReport, to folder: String) -> RunReport {
    var report = report
    for index in report.scenarios.indices {
      for file in [\ScenarioReport.failureFile, \.historyFile] {
        guard let path = report.scenarios[index][keyPath: file] else { continue }
        let name = path.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init)
        let inFolder = folder.hasSuffix("/") ? folder : folder + "/"
        report.scenarios[index][keyPath: file] = name.map { inFolder + "failures/" + $0 }
      }
    }
    return report
  }
}
