import LinearizabilityChecking
import SimulationKernel

/// A schedule to follow: steps that somebody wrote down, or that were recorded by other code.
public struct ScheduleRequest: Sendable {
  public var steps: [PlannedStep]
  /// Whether steps that are not possible are skipped, or end the run.
  public var isLoose = false
  /// Whether the world is left alone behind the steps, and judged then.
  public var settles = false
  public var detail = LineDetail.none
  /// Operations of one client that may be open at once; an invocation beyond is not possible.
  var openLimit = Int.max

  public init(steps: [PlannedStep]) {
    self.steps = steps
  }
}

/// What following a schedule came to.
public struct ScheduleReport: Sendable {
  /// A diverged run is undecided.
  public var verdict: RunVerdict
  /// The steps that were done, as they were done.
  public var steps: [RecordedStep]
  /// Further steps of the world when it was left alone.
  public var settlingSteps: Int
  public var digest: UInt64
  public var withinAssumptions: Bool
  /// Places (from 1) of the steps that were skipped, each with what it would have been.
  public var skipped: [(place: Int, text: String)]
  /// The first step (from 1) that is not possible; `nil` if all are, or if they may be skipped.
  public var divergedAt: Int?
  public var divergence: String?
  public var operations: Int
  public var faults: FaultCounts
  /// One line a step, if they were asked for.
  public var lines: [String]
  public var history: StoreHistory
  public var notes: HistoryNotes
}

/// Follows a schedule: a driver over ``Cluster/apply(_:at:crash:)``.
struct ScheduleRun<Subject: ReplicationProtocol>: Sendable
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  private var follower: StepFollower<Subject>
  private var recorder: StepRecorder
  private let request: ScheduleRequest
  private let plan: RunPlan
  private let handle: ShrinkLaboratory<Subject>.Handler
  private var skipped: [(place: Int, text: String)] = []
  private var faults = FaultCounts()

  init(
    _ setting: ClusterSetting<Subject>, _ plan: RunPlan, _ request: ScheduleRequest,
    apply: @escaping StepApplication<Subject>, handle: @escaping ShrinkLaboratory<Subject>.Handler
  ) {
    follower = StepFollower(setting, plan, openLimit: request.openLimit, apply: apply)
    follower.prepare(request.steps)
    recorder = StepRecorder(detail: request.detail)
    self.request = request
    self.plan = plan
    self.handle = handle
  }

  mutating func run() -> ScheduleReport {
    for (place, step) in request.steps.enumerated() {
      if follower.cluster.violation != nil { break }
      guard let reason = take(step, place) else { continue }
      if !request.isLoose { return report(divergedAt: place + 1, reason) }
      skipped.append((place + 1, reason))
    }
    return report()
  }

  /// - Returns: why the step could not be done; `nil` if it was.
  private mutating func take(_ step: PlannedStep, _ place: Int) -> String? {
    let cluster = follower.cluster
    guard let (action, _) = follower.meaning(of: step, place: place),
      request.isLoose || step.takesFirst || action == step.action
    else { return cluster.divergence(from: step.action, remark: step.remark) }
    if !request.isLoose {
      if let time = step.time, time < cluster.now {
        return "the step is to happen at \(time), before the one in front of it"
      }
      let found = cluster.parcelText(action)
      if !step.remark.isEmpty, Self.kind(found) != Self.kind(step.remark) {
        return "expected delivery of \(step.remark), found \(found)"
      }
    }
    let text = cluster.text(action)
    recorder.before(action, in: cluster)
    guard follower.follow(step, place: place) else { return "\(text): not possible here" }
    recorder.after(action, in: follower.cluster)
    count(action)
    return request.isLoose ? nil : difference(from: step, text)
  }

  /// What a message is, without what it holds.
  private static func kind(_ summary: String) -> Substring {
    summary.prefix { $0 != "(" && $0 != " " }
  }

  /// What a step that was possible did otherwise than written down. What is not written down is the
  /// first possibility.
  private func difference(from step: PlannedStep, _ text: String) -> String? {
    guard let done = follower.recorded.last else { return nil }
    if done.crash != step.crash {
      return "\(text): the step has only \(follower.cluster.report.effectCount) effects"
    }
    if !Self.holds(done.choices, what: step.choices) {
      return "\(text): the step asked for other choices"
    }
    if !Self.holds(done.decisions, what: step.decisions) {
      return "\(text): the step decided other things about its disk"
    }
    return nil
  }

  private static func holds(_ taken: [UInt32], what given: [UInt32]) -> Bool {
    taken.count >= given.count && Array(taken.prefix(given.count)) == given
      && taken.dropFirst(given.count).allSatisfy { $0 == 0 }
  }

  private mutating func count(_ action: ClusterAction) {
    let report = follower.cluster.report
    switch action {
    case .cut: faults.cuts += 1
    case .lose: faults.losses += 1
    case .duplicate: faults.duplications += 1
    case .start(let node) where follower.cluster.processes[node.index].starts > 1:
      faults.restarts += 1
    default: break
    }
    faults.storageFaults += follower.cluster.disks.struck.count
    for _ in report.died {
      if report.abort != nil {
        faults.aborts += 1
      } else if report.crash?.kind == .powerLoss || (report.crash == nil && action.losesPower) {
        faults.powerLosses += 1
      } else {
        faults.crashes += 1
      }
    }
  }

  // MARK: The end

  private mutating func report(divergedAt: Int? = nil, _ divergence: String? = nil)
    -> ScheduleReport
  {
    var cluster = follower.cluster
    var holds = follower.staysWithinAssumptions
    let steps = follower.recorded
    var checker = StoreChecker(limit: plan.limits.configurations)
    var verdict = RunVerdict.undecided("the schedule diverged")
    if divergedAt == nil {
      if request.settles, cluster.violation == nil {
        var run = SeededRun(leavingAlone: cluster, follower.readiness, plan)
        verdict = run.settle(handle, &checker).verdict
        holds = holds && run.faults.staysWithinAssumptions
        cluster = run.cluster
      } else {
        verdict = cluster.finalVerdict(hasSettled: false, &checker)
      }
    }
    return ScheduleReport(
      verdict: verdict, steps: steps, settlingSteps: cluster.stepCount - steps.count,
      digest: cluster.traceDigest, withinAssumptions: holds, skipped: skipped,
      divergedAt: divergedAt, divergence: divergence, operations: cluster.history.count,
      faults: faults, lines: recorder.lines, history: cluster.history, notes: recorder.notes)
  }
}
