import LinearizabilityChecking
import SimulationKernel

/// A boundary between two effects of one step of a server: where a crash can make a difference.
public struct CrashPoint: Hashable, Sendable {
  /// The step of the schedule, from 1.
  public var step: Int
  public var node: NodeID
  /// Effects that happened before the crash.
  public var effectCount: Int
  /// The named points that lie on this boundary.
  public var labels: [String]
  /// What the step does, in a line.
  public var action: String
}

/// A crash point with what trying it out came to.
public struct CrashPointResult: Hashable, Sendable {
  public var point: CrashPoint
  public var kind: CrashKind
  /// Runs: each with other outcomes of what the crash left open, and other second crashes.
  public var outcomes: Int
  /// Outcomes that led to a world in which an earlier outcome had led already.
  public var merged: Int
  /// The first run that failed.
  public var failure: CrashPointFailure?
  /// Why there is no verdict, if a budget ran out.
  public var undecided: String?
  /// Fingerprints of how the runs ended, if they were asked for.
  public var ends: Set<UInt64> = []
}

/// A failing run of an enumeration, complete.
public struct CrashPointFailure: Hashable, Sendable {
  public var violation: Violation
  public var withinAssumptions: Bool
  public var steps: [RecordedStep]
  public var digest: UInt64
}

/// What to enumerate.
public struct CrashPointPlan: Sendable {
  /// Crashes in a row: 1, or 2 for second crashes at every boundary after the first.
  public var depth = 1
  public var kinds: [CrashKind] = [.process, .powerLoss]
  /// Named crash points to try; empty for every boundary.
  public var labels: [String] = []
  /// From a crash to the restart.
  public var restartAfter = VirtualDuration.milliseconds(50)
  /// Runs for one crash point; more are undecided.
  public var runLimit = 100_000
  /// Whether to collect how the runs ended: what clients saw, what servers hold.
  public var collectsEnds = false

  public init() {}
}

