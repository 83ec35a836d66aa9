import ClusterSimulation
import InputText

/// results.json, and the document that `crashproof run --json` prints.
///
/// Equal reports give equal bytes, the member `wallSeconds` aside: it is the last member, holds a
/// number for each scenario, and is the only place of any report with a time of the clock.
public enum ResultsJSON {
  /// Whether the document says how long the scenarios took.
  public enum WallTimes: Hashable, Sendable {
    case included
    case leftOut
  }

  /// What the member `format` says.
  public static let format = "crashproof-results"

  /// The document as strict JSON, ending in a line feed.
  public static func text(of report: RunReport, wallTimes: WallTimes) -> String {
    JSONWriter(style: .json).text(of: tree(of: report, wallTimes: wallTimes))
  }

  public static func tree(of report: RunReport, wallTimes: WallTimes) -> JSONTree {
    var members: [JSONTree.Member] = [
      .init("format", .string(format)),
      .init("version", .string(report.version)),
      .init("scenarios", .array(report.scenarios.map(tree))),
      .init("asExpected", .integer(report.expectedCount)),
      .init("unexpected", .integer(report.unexpectedCount)),
      .init("undecided", .integer(report.undecidedCount)),
      .init("interrupted", .boolean(report.wasInterrupted)),
    ]
    if !report.coverage.isEmpty { members.append(.init("coverage", report.coverage.json)) }
    if let baseline = report.baseline { members.append(.init("baseline", baseline.json)) }
    if wallTimes == .included {
      members.append(.init("wallSeconds", .array(report.wallSeconds.map(seconds))))
    }
    return .object(members)
  }

  private static func tree(of scenario: ScenarioReport) -> JSONTree {
    var members: [JSONTree.Member] = [
      .init("file", .string(scenario.file)),
      .init("title", .string(scenario.title)),
      .init("protocol", .string(scenario.protocolName)),
      .init("variant", .string(scenario.variant)),
      .init("mode", .string(scenario.mode)),
      .init("verdict", .string(scenario.verdict.rawValue)),
      .init("expectation", .string(scenario.expectation)),
      .init("asExpected", .boolean(scenario.endedAsExpected)),
      .init("check", text(scenario.check)),
      .init("message", text(scenario.message)),
      .init("seed", scenario.seed.map(number) ?? .null),
      .init("stepsToFailure", scenario.stepsToFailure.map(JSONTree.integer) ?? .null),
      .init("failure", text(scenario.failureFile)),
      .init("history", text(scenario.historyFile)),
      .init("withinAssumptions", .boolean(scenario.withinAssumptions)),
      .init("runs", .integer(scenario.runs)),
      .init("undecidedRuns", .integer(scenario.undecidedRuns)),
      .init("steps", .integer(scenario.steps)),
      .init("operations", .integer(scenario.operations)),
      .init("faults", faults(scenario)),
      .init("recovery", recovery(scenario)),
      .init("checks", .array(scenario.checks.map(JSONTree.string))),
    ]
    if let place = scenario.place { members.append(.init("place", place.json)) }
    if let sample = scenario.sample {
      members.append(
        .init(
          "sample",
          .object([.init("seeds", .integer(sample.seeds)), .init("hits", .integer(sample.hits))])))
    }
    if Statistics.isCleanSample(scenario) {
      let bound = Statistics.bound(runs: scenario.runs)
      members.append(.init("failureRateBound95", .number(bound.value)))
    }
    if let model = scenario.faultModel { members.append(.init("faultModel", model.json)) }
    if let states = scenario.states { members.append(.init("states", .integer(states))) }
    if let shrinking = scenario.shrinking { members.append(.init("shrunk", tree(of: shrinking))) }
    if let remark = scenario.remark { members.append(.init("remark", .string(remark))) }
    if let measured = scenario.measurement { members.append(.init("measurement", measured.json)) }
    if let table = scenario.crashPoints { members.append(.init("crashPoints", table.json)) }
    if let table = scenario.crashTable { members.append(.init("crashTable", table.json)) }
    if !scenario.certificate.isEmpty {
      members.append(
        .init(
          "certificate",
          .object(scenario.certificate.map { .init($0.name, .string($0.value)) })))
    }
    if !scenario.coverage.isEmpty {
      members.append(.init("coverage", CoverageTable(scenario.coverage).json))
    }
    return .object(members)
  }

  private static func tree(of shrinking: ScenarioReport.Shrinking) -> JSONTree {
    .object([
      .init("steps", .integer(shrinking.steps)),
      .init("replays", .integer(shrinking.replays)),
      .init("minimal", .boolean(shrinking.isMinimal)),
    ])
  }

  private static func recovery(_ scenario: ScenarioReport) -> JSONTree {
    let longest = JSONTree.integer(Int(scenario.longestRecovery.nanoseconds))
    var members: [JSONTree.Member] = [.init("longestNanoseconds", longest)]
    if let seed = scenario.slowestSeed { members.append(.init("seed", number(seed))) }
    if let limit = scenario.recoveryLimit {
      members.append(.init("limitNanoseconds", .integer(Int(limit.nanoseconds))))
    }
    return .object(members)
  }

  private static func faults(_ scenario: ScenarioReport) -> JSONTree {
    .object(
      faultKinds.compactMap { kind in
        let count = scenario.faults[keyPath: kind.path]
        return kind.isRare && count == 0 ? nil : .init(kind.name, .integer(count))
      })
  }

  private static func text(_ text: String?) -> JSONTree {
    text.map(JSONTree.string) ?? .null
  }

  /// A seed beyond the whole numbers of 63 bits stands as a string of digits.
  static func number(_ seed: UInt64) -> JSONTree {
    Int(exactly: seed).map(JSONTree.integer) ?? .string(String(seed))
  }

  /// In whole milliseconds, so that sums do not depend on their order.
  private static func seconds(_ seconds: Double) -> JSONTree {
    .number(Double(milliseconds(seconds)) / 1_000)
  }

  /// A wall time in milliseconds, 0 to 10^12; what is no time counts as 0.
  static func milliseconds(_ seconds: Double) -> Int {
    guard seconds.isFinite, seconds > 0 else { return 0 }
    return Int((min(seconds, 1e9) * 1_000).rounded())
  }
}

extension SourcePlace {
  var json: JSONTree {
    .object([.init("file", .string(file)), .init("line", .integer(line))])
  }
}

/// A kind of fault and where it is counted.
struct FaultKind: Sendable {
  let name: String
  let path: WritableKeyPath<FaultCounts, Int> & Sendable
  /// Left out of the document where there was none.
  var isRare = false
}

extension ResultsJSON {
  /// The kinds of faults in the order of the document.
  static let faultKinds: [FaultKind] = [
    FaultKind(name: "crashes", path: \.crashes),
    FaultKind(name: "powerLosses", path: \.powerLosses),
    FaultKind(name: "restarts", path: \.restarts),
    FaultKind(name: "cuts", path: \.cuts),
    FaultKind(name: "losses", path: \.losses),
    FaultKind(name: "duplications", path: \.duplications),
    FaultKind(name: "storageFaults", path: \.storageFaults, isRare: true),
    FaultKind(name: "aborts", path: \.aborts, isRare: true),
  ]
}
