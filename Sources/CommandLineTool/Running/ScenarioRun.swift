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

  /// What a scenario came to, with its failure file if it has one.
  struct Outcome {
    var report: ScenarioReport
    var failure: NamedFailure?
    var leak: DeterminismLeak?
    var wasCancelled: Bool
  }

  struct NamedFailure {
    var name: String
    var text: String
  }

  func run(progress: @escaping @Sendable (Int) -> Void) throws -> Outcome {
    let conversion = ScenarioConversion(loaded.scenario, entry)
    guard let runner = entry.makeRunner(conversion.setting, conversion.plan) else {
      programmingError("the vocabulary lets a variant through that the protocol does not know")
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
  var seeds: [UInt64] {
    let first = options.seed ?? loaded.scenario.run.firstSeed
    let count = options.seeds ?? loaded.scenario.run.seedCount
    let all = (0..<UInt64(count)).map { first &+ $0 }
    guard case .pass = loaded.scenario.expectation else { return all }
    return all.enumerated().filter { $0.offset % options.shard.count == options.shard.index }
      .map(\.element)
  }

  // MARK: Report

  private func report(_ result: CampaignResult, _ failure: NamedFailure?) -> ScenarioReport {
    let scenario = loaded.scenario
    var report = ScenarioReport(
      file: loaded.path, title: scenario.title, protocolName: scenario.protocolName,
      variant: scenario.variant, mode: scenario.run.mode.rawValue, verdict: .pass,
      expectation: scenario.expectation.text, endedAsExpected: false, runs: result.runs,
      steps: result.steps, operations: result.operations, faults: result.faults,
      longestRecovery: result.longestRecovery, undecidedRuns: result.undecidedCount,
      checks: scenario.checks)
    if let failed = result.failure, case .violation(let violation) = failed.verdict {
      report.verdict = .violation
      report.check = violation.check.rawValue
      report.message = violation.message
      report.seed = failed.seed
      report.withinAssumptions = failed.withinAssumptions
      report.failureFile = failure.map { "\(options.reportFolder)/failures/\($0.name)" }
    } else if let undecided = result.undecided, case .undecided(let reason) = undecided.verdict {
      report.verdict = .undecided
      report.message = reason
      report.seed = undecided.seed
    } else if result.wasCancelled {
      report.verdict = .undecided
      report.message = "interrupted after \(result.runs) of \(seeds.count) seeds"
    }
    report.endedAsExpected = scenario.expectation.isMet(by: report) && result.leak == nil
    return report
  }

  private func failureFile(_ result: RunResult, _ runner: ClusterRunner) -> NamedFailure {
    guard case .violation(let violation) = result.verdict else {
      programmingError("a failure without a violation")
    }
    let recording = runner.record(result.seed, false)
    require(
      recording.result == result, "recording seed \(result.seed) again gave another run",
      RunContext(seed: result.seed, time: result.endTime))
    let name = FailureNaming.name(scenario: loaded.path, seed: result.seed)
    let text = StepText(runner.layout)
    let file = FailureFile(
      scenario: loaded.scenario, scenarioFile: loaded.path, seed: result.seed,
      check: violation.check.rawValue, message: violation.message, stepCount: result.steps,
      digest: DigestText.text(result.digest), decisions: recording.steps.map { text.encode($0) },
      command: "crashproof replay \(options.reportFolder)/failures/\(name)")
    return NamedFailure(name: name, text: file.text)
  }
}

/// Names of failure files: `<scenario>-<seed>.json`, with the folders of the scenario joined in.
enum FailureNaming {
  static func name(scenario path: String, seed: UInt64) -> String {
    var words = path.split(separator: "/").map(String.init).filter { $0 != "." && $0 != ".." }
    if words.first == "Scenarios" { words.removeFirst() }
    var stem = words.joined(separator: "-")
    if stem.hasSuffix(".json5") { stem.removeLast(6) }
    let safe = stem.map { character in
      character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
        ? character : "_"
    }
    return String(safe) + "-\(seed).json"
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

extension Expectation {
  var text: String {
    switch self {
    case .pass: "pass"
    case .undecided: "undecided"
    case .violation(let checks): "violation of " + checks.joined(separator: " or ")
    }
  }

  func isMet(by report: ScenarioReport) -> Bool {
    switch self {
    case .pass: report.verdict == .pass
    case .undecided: report.verdict == .undecided
    case .violation(let checks):
      report.verdict == .violation && report.check.map { checks.contains($0) } == true
    }
  }
}
