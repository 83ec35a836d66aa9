import ClusterSimulation
import LinearizabilityChecking
import ScenarioFiles
import SimulationKernel

/// What became of one mutation.
enum MutationVerdict: Hashable, Sendable {
  /// A scenario failed: by a check, at a place of its runs.
  case caught(scenario: String, check: String, place: String)
  /// It makes no difference; says how that is known.
  case equivalent(String)
  /// The second call cannot come first, because it uses what the first one read.
  case notApplicable
  /// No scenario failed, and it does make a difference, or may; says which.
  case notCaught(String)
}

/// Runs scenarios of correct protocols while one file call of the servers is mutated, until one
/// fails.
struct MutationSearch: Sendable {
  /// In the order in which they are tried: first what is quick and catches most.
  let scenarios: [LoadedScenario]
  let jobs: Int
  /// The largest number of seeds of a scenario; `nil` for its own.
  let seeds: Int?

  init(_ scenarios: [LoadedScenario], jobs: Int, seeds: Int?) {
    self.jobs = jobs
    self.seeds = seeds
    self.scenarios = scenarios.enumerated().sorted {
      (Self.cost($0.element), $0.offset) < (Self.cost($1.element), $1.offset)
    }.map(\.element)
  }

  /// Roughly how many runs a scenario takes.
  private static func cost(_ loaded: LoadedScenario) -> Int {
    let run = loaded.scenario.run
    guard run.mode == .crashpoints else { return run.seedCount }
    return run.depth == 1 ? 0 : 5000
  }

  /// How a scenario ended.
  enum Ending: Sendable {
    case passed
    case failed(check: String, place: String)
    case undecided(String)
    case interrupted
  }

  func run(_ loaded: LoadedScenario, _ study: FileStudy?) -> Ending {
    let conversion = ScenarioConversion(loaded.scenario, entry(of: loaded))
    guard loaded.scenario.run.mode == .crashpoints else { return simulate(loaded, study) }
    return Self.ending(
      runner(loaded, study).crashPoints(
        request(loaded, conversion.crashPointPlan)))
  }

  /// An enumeration that ends with its first failure.
  func request(_ loaded: LoadedScenario, _ plan: CrashPointPlan) -> CrashPointRequest {
    let run = loaded.scenario.run
    var request = CrashPointRequest(
      seeds: SeedSequence(first: run.firstSeed, count: min(run.seedCount, seeds ?? run.seedCount)),
      plan: plan, jobs: jobs)
    request.stopsAtFailure = true
    request.isCancelled = { Interruption.hasHappened }
    return request
  }

  private func simulate(_ loaded: LoadedScenario, _ study: FileStudy?) -> Ending {
    let run = loaded.scenario.run
    let campaign = Campaign(
      runner: runner(loaded, study),
      seeds: SeedSequence(
        first: run.firstSeed, count: min(run.seedCount, seeds ?? run.seedCount)),
      jobs: jobs, isCancelled: { Interruption.hasHappened })
    let result = campaign.run()
    if let failure = result.failure, case .violation(let violation) = failure.verdict {
      return .failed(
        check: violation.check.rawValue, place: "seed \(failure.seed) after \(failure.steps) steps")
    }
    if result.wasCancelled { return .interrupted }
    if case .undecided(let reason)? = result.undecided?.verdict { return .undecided(reason) }
    return .passed
  }

  static func ending(_ report: CrashPointReport) -> Ending {
    if let schedule = report.failedSchedule {
      switch schedule.verdict {
      case .violation(let violation):
        return .failed(check: violation.check.rawValue, place: "the schedule without faults")
      case .undecided(let reason): return .undecided(reason)
      case .pass: break
      }
    }
    if let row = report.failures.first, let failure = report.firstFailure {
      let kind = row.kind == .process ? "crash" : "power loss"
      return .failed(
        check: failure.violation.check.rawValue,
        place: "step \(row.point.step), \(kind) after effect \(row.point.effectCount)")
    }
    if report.wasCancelled { return .interrupted }
    return report.undecided.isEmpty ? .passed : .undecided("a crash point has no verdict")
  }

  func runner(_ loaded: LoadedScenario, _ study: FileStudy?) -> ClusterRunner {
    let entry = entry(of: loaded)
    let conversion = ScenarioConversion(loaded.scenario, entry)
    var setting = conversion.setting
    setting.fileStudy = study
    guard let runner = entry.makeRunner(setting, conversion.plan) else {
      programmingError("the vocabulary lets a variant through that the protocol does not know")
    }
    return runner
  }

  func entry(of loaded: LoadedScenario) -> CatalogEntry {
    guard let entry = ProtocolCatalog.entry(named: loaded.scenario.protocolName) else {
      programmingError("the vocabulary lets a protocol through that the catalog does not know")
    }
    return entry
  }
}

/// The mutations that scenarios allow, and which scenarios reach each of them.
struct MutationCoverage: Sendable {
  private var findings: [FileMutation: MutationFinding] = [:]
  private var scenarios: [FileMutation: [LoadedScenario]] = [:]

  /// In the order of the source.
  var all: [MutationFinding] { findings.values.sorted { $0.mutation < $1.mutation } }

  var count: Int { findings.count }

  /// The scenarios whose runs make the calls that the mutation is about, in the order in which they
  /// were added.
  func scenarios(reaching mutation: FileMutation) -> [LoadedScenario] {
    scenarios[mutation] ?? []
  }

  mutating func add(_ study: FileStudy, of scenario: LoadedScenario) {
    for finding in study.mutations {
      scenarios[finding.mutation, default: []].append(scenario)
      findings[finding.mutation] = findings[finding.mutation]?.joined(finding) ?? finding
    }
  }
}
