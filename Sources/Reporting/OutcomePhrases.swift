import ClusterSimulation
import ScenarioFiles

/// How a scenario ended, in words. Terminal, JUnit and Markdown say the same.
struct OutcomePhrases {
  let scenario: ScenarioReport

  init(_ scenario: ScenarioReport) {
    self.scenario = scenario
  }

  /// `pass`, `violation of linearizability in seed 7 after 812 steps`, `undecided in seed 4`.
  var ending: String {
    switch scenario.verdict {
    case .pass:
      return "pass"
    case .violation:
      return "violation of \(ReportText.oneLine(scenario.check ?? "a check"))" + place
    case .undecided:
      return "undecided" + place
    }
  }

  /// Whether states were searched, rather than seeds run.
  private var isSearch: Bool { scenario.mode == RunMode.explore.rawValue }

  private var place: String {
    var text = ""
    if isSearch { return scenario.stepsToFailure.map { ", shortest in \($0) steps" } ?? "" }
    if let seed = scenario.seed { text += " in seed \(seed)" }
    if let steps = scenario.stepsToFailure {
      text += " after " + ReportText.count(steps, "step")
    }
    if let shrinking = scenario.shrinking, shrinking.steps != scenario.stepsToFailure {
      text += ", shrunk to \(ReportText.grouped(shrinking.steps))"
    }
    return text
  }

  /// What was expected, if it was not a pass and did not come; nil otherwise.
  var missedExpectation: String? {
    guard !scenario.endedAsExpected, scenario.expectation != "pass" else { return nil }
    let words = ReportText.oneLine(scenario.expectation)
    return "expected: " + (words.hasPrefix("violation") ? "a " + words : words)
  }

  /// Set if a violation needed more than the scenario's assumptions allow.
  var assumptionNote: String? {
    guard scenario.verdict == .violation, !scenario.withinAssumptions else { return nil }
    return "outside the stated assumptions: the faults went beyond what the scenario promises"
  }

  /// Why a pass is not enough; nil if it is.
  var passObjection: String? {
    guard !scenario.endedAsExpected, scenario.verdict == .pass else { return nil }
    return scenario.message
  }

  /// What was never reached, if anybody looked beside a search.
  var coverageNote: String? {
    guard !scenario.coverage.isEmpty, !isSearch else { return nil }
    return "reached: " + CoverageTable(scenario.coverage).sentence
  }

  /// How many seeds have no verdict, beside the one that the ending names.
  var undecidedNote: String? {
    guard scenario.undecidedRuns > 0, scenario.runs > 1 else { return nil }
    return "no verdict in \(ReportText.grouped(scenario.undecidedRuns)) of "
      + ReportText.count(scenario.runs, "run")
  }

  /// What passing seeds say about the others; nil if some failed or too few were run.
  var bound: String? {
    guard Statistics.isCleanSample(scenario) else { return nil }
    let bound = Statistics.failureRateBound(runs: scenario.runs)
    return "at most \(bound) of all seeds fail (95 % confidence)"
  }

  /// Runs, steps and faults, in this order; of an enumeration crash points and outcomes.
  var figures: [String] {
    if let table = scenario.crashPoints { return table.figures }
    if isSearch { return searchFigures }
    return [ReportText.count(scenario.runs, "run"), ReportText.count(scenario.steps, "step")]
      + ReportText.faults(scenario.faults)
  }
}

extension OutcomePhrases {
  /// `21,293 states`, `46,943 transitions`; from the certificate.
  private var searchFigures: [String] {
    let units = ["states": "state", "transitions": "transition"]
    return scenario.certificate.compactMap { entry in
      guard let unit = units[entry.name], let count = Int(entry.value) else { return nil }
      return ReportText.count(count, unit)
    }
  }
}

extension ScenarioReport {
  /// `120ms in seed 17, of at most 800ms`; nil if nothing had to recover and nothing is demanded.
  var recoveryPhrase: String? {
    guard longestRecovery > .zero || recoveryLimit != nil else { return nil }
    let place = slowestSeed.map { " in seed \($0)" } ?? ""
    return "\(longestRecovery)\(place)" + (recoveryLimit.map { ", of at most \($0)" } ?? "")
  }
}

extension RunReport {
  /// `31 scenarios: 29 as expected, 1 not, 1 undecided`.
  var headline: String {
    var parts = ["\(ReportText.grouped(expectedCount)) as expected"]
    if unexpectedCount > 0 { parts.append("\(ReportText.grouped(unexpectedCount)) not") }
    if undecidedCount > 0 { parts.append("\(ReportText.grouped(undecidedCount)) undecided") }
    let count = ReportText.count(scenarios.count, "scenario")
    return "\(count): \(parts.joined(separator: ", "))"
  }

  /// `6,210 runs, 1,234,567 steps, 812 operations, 411 crashes`, over all scenarios.
  var totals: String {
    var all = FaultCounts()
    all.crashes = Statistics.sum(scenarios.map(\.faults.crashes))
    all.powerLosses = Statistics.sum(scenarios.map(\.faults.powerLosses))
    all.cuts = Statistics.sum(scenarios.map(\.faults.cuts))
    all.losses = Statistics.sum(scenarios.map(\.faults.losses))
    all.duplications = Statistics.sum(scenarios.map(\.faults.duplications))
    all.storageFaults = Statistics.sum(scenarios.map(\.faults.storageFaults))
    all.aborts = Statistics.sum(scenarios.map(\.faults.aborts))
    let figures = [
      ReportText.count(Statistics.sum(scenarios.map(\.runs)), "run"),
      ReportText.count(Statistics.sum(scenarios.map(\.steps)), "step"),
      ReportText.count(Statistics.sum(scenarios.map(\.operations)), "operation"),
    ]
    return (figures + ReportText.faults(all)).joined(separator: ", ")
  }

  /// The scenario that took longest, in virtual time, from the end of its faults to its last
  /// answer; nil if none had to recover.
  var slowestRecovery: ScenarioReport? {
    let slowest = scenarios.max { left, right in
      left.longestRecovery < right.longestRecovery
        || (left.longestRecovery == right.longestRecovery && left.file > right.file)
    }
    return slowest.flatMap { $0.longestRecovery > .zero ? $0 : nil }
  }

  /// What the passing seeds say about the others; nil if too few were run.
  var confidence: String? {
    guard let extremes = Statistics.extremes(self) else { return nil }
    let bound = Statistics.failureRateBound(runs: extremes.fewest)
    let rule =
      "where all of N seeds passed, at most 1-0.05^(1/N) of all seeds fail (95 % confidence): "
    let seeds = "\(bound) for \(ReportText.grouped(extremes.fewest)) seeds"
    guard extremes.most > extremes.fewest else { return rule + seeds }
    let least = Statistics.failureRateBound(runs: extremes.most)
    return rule + "\(seeds) (fewest), \(least) for \(ReportText.grouped(extremes.most)) (most)"
  }

  /// What to type first.
  var firstReplayCommand: String? {
    scenarios.first { !$0.endedAsExpected && $0.replayCommand != nil }?.replayCommand
  }
}
