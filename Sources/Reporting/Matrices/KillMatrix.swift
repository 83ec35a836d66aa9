import ClusterSimulation
import ScenarioFiles

/// A variant of a protocol that some scenario has to catch.
public struct KnownBug: Hashable, Sendable {
  public var protocolName: String
  /// Id of the variant.
  public var id: String
  /// What it changes, in words.
  public var change: String

  public init(protocolName: String, id: String, change: String) {
    self.protocolName = protocolName
    self.id = id
    self.change = change
  }
}

/// Which engine catches which known bug, how quickly, and by which check: what shows that the
/// tests can see.
public struct KillMatrix: Hashable, Sendable {
  /// A driver that looks for violations.
  public enum Engine: String, Hashable, Sendable, CaseIterable {
    case seeds = "simulate"
    case crashPoints = "crashpoints"
    case search = "explore"

    /// As the heading of a column.
    public var title: String {
      switch self {
      case .seeds: "seeds"
      case .crashPoints: "crash points"
      case .search: "search"
      }
    }
  }

  /// How one scenario caught a bug.
  public struct Kill: Hashable, Sendable {
    public var file: String
    public var check: String
    public var withinAssumptions: Bool
    /// Steps of the failing run; of a search those of the shortest trace.
    public var steps: Int?
    /// How many seeds fail.
    public var sample: HitSample?
    /// Distinct states that the search saw.
    public var states: Int?
    /// Crash points of an enumeration that were tried, and those that led to a violation.
    public var triedPoints: Int?
    public var failingPoints: Int?
    public var replayCommand: String?
  }

  public struct Row: Hashable, Sendable {
    public var bug: KnownBug
    /// Scenarios of this bug that were run and expect a violation.
    public var scenarios: Int
    /// The best of each engine: fewest seeds, fewest steps.
    public var kills: [Engine: Kill]

    /// Nobody caught it, and somebody was meant to.
    public var isMissed: Bool { kills.isEmpty && scenarios > 0 }
    /// Whether a search or an enumeration caught it, which need no luck.
    public var isCaughtWithoutLuck: Bool {
      kills[.search] != nil || kills[.crashPoints] != nil
    }
  }

  /// In the order of the catalog.
  public var rows: [Row]

  /// `nil` if no scenario of the report is about a known bug.
  public init?(_ report: RunReport) {
    let scenarios = Dictionary(grouping: report.scenarios.filter(Self.isHunt)) {
      [$0.protocolName, $0.variant]
    }
    rows = report.knownBugs.map { bug in
      let own = scenarios[[bug.protocolName, bug.id]] ?? []
      var kills: [Engine: Kill] = [:]
      for scenario in own {
        guard let engine = Engine(rawValue: scenario.mode), let kill = Kill(scenario) else {
          continue
        }
        guard let known = kills[engine], !kill.isBetter(than: known, by: engine) else {
          kills[engine] = kill
          continue
        }
      }
      return Row(bug: bug, scenarios: own.count, kills: kills)
    }
    if hunted.isEmpty { return nil }
  }

  /// Whether a scenario is there to catch a known bug.
  private static func isHunt(_ scenario: ScenarioReport) -> Bool {
    scenario.variant != "correct" && scenario.expectation.hasPrefix("violation")
  }

  /// Bugs that some scenario of this run was to catch.
  public var hunted: [Row] { rows.filter { $0.scenarios > 0 } }
  public var missed: [Row] { rows.filter(\.isMissed) }
}

extension KillMatrix.Kill {
  /// `nil` if the scenario caught nothing that it expects.
  init?(_ scenario: ScenarioReport) {
    guard scenario.verdict == .violation, let check = scenario.check,
      ExpectedVerdict(words: scenario.expectation)?
        .isMet(verdict: scenario.verdict, check: check) == true
    else { return nil }
    self.init(
      file: scenario.file, check: check, withinAssumptions: scenario.withinAssumptions,
      steps: scenario.stepsToFailure, sample: scenario.sample, states: scenario.states,
      triedPoints: scenario.crashPoints?.rows.count,
      failingPoints: scenario.crashPoints?.failedCount,
      replayCommand: scenario.replayCommand)
  }

  /// A total order: by what the engine is measured by, then by the rest.
  fileprivate func isBetter(than other: Self, by engine: KillMatrix.Engine) -> Bool {
    let (mine, theirs) = (measures(engine), other.measures(engine))
    for (left, right) in zip(mine, theirs) where left != right { return left < right }
    return file < other.file
  }

  private func measures(_ engine: KillMatrix.Engine) -> [Int] {
    let outside = withinAssumptions ? 0 : 1
    switch engine {
    case .seeds: return [outside, sample?.seedsToFind.median ?? .max, steps ?? .max]
    case .crashPoints, .search: return [outside, steps ?? .max, states ?? .max]
    }
  }
}
