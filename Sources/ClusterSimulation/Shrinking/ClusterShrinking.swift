import LinearizabilityChecking
import SimulationKernel

/// Shrinks a failure of one scenario.
@usableFromInline
func shrinkFailure<Subject: ReplicationProtocol>(
  _ setting: ClusterSetting<Subject>, _ plan: RunPlan, _ request: ShrinkRequest,
  apply: @escaping StepApplication<Subject>,
  handle: @escaping @Sendable (inout SeededRun<Subject>, ScheduledEvent, VirtualTime) -> Void
) -> ShrinkReport
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  var laboratory = ShrinkLaboratory(setting, plan, apply: apply, handle: handle)
  let layout = setting.nodes.layout
  let first = FailureVersion(
    steps: request.steps.enumerated().map { PlannedStep($1, tag: $0) },
    servers: layout.serverCount, clients: layout.clientCount)
  laboratory.settles = request.settles
  var replays = 1
  var found = laboratory.attempt(first)
  if found.reason?.check != request.check, !laboratory.settles {
    // What the replicas owe is owed when they have come to rest.
    laboratory.settles = true
    replays += 1
    found = laboratory.attempt(first)
  }
  guard let reason = found.reason, reason.check == request.check else {
    return .notReproduced(found.outcome)
  }
  laboratory.openLimit = laboratory.largestOpen(found.version.steps)
  var shrinker = Shrinker(laboratory, request, found, reason, replays: replays)
  if !request.isAsShortAsCanBe { shrinker.run() }
  return .shrunk(shrinker.report)
}

extension ShrinkAttempt {
  /// For people.
  fileprivate var outcome: String {
    guard let violation else { return "no check fails" }
    return "violation of \(violation.check.rawValue): \(violation.message)"
  }
}

extension Shrinker {
  var report: ShrunkFailure {
    guard let violation = current.violation, let reason = current.reason else {
      programmingError("a shrunk failure does not fail")
    }
    var schedule = ScheduleRequest(steps: version.steps)
    schedule.isLoose = true
    schedule.settles = laboratory.settles
    schedule.openLimit = laboratory.openLimit
    return ShrunkFailure(
      steps: current.recorded, remarks: laboratory.remarks(on: version),
      takesFirst: version.steps.map { $0.action.link != nil && $0.manner != .overtaking },
      schedule: schedule, settles: laboratory.settles, servers: version.servers,
      clients: version.clients,
      violation: violation, withinAssumptions: reason.withinAssumptions, digest: current.digest,
      isTimeless: version.steps.allSatisfy { $0.time == nil }, replays: replays,
      end: isSpent ? .budget : .minimal)
  }
}

extension ShrinkLaboratory {
  /// What each step of a version takes, in words; empty for steps that take no parcel.
  func remarks(on version: FailureVersion) -> [String] {
    let setting = setting.sized(servers: version.servers, clients: version.clients)
    var follower = StepFollower(setting, plan, openLimit: openLimit, apply: apply)
    return version.steps.enumerated().map { place, step in
      let remark = follower.cluster.parcelText(step.action)
      follower.follow(step, place: place)
      return remark
    }
  }
}

/// Follows a schedule of one scenario.
@usableFromInline
func followSchedule<Subject: ReplicationProtocol>(
  _ setting: ClusterSetting<Subject>, _ plan: RunPlan, _ request: ScheduleRequest,
  apply: @escaping StepApplication<Subject>,
  handle: @escaping @Sendable (inout SeededRun<Subject>, ScheduledEvent, VirtualTime) -> Void
) -> ScheduleReport
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  var run = ScheduleRun(setting, plan, request, apply: apply, handle: handle)
  return run.run()
}

/// Replays a failure of one scenario.
@usableFromInline
func replayFailure<Subject: ReplicationProtocol>(
  _ setting: ClusterSetting<Subject>, _ plan: RunPlan, _ request: ReplayRequest,
  handle: @escaping @Sendable (inout SeededRun<Subject>, ScheduledEvent, VirtualTime) -> Void
) -> ReplayRecording
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  var replay = ReplayRun<Subject>(setting, steps: request.steps, detail: request.detail)
  replay.remarks = request.remarks
  if request.settles {
    replay.settling = ReplayRun.Settling(
      plan: plan, readiness: Readiness(setting.nodes.layout, plan.network), handle: handle)
  }
  var checker = StoreChecker(limit: plan.limits.configurations)
  let result = replay.run(
    limit: request.limit, expectsProgress: request.expectsProgress, recovery: request.recovery,
    &checker)
  return ReplayRecording(
    result: result, lines: replay.recorder.lines, history: replay.cluster.history,
    notes: replay.recorder.notes, story: replay.recorder.story)
}
