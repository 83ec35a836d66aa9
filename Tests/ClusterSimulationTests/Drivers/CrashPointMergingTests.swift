import SimulationKernel
import Testing

@testable import ClusterSimulation

/// Every outcome tried one by one is the oracle for runs that are merged.
@Suite("Merging equal worlds")
struct CrashPointMergingTests {
  private func tallies(
    _ deviations: [DurableRegister.Deviation], depth: Int, merges: Bool,
    _ thoroughness: CrashPointPlan.Thoroughness
  ) -> [CrashPointTally] {
    let runner = RegisterEnumeration.runner(deviations, depth: depth, operations: 1)
    var request = RegisterEnumeration.request(depth: depth)
    request.plan.mergesEqualWorlds = merges
    request.plan.thoroughness = thoroughness
    return runner.crashPoints(request).results.map(\.tally)
  }

  @Test(
    "merged or one by one, crash points end the same",
    arguments: [
      (1, []), (1, [.noFileSync]), (1, [.noDirectorySync]), (1, [.recoversInPlace]), (2, []),
      (2, [.noFileSync]),
    ] as [(Int, [DurableRegister.Deviation])])
  func sameEnds(depth: Int, deviations: [DurableRegister.Deviation]) {
    for thoroughness in [CrashPointPlan.Thoroughness.firstFailure, .everyFate] {
      let merged = tallies(deviations, depth: depth, merges: true, thoroughness)
      let all = tallies(deviations, depth: depth, merges: false, thoroughness)
      #expect(merged.map(\.verdict.isViolation) == all.map(\.verdict.isViolation))
      #expect(merged.map(\.fates) == all.map(\.fates))
      #expect(all.allSatisfy { $0.merged == 0 && $0.outcomes > 0 })
      let outcomes = (merged.reduce(0) { $0 + $1.outcomes }, all.reduce(0) { $0 + $1.outcomes })
      #expect(deviations.isEmpty ? outcomes.0 < outcomes.1 : outcomes.0 <= outcomes.1)
      if thoroughness == .everyFate {
        #expect(merged.map(\.verdict) == all.map(\.verdict))
      }
    }
  }
}
