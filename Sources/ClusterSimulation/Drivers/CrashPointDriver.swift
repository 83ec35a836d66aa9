import LinearizabilityChecking
import SimulationKernel

/// Takes one schedule without faults, crashes every server at every effect boundary of every step
/// in every way, restarts it, and runs on to the end: a driver over the same steps as a seeded run.
///
/// A power loss leaves the disk open; whenever a later step reads something undecided, the run
/// forks into all possibilities. It also forks over the cut points of what the crashed server had
/// sent. Runs that reach equal worlds are merged.
@usableFromInline
struct CrashPointDriver<Subject: ReplicationProtocol>: Sendable
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  @usableFromInline typealias Run = SeededRun<Subject>
  let plan: CrashPointPlan
  let setting: ClusterSetting<Subject>
  let runPlan: RunPlan
  /// ``SeededRun/handle(_:at:)``, specialised for the protocol where its type is known.
  let handle: Handler

  @usableFromInline
  typealias Handler = @Sendable (inout Run, ScheduledEvent, VirtualTime) -> Void

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
    /// Second crashes up to this boundary of the step are somebody else's to try.
    var coveredEffects = -1
    /// Whether it differs from the first run of its crash point in what was read from disks alone.
    var isLeafOfDisk = true
  }

  /// A step of the schedule with the world before it: one unit of work.
  struct Candidate: Sendable {
    /// Of the unit, among those of all schedules.
    var unit: Int
    var fork: Fork
    var points: [CrashPoint]
  }

  /// What the exploration of one candidate came to.
  struct Exploration: Sendable {
    /// Point by point, and for each of them kind by kind.
    var tallies: [CrashPointTally]
    /// The first run that failed.
    var failure: CrashPointFailure?
    var leak: DeterminismLeak?
    /// Fingerprints of how the runs ended, if they were asked for.
    var ends: Set<UInt64> = []
  }

  /// Goes through the schedule of a seed without faults, step by step.
  /// - Parameters:
  ///   - wants: asked whether a step of a server, by its number in the schedule, is to be shown.
  ///   - visit: given the world before the step and its crash points, if it has any that are to be
  ///     tried; answers false to end the walk.
  /// - Returns: how the schedule ended; `nil` if the walk was ended before.
  func walk(
    _ seed: UInt64, wants: (Int) -> Bool = { _ in true }, _ visit: (Fork, [CrashPoint]) -> Bool
  ) -> RunResult? {
    var run = Run(setting, runPlan, seed: seed)
    run.begin()
    run.beginEnumeration(restartAfter: plan.restartAfter)
    while run.phase != .over, run.cluster.violation == nil,
      run.cluster.stepCount < run.plan.limits.steps, let (time, event) = run.queue.popFirst()
    {
      let next = run.cluster.stepCount + 1
      // What reports a death, or starts a server, may take another step before the server's.
      guard run.server(of: event) != nil, wants(next) || run.mayTakeTwoSteps(event) else {
        handle(&run, event, time)
        continue
      }
      let fork = Fork(run: run, event: event, time: time, crashesLeft: plan.depth - 1)
      let text = run.text(of: event)
      handle(&run, event, time)
      let points = points(of: run, after: fork, text)
      guard let first = points.first, wants(first.step) else { continue }
      if !visit(fork, points) { return nil }
    }
    run.exhaustIfCutShort()
    var checker = StoreChecker(limit: run.plan.limits.configurations)
    return run.finish(&checker)
  }

  /// The boundaries that are to be tried of the step that was just done.
  private func points(of run: Run, after fork: Fork, _ text: String) -> [CrashPoint] {
    guard let node = run.lastServer(after: fork.run) else { return [] }
    let points = (0...run.cluster.report.effectCount).map { count in
      let named = run.cluster.crashPoints(atBoundary: count)
      return CrashPoint(
        step: run.cluster.stepCount, node: node, effectCount: count,
        labels: named.map(\.label.text), request: named.lazy.compactMap(\.request).first,
        action: text)
    }
    return plan.labels.isEmpty
      ? points : points.filter { point in point.labels.contains { plan.labels.contains($0) } }
  }

  /// Tries every boundary of one step.
  /// - Returns: `nil` if it was told to stop before the end.
  func explore(
    _ candidate: Candidate, isCancelled: () -> Bool = { false }
  ) -> Exploration? {
    var search = CrashPointSearch(self, candidate)
    for point in candidate.points {
      for kind in plan.kinds {
        guard search.explore(point, kind, isCancelled: isCancelled) else { return nil }
      }
    }
    return search.result
  }
}
