import LinearizabilityChecking
import SimulationKernel

/// What a version of a failure came to.
struct ShrinkAttempt: Sendable {
  /// As it was done: without the steps that were not possible.
  var version: FailureVersion
  var recorded: [RecordedStep]
  /// `nil` if no check failed.
  var reason: FailureReason?
  var violation: Violation?
  /// Servers whose process was not running at the end.
  var downAtEnd: Int
  var digest: UInt64
  /// Steps that the world took when it was left alone.
  var settlingSteps = 0
}

/// Follows versions of one failure.
struct ShrinkLaboratory<Subject: ReplicationProtocol>: Sendable
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  /// What handles an event of a run that is left alone, specialised for the protocol.
  typealias Handler = @Sendable (inout SeededRun<Subject>, ScheduledEvent, VirtualTime) -> Void

  let setting: ClusterSetting<Subject>
  let plan: RunPlan
  let apply: StepApplication<Subject>
  let handle: Handler
  /// Whether the world is left alone at the end, and judged then.
  var settles = false
  /// Operations of one client that may be open at once.
  var openLimit = Int.max
  private var checker: StoreChecker

  init(
    _ setting: ClusterSetting<Subject>, _ plan: RunPlan, apply: @escaping StepApplication<Subject>,
    handle: @escaping Handler
  ) {
    self.setting = setting
    self.plan = plan
    self.apply = apply
    self.handle = handle
    checker = StoreChecker(limit: plan.limits.configurations)
  }

  mutating func attempt(_ version: FailureVersion) -> ShrinkAttempt {
    let setting = setting.sized(servers: version.servers, clients: version.clients)
    var follower = StepFollower(setting, plan, openLimit: openLimit, apply: apply)
    follower.follow(version.steps)
    var cluster = follower.cluster
    var holds = follower.staysWithinAssumptions
    var verdict: RunVerdict
    if settles, cluster.violation == nil {
      var run = SeededRun(leavingAlone: cluster, follower.readiness, plan)
      verdict = run.settle(handle, &checker).verdict
      holds = holds && run.faults.staysWithinAssumptions
      cluster = run.cluster
    } else {
      verdict = cluster.finalVerdict(hasSettled: false, &checker)
    }
    var done = version
    done.steps = follower.performed
    var attempt = ShrinkAttempt(
      version: done, recorded: follower.recorded,
      downAtEnd: cluster.layout.servers.count { !cluster.isUp($0) }, digest: cluster.traceDigest,
      settlingSteps: cluster.stepCount - follower.recorded.count)
    if case .violation(let violation) = verdict {
      attempt.violation = violation
      attempt.reason = FailureReason(violation, withinAssumptions: holds)
    }
    return attempt
  }

  /// The most operations that one client has open at once in a list of steps.
  func largestOpen(_ steps: [PlannedStep]) -> Int {
    var follower = StepFollower(setting, plan, openLimit: .max, apply: apply)
    var largest = 1
    for (place, step) in steps.enumerated() {
      follower.follow(step, place: place)
      guard case .invoke(let node, _) = step.action else { continue }
      largest = max(largest, follower.cluster.openRequests.count { $0.client == node })
    }
    return largest
  }
}

extension ClusterSetting {
  /// The same for a cluster of another size.
  func sized(servers: Int, clients: Int) -> ClusterSetting {
    guard servers != nodes.layout.serverCount || clients != nodes.layout.clientCount else {
      return self
    }
    var setting = self
    setting.nodes.layout = ClusterLayout(
      serverCount: servers, coordinatorName: nodes.layout.coordinatorName, clientCount: clients)
    return setting
  }
}
