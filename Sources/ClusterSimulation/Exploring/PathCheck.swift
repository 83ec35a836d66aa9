import LinearizabilityChecking
import ModelChecking
import SimulationKernel

/// Whether recorded steps are a path of the search: each step of a run must lead from the
/// components before it to the components after it by one step of the system. A mismatch is a bug
/// of ours.
struct PathCheck<Subject: ReplicationProtocol>
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  typealias System = ClusterSystem<Subject>

  let system: System
  private var cluster: Cluster<Subject>
  private(set) var world: [System.Component]

  init(_ system: System, _ setting: ClusterSetting<Subject>) {
    self.system = system
    var local = setting.open
    local.checks = []
    cluster = Cluster(local, choices: Choices(stream: SeededStream(seed: 0, name: "path")))
    world = system.initialWorlds[0]
  }

  /// The first step (from 1) that is none of the search, with what it does; `nil` if all are.
  mutating func firstMismatch(_ steps: [RecordedStep]) -> (step: Int, text: String)? {
    for (place, step) in steps.enumerated() {
      let text = cluster.text(step.action)
      cluster.offerChoices(step.choices)
      cluster.offerDecisions(step.decisions)
      let crash = step.crash.map {
        CrashRequest(kind: $0.kind, place: .afterEffect($0.effectCount))
      }
      guard cluster.apply(step.action, at: step.time, crash: crash) else {
        return (place + 1, "\(text): not possible")
      }
      // The search begins when every process has started.
      if case .start(let node) = step.action, cluster.processes[node.index].starts == 1 { continue }
      let candidates = StepEnumeration(system).steps(from: world).map(\.world)
      guard let next = candidates.first(where: matches) else { return (place + 1, text) }
      world = next
    }
    return nil
  }

  private func matches(_ world: [System.Component]) -> Bool {
    mismatch(world) == nil
  }

  /// The first slot in which a world differs from the cluster.
  func mismatch(_ world: [System.Component]) -> String? {
    for slot in system.slots.kinds.indices {
      switch system.slots.kinds[slot] {
      case .node(let node):
        let process = cluster.exploredProcess(of: node)
        if ClusterProjection<Subject>.node(node, of: cluster, process) != world[slot] {
          return system.layout.names[slot]
        }
      case .channel(let sender, let receiver):
        if ClusterProjection<Subject>.channel(from: sender, to: receiver, of: cluster)
          != world[slot]
        {
          return system.layout.names[slot]
        }
      default: break
      }
    }
    return nil
  }
}
