import SimulationKernel

/// A boundary between two effects of one step of a server: where a crash can make a difference.
public struct CrashPoint: Hashable, Sendable {
  /// The step of the schedule, from 1.
  public var step: Int
  public var node: NodeID
  /// Effects that happened before the crash.
  public var effectCount: Int
  /// The named points that lie on this boundary.
  public var labels: [String]
  /// The request that the first of the named points speaks of; `nil` if there is none.
  public var request: RequestID?
  /// What the step does, in a line.
  public var action: String
}

/// What trying out one crash point in one way came to, in numbers.
public struct CrashPointTally: Hashable, Sendable {
  /// Runs to the end: each with other outcomes of what the crash left open, and other second
  /// crashes.
  public var outcomes = 0
  /// Runs that led to a world from which an earlier run of the same step had gone on.
  public var merged = 0
  /// Of the outcomes, as if each had been run from the start of its schedule.
  public var steps = 0
  public var operations = 0
  public var faults = FaultCounts()
  public var longestRecovery = VirtualDuration.zero
  /// What the power loss could leave on the disk; nothing for a mere crash of the process.
  public var loss = DiskLoss()
  public var verdict = CrashPointVerdict.pass
  /// What became of the write that the named point speaks of, if that was asked for.
  public var fates: Set<WriteFate> = []

  public init() {}
}

/// How the outcomes of one crash point ended.
public enum CrashPointVerdict: Hashable, Sendable {
  case pass
  /// These checks failed, each in some outcome.
  case violation(CheckSet)
  /// A budget ran out; says which.
  case undecided(String)

  public var isViolation: Bool { if case .violation = self { true } else { false } }
}

/// A crash point of a schedule, with one kind of crash and what that came to.
public struct CrashPointResult: Hashable, Sendable {
  /// The seed of the schedule.
  public var seed: UInt64
  public var point: CrashPoint
  public var kind: CrashKind
  public var tally: CrashPointTally
}

/// A failing run of an enumeration, complete.
public struct CrashPointFailure: Hashable, Sendable {
  public var violation: Violation
  public var withinAssumptions: Bool
  public var steps: [RecordedStep]
  public var digest: UInt64
  /// The seed of the schedule.
  public var seed: UInt64
}

/// What to enumerate.
public struct CrashPointPlan: Sendable {
  /// What to do when an outcome of a crash point fails.
  public enum Thoroughness: Hashable, Sendable {
    /// The crash point has failed; go on to the next.
    case firstFailure
    /// Try the remaining outcomes as well, each crash point by itself, and note what became of the
    /// writes that named points speak of.
    case everyFate
  }

  /// Crashes in a row: 1, or 2 for second crashes at every boundary after the first.
  public var depth = 1
  public var kinds: [CrashKind] = [.process, .powerLoss]
  /// Named crash points to try; empty for every boundary.
  public var labels: [String] = []
  /// From a crash to the restart.
  public var restartAfter = VirtualDuration.milliseconds(50)
  /// Whether the faults of a script belong to the schedule; drawn ones never do.
  public var includesScriptedFaults = false
  /// Runs for one crash point; more are undecided.
  public var runLimit = 100_000
  public var thoroughness = Thoroughness.firstFailure
  /// Whether runs that reach equal worlds are merged. It makes no difference to a verdict or a
  /// fate, which tests show by switching it off.
  var mergesEqualWorlds = true
  /// Replays the first outcome of the crash points of one step in twenty and compares the trace.
  public var verifiesDeterminism = false
  /// Whether to collect how the runs ended: what clients saw, what servers hold.
  public var collectsEnds = false

  public init() {}
}
