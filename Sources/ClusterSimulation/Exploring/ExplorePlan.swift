import LinearizabilityChecking
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

  public init(operations: [[Operation]]) {
    self.operations = operations
  }
}
