import LinearizabilityChecking
import ModelChecking
import SimulationKernel

/// The bounds of an exhaustive search, and what it leaves out.
public struct ExplorePlan: Sendable {
  /// The operations of each client, in order.
  public var operations: [[Operation]]
  /// Operations that a client keeps open at once.
  public var openPerClient = 1
  /// How processes may die.
  public var crashKinds: [CrashKind] = [.process]
  public var budget = ExploredBudget([:])
  /// What is left out although the system could do it; nothing by default.
  public var reductions: ExploreReductions = []
  /// Whether failures beyond the protocol's assumptions are told from others: after them no
  /// progress is owed. It costs a look at all servers for each crash.
  public var tellsFailuresApart = false

  /// Ticks of each continuation that progress may look for beyond the bounds, with as many retries
  /// as it needs and no further faults; 0: progress keeps to the bounds.
  public var furtherTicks = 0
  /// Whether states that differ by the names of like clients are one.
  public var usesSymmetry = false

  /// The tag of steps that are faults: progress does not count on them.
  public static let faultTag = StepTags.fault

  public init(operations: [[Operation]]) {
    self.operations = operations
  }
}
