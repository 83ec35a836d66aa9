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
  /// Whether seeds are run again to see what they reach.
  var collectsCoverage = false
  /// Whether known bugs are looked for in more seeds than the first that shows them.
  var samplesHits = true
  /// What searches leave out without consequence.
  var reductions = ExploreReductions.sound
  /// Whether failures are made smaller.
  var shrinks = true
  /// Versions of a failure to try; `nil` for as many as are usual.
  var shrinkReplays: Int?
  /// Whether steps of a schedule that are not possible are skipped.
  var isLoose = false
  var reportFolder = "Reports"
}

/// One scenario: a campaign, and what is written down about its failure.
struct ScenarioRun {
  var loaded: LoadedScenario
  let entry: CatalogEntry
  let options: RunOptions
  let names: FailureNames
  var enumeration = EnumerationOptions()

  /// What a scenario came to, with its failure file if it has one.
  struct Outcome {
    var report: ScenarioReport
    var failure: FailureText?
    /// The history of the failing run.
    var history: FailureText?
    var leak: DeterminismLeak?
    var wasCancelled: Bool
    /// Of an enumeration: where it is kept until the report is published.
    var progress: EnumerationProgress?
    /// What it adds to the coverage of the whole run; `nil` if nobody looked.
    var coverage: ProtocolCoverage?
  }

  /// How far a run has come.
  enum Progress: Sendable {
    /// Seeds done.
    case seeds(Int)
    case crashPoints(CrashPointProgress)
    /// Runs of a measurement done, of so many.
    case runs(Int, of: Int)
  }

  func runner() -> ClusterRunner {
    entry.runner(of: loaded.scenario)
  }

  func run(progress: @escaping @Sendable (Progress) -> Void) throws -> Outcome {
    if let schedule = loaded.schedule { return follow(schedule) }
    if loaded.scenario.run.mode == .crashpoints {
      return try enumerate { progress(.crashPoints($0)) }
    }
    if loaded.scenario.run.mode == .measure { return measure(progress: progress) }
    let runner = runner()
    if loaded.scenario.run.mode == .explore {
      return exploreOutcome(explore(runner) { progress(.seeds($0.states)) })
    }
    var campaign = Campaign(
      runner: runner, seeds: seeds, jobs: options.jobs,
      verifiesDeterminism: options.verifiesDeterminism,
      isCancelled: { Interruption.hasHappened }, progress: { progress(.seeds($0)) })
    campaign.sampling = sampling
    let result = campaign.run()
    let late = lateRecovery(result)
    let files = (result.failure ?? late).map { failureFiles($0, runner) }
    var report = report(result, late, files)
    if let coverage = coverage(runner, of: result.runs) { add(coverage, to: &report) }
    return Outcome(
      report: report, failure: files?.failure, history: files?.history,
      leak: result.leak, wasCancelled: result.wasCancelled)
  }

  /// A known bug is looked for in more seeds than the first that shows it, for the kill matrix: 20
  /// that show it, or half a million steps, a fraction of a second.
  private var sampling: HitSampling? {
    guard options.samplesHits, case .violation(let checks) = loaded.scenario.expectation,
      loaded.scenario.variant != "correct"
    else { return nil }
    return HitSampling(
      hits: 20, steps: 500_000, checks: Set(checks.compactMap(CheckName.init(rawValue:))))
  }

  /// The seeds of this shard. A scenario that expects a violation is not divided: a part of its
  /// seeds may well miss it.
  var seeds: SeedSequence {
    part(
      of: SeedSequence(
        first: options.seed ?? loaded.scenario.run.firstSeed,
        count: options.seeds ?? loaded.scenario.run.seedCount))
  }

  /// This shard's part of a sequence of the scenario's seeds.
  func part(of all: SeedSequence) -> SeedSequence {
    guard case .pass = loaded.scenario.expectation, loaded.scenario.run.mode != .explore else {
      return all
    }
    return all.shard(options.shard.index, of: options.shard.count)
  }

  /// What the first seeds reach; `nil` if nobody asks.
  private func coverage(_ runner: ClusterRunner, of count: Int) -> Coverage? {
    guard options.collectsCoverage || !loaded.scenario.run.explore.reach.isEmpty else { return nil }
    return coverage(runner, of: Array(seeds.all.prefix(count)))
  }

  /// Shows what was reached, and objects if the scenario demands more.
  private func add(_ coverage: Coverage, to report: inout ScenarioReport) {
    report.coverage = coverage.rows(of: entry.summary)
    let words = coverage.words
    let missing = loaded.scenario.run.explore.reach.filter { !words.contains($0) }
    guard !missing.isEmpty else { return }
    report.endedAsExpected = false
    let objection = "never reached: \(missing.joined(separator: ", "))"
    report.message = [report.message, objection].compactMap { $0 }.joined(separator: "; ")
  }

  // MARK: Report

  private func report(
    _ result: CampaignResult, _ late: RunResult?, _ files: FailureFiles?
  ) -> ScenarioReport {
    let scenario = loaded.scenario
    let expected = ExpectedVerdict(scenario.expectation)
    var report = ScenarioReport(
      file: loaded.path, title: scenario.title, protocolName: scenario.protocolName,
      variant: scenario.variant, mode: scenario.run.mode.rawValue, verdict: .pass,
      expectation: expected.words, endedAsExpected: false, runs: result.runs,
      steps: result.steps, operations: result.operations, faults: result.faults,
      longestRecovery: result.longestRecovery, undecidedRuns: result.undecidedCount,
      checks: scenario.checks)
    report.sample = result.sample
    report.slowestSeed = result.slowest?.seed
    report.recoveryLimit = scenario.run.recoverWithin
    if let failed = result.failure ?? late, case .violation(let violation) = failed.verdict {
      report.verdict = .violation
      report.check = violation.check.rawValue
      report.message = violation.message
      report.seed = failed.seed
      report.withinAssumptions = failed.withinAssumptions
      report.stepsToFailure = failed.steps
      name(files, in: &report)
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

  private func failureFiles(_ result: RunResult, _ runner: ClusterRunner) -> FailureFiles {
    guard case .violation(let violation) = result.verdict else {
      programmingError("a failure without a violation")
    }
    let recording = runner.record(result.seed, false)
    let isLate = recording.result.verdict != result.verdict && isLate(result)
    require(
      isLate || recording.result == result, "recording seed \(result.seed) again gave another run",
      RunContext(seed: result.seed, time: result.endTime))
    var failed = FailedRun(
      violation: violation, seed: result.seed, steps: recording.steps, digest: result.digest,
      history: recording.notes.recorded(recording.history))
    // How long a recovery takes says nothing if steps of it are left out.
    failed.isShrinkable = !isLate
    failed.faultsEnd = isLate ? result.faultsEnd - .start : nil
    return failureFiles(failed, runner)
  }
}

extension ScenarioRun {
  init(
    _ loaded: LoadedScenario, _ options: RunOptions, _ names: FailureNames,
    _ enumeration: EnumerationOptions = EnumerationOptions()
  ) {
    guard let entry = ProtocolCatalog.entry(named: loaded.scenario.protocolName) else {
      programmingError("the vocabulary lets a protocol through that the catalog does not know")
    }
    self.init(
      loaded: loaded, entry: entry, options: options, names: names, enumeration: enumeration)
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
