import ClusterSimulation
import SimulationKernel

/// The limit that a scenario sets to the time that its clients wait once the faults are over.
extension ScenarioRun {
  /// The seed that took longest, as a violation of progress, if it took longer than the scenario
  /// allows (`recoverWithin`) and nothing worse was found.
  func lateRecovery(_ result: CampaignResult) -> RunResult? {
    guard result.failure == nil, let limit = loaded.scenario.run.recoverWithin,
      var slowest = result.slowest, isLate(slowest)
    else { return nil }
    var violation = Violation(
      .progress,
      "the slowest recovery of \(result.runs) seeds took \(slowest.recovery), in seed "
        + "\(slowest.seed): longer than recoverWithin, \(limit)")
    violation.step = slowest.steps
    violation.time = slowest.endTime
    slowest.verdict = .violation(violation)
    return slowest
  }

  func isLate(_ result: RunResult) -> Bool {
    loaded.scenario.run.recoverWithin.map { result.recovery > $0 } ?? false
  }
}

extension RecoveryLimit {
  /// What the run of a failure file took too long for; `nil` if it failed otherwise.
  init?(faultsEnd: VirtualDuration?, recoverWithin: VirtualDuration?) {
    guard let faultsEnd, let recoverWithin else { return nil }
    self.init(faultsEnd: .start + faultsEnd, longest: recoverWithin)
  }
}
