import ClusterSimulation
import LinearizabilityChecking
import Reporting
import ScenarioFiles
import SimulationKernel
import Synchronization

/// Scenarios of mode `measure`: every point of the sweep with every seed, on all processors.
extension ScenarioRun {
  /// One run of one point.
  private struct PlannedRun {
    var point: Int
    var seed: UInt64
  }

  func measure(progress: @escaping @Sendable (Progress) -> Void) -> Outcome {
    let settings = loaded.scenario.measure
    let points = settings.points.map { point in
      let entry = ProtocolCatalog.entry(named: point.scenario.protocolName) ?? self.entry
      let conversion = MeasureConversion(scenario: point.scenario, entry: entry)
      return (runner: conversion.runner(), plan: conversion.plan)
    }
    let seeds = measuredSeeds
    let tasks = points.indices.flatMap { point in
      seeds.all.map { PlannedRun(point: point, seed: $0) }
    }
    let done = Mutex(0)
    let results = ConcurrentMap.map(tasks.count, jobs: options.jobs) { number in
      let task = tasks[number]
      let point = points[task.point]
      var checker = StoreChecker(limit: point.plan.configurations)
      let result = point.runner.measure(point.plan, task.seed, &checker) {
        Interruption.hasHappened
      }
      let count = done.withLock { count in
        count += 1
        return count
      }
      progress(.runs(count, of: tasks.count))
      return result
    }
    return outcome(results, tasks, seeds: seeds.count) { number in
      let (task, point) = (tasks[number], points[tasks[number].point])
      return failureFiles(
        results[number], of: settings.points[task.point].scenario, seed: task.seed
      ) { point.runner.recordVolume(point.plan, task.seed, $0) }
    }
  }

  /// A measurement is not divided among shards: its claims are about the whole of it.
  private var measuredSeeds: SeedSequence {
    SeedSequence(
      first: options.seed ?? loaded.scenario.run.firstSeed,
      count: options.seeds ?? loaded.scenario.run.seedCount)
  }

  // MARK: Report

  private func outcome(
    _ results: [Measurement], _ tasks: [PlannedRun], seeds: Int,
    files: (_ ofResult: Int) -> FailureFiles?
  ) -> Outcome {
    let scenario = loaded.scenario
    let expected = ExpectedVerdict(scenario.expectation)
    var report = ScenarioReport(
      file: loaded.path, title: scenario.title, protocolName: scenario.protocolName,
      variant: scenario.variant, mode: scenario.run.mode.rawValue, verdict: .pass,
      expectation: expected.words, endedAsExpected: false, runs: results.count,
      steps: results.reduce(0) { $0 + $1.stepCount },
      operations: results.reduce(0) { $0 + $1.operationCount }, faults: FaultCounts(),
      checks: scenario.checks)
    let wasCancelled = results.contains { $0.wasCancelled }
    let failure = firstFailure(results).flatMap(files)
    note(results, tasks, in: &report)
    name(failure, in: &report)
    let table = MeasureTable(scenario.measure, results, seeds: seeds)
    var measurement = table.report
    if !wasCancelled { measurement.claims = ClaimCheck(scenario.measure, measurement).claims }
    report.measurement = measurement
    report.endedAsExpected =
      expected.isMet(verdict: report.verdict, check: report.check)
      && measurement.claims.allSatisfy(\.holds) && !wasCancelled
    let objections = measurement.claims.filter { !$0.holds }
    if !objections.isEmpty {
      let text = objections.map { "\($0.text): \($0.objection)" }.joined(separator: "; ")
      report.message = [report.message, text].compactMap { $0 }.joined(separator: "; ")
    }
    return Outcome(
      report: report, failure: failure?.failure, history: failure?.history, leak: nil,
      wasCancelled: wasCancelled)
  }

  private func firstFailure(_ results: [Measurement]) -> Int? {
    results.firstIndex { if case .violation = $0.verdict { true } else { false } }
  }

  /// The first violation counts, then the first run without a verdict.
  private func note(
    _ results: [Measurement], _ tasks: [PlannedRun], in report: inout ScenarioReport
  ) {
    if let failed = firstFailure(results),
      case .violation(let violation) = results[failed].verdict
    {
      report.verdict = .violation
      report.check = violation.check.rawValue
      report.message = violation.message
      report.seed = tasks[failed].seed
      report.stepsToFailure = violation.step
      return
    }
    for (result, task) in zip(results, tasks) {
      guard case .undecided(let reason) = result.verdict else { continue }
      report.verdict = .undecided
      report.message = reason
      report.seed = task.seed
      report.undecidedRuns += 1
      return
    }
  }
}
