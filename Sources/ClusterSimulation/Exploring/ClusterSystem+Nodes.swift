import LinearizabilityChecking
import ModelChecking
import NetworkSimulation
import SimulationKernel

/// What nodes do of their own accord, and what becomes of them when something reaches them.
extension ClusterSystem {
  func actions(of node: NodeID, _ component: Component) -> [Step] {
    guard let process = component.process else {
      programmingError("a node's slot holds no node")
    }
    guard process.isUp else { return actionsOfDead(node, component, process) }
    var steps: [Step] = []
    for timer in process.timers where plan.budget[timer.kind.price] != 0 {
      steps += answers(of: node, component, .timer(timer), first: price(of: timer))
    }
    for (place, continuation) in process.postponed.enumerated()
    where !process.postponed[..<place].contains(continuation) {
      steps += answers(of: node, component, .resume(continuation))
    }
    if case .client(let client) = component.content {
      return steps + invocations(of: node, client, component)
    }
    if case .server = component.content, plan.budget[.crash] != 0 {
      steps += plan.crashKinds.flatMap { crashes(node, component, $0) }
    }
    return steps
  }

  /// What a dead server can still be: reported, or started again.
  private func actionsOfDead(
    _ node: NodeID, _ component: Component, _ process: ExploredProcess
  ) -> [Step] {
    guard case .server(var server) = component.content else { return [] }
    if process.hasUnreportedFailure {
      server.process.hasUnreportedFailure = false
      let report = nodes.coordinator.map {
        Consequence.signal(Signal.input(.serverFailed(node)), to: slots.slot(of: $0))
      }
      return [Step(becoming: Component(.server(server)), report.map { [$0] } ?? [])]
    }
    guard plan.budget[.restart] != 0 else { return [] }
    let opened = slots.incoming(to: node).map { Consequence.signal(Signal.receiverStarted, to: $0) }
    return answers(of: node, component, .start, first: [spend(.restart)] + opened)
  }

  private func price(of timer: TimerID) -> [Consequence<Signal>] {
    let isFree = plan.budget[timer.kind.price] == ExploredBudget.unlimited
    let price = isFree ? [] : [spend(timer.kind.price)]
    return isContinuation ? [.require(guard: 0)] + price : price
  }

  private func invocations(
    of node: NodeID, _ client: ExploredClient<Subject>, _ component: Component
  ) -> [Step] {
    let index = nodes.clientIndex(of: node)
    guard plan.operations.indices.contains(index),
      client.invoked < plan.operations[index].count, client.open.count < plan.openPerClient
    else { return [] }
    let operation = plan.operations[index][client.invoked]
    let request = RequestID(client: node, number: client.invoked + 1)
    let noted = slots.linearizability(of: operation).map {
      Consequence.signal(Signal.invoked(client: index, operation), to: $0)
    }
    return answers(
      of: node, component, .invoke(request, operation), first: noted.map { [$0] } ?? [],
      tags: .invocation)
  }

  func reactions(of node: NodeID, _ component: Component, to signal: Signal) -> [Step] {
    switch signal {
    case .input(let input):
      // A process that died within the same step does not hear the rest of it.
      guard component.process?.isUp == true else { return [Step(becoming: component)] }
      return answers(of: node, component, input)
    case .inputAndCrash(let input, let kind):
      return crashesWithin(node, component, input, kind)
    case .die(let kind): return [died(node, component, kind)]
    case .leftOut:
      let isUp = component.process?.isUp == true
      return [
        Step(
          becoming: component, [.signal(.left(node, isUp: isUp), to: slots.budget)],
          tags: isUp && !isContinuation ? .fault : [])
      ]
    case .completed(let request, let response):
      guard case .client(var client) = component.content else { break }
      let consequences = completed(request, response, node, &client)
      let settled = settled(client)
      return [Step(becoming: settled.component, consequences + settled.consequences)]
    default: break
    }
    programmingError("a node got a signal that is not for it")
  }

