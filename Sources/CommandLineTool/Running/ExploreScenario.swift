import ClusterSimulation
import LinearizabilityChecking
import ModelChecking
import Reporting
import ScenarioFiles
import SimulationKernel

/// Scenarios of mode `explore`: everything that can happen within the bounds of the file.
extension ScenarioRun {
  /// What a search came to, and whether a repetition in the other order agrees.
  struct Exploration {
    var report: ExploreReport
    var confirmation: Confirmation?
    /// Seeded runs followed through the search; `nil` if none were.
    var paths: PathFigures?
    /// Random walks on which renamings of clients were looked at; `nil` if none were.
    var symmetry: SymmetryFigures?
  }

  /// What random walks found about renamings of like clients.
  struct SymmetryFigures: Equatable {
    var walks = 0
    var worlds = 0
    /// The first state at which a renaming is no symmetry: a bug of ours.
    var objection: String?

    init(_ verdicts: [SymmetryVerdict]) {
      for verdict in verdicts {
        walks += 1
        switch verdict {
        case .noSymmetry: break
        case .holds(let count): worlds += count
        case .broken(let text): objection = objection ?? "walk \(walks): \(text)"
        }
      }
    }
  }

  /// How many seeded runs are paths of the search.
  struct PathFigures: Equatable {
    var runs = 0
    var steps = 0
    /// Runs that do what the search leaves out on purpose.
    var beyond = 0
    /// The first step that is none of the search: a bug of ours.
    var mismatch: String?

    init(_ verdicts: [(seed: UInt64, verdict: PathVerdict)]) {
      for (seed, verdict) in verdicts {
        runs += 1
        switch verdict {
        case .path(let count): steps += count
        case .beyond: beyond += 1
        case .mismatch(let step, let text):
          mismatch = mismatch ?? "seed \(seed), step \(step): \(text)"
        }
      }
    }
  }

  /// Follows seeded runs through the search.
  /// - Parameter seeds: how many; with none there are no figures.
  func verify(_ runner: ClusterRunner, seeds count: Int) -> PathFigures? {
    guard count > 0 else { return nil }
    let plan = exploreRequest(runner).plan
    let first = seeds.first
    let verdicts = ConcurrentMap.map(count, jobs: options.jobs) { index in
      let seed = first &+ UInt64(index)
      return (seed: seed, verdict: runner.verify(seed, plan))
    }
    return PathFigures(verdicts)
  }

  /// Follows random walks through the search and renames clients at every state.
  func verifySymmetry(_ runner: ClusterRunner, walks count: Int) -> SymmetryFigures? {
    let request = exploreRequest(runner)
    guard count > 0, request.options.usesSymmetry, request.options.progress == nil else {
      return nil
    }
    var plan = request.plan
    plan.usesSymmetry = true
    let bounds = plan
    let first = seeds.first
    return SymmetryFigures(
      ConcurrentMap.map(count, jobs: options.jobs) { index in
        runner.verifySymmetry(first &+ UInt64(index), bounds)
      })
  }

  /// How a repetition in another order and with another number of threads compares.
  enum Confirmation: Equatable {
    case agrees
    case differs(String)
  }

  func explore(
    _ runner: ClusterRunner, confirms: Bool = false,
    progress: @escaping @Sendable (SearchProgress) -> Void
  ) -> Exploration {
    var request = exploreRequest(runner)
    request.progress = { done in
      progress(done)
      return !Interruption.hasHappened
    }
    let report = runner.explore(request)
    guard confirms, !Interruption.hasHappened else { return Exploration(report: report) }
    request.options.order = .backward
    request.options.threads = request.options.threads == 1 ? 2 : 1
    return Exploration(
      report: report, confirmation: Confirmation(report, runner.explore(request)))
  }

  private func exploreRequest(_ runner: ClusterRunner) -> ExploreRequest {
    let settings = loaded.scenario.run.explore
    var plan = ExplorePlan(operations: runner.operations(seed: seeds.first))
    plan.openPerClient = loaded.scenario.clients.openOperations
    plan.crashKinds = crashKinds
    var allowed: [ExploredBudget.Item: Int] = [:]
    for item in ExploredBudget.Item.allCases {
      allowed[item] = settings.bound(item.word) ?? ExploredBudget.unlimited
    }
    plan.budget = ExploredBudget(allowed)
    plan.reductions = options.reductions
    plan.furtherTicks = settings.furtherTicks ?? ExploredBudget.unlimited
    var request = ExploreRequest(plan: plan)
    request.options.storage = settings.usesFingerprints ? .fingerprints : .exact
    request.options.usesSymmetry = settings.usesSymmetry
    request.options.threads = min(64, options.jobs)
    request.options.budget.states = settings.states
    request.options.budget.bytes = settings.memory << 20
    if asksForGoals {
      request.plan.tellsFailuresApart = true
      request.options.progress = ProgressQuestion(excluding: ExplorePlan.faultTag)
    }
    return request
  }

  /// How servers die. Without disks a loss of power is the death of the process.
  var crashKinds: [CrashKind] {
    guard entry.usesDisk else { return [.process] }
    return loaded.scenario.run.explore.crashKinds.compactMap { word in
      word == "crash" ? .process : CrashKind(rawValue: word)
    }
  }

