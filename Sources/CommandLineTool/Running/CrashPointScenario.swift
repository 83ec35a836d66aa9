import ClusterSimulation
import InputText
import LinearizabilityChecking
import Reporting
import ScenarioFiles
import SimulationKernel

/// How the crash points of a scenario are enumerated.
struct EnumerationOptions {
  /// Named crash points; empty for every boundary.
  var labels: [String] = []
  /// Schedules, one a seed; `nil` for as many as the scenario says.
  var schedules: Int?
  /// Whether a scenario that expects a violation is divided into shards too.
  var dividesEverything = false
  /// Whether the scenario's list of faults belongs to the schedules.
  var includesFaults = true
  /// Whether to go on where an earlier enumeration was killed.
  var resumes = false
}

/// Scenarios of mode `crashpoints`: the schedule of each seed without faults, crashed at every
/// effect boundary in every way.
extension ScenarioRun {
  typealias ShowProgress = @Sendable (CrashPointProgress) -> Void

  func enumerate(progress show: @escaping ShowProgress) throws -> Outcome {
    let runner = runner()
    var request = crashPointRequest
    let progress = try self.progress(of: request, runner)
    request.known = progress.known
    request.finished = { progress.add($0, $1) }
    request.progress = show
    if enumeration.resumes { tell(progress) }
    let result = runner.crashPoints(request)
    progress.close(wasCancelled: result.wasCancelled)
    let files = result.firstFailure.map { failureFiles($0, runner) }
    return Outcome(
      report: scenarioReport(result, files, runner.layout), failure: files?.failure,
      history: files?.history, leak: result.leak, wasCancelled: result.wasCancelled,
      progress: progress)
  }

  var crashPointRequest: CrashPointRequest {
    var plan = ScenarioConversion(loaded.scenario, entry).crashPointPlan
    plan.labels = enumeration.labels
    plan.includesScriptedFaults = enumeration.includesFaults
    plan.verifiesDeterminism = options.verifiesDeterminism
    let seeds = SeedSequence(
      first: options.seed ?? loaded.scenario.run.firstSeed,
      count: enumeration.schedules ?? loaded.scenario.run.seedCount)
    var request = CrashPointRequest(seeds: seeds, plan: plan, jobs: options.jobs)
    request.shard = (crashPointShard.index, crashPointShard.count)
    request.isCancelled = { Interruption.hasHappened }
    return request
  }

  /// A part of the crash points may well miss the violation that a scenario expects.
  private var crashPointShard: Shard {
    if case .pass = loaded.scenario.expectation { return options.shard }
    return enumeration.dividesEverything ? options.shard : .whole
  }

  // MARK: Progress

  /// - Throws: `BadInputError` if there is progress to go on from, and it is of no use.
  func progress(
    of request: CrashPointRequest, _ runner: ClusterRunner
  ) throws -> EnumerationProgress {
    let file = UnfinishedWork(
      in: ReportFolder(path: options.reportFolder),
      name: names.stem(of: loaded.path) + ".progress")
    let schedules = runner.schedules(request)
    let key = EnumerationKey(loaded.scenario, request, schedules)
    guard enumeration.resumes, file.exists else { return EnumerationProgress(key, file) }
    var counts: [Int: Int] = [:]
    for schedule in schedules {
      for unit in schedule.units where unit % request.shard.count == request.shard.index {
        counts[unit] = schedule.points(ofUnit: unit).count * request.plan.kinds.count
      }
    }
    let source = SourceFile(path: file.path, bytes: try file.read())
    do throws(Diagnostics) {
      let known = try EnumerationProgress.read(source, key, counts: counts)
      return EnumerationProgress(key, file, known: known)
    } catch {
      throw BadInputError(diagnostics: [error])
    }
  }

  private func tell(_ progress: EnumerationProgress) {
    let known = progress.known.values.reduce(0) { $0 + $1.count }
    Console.error(
      known > 0
        ? "\(loaded.path): going on after \(known) crash points"
        : "\(loaded.path): nothing to go on from, so it starts at the beginning")
  }

  // MARK: Report

  private func scenarioReport(
    _ result: CrashPointReport, _ files: FailureFiles?, _ layout: ClusterLayout
  ) -> ScenarioReport {
    let scenario = loaded.scenario
    let expected = ExpectedVerdict(scenario.expectation)
    var report = ScenarioReport(
      file: loaded.path, title: scenario.title, protocolName: scenario.protocolName,
      variant: scenario.variant, mode: scenario.run.mode.rawValue, verdict: .pass,
      expectation: expected.words, endedAsExpected: false, runs: result.outcomes,
      steps: result.steps, operations: result.operations, faults: result.faults,
      longestRecovery: result.longestRecovery, checks: scenario.checks)
    report.crashPoints = CrashPointTable(result, layout)
    if let failed = result.firstFailure {
      report.verdict = .violation
      report.check = failed.violation.check.rawValue
      report.message = failed.violation.message
      report.seed = failed.seed
      report.withinAssumptions = failed.withinAssumptions
      report.stepsToFailure = failed.steps.count
      name(files, in: &report)
    } else if let reason = doubt(about: result) {
      report.verdict = .undecided
      report.message = reason
    }
    report.endedAsExpected =
      expected.isMet(verdict: report.verdict, check: report.check) && result.leak == nil
    return report
  }

  /// Why an enumeration without a violation is no pass; `nil` if it is one.
  private func doubt(about result: CrashPointReport) -> String? {
    if let failed = result.failedSchedule {
      let schedule = "the schedule of seed \(failed.seed) without faults"
      switch failed.verdict {
      case .pass: break
      case .undecided(let reason): return "\(schedule): \(reason)"
      case .violation(let violation):
        return "\(schedule) violates \(violation.check.rawValue): \(violation.message)"
      }
    }
    if result.wasCancelled {
      return "interrupted after \(result.results.count) of \(result.total) crash points; "
        + "--resume goes on from there"
    }
    if result.total == 0, crashPointShard == .whole {
      return "the schedule has no such crash point, so nothing was tried"
    }
    return result.undecided.lazy.compactMap { result in
      if case .undecided(let reason) = result.tally.verdict { reason } else { nil }
    }.first
  }

  private func failureFiles(
    _ failure: CrashPointFailure, _ runner: ClusterRunner
  ) -> FailureFiles {
    let replay = runner.replay(ReplayRequest(steps: failure.steps))
    // Steps that somebody changed in a progress file may lead elsewhere.
    let isReproduced = replay.result.digest == failure.digest
    return failureFiles(
      FailedRun(
        violation: failure.violation, seed: failure.seed, steps: failure.steps,
        digest: failure.digest,
        history: isReproduced ? replay.notes.recorded(replay.history) : nil,
        isShrinkable: isReproduced), runner)
  }
}

extension CrashPointTable {
  init(_ report: CrashPointReport, _ layout: ClusterLayout) {
    self.init(
      seeds: report.schedules.map(\.seed), total: report.total,
      rows: report.results.map { Row($0, layout) })
  }
}

extension CrashPointTable.Row {
  init(_ result: CrashPointResult, _ layout: ClusterLayout) {
    let (point, tally) = (result.point, result.tally)
    self.init(
      seed: result.seed, step: point.step, node: layout.name(of: point.node),
      action: point.action, effectCount: point.effectCount, labels: point.labels,
      kind: result.kind, outcomes: tally.outcomes, merged: tally.merged, loss: tally.loss)
    switch tally.verdict {
    case .pass: break
    case .undecided: verdict = .undecided
    case .violation(let checks):
      verdict = .violation
      self.checks = checks.names.map(\.rawValue)
    }
  }
}