  /// Everything that a node may do with an input: every outcome of what it leaves open, and for a
  /// server every crash on the way.
  func answers(
    of node: NodeID, _ component: Component, _ input: StepInput<Subject.Message>,
    first: [Consequence<Signal>] = [], tags: StepTags = []
  ) -> [Step] {
    var steps: [Step] = outcomes(of: node, component, input).map { outcome in
      Step(becoming: outcome.component, first + outcome.consequences, tags: tags)
    }
    if case .server = component.content, plan.budget[.crash] != 0 {
      for kind in plan.crashKinds {
        steps += prices(ofCrash: node).map { price in
          Step(
            becoming: component,
            price + first + [.signal(.inputAndCrash(input, kind), to: slots.slot(of: node))],
            tags: tags.union(.fault))
        }
      }
    }
    return steps
  }

  /// What a crash takes from the budget: one way, or if failures are told apart two, of which one
  /// is possible.
  private func prices(ofCrash node: NodeID) -> [[Consequence<Signal>]] {
    let price = Consequence.signal(Signal.crashed(node), to: slots.budget)
    guard plan.tellsFailuresApart else { return [[price]] }
    return [
      [price, .require(guard: node.index * 2)],
      [
        price, .require(guard: node.index * 2 + 1), .signal(.beyondAssumptions, to: slots.budget),
      ],
    ]
  }

  private func crashes(_ node: NodeID, _ component: Component, _ kind: CrashKind) -> [Step] {
    guard plan.tellsFailuresApart else { return [crashed(node, component, kind)] }
    // The assumptions look at the server as it is before it dies.
    return prices(ofCrash: node).map { price in
      Step(
        becoming: component, price + [.signal(.die(kind), to: slots.slot(of: node))], tags: .fault)
    }
  }

  /// The server dies between two steps.
  private func crashed(_ node: NodeID, _ component: Component, _ kind: CrashKind) -> Step {
    var step = died(node, component, kind)
    step.consequences.insert(.signal(.crashed(node), to: slots.budget), at: 0)
    return step
  }

  private func died(_ node: NodeID, _ component: Component, _ kind: CrashKind) -> Step {
    var cluster = scratch(node, component)
    cluster.endProcess(node, kind)
    return Step(
      becoming: collected(cluster, node, component), consequencesOfDeath(of: node), tags: .fault)
  }

  /// The server dies after each of its effects but the last; boundaries that nobody can tell apart
  /// count once.
  private func crashesWithin(
    _ node: NodeID, _ component: Component, _ input: StepInput<Subject.Message>, _ kind: CrashKind
  ) -> [Step] {
    var steps: [Step] = []
    var known = Set<CrashedOutcome<Subject>>()
    var count = 0
    while true {
      let crash = CrashWithinStep(effectCount: count, kind: kind)
      let found = outcomes(of: node, component, input, crash: crash)
      if found.isEmpty { return steps }
      for outcome in found {
        let key = CrashedOutcome<Subject>(
          component: outcome.component, signals: outcome.consequences.map(\.told))
        guard known.insert(key).inserted else { continue }
        steps.append(
          Step(
            becoming: outcome.component,
            outcome.consequences + consequencesOfDeath(of: node), tags: .fault))
      }
      count += 1
    }
  }

  private func consequencesOfDeath(of node: NodeID) -> [Consequence<Signal>] {
    slots.outgoing(from: node).map { .signal(.senderDied, to: $0) }
      + slots.incoming(to: node).map { .signal(.receiverDied, to: $0) }
      + [CheckName.atMostOnce, .refinement].compactMap { check in
        slots.monitor(check).map { .signal(.died(node), to: $0) }
      }
  }
}

/// What tells two crashes within one step apart.
private struct CrashedOutcome<Subject: ReplicationProtocol>: Hashable
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  var component: ClusterComponent<Subject>
  var signals: [Told<ClusterSignal<Subject.Message>>]
}

/// A signal with its address.
struct Told<Signal: Hashable>: Hashable {
  var signal: Signal?
  var slot: Int
}

extension Consequence where Signal: Hashable {
  var told: Told<Signal> {
    switch self {
    case .signal(let signal, let slot): Told(signal: signal, slot: slot)
    case .require(let place): Told(signal: nil, slot: place)
    }
  }
}

extension TimerKind {
  /// What firing a timer costs in a search.
  var price: ExploredBudget.Item {
    switch self {
    case .retry: .retry
    case .pace: .pace
    case .suspicion: .suspicion
    }
  }
}
