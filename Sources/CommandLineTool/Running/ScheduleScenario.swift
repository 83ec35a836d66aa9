import ClusterSimulation
import InputText
import LinearizabilityChecking
import Reporting
import ScenarioFiles
import SimulationKernel

/// Scenarios with a schedule: every step is written down, and nothing is drawn.
extension ScenarioRun {
  func follow(_ schedule: LoadedSchedule) -> Outcome {
    let runner = runner()
    var request = ScheduleRequest(steps: schedule.steps)
    request.isLoose = options.isLoose
    request.settles = schedule.settles
    let result = runner.follow(request)
    var report = scheduleReport(result)
    var files: FailureFiles?
    if case .violation(let violation) = result.verdict {
      files = failureFiles(
        FailedRun(
          violation: violation, seed: loaded.scenario.run.firstSeed, steps: result.steps,
          digest: result.digest, history: result.notes.recorded(result.history),
          settles: schedule.settles, isShrinkable: false), runner)
      name(files, in: &report)
    }
    return Outcome(
      report: report, failure: files?.failure, history: files?.history, leak: nil,
      wasCancelled: false)
  }

  private func scheduleReport(_ result: ScheduleReport) -> ScenarioReport {
    let scenario = loaded.scenario
    let expected = ExpectedVerdict(scenario.expectation)
    var report = ScenarioReport(
      file: loaded.path, title: scenario.title, protocolName: scenario.protocolName,
      variant: scenario.variant, mode: scenario.run.mode.rawValue, verdict: .pass,
      expectation: expected.words, endedAsExpected: false, runs: 1,
      steps: result.steps.count + result.settlingSteps, operations: result.operations,
      faults: result.faults, checks: scenario.checks)
    switch result.verdict {
    case .pass: break
    case .violation(let violation):
      report.verdict = .violation
      report.check = violation.check.rawValue
      report.message = violation.message
      report.seed = scenario.run.firstSeed
      report.withinAssumptions = result.withinAssumptions
      report.stepsToFailure = result.steps.count
    case .undecided(let reason):
      report.verdict = .undecided
      report.message = reason
    }
    if let step = result.divergedAt {
      report.message =
        "diverged at step \(step): \(result.divergence ?? "")"
        + "; --loose follows the schedule as far as it makes sense"
    }
    report.endedAsExpected = expected.isMet(verdict: report.verdict, check: report.check)
    if !result.skipped.isEmpty {
      let first = result.skipped[0]
      let skipped =
        "skipped \(result.skipped.count) of \(loaded.schedule?.steps.count ?? 0) steps, the first "
        + "at step \(first.place): \(first.text)"
      report.remark = skipped
    }
    return report
  }
}
