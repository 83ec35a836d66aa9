import SimulationKernel

/// What became of one run. Running out of a budget is never a pass.
public enum RunVerdict: Hashable, Sendable {
  case pass
  case violation(Violation)
  /// A budget ran out; says which.
  case undecided(String)
}

/// One run, in figures.
public struct RunResult: Hashable, Sendable {
  public var seed: UInt64
  public var verdict: RunVerdict
  public var steps: Int
  /// Stable hash of the whole trace.
  public var digest: UInt64
  /// Virtual time at the end.
  public var endTime: VirtualTime
  public var operations: Int
  /// Faults that struck.
  public var faults: FaultCounts
  /// Whether the faults stayed within the stated assumptions.
  public var withinAssumptions: Bool
  /// When the fault phase ended; `VirtualTime.never` if the run ended in it.
  public var faultsEnd: VirtualTime
  /// From the end of the fault phase to the last operation's completion.
  public var recovery: VirtualDuration
}

/// How often each kind of fault struck.
public struct FaultCounts: Hashable, Sendable {
  /// Servers whose process died while the machine went on.
  public var crashes = 0
  /// Servers that lost power; one of the whole cluster counts once for each server.
  public var powerLosses = 0
  public var restarts = 0
  public var cuts = 0
  public var losses = 0
  public var duplications = 0
  /// Storage faults that struck.
  public var storageFaults = 0
  /// Servers that ended their own process.
  public var aborts = 0

  public init() {}

  /// Every kind, in the order above.
  public static var kinds: [WritableKeyPath<FaultCounts, Int>] {
    [\.crashes, \.powerLosses, \.restarts, \.cuts, \.losses, \.duplications]
  }

  public static func + (left: FaultCounts, right: FaultCounts) -> FaultCounts {
    var sum = left
    sum.crashes += right.crashes
    sum.powerLosses += right.powerLosses
    sum.restarts += right.restarts
    sum.cuts += right.cuts
    sum.losses += right.losses
    sum.duplications += right.duplications
    sum.storageFaults += right.storageFaults
    sum.aborts += right.aborts
    return sum
  }
}
