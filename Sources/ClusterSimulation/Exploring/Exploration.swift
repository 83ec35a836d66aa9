import LinearizabilityChecking
import ModelChecking
import SimulationKernel

/// What to exhaust, and how.
public struct ExploreRequest: Sendable {
  public var plan: ExplorePlan
  public var options = SearchOptions()
  /// Called now and then with how far the search has come; false ends it undecided.
  public var progress: @Sendable (SearchProgress) -> Bool = { _ in true }

  public init(plan: ExplorePlan) {
    self.plan = plan
  }
}

/// What an exhaustive search of one scenario came to: the figures of its certificate.
public struct ExploreReport: Sendable {
  public enum Verdict: Sendable {
    /// Every reachable state was visited and no check rejects any.
    case exhausted
    /// The shortest way to a violation, as every other driver would have done it.
    case violation(ExploreFailure)
    case undecided(String)
  }

  public var verdict: Verdict
  public var states: Int
  public var transitions: Int
  public var depth: Int
  public var deadEnds: Int
  public var digest: UInt64
  /// New states by depth.
  public var levels: [Int]
  public var figures: SearchFigures
  /// What was reached at least once: messages, timers, continuations, crash points.
  public var coverage: ExploreCoverage
}

/// A counterexample of a search.
public struct ExploreFailure: Sendable {
  public var violation: Violation
  public var withinAssumptions: Bool
  public var steps: [RecordedStep]
  public var digest: UInt64
  /// Length of the trace in steps of the search; recorded steps may be more, as starts and losses
  /// of second copies are recorded too.
  public var length: Int
  /// For each step of the search, what it changed: names of slots.
  public var changes: [[String]]
}

/// Exhausts a cluster within the bounds of a plan.
@usableFromInline
func exploreCluster<Subject: ReplicationProtocol>(
  _ setting: ClusterSetting<Subject>, _ request: ExploreRequest
) -> ExploreReport
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  let system = ClusterSystem<Subject>(setting, request.plan)
  let result = ModelSearch(system, options: request.options).run(progress: request.progress)
  return ExploreReport(
    verdict: verdict(of: result, system, setting), states: result.states,
    transitions: result.transitions, depth: result.depth, deadEnds: result.deadEnds,
    digest: result.digest, levels: result.levels, figures: result.figures,
    coverage: system.ledger.coverage)
}

private func verdict<Subject: ReplicationProtocol>(
  of result: SearchResult<ClusterSystem<Subject>>, _ system: ClusterSystem<Subject>,
  _ setting: ClusterSetting<Subject>
) -> ExploreReport.Verdict
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  switch result.verdict {
  case .undecided(let reason): return .undecided(reason.text)
  case .violation(let invariant, let trace):
    return .violation(failure(system.invariants[invariant].name, trace, system, setting))
  case .exhausted:
    if system.ledger.hasUndecidedHistory {
      return .undecided("a history has more explanations than the monitor looks at")
    }
    for goal in result.progress where goal.stuckStates > 0 {
      guard let trace = goal.trace else { continue }
      return .violation(
        stuck(system.goals[goal.goal].name, goal.stuckStates, trace, system, setting))
    }
    return .exhausted
  }
}

/// Does the trace of a search with the ordinary transition function, and believes only that.
private func failure<Subject: ReplicationProtocol>(
  _ invariant: String, _ trace: SearchTrace<ClusterSystem<Subject>>,
  _ system: ClusterSystem<Subject>, _ setting: ClusterSetting<Subject>
) -> ExploreFailure
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  let (steps, changes) = translated(trace, system, setting)
  var replay = ReplayRun<Subject>(setting.open, steps: steps)
  var checker = StoreChecker()
  let replayed = replay.run(&checker)
  guard case .violation(let violation) = replayed.verdict else {
    programmingError("the trace to a broken \(invariant) does not break it when it is replayed")
  }
  return ExploreFailure(
    violation: violation, withinAssumptions: true, steps: Array(steps.prefix(replayed.steps)),
    digest: replayed.digest, length: trace.steps.count, changes: changes)
}

/// From the last world of the trace no continuation without faults completes an operation.
private func stuck<Subject: ReplicationProtocol>(
  _ goal: String, _ count: Int, _ trace: SearchTrace<ClusterSystem<Subject>>,
  _ system: ClusterSystem<Subject>, _ setting: ClusterSetting<Subject>
) -> ExploreFailure
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  let (steps, changes) = translated(trace, system, setting)
  var replay = ReplayRun<Subject>(setting.open, steps: steps)
  var checker = StoreChecker()
  let replayed = replay.run(expectsProgress: true, &checker)
  var violation = Violation(
    .progress,
    "no continuation without further faults reaches: \(goal); so in \(count) states, this is "
      + "the nearest")
  violation.step = steps.count
  return ExploreFailure(
    violation: violation, withinAssumptions: true, steps: steps, digest: replayed.digest,
    length: trace.steps.count, changes: changes)
}

private func translated<Subject: ReplicationProtocol>(
  _ trace: SearchTrace<ClusterSystem<Subject>>, _ system: ClusterSystem<Subject>,
  _ setting: ClusterSetting<Subject>
) -> (steps: [RecordedStep], changes: [[String]])
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  var translation = TraceTranslation<Subject>(system, setting)
  var changes: [[String]] = []
  var before = trace.start
  for (place, step) in trace.steps.enumerated() {
    guard translation.follow(step) else {
      programmingError("step \(place + 1) of a trace is no step of a cluster")
    }
    changes.append(
      step.world.indices.filter { step.world[$0] != before[$0] }.map { system.layout.names[$0] })
    before = step.world
  }
  return (translation.steps, changes)
}

extension ClusterSetting {
  /// The same, with what a power loss leaves decided when it is read.
  var open: ClusterSetting {
    var setting = self
    setting.powerLoss = .open
    return setting
  }
}

extension UndecidedReason {
  /// For people, without a full stop.
  public var text: String {
    switch self {
    case .stateBudget: "the budget of states is spent"
    case .byteBudget: "the budget of memory is spent"
    case .depthBudget: "the largest depth is reached"
    case .cancelled: "the search was interrupted"
    case .tooMany(let what): "too many \(what) to number"
    case .graphBudget: "the budget of memory does not hold the graph that progress needs"
    }
  }
}