/// Takes one schedule without faults, crashes every server at every effect boundary of every step
/// in every way, restarts it, and runs on to the end: a driver over the same steps as a seeded run.
///
/// A power loss leaves the disk open; whenever a later step reads something undecided, the run
/// forks into all possibilities. It also forks over the cut points of what the crashed server had
/// sent. Runs that reach equal worlds are merged.
@usableFromInline
struct CrashPointDriver<Subject: ReplicationProtocol>: Sendable
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  typealias Run = SeededRun<Subject>
  let plan: CrashPointPlan

  /// A run, and the event that it is about to handle with given outcomes.
  struct Fork: Sendable {
    var run: Run
    var event: ScheduledEvent
    var time: VirtualTime
    var choices: [UInt32] = []
    var decisions: [UInt32] = []
    var crash: CrashRequest?
    /// Crashes that may still follow.
    var crashesLeft: Int
  }

  /// A step of the schedule with the world before it.
  struct Candidate: Sendable {
    var fork: Fork
    var points: [CrashPoint]
  }

  /// The steps of servers in the schedule without faults.
  func candidates(_ start: Run) -> (candidates: [Candidate], result: RunResult) {
    var run = start
    run.begin()
    run.beginEnumeration(restartAfter: plan.restartAfter)
    var found: [Candidate] = []
    while run.phase != .over, run.cluster.violation == nil,
      run.cluster.stepCount < run.plan.limits.steps, let (time, event) = run.queue.popFirst()
    {
      let fork = Fork(run: run, event: event, time: time, crashesLeft: plan.depth - 1)
      let text = run.text(of: event)
      run.handle(event, at: time)
      if let points = points(of: run, after: fork, text) {
        found.append(Candidate(fork: fork, points: points))
      }
    }
    var checker = StoreChecker(limit: run.plan.limits.configurations)
    return (found, run.finish(&checker))
  }

  /// The boundaries of the step that was just done; `nil` if it was no step of a server.
  func points(of run: Run, after fork: Fork, _ text: String) -> [CrashPoint]? {
    guard run.cluster.stepCount > fork.run.cluster.stepCount, let node = run.lastServer else {
      return nil
    }
    let points = (0...run.cluster.report.effectCount).map { count in
      CrashPoint(
        step: run.cluster.stepCount, node: node, effectCount: count,
        labels: run.cluster.labels(atBoundary: count), action: text)
    }
    return plan.labels.isEmpty
      ? points : points.filter { point in point.labels.contains { plan.labels.contains($0) } }
  }

  /// Tries one crash point with one kind of crash: depth first over everything left open.
  func explore(
    _ candidate: Candidate, _ point: CrashPoint, _ kind: CrashKind, _ seen: inout Set<UInt64>
  ) -> CrashPointResult {
    var result = CrashPointResult(point: point, kind: kind, outcomes: 0, merged: 0)
    var first = candidate.fork
    first.crash = CrashRequest(kind: kind, place: .afterEffect(point.effectCount))
    var stack = [first]
    var checker = StoreChecker(limit: first.run.plan.limits.configurations)
    while let fork = stack.popLast() {
      if result.outcomes >= plan.runLimit {
        result.undecided = "gave up after \(result.outcomes) runs"
        break
      }
      guard let ended = finish(fork, &stack, &seen) else {
        result.merged += 1
        continue
      }
      result.outcomes += 1
      judge(ended, &result, &checker)
      if result.failure != nil { break }
    }
    return result
  }

  /// Runs a fork to its end and leaves what else is possible on the stack; `nil` if it reaches a
  /// world that has been seen.
  private func finish(_ fork: Fork, _ stack: inout [Fork], _ seen: inout Set<UInt64>) -> Run? {
    var run = fork.run
    var pending: Fork? = fork
    var crashesLeft = fork.crashesLeft
    while run.phase != .over, run.cluster.violation == nil,
      run.cluster.stepCount < run.plan.limits.steps
    {
      var next: Fork
      if let given = pending {
        next = given
      } else {
        guard let (time, event) = run.queue.popFirst() else { break }
        next = Fork(run: run, event: event, time: time, crashesLeft: crashesLeft)
      }
      run.take(next)
      let isBranching = pending != nil || run.cluster.lastDecisions.count > 0
      pushAlternatives(next, run, &stack)
      if isBranching, !seen.insert(run.worldFingerprint).inserted { return nil }
      if pending == nil, crashesLeft > 0 { pushCrashes(next, run, crashesLeft, &stack) }
      pending = nil
      crashesLeft = next.crashesLeft
    }
    return run
  }

  /// The other outcomes of the first decisions that the step took by itself.
  private func pushAlternatives(_ fork: Fork, _ run: Run, _ stack: inout [Fork]) {
    let decisions = run.cluster.lastDecisions
    for place in fork.decisions.count..<max(fork.decisions.count, decisions.count) {
      for other in 1..<max(1, decisions[place].count) {
        var branch = fork
        branch.choices = run.cluster.lastChoices
        branch.decisions = decisions[..<place].map(\.choice) + [other]
        stack.append(branch)
      }
    }
    guard !run.cluster.report.died.isEmpty else { return }
    let (choices, bounds) = (run.cluster.lastChoices, run.cluster.lastBounds)
    for place in fork.choices.count..<max(fork.choices.count, choices.count) {
      for other in 1..<max(1, bounds[place]) {
        var branch = fork
        branch.choices = Array(choices[..<place]) + [other]
        stack.append(branch)
      }
    }
  }

  /// Second crashes within the step that was just done without one.
  private func pushCrashes(
    _ fork: Fork, _ run: Run, _ crashesLeft: Int, _ stack: inout [Fork]
  ) {
    guard fork.crash == nil, let points = points(of: run, after: fork, "") else { return }
    for point in points {
      for kind in plan.kinds {
        var branch = fork
        branch.crash = CrashRequest(kind: kind, place: .afterEffect(point.effectCount))
        branch.crashesLeft = crashesLeft - 1
        stack.append(branch)
      }
    }
  }

  private func judge(
    _ ended: Run, _ result: inout CrashPointResult, _ checker: inout StoreChecker
  ) {
    var ended = ended
    let final = ended.finish(&checker)
    if plan.collectsEnds { result.ends.insert(ended.endFingerprint(final.verdict)) }
    switch final.verdict {
    case .pass: break
    case .undecided(let reason): result.undecided = result.undecided ?? reason
    case .violation(let violation):
      // Beyond the assumptions only safety is owed.
      if violation.check == .progress, !final.withinAssumptions { return }
      result.failure = CrashPointFailure(
        violation: violation, withinAssumptions: final.withinAssumptions,
        steps: ended.recorder?.steps ?? [], digest: final.digest)
    }
  }
}
