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
  public var symmetry: SymmetryStanding
  /// What a search without symmetry would count.
  public var statesInOrbits: Int
  public var transitionsInOrbits: Int
  public var deadEnds: Int
  /// Steps that the bounds of the plan cut off.
  public var refusals: Int
  /// The bounds that cut them off, in the order of ``ExploredBudget/Item``.
  public var spentItems: [ExploredBudget.Item]
  /// Of the question about progress; `nil` if it was not asked or has no answer.
  public var progress: ProgressFigures?
  public var digest: UInt64
  /// New states by depth.
  public var levels: [Int]
  public var figures: SearchFigures
  /// What was reached at least once: messages, timers, continuations, crash points.
  public var coverage: Coverage

  /// For all clients together, states from which no continuation answers some open operation.
  public struct ProgressFigures: Hashable, Sendable {
    /// Without any step at all.
    public var deadEnds = 0
    /// Going round in closed cycles.
    public var cycling = 0
    /// Stuck for want of budget only.
    public var exempt = 0
    /// States in which all is done, and from which no continuation makes the replicas agree; `nil`
    /// if the question was not asked.
    public var diverging: Int?
    /// What was looked at beyond the bounds; `nil` if nothing was.
    public var continuation: ContinuationFigures?
    /// Whether some continuation ended because its ticks were used up.
    public var endsForWantOfTicks = false
  }
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
  /// A line for each recorded step but the first starts, with the names of what it changed.
  public var lines: [String]
}

/// Exhausts a cluster within the bounds of a plan.
@usableFromInline
func exploreCluster<Subject: ReplicationProtocol>(
  _ setting: ClusterSetting<Subject>, _ request: ExploreRequest
) -> ExploreReport
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  var plan = request.plan
  plan.usesSymmetry = request.options.usesSymmetry && request.options.progress == nil
  let system = ClusterSystem<Subject>(setting, plan)
  let result = ModelSearch(system, options: request.options).run(progress: request.progress)
  let refusals = system.ledger.refusals
  return ExploreReport(
    verdict: verdict(of: result, system, setting), states: result.states,
    transitions: result.transitions, depth: result.depth,
    symmetry: request.options.usesSymmetry && request.options.progress != nil
      ? .progressAsked : system.symmetry.standing,
    statesInOrbits: result.statesInOrbits, transitionsInOrbits: result.transitionsInOrbits,
    deadEnds: result.deadEnds,
    refusals: result.refusals,
    spentItems: ExploredBudget.Item.allCases.filter { refusals[$0] != nil },
    progress: progressFigures(result, system), digest: result.digest, levels: result.levels,
    figures: result.figures, coverage: system.ledger.coverage)
}

private func progressFigures<Subject: ReplicationProtocol>(
  _ result: SearchResult<ClusterSystem<Subject>>, _ system: ClusterSystem<Subject>
) -> ExploreReport.ProgressFigures? {
  guard !result.progress.isEmpty else { return nil }
  var figures = ExploreReport.ProgressFigures()
  for goal in result.progress {
    guard system.questions[goal.goal].check == .progress else {
      figures.diverging = goal.stuckStates
      continue
    }
    figures.deadEnds += goal.deadEnds
    figures.cycling += goal.stuckStates - goal.deadEnds
    figures.exempt += goal.exemptStates
  }
  figures.continuation = result.continuation
  figures.endsForWantOfTicks = system.furtherLedger.refusals[.pace] != nil
  return figures
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
      return .violation(stuck(goal, system, setting))
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
  let told = told(trace, system, setting, expectsProgress: false)
  guard case .violation(let violation) = told.result.verdict else {
    programmingError("the trace to a broken \(invariant) does not break it when it is replayed")
  }
  return ExploreFailure(
    violation: violation, withinAssumptions: told.withinAssumptions,
    steps: Array(told.steps.prefix(told.result.steps)), digest: told.result.digest,
    length: trace.steps.count, lines: told.lines)
}

/// From the last world of the trace no continuation without faults comes to what it must.
private func stuck<Subject: ReplicationProtocol>(
  _ goal: GoalReport<ClusterSystem<Subject>>, _ system: ClusterSystem<Subject>,
  _ setting: ClusterSetting<Subject>
) -> ExploreFailure
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  guard let trace = goal.trace else { programmingError("states are stuck and no way leads there") }
  let question = system.questions[goal.goal]
  let told = told(trace, system, setting, expectsProgress: question.check == .progress)
  let cycling = goal.stuckStates - goal.deadEnds
  // What ended for want of ticks might have gone on.
  let ticks =
    system.furtherLedger.refusals[.pace] == nil
    ? "" : " and with at most \(system.plan.furtherTicks) further ticks"
  var violation = Violation(
    question.check,
    "no continuation without further faults\(ticks) reaches: \(question.goal.name); so in "
      + "\(goal.stuckStates) states (\(goal.deadEnds) dead ends, \(cycling) in closed cycles), of "
      + "which this is the nearest")
  violation.step = told.steps.count
  return ExploreFailure(
    violation: violation, withinAssumptions: told.withinAssumptions, steps: told.steps,
    digest: told.result.digest, length: trace.steps.count, lines: told.lines)
}

/// A trace of a search as another driver has done it.
private struct ToldTrace {
  var steps: [RecordedStep]
  var result: ReplayResult
  var lines: [String]
  var withinAssumptions: Bool
}

private func told<Subject: ReplicationProtocol>(
  _ trace: SearchTrace<ClusterSystem<Subject>>, _ system: ClusterSystem<Subject>,
  _ setting: ClusterSetting<Subject>, expectsProgress: Bool
) -> ToldTrace
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  let steps = recorded(trace, system, setting)
  var replay = ReplayRun<Subject>(setting.open, steps: steps, detail: .changes)
  var checker = StoreChecker()
  let result = replay.run(expectsProgress: expectsProgress, &checker)
  return ToldTrace(
    steps: steps, result: result,
    lines: Array(replay.recorder.lines.dropFirst(system.nodes.nodeCount)),
    withinAssumptions: replay.staysWithinAssumptions)
}

/// The steps of a cluster that a trace consists of, a millisecond from one to the next. The search
/// has no clock, so where servers write down what their clocks say, all happens at the same time.
private func recorded<Subject: ReplicationProtocol>(
  _ trace: SearchTrace<ClusterSystem<Subject>>, _ system: ClusterSystem<Subject>,
  _ setting: ClusterSetting<Subject>
) -> [RecordedStep]
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  var failedAt = 0
  for pause in [VirtualDuration.milliseconds(1), .zero] {
    var translation = TraceTranslation<Subject>(system, setting, pause: pause)
    guard let failure = trace.steps.firstIndex(where: { !translation.follow($0) }) else {
      return translation.steps
    }
    failedAt = failure + 1
  }
  programmingError("step \(failedAt) of a trace is no step of a cluster")
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
    case .continuationBudget:
      "the budget does not hold the continuations that progress looks for beyond the bounds"
    }
  }
}
