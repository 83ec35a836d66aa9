import LinearizabilityChecking
import SimulationKernel

/// What a replay came to.
public struct ReplayResult: Hashable, Sendable {
  public var verdict: RunVerdict
  /// Steps done.
  public var steps: Int
  public var digest: UInt64
  /// The first recorded step (from 1) that the code does not do as it was recorded.
  public var divergedAt: Int?
  /// What was recorded there, and why it could not be done.
  public var divergence: String?
  /// Further steps of the world when it was left alone.
  public var settlingSteps = 0
}

/// A limit of the time that a run may take to recover.
public struct RecoveryLimit: Hashable, Sendable {
  /// When the faults of the run ended.
  public var faultsEnd: VirtualTime
  /// From then to the last operation's completion, at most.
  public var longest: VirtualDuration

  public init(faultsEnd: VirtualTime, longest: VirtualDuration) {
    self.faultsEnd = faultsEnd
    self.longest = longest
  }
}

/// Does recorded steps again, one by one, without any generator: a driver over
/// ``Cluster/apply(_:at:crash:)``.
public struct ReplayRun<Subject: ReplicationProtocol>: Sendable
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  public private(set) var cluster: Cluster<Subject>
  public private(set) var recorder: StepRecorder
  private let steps: [RecordedStep]
  /// By step: what it was said to take when it was written down; may be empty.
  var remarks: [String] = []
  private var lastCompletion = VirtualTime.start
  /// Whether every failure so far was one that the protocol's stated assumptions allow.
  public private(set) var staysWithinAssumptions = true
  /// Set if the world is left alone behind the steps, and judged then.
  var settling: Settling?

  /// What it takes to leave a world alone.
  struct Settling: Sendable {
    var plan: RunPlan
    var readiness: Readiness
    var handle: @Sendable (inout SeededRun<Subject>, ScheduledEvent, VirtualTime) -> Void
  }

  public init(
    _ setting: ClusterSetting<Subject>, steps: [RecordedStep], detail: LineDetail = .none
  ) {
    cluster = Cluster(
      setting, choices: Choices(stream: SeededStream(seed: 0, name: "replay")))
    recorder = StepRecorder(detail: detail)
    self.steps = steps
  }

  /// Replays all steps, or the first `limit`, and gives the verdict on what was replayed.
  /// - Parameters:
  ///   - limit: steps to do at most.
  ///   - expectsProgress: whether the recorded run failed for lack of progress, which a replay
  ///     confirms if the same operations are open at its end.
  ///   - recovery: what the recorded run took too long for, if that is how it failed.
  ///   - checker: judges the history.
  public mutating func run(
    limit: Int = .max, expectsProgress: Bool = false, recovery: RecoveryLimit? = nil,
    _ checker: inout StoreChecker
  ) -> ReplayResult {
    for (index, step) in steps.prefix(max(0, limit)).enumerated() {
      if let reason = replay(step, index) {
        return ReplayResult(
          verdict: .undecided("the replay diverged"), steps: index, digest: cluster.traceDigest,
          divergedAt: index + 1, divergence: reason)
      }
      if cluster.violation != nil { break }
      // As a seeded run counts it.
      if !cluster.report.completions.isEmpty {
        lastCompletion = cluster.now + cluster.report.busy
      }
    }
    let isWhole = limit >= steps.count
    if isWhole, cluster.violation == nil, let settling { return settle(settling, &checker) }
    let hasSettled = isWhole && cluster.openOperationCount == 0
    var verdict = cluster.finalVerdict(hasSettled: hasSettled, &checker)
    if verdict == .pass, isWhole, expectsProgress, cluster.openOperationCount > 0 {
      var violation = Violation(.progress, "operations are still open at the end of the trace")
      violation.step = cluster.stepCount
      violation.time = cluster.now
      verdict = .violation(violation)
    }
    if verdict == .pass, isWhole, let recovery, recovery.faultsEnd < lastCompletion,
      lastCompletion - recovery.faultsEnd > recovery.longest
    {
      let took = lastCompletion - recovery.faultsEnd
      var violation = Violation(.progress, "recovery took \(took), longer than \(recovery.longest)")
      violation.step = cluster.stepCount
      violation.time = cluster.now
      verdict = .violation(violation)
    }
    return ReplayResult(
      verdict: verdict, steps: cluster.stepCount, digest: cluster.traceDigest)
  }

  private mutating func settle(
    _ settling: Settling, _ checker: inout StoreChecker
  ) -> ReplayResult {
    let steps = cluster.stepCount
    var run = SeededRun(leavingAlone: cluster, settling.readiness, settling.plan)
    let result = run.settle(settling.handle, &checker)
    cluster = run.cluster
    return ReplayResult(
      verdict: result.verdict, steps: steps, digest: result.digest,
      settlingSteps: cluster.stepCount - steps)
  }

  /// - Returns: why the step could not be done as recorded; `nil` if it was.
  private mutating func replay(_ step: RecordedStep, _ index: Int) -> String? {
    guard step.time >= cluster.now else { return "time runs backwards" }
    let text = cluster.text(step.action)
    recorder.before(step.action, in: cluster)
    let crash = step.crash.map { CrashRequest(kind: $0.kind, place: .afterEffect($0.effectCount)) }
    if let victim = step.victim, !Subject.tolerates(failureOf: victim, in: cluster.facts) {
      staysWithinAssumptions = false
    }
    cluster.offerChoices(step.choices)
    cluster.offerDecisions(step.decisions)
    guard cluster.apply(step.action, at: step.time, crash: crash) else {
      return cluster.divergence(
        from: step.action, remark: remarks.indices.contains(index) ? remarks[index] : "")
    }
    settling?.readiness.note(step.action, cluster.report, at: cluster.now)
    recorder.after(step.action, in: cluster)
    return difference(from: step, text)
  }

  /// What a step that was possible did otherwise than recorded.
  private func difference(from step: RecordedStep, _ text: String) -> String? {
    if cluster.lastDecisions.map(\.choice) != step.decisions {
      return "\(text): the step decided other things about its disk"
    }
    if cluster.choicesDiverged { return "\(text): the step asked for other choices" }
    if cluster.report.crash != step.crash {
      return "\(text): the step has only \(cluster.report.effectCount) effects"
    }
    return nil
  }
}

extension RecordedStep {
  /// The server that fails in the step.
  var victim: NodeID? {
    switch action {
    case .crash(let node, _): node
    case .start(let node), .fire(let node, _), .resume(let node, _): crash == nil ? nil : node
    case .deliver(_, let receiver, _): crash == nil ? nil : receiver
    default: nil
    }
  }
}
