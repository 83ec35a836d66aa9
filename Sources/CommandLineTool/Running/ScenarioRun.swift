import ClusterSimulation
import InputText
import LinearizabilityChecking
import Reporting
import ScenarioFiles
import SimulationKernel

/// How a call runs its scenarios.
struct RunOptions: Sendable {
  /// First seed; `nil` for the scenario's own.
  var seed: UInt64?
  /// Number of seeds; `nil` for the scenario's own.
  var seeds: Int?
  var jobs = 1
  var shard = Shard.whole
  var verifiesDeterminism = false
  var reportFolder = "Reports"
}

/// One scenario: a campaign, and what is written down about its failure.
struct ScenarioRun {
  let loaded: LoadedScenario
  let entry: CatalogEntry
  let options: RunOptions
  let names: FailureNames

  /// What a scenario came to, with its failure file if it has one.
  struct Outcome {
    var report: ScenarioReport
    var failure: FailureText?
    var leak: DeterminismLeak?
    var wasCancelled: Bool
  }

  func run(progress: @escaping @Sendable (Int) -> Void) throws -> Outcome {
    let conversion = ScenarioConversion(loaded.scenario, entry)
    guard let runner = entry.makeRunner(conversion.setting, conversion.plan) else {
      programmingError("the vocabulary lets a variant through that the protocol does not know")
    }
    if loaded.scenario.run.mode == .crashpoints {
      let result = enumerate(runner, labels: []) { done, _ in progress(done) }
      return crashPointOutcome(result)
    }
    if loaded.scenario.run.mode == .explore {
      return exploreOutcome(explore(runner) { progress($0.states) })
    }
    let campaign = Campaign(
      runner: runner, seeds: seeds, jobs: options.jobs,
      verifiesDeterminism: options.verifiesDeterminism,
      isCancelled: { Interruption.hasHappened }, progress: progress)
    let result = campaign.run()
    let failure = result.failure.map { failureFile($0, runner) }
    return Outcome(
      report: report(result, failure), failure: failure, leak: result.leak,
      wasCancelled: result.wasCancelled)
  }

  /// The seeds of this shard. A scenario that expects a violation is not divided: a part of its
  /// seeds may well miss it.
  var seeds: SeedSequence {
    let all = SeedSequence(
      first: options.seed ?? loaded.scenario.run.firstSeed,
      count: options.seeds ?? loaded.scenario.run.seedCount)
    guard case .pass = loaded.scenario.expectation else { return all }
    return all.shard(options.shard.index, of: options.shard.count)
  }

  // MARK: Report

  private func report(_ result: CampaignResult, _ failure: FailureText?) -> ScenarioReport {
    let scenario = loaded.scenario
    let expected = ExpectedVerdict(scenario.expectation)
    var report = ScenarioReport(
      file: loaded.path, title: scenario.title, protocolName: scenario.protocolName,
      variant: scenario.variant, mode: scenario.run.mode.rawValue, verdict: .pass,
      expectation: expected.words, endedAsExpected: false, runs: result.runs,
      steps: result.steps, operations: result.operations, faults: result.faults,
      longestRecovery: result.longestRecovery, undecidedRuns: result.undecidedCount,
      checks: scenario.checks)
    if let failed = result.failure, case .violation(let violation) = failed.verdict {
      report.verdict = .violation
      report.check = violation.check.rawValue
      report.message = violation.message
      report.seed = failed.seed
      report.withinAssumptions = failed.withinAssumptions
      report.stepsToFailure = failed.steps
      report.failureFile = failure.map { "\(options.reportFolder)/failures/\($0.name)" }
    } else if let undecided = result.undecided, case .undecided(let reason) = undecided.verdict {
      report.verdict = .undecided
      report.message = reason
      report.seed = undecided.seed
    } else if result.wasCancelled {
      report.verdict = .undecided
      report.message = "interrupted after \(result.runs) of \(seeds.count) seeds"
    }
    report.endedAsExpected =
      expected.isMet(verdict: report.verdict, check: report.check) && result.leak == nil
    return report
  }

  private func failureFile(_ result: RunResult, _ runner: ClusterRunner) -> FailureText {
    guard case .violation(let violation) = result.verdict else {
      programmingError("a failure without a violation")
    }
    let recording = runner.record(result.seed, false)
    require(
      recording.result == result, "recording seed \(result.seed) again gave another run",
      RunContext(seed: result.seed, time: result.endTime))
    let name = names.name(file: loaded.path, seed: result.seed)
    let text = StepText(runner.layout)
    let file = FailureFile(
      scenario: loaded.scenario, scenarioFile: loaded.path, seed: result.seed,
      check: violation.check.rawValue, message: violation.message, stepCount: result.steps,
      digest: DigestText.text(result.digest), decisions: recording.steps.map { text.encode($0) },
      command: "crashproof replay \(options.reportFolder)/failures/\(name)")
    return FailureText(name: name, text: file.text)
  }
}

/// Digests as people read them.
enum DigestText {
  /// 16 lower-case hexadecimal digits.
  static func text(_ digest: UInt64) -> String {
    let digits = String(digest, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
