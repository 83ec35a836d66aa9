import LinearizabilityChecking
import ModelChecking
import SimulationKernel

/// Turns the trace of a search into recorded steps: for each of its steps the action of a cluster,
/// with outcomes and crash, that leads to the same components. What finds none was no step of a
/// cluster, and that is a bug of the search.
struct TraceTranslation<Subject: ReplicationProtocol>
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  typealias System = ClusterSystem<Subject>

  let system: System
  private(set) var cluster: Cluster<Subject>
  private(set) var steps: [RecordedStep] = []
  private var comparesChecks = true
  private let pause: VirtualDuration

  /// - Parameter pause: virtual time from one step to the next.
  init(_ system: System, _ setting: ClusterSetting<Subject>, pause: VirtualDuration) {
    self.system = system
    self.pause = pause
    var open = setting
    open.powerLoss = .open
    cluster = Cluster(open, choices: Choices(stream: SeededStream(seed: 0, name: "search")))
    cluster.explores = true
    for node in 0..<cluster.layout.nodeCount { _ = tryOut(.start(NodeID(node)), StepGiven()) }
    // The checks of a search begin when every process has started.
    cluster.monitors = Monitors(setting.checks, layout: cluster.layout)
  }

  /// Does one step of a trace.
  /// - Returns: false if no action of the cluster leads to its world.
  mutating func follow(_ step: SearchTrace<System>.Step) -> Bool {
    guard let first = step.parts.first else { return false }
    var crash: CrashKind?
    for part in step.parts {
      if case .inputAndCrash(_, let kind)? = part.signal { crash = kind }
    }
    // Several places of a crash may leave the same nodes and channels, and only one of them what
    // the checks have seen.
    for comparesChecks in [true, false] {
      self.comparesChecks = comparesChecks
      for action in candidates(in: first.slot) {
        if follow(action, within: crash, to: step.world) { return true }
      }
    }
    return false
  }

  /// What the component in a slot can begin.
  private func candidates(in slot: Int) -> [ClusterAction] {
    switch system.slots.kinds[slot] {
    case .node(let node): candidates(of: node)
    case .channel(let sender, let receiver):
      cluster.network.channel(from: sender, to: receiver).envelopes.flatMap { envelope in
        [
          ClusterAction.deliver(from: sender, to: receiver, number: envelope.number),
          .lose(from: sender, to: receiver, number: envelope.number),
          .duplicate(from: sender, to: receiver, number: envelope.number),
        ]
      } + [.cut(from: sender, to: receiver), .heal(from: sender, to: receiver)]
    default: []
    }
  }

  private func candidates(of node: NodeID) -> [ClusterAction] {
    var actions = cluster.timers[node.index].armed.map { ClusterAction.fire(node, $0) }
    actions += cluster.postponed[node.index].map { .resume(node, $0) }
    switch cluster.layout.role(of: node) {
    case .server:
      actions += CrashKind.allCases.map { .crash(node, $0) }
      actions += [.start(node), .reportFailure(node)]
    case .client:
      let index = cluster.layout.clientIndex(of: node)
      let invoked = cluster.openOperations.invoked[index]
      let planned =
        system.plan.operations.indices.contains(index)
        ? system.plan.operations[index] : []
      if invoked < planned.count { actions.append(.invoke(node, planned[invoked])) }
    case .coordinator: break
    }
    return actions
  }

  /// Goes through all outcomes of an action until one leads to the world.
  private mutating func follow(
    _ action: ClusterAction, within kind: CrashKind?, to world: [System.Component]
  ) -> Bool {
    var effectCount = 0
    while true {
      let crash = kind.map { CrashWithinStep(effectCount: effectCount, kind: $0) }
      var pending = [StepGiven(crash: crash)]
      var isReached = false
      while let given = pending.popLast() {
        var attempt = self
        guard let outcome = attempt.tryOut(action, given) else { return false }
        pending += outcome.alternatives(to: given)
        if crash != nil, !outcome.hasCrashed { continue }
        isReached = true
        if attempt.matches(world) {
          self = attempt
          return true
        }
      }
      if kind == nil || !isReached { return false }
      effectCount += 1
    }
  }

  /// What a step decided by itself.
  private struct Decided {
    var choices: [UInt32]
    var bounds: [UInt32]
    var decisions: [DecidedRead]
    var hasCrashed: Bool

    struct DecidedRead {
      var choice: UInt32
      var count: UInt32
    }

    func alternatives(to given: StepGiven) -> [StepGiven] {
      var branches: [StepGiven] = []
      for place in given.choices.count..<max(given.choices.count, choices.count) {
        for other in 1..<max(1, bounds[place]) {
          var branch = given
          branch.choices = Array(choices[..<place]) + [other]
          branches.append(branch)
        }
      }
      for place in given.decisions.count..<max(given.decisions.count, decisions.count) {
        for other in 1..<max(1, decisions[place].count) {
          var branch = given
          branch.choices = choices
          branch.decisions = decisions[..<place].map(\.choice) + [other]
          branches.append(branch)
        }
      }
      return branches
    }
  }

  /// Does an action with given outcomes, and loses the second copies of what is periodic.
  private mutating func tryOut(_ action: ClusterAction, _ given: StepGiven) -> Decided? {
    cluster.offerChoices(given.choices)
    cluster.offerDecisions(given.decisions)
    let crash = given.crash.map { CrashRequest(kind: $0.kind, place: .afterEffect($0.effectCount)) }
    let time = VirtualTime.start + pause * Int64(steps.count)
    guard cluster.apply(action, at: time, crash: crash) else { return nil }
    note(action)
    let decided = Decided(
      choices: cluster.lastChoices, bounds: cluster.lastBounds,
      decisions: cluster.lastDecisions.map { .init(choice: $0.choice, count: $0.count) },
      hasCrashed: cluster.report.crash != nil)
    loseSecondCopies()
    deliverUnheededWords()
    return decided
  }

  private mutating func note(_ action: ClusterAction) {
    steps.append(
      RecordedStep(
        time: cluster.now, action: action, crash: cluster.report.crash,
        choices: cluster.lastChoices, decisions: cluster.lastDecisions.map(\.choice)))
  }

  /// What the search leaves out is told where it comes first, and changes nothing.
  private mutating func deliverUnheededWords() {
    for slot in system.slots.kinds {
      guard case .channel(let sender, let receiver) = slot else { continue }
      while let first = cluster.network.channel(from: sender, to: receiver).envelopes.first,
        case .unavailable = first.parcel, !system.hears(receiver, of: sender)
      {
        let delivery = ClusterAction.deliver(from: sender, to: receiver, number: first.number)
        guard cluster.apply(delivery, at: cluster.now) else { break }
        note(delivery)
      }
    }
  }

  private mutating func loseSecondCopies() {
    for sending in cluster.report.sendings.elements {
      let channel = cluster.network.channel(from: sending.sender, to: sending.receiver)
      let envelopes = channel.envelopes
      guard let place = envelopes.firstIndex(where: { $0.number == sending.number }),
        case .message(let message) = envelopes[place].parcel, message.isPeriodic
      else { continue }
      let key = Keyed(message)
      let isSecond = envelopes[..<place].contains { envelope in
        if case .message(let earlier) = envelope.parcel { Keyed(earlier) == key } else { false }
      }
      guard isSecond else { continue }
      let loss = ClusterAction.lose(
        from: sending.sender, to: sending.receiver, number: sending.number)
      if cluster.apply(loss, at: cluster.now) { note(loss) }
    }
  }

  /// Whether nodes and channels are those of a world, and checks have seen the same: a crash before
  /// and one behind an observation may leave the same nodes and channels.
  private func matches(_ world: [System.Component]) -> Bool {
    system.slots.kinds.indices.allSatisfy { slot in
      switch system.slots.kinds[slot] {
      case .node(let node):
        return system.reduction.node(node, of: cluster) == world[slot]
      case .channel(let sender, let receiver):
        return system.reduction.channel(from: sender, to: receiver, of: cluster) == world[slot]
      case .monitor(let check): return !comparesChecks || hasSeenTheSame(check, world[slot])
      default: return true
      }
    }
  }

  /// Whether a check of the cluster stands where the world's does.
  private func hasSeenTheSame(_ check: CheckName, _ component: System.Component) -> Bool {
    guard case .check(let explored) = component.content else { return true }
    if let violation = explored.violation { return cluster.violation?.check == violation.check }
    let seen = cluster.monitors.explored(check)
    return seen.map { System.Component(.check($0)) == component } ?? true
  }
}
