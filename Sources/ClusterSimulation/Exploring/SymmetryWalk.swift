import LinearizabilityChecking
import ModelChecking
import SimulationKernel

/// Whether renaming like clients and doing a step commute along a random walk through a search.
public enum SymmetryVerdict: Hashable, Sendable {
  /// There is no renaming to look at.
  case noSymmetry
  case holds(worlds: Int)
  /// A bug of a protocol's renaming: what went wrong.
  case broken(String)
}

/// Steps of a walk at most.
private let walkLimit = 60

@usableFromInline
func verifySymmetry<Subject: ReplicationProtocol>(
  _ setting: ClusterSetting<Subject>, _ plan: ExplorePlan, seed: UInt64
) -> SymmetryVerdict
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  let system = ClusterSystem<Subject>(setting, plan)
  guard system.symmetry.standing.isUsed else { return .noSymmetry }
  let (worlds, objection) = SymmetryCheck(system).walk(seed: seed, limit: walkLimit)
  return objection.map { .broken($0) } ?? .holds(worlds: worlds)
}
