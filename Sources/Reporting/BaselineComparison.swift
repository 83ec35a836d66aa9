import SimulationKernel

/// A run beside an earlier one, its baseline: what has become worse, better, slower. Scenarios are
/// the same if their files (and names of cases) are.
///
/// It changes no verdict: whether a scenario ended as expected, the run says alone.
public struct BaselineComparison: Hashable, Sendable {
  /// A scenario that takes longer to recover than it did.
  public struct Slowdown: Hashable, Sendable {
    public var file: String
    /// Longest virtual time from the end of the faults to the last answer.
    public var before: VirtualDuration
    public var now: VirtualDuration
  }

  /// Where the baseline was read from, as the user named it.
  public var source: String
  /// How many scenarios stand in both.
  public var sharedCount = 0
  /// Did not end as expected, and either did in the baseline or are not in it.
  public var newFailures: [String] = []
  /// Ended as expected, and did not in the baseline.
  public var fixed: [String] = []
  /// Ended as expected neither now nor in the baseline.
  public var stillFailing: [String] = []
  /// Not in the baseline.
  public var newScenarios: [String] = []
  /// In the baseline, and there no longer is such a scenario.
  public var gone: [String] = []
  /// In the baseline, and not run now for another reason.
  public var notRun: [String] = []
  public var slower: [Slowdown] = []

  /// Everything in the order of the reports.
  /// - Parameter isGone: whether there no longer is a scenario that was not run now.
  public init(
    _ report: RunReport, against baseline: RunReport, source: String, isGone: (String) -> Bool
  ) {
    self.source = source
    let earlier = Dictionary(
      baseline.scenarios.map { ($0.file, $0) }, uniquingKeysWith: { first, _ in first })
    for scenario in report.scenarios {
      guard let before = earlier[scenario.file] else {
        newScenarios.append(scenario.file)
        if !scenario.endedAsExpected { newFailures.append(scenario.file) }
        continue
      }
      sharedCount += 1
      switch (before.endedAsExpected, scenario.endedAsExpected) {
      case (true, true): break
      case (true, false): newFailures.append(scenario.file)
      case (false, true): fixed.append(scenario.file)
      case (false, false): stillFailing.append(scenario.file)
      }
      if let slowdown = Self.slowdown(scenario, before) { slower.append(slowdown) }
    }
    let files = Set(report.scenarios.map(\.file))
    for scenario in baseline.scenarios where !files.contains(scenario.file) {
      if isGone(scenario.file) { gone.append(scenario.file) } else { notRun.append(scenario.file) }
    }
  }

  /// Shorter differences are none.
  static let leastSlowdown = VirtualDuration.milliseconds(1)

  /// More than a fifth and more than ``leastSlowdown`` longer. The longest of more runs is longer
  /// without anything having changed, so that these are not compared.
  private static func slowdown(_ now: ScenarioReport, _ before: ScenarioReport) -> Slowdown? {
    let (old, new) = (before.longestRecovery.nanoseconds, now.longestRecovery.nanoseconds)
    guard now.mode == before.mode, now.runs <= before.runs, old > 0, new > old,
      new - old > leastSlowdown.nanoseconds, new - old > old / 5
    else { return nil }
    return Slowdown(file: now.file, before: before.longestRecovery, now: now.longestRecovery)
  }

  /// What a report says about the threshold.
  static let slownessGuide =
    "slower: more than 20 % and more than \(leastSlowdown) of virtual time, in no more runs"
}

extension BaselineComparison {
  private struct Group {
    /// In front of one name, and in the headline if there is one; and if there are several.
    var singular: String
    var plural: String
    var items: [String]
  }

  private var groups: [Group] {
    [
      Group(singular: "new failure", plural: "new failures", items: newFailures),
      Group(singular: "still failing", plural: "still failing", items: stillFailing),
      Group(singular: "fixed", plural: "fixed", items: fixed),
      Group(
        singular: "slower to recover", plural: "slower to recover",
        items: slower.map { "\($0.file): \($0.now) instead of \($0.before)" }),
      Group(singular: "new scenario", plural: "new scenarios", items: newScenarios),
      Group(singular: "gone", plural: "gone", items: gone),
    ].filter { !$0.items.isEmpty }
  }

  /// `against old.json: 1 new failure, 2 fixed (30 scenarios in both, 4 of it not run now)`.
  var headline: String {
    let counts = groups.map { ReportText.count($0.items.count, $0.singular, $0.plural) }
    var scope = ReportText.count(sharedCount, "scenario") + " in both"
    if !notRun.isEmpty { scope += ", \(ReportText.grouped(notRun.count)) of it not run now" }
    let difference = counts.isEmpty ? "no difference" : counts.joined(separator: ", ")
    return "against \(ReportText.oneLine(source)): \(difference) (\(scope))"
  }

  /// What is worth reading one by one, `new failure: x.json5`, and how many more there are.
  func lines(limit: Int) -> [String] {
    groups.flatMap { group in
      var lines = group.items.prefix(limit).map { "\(group.singular): \(ReportText.oneLine($0))" }
      if group.items.count > limit {
        lines.append("\(group.plural): \(ReportText.grouped(group.items.count - limit)) more")
      }
      return lines
    }
  }

  static let markdownLimit = 50

  /// A section of report.md.
  var markdown: [String] {
    var blocks = ["## Against the baseline", MarkdownReport.escaped(headline)]
    for group in groups {
      var lines = ["**\(group.plural)**", ""]
      lines += group.items.prefix(Self.markdownLimit).map { "- \(MarkdownReport.code($0))" }
      if group.items.count > Self.markdownLimit {
        lines.append("- and \(group.items.count - Self.markdownLimit) more; see results.json")
      }
      blocks.append(lines.joined(separator: "\n"))
    }
    if !slower.isEmpty { blocks.append("(\(Self.slownessGuide))") }
    return blocks
  }
}
