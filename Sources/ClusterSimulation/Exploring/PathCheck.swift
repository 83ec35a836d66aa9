import LinearizabilityChecking
import ModelChecking
import SimulationKernel

/// Whether recorded steps are a path of the search: each step of a run must lead from the
/// components before it to the components after it by one step of the system. A mismatch is a bug
/// of ours.
///
/// The search drops a message of a rhythm if an equal one is under way in its channel; a run in
/// which that happens is none of its paths, and ``PathVerdict/beyond(step:)`` says so.
struct PathCheck<Subject: ReplicationProtocol>
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  typealias System = ClusterSystem<Subject>

  let system: System
  /// The same without crashes, for steps in which nobody crashes.
  private let calm: StepEnumeration<System>
  private let whole: StepEnumeration<System>
  private var cluster: Cluster<Subject>
  private(set) var world: [System.Component]

  /// - Parameter plan: its budget bounds the paths.
  init(_ setting: ClusterSetting<Subject>, _ plan: ExplorePlan) {
    var local = setting.open
    local.checks = []
    // A run delivers every word, heeded or not.
    var plan = plan
    plan.reductions = []
    system = System(local, plan)
    var withoutCrashes = plan
    withoutCrashes.budget[.crash] = 0
    calm = StepEnumeration(System(local, withoutCrashes))
    whole = StepEnumeration(system)
    cluster = Cluster(local, choices: Choices(stream: SeededStream(seed: 0, name: "path")))
    world = system.initialWorlds[0]
  }

  /// Follows the steps of a run to its end, or to the first that is none of the search.
  mutating func follow(_ steps: [RecordedStep]) -> PathVerdict {
    for (place, step) in steps.enumerated() {
      let text = cluster.text(step.action)
      cluster.offerChoices(step.choices)
      cluster.offerDecisions(step.decisions)
      let crash = step.crash.map {
        CrashRequest(kind: $0.kind, place: .afterEffect($0.effectCount))
      }
      // The search has no clock that servers could write down.
      guard cluster.apply(step.action, at: .start, crash: crash) else {
        return .mismatch(step: place + 1, "\(text): not possible")
      }
      // The search begins when every process has started.
      if case .start(let node) = step.action, cluster.processes[node.index].starts == 1 { continue }
      if hasSecondCopy { return .beyond(step: place + 1) }
      guard let slot = slot(of: step.action) else {
        return .mismatch(step: place + 1, "\(text): the search has no such step")
      }
      let worlds = worlds(after: step, from: slot)
      guard let next = worlds.first(where: { mismatch($0) == nil }) else {
        return .mismatch(step: place + 1, explanation(text, worlds))
      }
      world = next
    }
    return .path(steps: steps.count)
  }

  /// What the search has for a step that the cluster has just done.
  private func worlds(after step: RecordedStep, from slot: Int) -> [[System.Component]] {
    guard step.kindOfCrash != nil else { return calm.steps(from: world, of: slot).map(\.world) }
    let crashed = whole.steps(from: world, of: slot).map(\.world)
    guard let victim = step.victim, let crash = step.crash,
      crash.effectCount >= cluster.report.effectCount
    else { return crashed }
    // A crash after the last effect is, to the search, the step and a crash after it.
    let place = system.slots.slot(of: victim)
    return crashed
      + calm.steps(from: world, of: slot).flatMap { whole.steps(from: $0.world, of: place) }
      .map(\.world)
  }

  /// Where the search begins such a step; `nil` if it has none.
  private func slot(of action: ClusterAction) -> Int? {
    switch action {
    case .deliver(let sender, let receiver, _), .lose(let sender, let receiver, _),
      .duplicate(let sender, let receiver, _), .cut(let sender, let receiver),
      .heal(let sender, let receiver):
      system.slots.channel(from: sender, to: receiver)
    case .fire(let node, _), .resume(let node, _), .invoke(let node, _), .start(let node),
      .crash(let node, _), .reportFailure(let node):
      system.slots.slot(of: node)
    case .clusterPowerLoss, .writeBack, .faultDisk, .calmDisk: nil
    }
  }

  /// Whether the last step sent a message of a rhythm after an equal one.
  private var hasSecondCopy: Bool {
    cluster.report.sendings.elements.contains { sending in
      let envelopes = cluster.network.channel(from: sending.sender, to: sending.receiver).envelopes
      guard let place = envelopes.firstIndex(where: { $0.number == sending.number }),
        case .message(let message) = envelopes[place].parcel, message.isPeriodic
      else { return false }
      let key = Keyed(message)
      return envelopes[..<place].contains { envelope in
        if case .message(let earlier) = envelope.parcel { Keyed(earlier) == key } else { false }
      }
    }
  }

  private func explanation(_ text: String, _ worlds: [[System.Component]]) -> String {
    let differences = Set(worlds.compactMap { mismatch($0) }).sorted()
    return differences.isEmpty
      ? "\(text): the search has no step there"
      : "\(text): every step of the search differs, in \(differences.joined(separator: " or "))"
  }

  /// The first slot in which a world differs from the cluster.
  private func mismatch(_ world: [System.Component]) -> String? {
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

/// Whether a run is a path of the search.
public enum PathVerdict: Hashable, Sendable {
  case path(steps: Int)
  /// From this step on the run does what the search leaves out on purpose.
  case beyond(step: Int)
  /// The step, from 1, that is none of the search, and why.
  case mismatch(step: Int, String)
}

extension RecordedStep {
  /// How a server died in the step, if one did.
  fileprivate var kindOfCrash: CrashKind? {
    if case .crash(_, let kind) = action { kind } else { crash?.kind }
  }
}

/// Runs a seed with the faults that a plan's budget names and follows it through the search.
@usableFromInline
func verifyPath<Subject: ReplicationProtocol>(
  _ setting: ClusterSetting<Subject>, _ plan: RunPlan, _ bounds: ExplorePlan, seed: UInt64
) -> PathVerdict
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  var local = setting.open
  // What a disk writes back of its own accord, the search leaves open to the end.
  local.writeBackInterval = nil
  var run = SeededRun<Subject>(local, plan.within(bounds), seed: seed)
  run.cluster.explores = true
  run.recorder = StepRecorder(writesLines: false)
  var checker = StoreChecker(limit: plan.limits.configurations)
  _ = run.run(&checker)
  var stream = SeededStream(seed: seed, name: "workload")
  var free = bounds
  free.operations = plan.workload.plan(&stream).map { $0.map(\.operation) }
  for item in ExploredBudget.Item.allCases { free.budget[item] = ExploredBudget.unlimited }
  var path = PathCheck<Subject>(local, free)
  return path.follow(run.recorder?.steps ?? [])
}

extension RunPlan {
  /// The same workload and network, with drawn faults of the kinds that a search may spend.
  fileprivate func within(_ bounds: ExplorePlan) -> RunPlan {
    var plan = self
    var faults = DrawnFaults()
    func count(_ item: ExploredBudget.Item) -> Int { min(8, abs(bounds.budget[item])) }
    let kinds = bounds.crashKinds
    if kinds.contains(.process) { faults.crashes = count(.crash) }
    if kinds.contains(.powerLoss) { faults.powerLosses = count(.crash) }
    faults.restarts = count(.restart)
    faults.oneWayCuts = count(.cut)
    faults.window = .milliseconds(30)
    plan.faults = .drawn(faults)
    plan.workload.readsAtEnd = false
    plan.limits.settle = .zero
    if bounds.budget[.loss] != 0 { plan.network.loss = max(plan.network.loss, 0.05) }
    if bounds.budget[.duplicate] != 0 {
      plan.network.duplication = max(plan.network.duplication, 0.05)
    }
    if bounds.budget[.overtaking] != 0 {
      plan.network.reordering = max(plan.network.reordering, 0.1)
    }
    return plan
  }
}
