import LinearizabilityChecking
import SimulationKernel

/// Collecting what a run reaches.
extension SeededRun {
  /// - Returns: what the run reached, from beginning to end.
  mutating func covered(_ checker: inout StoreChecker) -> Coverage {
    coverage = Coverage()
    cluster.notesCrashPoints = true
    _ = run(&checker)
    return coverage ?? Coverage()
  }

  @usableFromInline
  mutating func coverBefore(_ action: ClusterAction) {
    guard let (node, input) = cluster.input(of: action) else { return }
    coverage?.note(input, cluster.layout.role(of: node))
  }

  @usableFromInline
  mutating func coverAfter() {
    let step = cluster.lastStep
    coverage?.note(passed: step.passed, crashedAt: step.crashedAt, step.observations)
  }
}

extension Cluster {
  /// What an action gives to the handler that it runs; `nil` for first starts and for what happens
  /// to the world.
  func input(of action: ClusterAction) -> (NodeID, StepInput<Subject.Message>)? {
    switch action {
    case .deliver(let sender, let receiver, let number):
      let envelopes = network.channel(from: sender, to: receiver).envelopes
      switch envelopes.first(where: { $0.number == number })?.parcel {
      case .message(let message)?: return (receiver, .message(Keyed(message), from: sender))
      case .unavailable?: return (receiver, .unavailable(sender))
      case nil: return nil
      }
    case .fire(let node, let timer): return (node, .timer(timer))
    case .resume(let node, let continuation): return (node, .resume(continuation))
    case .start(let node): return processes[node.index].starts > 0 ? (node, .start) : nil
    case .reportFailure(let server): return layout.coordinator.map { ($0, .serverFailed(server)) }
    default: return nil
    }
  }

  /// What the last step passed and noted.
  var lastStep: (passed: [String], crashedAt: [String]?, observations: [Observation]) {
    let limit = report.crash?.effectCount ?? host.records.count
    let labels = host.crashPoints
    return (
      labels.filter { $0.effectCount <= limit }.map(\.label.text),
      report.crash.map { crash in
        labels.filter { $0.effectCount == crash.effectCount }.map(\.label.text)
      },
      (0..<host.observations.count).map { host.observations[$0] }
    )
  }
}

@usableFromInline
func coverageOfRun<Subject: ReplicationProtocol>(
  _ setting: ClusterSetting<Subject>, _ plan: RunPlan, seed: UInt64
) -> Coverage where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  var run = SeededRun<Subject>(setting, plan, seed: seed)
  var checker = StoreChecker(limit: plan.limits.configurations)
  return run.covered(&checker)
}
