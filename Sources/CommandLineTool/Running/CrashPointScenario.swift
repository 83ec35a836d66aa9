import ClusterSimulation
import LinearizabilityChecking
import Reporting
import ScenarioFiles
import SimulationKernel

/// Scenarios of mode `crashpoints`: the schedule of the first seed without faults, crashed at every
/// effect boundary in every way.
extension ScenarioRun {
  func enumerate(
    _ runner: ClusterRunner, labels: [String],
    progress: @escaping @Sendable (Int, Int) -> Void
  ) -> CrashPointReport {
    var plan = CrashPointPlan()
    plan.depth = loaded.scenario.run.depth
    plan.labels = labels
    if case .drawn(let faults) = loaded.scenario.faults {
      plan.restartAfter = faults.restartAfter.min
    }
    var request = CrashPointRequest(seed: seeds.first, plan: plan, jobs: options.jobs)
    request.shard = (options.shard.index, options.shard.count)
    request.isCancelled = { Interruption.hasHappened }
    request.progress = progress
    return runner.crashPoints(request)
  }

  func crashPointOutcome(_ report: CrashPointReport, _ runner: ClusterRunner) -> Outcome {
    let files = report.firstFailure.map { failureFiles($0, runner) }
    return Outcome(
      report: scenarioReport(report, files?.failure), failure: files?.failure,
      history: files?.history, leak: nil, wasCancelled: report.wasCancelled)
  }

  private func scenarioReport(
    _ result: CrashPointReport, _ failure: FailureText?
  ) -> ScenarioReport {
    let scenario = loaded.scenario
    let expected = ExpectedVerdict(scenario.expectation)
    var report = ScenarioReport(
      file: loaded.path, title: scenario.title, protocolName: scenario.protocolName,
      variant: scenario.variant, mode: scenario.run.mode.rawValue, verdict: .pass,
      expectation: expected.words, endedAsExpected: false, runs: result.outcomes,
      steps: result.scheduleSteps, operations: 0, faults: FaultCounts(), checks: scenario.checks)
    report.message =
      "\(result.results.count) of \(result.total) crash points, \(result.outcomes) outcomes, "
      + "\(result.merged) merged"
    if let failed = result.firstFailure {
      report.verdict = .violation
      report.check = failed.violation.check.rawValue
      report.message = failed.violation.message
      report.seed = seeds.first
      report.withinAssumptions = failed.withinAssumptions
      report.stepsToFailure = failed.steps.count
      self.name(failure, in: &report)
    } else if let reason = doubt(about: result) {
      report.verdict = .undecided
      report.message = reason
    }
    report.endedAsExpected = expected.isMet(verdict: report.verdict, check: report.check)
    return report
  }

  /// Why an enumeration without a violation is no pass; `nil` if it is one.
  private func doubt(about result: CrashPointReport) -> String? {
    switch result.scheduleVerdict {
    case .pass: break
    case .undecided(let reason): return "the schedule without faults: \(reason)"
    case .violation(let violation):
      return "the schedule without faults violates \(violation.check.rawValue): "
        + violation.message
    }
    if result.wasCancelled {
      return "interrupted after \(result.results.count) of \(result.total) crash points"
    }
    if result.total == 0, options.shard == .whole {
      return "the schedule has no such crash point, so nothing was tried"
    }
    return result.firstUndecided
  }

  private func failureFiles(
    _ failure: CrashPointFailure, _ runner: ClusterRunner
  ) -> (failure: FailureText, history: FailureText) {
    let name = names.name(file: loaded.path, seed: seeds.first)
    let conversion = ScenarioConversion(loaded.scenario, entry)
    let text = StepText(conversion.layout)
    let file = FailureFile(
      scenario: loaded.scenario, scenarioFile: loaded.path, seed: seeds.first,
      check: failure.violation.check.rawValue, message: failure.violation.message,
      stepCount: failure.steps.count, digest: DigestText.text(failure.digest),
      decisions: failure.steps.map { text.encode($0) },
      command: "crashproof replay \(options.reportFolder)/failures/\(name)")
    let replay = runner.replay(ReplayRequest(steps: failure.steps))
    require(
      replay.result.digest == failure.digest, "a failure does not replay",
      RunContext(seed: seeds.first, time: .start))
    return (
      FailureText(name: name, text: file.text),
      historyFile(replay.history, replay.notes, besides: name)
    )
  }
}
