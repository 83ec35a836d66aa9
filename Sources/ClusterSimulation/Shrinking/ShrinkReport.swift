import LinearizabilityChecking
import SimulationKernel

/// What to shrink, and how long.
public struct ShrinkRequest: Sendable {
  public var steps: [RecordedStep]
  /// The check that failed.
  public var check: CheckName
  /// Whether the world was left alone behind the steps.
  public var settles = false
  /// Versions to try at most; at least 1.
  public var replays = 500
  /// Whether the cluster may become smaller.
  public var mayLeaveOutNodes = true
  /// Whether nothing is to be left out: the steps are only recorded anew.
  public var isAsShortAsCanBe = false

  public init(steps: [RecordedStep], check: CheckName) {
    self.steps = steps
    self.check = check
  }
}

/// A failure made smaller.
public struct ShrunkFailure: Sendable {
  public enum End: String, Hashable, Sendable {
    /// Without any one of its elements it passes, or fails for another reason.
    case minimal
    /// The budget of replays was spent before that was known.
    case budget
  }

  public var steps: [RecordedStep]
  /// By step: what the step does, in words.
  public var remarks: [String]
  /// By step: whether it takes the first parcel of its channel.
  public var takesFirst: [Bool]
  /// The same steps, to be followed loosely: in part, or by other code.
  public var schedule: ScheduleRequest
  /// Whether the world is left alone behind the steps, and judged then.
  public var settles: Bool
  public var servers: Int
  public var clients: Int
  public var violation: Violation
  public var withinAssumptions: Bool
  public var digest: UInt64
  /// Whether every step happens as early as it can.
  public var isTimeless: Bool
  /// Versions tried.
  public var replays: Int
  public var end: End
}

/// What shrinking came to.
public enum ShrinkReport: Sendable {
  case shrunk(ShrunkFailure)
  /// The steps do not lead to a violation of the check; says what they lead to.
  case notReproduced(String)
}
