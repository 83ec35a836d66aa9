import SimulationKernel

/// One schedule without faults. Each of its steps that has crash points to try is a unit of work.
public struct CrashPointSchedule: Hashable, Sendable {
  public var seed: UInt64
  public var steps: Int
  /// Stable hash of the trace: what tells whether a schedule is still the same.
  public var digest: UInt64
  /// How the schedule itself ended; only one that passed is enumerated.
  public var verdict: RunVerdict
  /// Numbers among the units of all schedules, in the order of the steps.
  public var units: Range<Int>
  /// By position of the unit.
  private var points: [[CrashPoint]]

  init(_ result: RunResult, firstUnit: Int, points: [[CrashPoint]]) {
    seed = result.seed
    steps = result.steps
    digest = result.digest
    verdict = result.verdict
    units = firstUnit..<firstUnit + points.count
    self.points = points
  }

  /// The crash points of a unit, at least one.
  public func points(ofUnit unit: Int) -> [CrashPoint] { points[unit - units.lowerBound] }
}

/// What the enumeration of the crash points of some schedules came to.
public struct CrashPointReport: Sendable {
  /// In the order of the seeds.
  public var schedules: [CrashPointSchedule]
  /// In the order of the schedules; within one by step, boundary and kind of crash.
  public var results: [CrashPointResult] = []
  /// Crash points of the schedules, or of the shard of them, each kind of crash counted.
  public var total = 0
  public var firstFailure: CrashPointFailure?
  public var leak: DeterminismLeak?
  public var wasCancelled = false
  /// By unit: fingerprints of how its runs ended, if they were asked for. Runs are merged within a
  /// unit, so only all of its crash points together have all the ends.
  public var ends: [Int: Set<UInt64>] = [:]

  public init(schedules: [CrashPointSchedule] = []) {
    self.schedules = schedules
  }

  public var outcomes: Int { sum(\.outcomes) }
  public var merged: Int { sum(\.merged) }
  public var steps: Int { sum(\.steps) }
  public var operations: Int { sum(\.operations) }
  public var faults: FaultCounts { results.reduce(FaultCounts()) { $0 + $1.tally.faults } }
  public var longestRecovery: VirtualDuration {
    results.map(\.tally.longestRecovery).max() ?? .zero
  }

  private func sum(_ path: KeyPath<CrashPointTally, Int>) -> Int {
    results.reduce(0) { $0 + $1.tally[keyPath: path] }
  }

  public var failures: [CrashPointResult] { results.filter(\.tally.verdict.isViolation) }

  /// Crash points without a verdict.
  public var undecided: [CrashPointResult] {
    results.filter { if case .undecided = $0.tally.verdict { true } else { false } }
  }

  /// The first schedule that did not pass by itself.
  public var failedSchedule: CrashPointSchedule? { schedules.first { $0.verdict != .pass } }
}
