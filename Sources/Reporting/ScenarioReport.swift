import ClusterSimulation
import SimulationKernel

/// How one scenario ended: what every report format is made from. It holds no wall time, so that
/// equal inputs give equal bytes; wall times travel in ``RunReport/wallSeconds``.
public struct ScenarioReport: Hashable, Sendable {
  public enum Verdict: String, Hashable, Sendable, CaseIterable {
    case pass
    case violation
    /// A budget ran out, or the run was interrupted.
    case undecided
  }

  /// The scenario file, as the user named it.
  public var file: String
  public var title: String
  public var protocolName: String
  public var variant: String
  /// `simulate` or `crashpoints`.
  public var mode: String
  public var verdict: Verdict
  /// What the scenario expects, in words: `pass`, `violation of linearizability`.
  public var expectation: String
  public var endedAsExpected: Bool
  /// The check that failed; `nil` unless the verdict is a violation.
  public var check: String?
  /// What the check said, or why there is no verdict.
  public var message: String?
  /// Seeds run, up to and including the first that failed; outcomes of an enumeration.
  public var runs: Int
  public var steps: Int
  public var operations: Int
  public var faults: FaultCounts
  /// The seed that failed or was not decided.
  public var seed: UInt64?
  /// Path of the failure file, as the user would type it.
  public var failureFile: String?
  /// Path of the history of the failing run, as the user would type it.
  public var historyFile: String?
  /// Whether what failed stayed within the scenario's stated assumptions.
  public var withinAssumptions: Bool
  /// Longest virtual time from the end of the faults to the last answer.
  public var longestRecovery: VirtualDuration
  /// The first seed that took as long; `nil` if none had to recover, or nobody said.
  public var slowestSeed: UInt64?
  /// What the scenario allows it (`recoverWithin`); `nil`: any.
  public var recoveryLimit: VirtualDuration?
  /// Seeds without a verdict.
  public var undecidedRuns: Int
  /// The checks that were made.
  public var checks: [String]
  /// Steps of the run that failed, up to the violation; `nil` if nobody counted.
  public var stepsToFailure: Int?
  /// How the failure file is smaller than the run that failed; `nil` if it is that run.
  public var shrinking: Shrinking?
  /// Something worth knowing, in a sentence without a full stop; `nil` if there is nothing.
  public var remark: String?
  /// What an enumeration of crash points tried; `nil` in other modes.
  public var crashPoints: CrashPointTable?
  /// What a document promises at its named crash points, and what happens; `nil` unless asked for.
  public var crashTable: CrashTableReport?
  /// What a search claims and under which bounds, line by line; empty in other modes.
  public var certificate: [CertificateEntry] = []
  /// How many seeds fail, if more were run than up to the first that did.
  public var sample: HitSample?
  /// Distinct states of a search; `nil` in other modes.
  public var states: Int?
  /// What may go wrong in the scenario; `nil` if nobody said.
  public var faultModel: FaultModel?
  /// What could be reached, and whether it was; empty unless somebody looked.
  public var coverage: [Coverage.Row] = []
  /// What was measured; `nil` in other modes.
  public var measurement: MeasurementReport?
  /// Where the scenario file says how it should end; `nil` if nobody said.
  public var place: SourcePlace?

  /// A failure made smaller.
  public struct Shrinking: Hashable, Sendable {
    /// Steps of the smaller failure.
    public var steps: Int
    /// Versions that were tried.
    public var replays: Int
    /// Whether it is known that nothing can be left out any more.
    public var isMinimal: Bool

    public init(steps: Int, replays: Int, isMinimal: Bool) {
      self.steps = steps
      self.replays = replays
      self.isMinimal = isMinimal
    }
  }

  /// One line of a certificate.
  public struct CertificateEntry: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  public init(
    file: String, title: String, protocolName: String, variant: String, mode: String,
    verdict: Verdict, expectation: String, endedAsExpected: Bool, check: String? = nil,
    message: String? = nil, runs: Int, steps: Int, operations: Int, faults: FaultCounts,
    seed: UInt64? = nil, failureFile: String? = nil, historyFile: String? = nil,
    withinAssumptions: Bool = true,
    longestRecovery: VirtualDuration = .zero, undecidedRuns: Int = 0, checks: [String] = [],
    stepsToFailure: Int? = nil
  ) {
    self.file = file
    self.title = title
    self.protocolName = protocolName
    self.variant = variant
    self.mode = mode
    self.verdict = verdict
    self.expectation = expectation
    self.endedAsExpected = endedAsExpected
    self.check = check
    self.message = message
    self.runs = runs
    self.steps = steps
    self.operations = operations
    self.faults = faults
    self.seed = seed
    self.failureFile = failureFile
    self.historyFile = historyFile
    self.withinAssumptions = withinAssumptions
    self.longestRecovery = longestRecovery
    self.undecidedRuns = undecidedRuns
    self.checks = checks
    self.stepsToFailure = stepsToFailure
  }

  /// The command that replays the failure; `nil` if there is none.
  public var replayCommand: String? {
    failureFile.map { "crashproof replay \(ShellWord.quoted($0))" }
  }

  /// The command that checks the history of the failing run; `nil` if there is none.
  public var checkCommand: String? {
    historyFile.map { "crashproof check \(ShellWord.quoted($0))" }
  }
}

/// A line of a scenario file.
public struct SourcePlace: Hashable, Sendable {
  /// As the user named it, without the name of a case.
  public var file: String
  /// From 1.
  public var line: Int

  public init(file: String, line: Int) {
    self.file = file
    self.line = line
  }
}

/// All scenarios of one call, in the order of their files.
public struct RunReport: Sendable {
  /// The version of CrashProof.
  public var version: String
  public var scenarios: [ScenarioReport]
  /// By position of the scenario: seconds it took. Stands in one place of results.json and nowhere
  /// else.
  public var wallSeconds: [Double]
  /// Whether the call was interrupted before its end.
  public var wasInterrupted: Bool
  /// The known bugs of the protocols, in the order of the catalog; those that no scenario is about
  /// included.
  public var knownBugs: [KnownBug] = []
  /// The rows of the frontier matrix, in the order of the catalog.
  public var subjects: [FrontierSubject] = []
  /// What happened in failing runs, by the scenario's file; results.json does not hold them.
  public var stories: [String: FailureStory] = [:]
  /// What the run reached of each protocol, by name; empty if nobody looked.
  public var coverage: [ProtocolCoverage] = []
  /// How the run compares with an earlier one; `nil` unless asked for.
  public var baseline: BaselineComparison?

  public init(
    version: String, scenarios: [ScenarioReport], wallSeconds: [Double],
    wasInterrupted: Bool = false
  ) {
    self.version = version
    self.scenarios = scenarios
    self.wallSeconds = wallSeconds
    self.wasInterrupted = wasInterrupted
  }

  /// Ended as expected.
  public var expectedCount: Int { scenarios.count { $0.endedAsExpected } }
  /// Ended otherwise, with a verdict.
  public var unexpectedCount: Int {
    scenarios.count { !$0.endedAsExpected && $0.verdict != .undecided }
  }
  /// Neither: no verdict where one was expected.
  public var undecidedCount: Int {
    scenarios.count { !$0.endedAsExpected && $0.verdict == .undecided }
  }

  /// 0 all as expected, 1 some not, 2 undecided and nothing failed.
  public var exitCode: Int32 {
    if unexpectedCount > 0 { return 1 }
    return undecidedCount > 0 || wasInterrupted ? 2 : 0
  }
}