  /// Why the search does not look at progress and convergence; `nil` if it does. Without any retry
  /// a request that a crash swallows stays unanswered, whatever the system does; and nobody can say
  /// how many ticks of a rhythm a recovery needs. Continuations beyond the bounds have both.
  var reasonAgainstProgress: String? {
    let settings = loaded.scenario.run.explore
    if settings.furtherTicks != 0 { return nil }
    if settings.bound("retries") == 0 { return "there are no retries" }
    if let ticks = settings.bound("ticks"), ticks > 0 { return "ticks are bounded" }
    return nil
  }

  private var asksForGoals: Bool {
    let goals = [CheckName.progress, .convergence].map(\.rawValue)
    return reasonAgainstProgress == nil && loaded.scenario.checks.contains { goals.contains($0) }
  }

  func exploreOutcome(_ exploration: Exploration) -> Outcome {
    let result = exploration.report
    var files: FailureFiles?
    if case .violation(let found) = result.verdict { files = failureFiles(found) }
    return Outcome(
      report: scenarioReport(exploration, files), failure: files?.failure,
      history: files?.history, leak: nil, wasCancelled: Interruption.hasHappened)
  }

  private func scenarioReport(
    _ exploration: Exploration, _ files: FailureFiles?
  ) -> ScenarioReport {
    let scenario = loaded.scenario
    let result = exploration.report
    let expected = ExpectedVerdict(scenario.expectation)
    var report = ScenarioReport(
      file: loaded.path, title: scenario.title, protocolName: scenario.protocolName,
      variant: scenario.variant, mode: scenario.run.mode.rawValue, verdict: .pass,
      expectation: expected.words, endedAsExpected: false, runs: 1,
      steps: result.transitions, operations: 0, faults: FaultCounts(), checks: scenario.checks)
    report.states = result.states
    report.certificate = ExploreCertificate(self, exploration).entries
    report.coverage = result.coverage.rows(of: entry.summary)
    switch result.verdict {
    case .exhausted:
      report.message = "exhausted: \(result.states) states, \(result.transitions) transitions"
    case .violation(let found):
      report.verdict = .violation
      report.check = found.violation.check.rawValue
      report.message = found.violation.message
      report.seed = seeds.first
      report.withinAssumptions = found.withinAssumptions
      report.stepsToFailure = found.length
      name(files, in: &report)
    case .undecided(let reason):
      report.verdict = .undecided
      report.message = "\(reason) after \(result.states) states"
    }
    report.endedAsExpected = expected.isMet(verdict: report.verdict, check: report.check)
    if let objection = objection(to: exploration) {
      report.endedAsExpected = false
      report.message = [report.message, objection].compactMap { $0 }.joined(separator: "; ")
    }
    return report
  }

  /// What a scenario asks of a search beside its verdict, and is not so.
  private func objection(to exploration: Exploration) -> String? {
    let settings = loaded.scenario.run.explore
    let result = exploration.report
    var objections: [String] = []
    if case .differs(let how)? = exploration.confirmation {
      objections.append("the repetition differs: \(how)")
    }
    if let mismatch = exploration.paths?.mismatch {
      objections.append("a seeded run is no path of the search: \(mismatch)")
    }
    if let objection = exploration.symmetry?.objection {
      objections.append("renaming clients is no symmetry: \(objection)")
    }
    func compare(_ pinned: Int?, _ found: Int, _ what: String) {
      guard let pinned, pinned != found else { return }
      objections.append("\(found) \(what) where the scenario pins \(pinned)")
    }
    compare(settings.pins.states, result.states, "states")
    compare(settings.pins.transitions, result.transitions, "transitions")
    if case .violation(let found) = result.verdict {
      compare(settings.pins.length, found.length, "steps")
    }
    let reached = result.coverage.words
    for wanted in settings.reach where !reached.contains(wanted) {
      objections.append("never reached: \(wanted)")
    }
    return objections.isEmpty ? nil : objections.joined(separator: "; ")
  }

  private func failureFiles(_ failure: ExploreFailure) -> FailureFiles {
    let runner = runner()
    let replayed = runner.replay(
      ReplayRequest(steps: failure.steps, expectsProgress: failure.violation.check == .progress))
    // There is none shorter within the bounds of the search.
    return failureFiles(
      FailedRun(
        violation: failure.violation, seed: seeds.first, steps: failure.steps,
        digest: failure.digest, history: replayed.notes.recorded(replayed.history),
        isShrinkable: false), runner)
  }
}

extension ScenarioRun.Confirmation {
  init(_ first: ExploreReport, _ second: ExploreReport) {
    let figures: [(String, UInt64, UInt64)] = [
      ("states", UInt64(first.states), UInt64(second.states)),
      ("transitions", UInt64(first.transitions), UInt64(second.transitions)),
      ("depth", UInt64(first.depth), UInt64(second.depth)),
      ("digest", first.digest, second.digest),
    ]
    let different = figures.filter { $0.1 != $0.2 }.map { "\($0.0) \($0.1) and \($0.2)" }
    self = different.isEmpty ? .agrees : .differs(different.joined(separator: ", "))
  }
}
