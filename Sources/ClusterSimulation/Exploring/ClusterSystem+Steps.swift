import LinearizabilityChecking
import ModelChecking
import NetworkSimulation
import SimulationKernel

/// One step of one node, done by the code of every other driver on a cluster of which only that
/// node matters.
extension ClusterSystem {
  struct Outcome {
    var component: Component
    var consequences: [Consequence<Signal>]
    var given: StepGiven
  }

  /// Every outcome of what a handler leaves open: `choose`, and an open disk.
  /// - Parameter crash: where the server dies; outcomes that do not get there are left out.
  func outcomes(
    of node: NodeID, _ component: Component, _ input: StepInput<Subject.Message>,
    crash: CrashWithinStep? = nil
  ) -> [Outcome] {
    var found: [Outcome] = []
    var pending = [StepGiven(crash: crash)]
    while let given = pending.popLast() {
      var cluster = scratch(node, component)
      let step = cluster.stepAlone(node, input, given)
      pending += alternatives(to: step, given)
      // A crash after the last effect is a step and a crash after it.
      if crash != nil, step.crash.map({ $0.effectCount >= step.effectCount }) ?? true { continue }
      ledger.note(input, nodes.role(of: node), step)
      var after = collected(cluster, node, component)
      let consequences = consequences(of: step, node, component, input, &after)
      found.append(
        Outcome(
          component: after, consequences: consequences,
          given: StepGiven(
            choices: step.choices, decisions: step.decisions.map(\.choice), crash: step.crash)))
    }
    return found
  }

  /// The other outcomes of the first things that the step decided by itself; the last comes first,
  /// so that what is popped goes through all in order.
  private func alternatives(to step: LocalStep<Subject>, _ given: StepGiven) -> [StepGiven] {
    var branches: [StepGiven] = []
    for place in given.choices.count..<max(given.choices.count, step.choices.count) {
      for other in 1..<max(1, step.bounds[place]) {
        var branch = given
        branch.choices = Array(step.choices[..<place]) + [other]
        branches.append(branch)
      }
    }
    for place in given.decisions.count..<max(given.decisions.count, step.decisions.count) {
      for other in 1..<max(1, step.decisions[place].count) {
        var branch = given
        branch.choices = step.choices
        branch.decisions = step.decisions[..<place].map(\.choice) + [other]
        branches.append(branch)
      }
    }
    return branches.reversed()
  }

  /// A cluster in which this node is as the component says.
  func scratch(_ node: NodeID, _ component: Component) -> Cluster<Subject> {
    var cluster = template
    guard let process = component.process else { programmingError("a node's slot holds no node") }
    cluster.setProcess(process, of: node)
    switch component.content {
    case .server(let server):
      cluster.servers[node.index] = server.memory
      if let disk = server.disk { cluster.disks.disks[node.index] = disk }
    case .coordinator(let coordinator): cluster.coordinator = coordinator.memory
    case .client(let client): cluster.clients[nodes.clientIndex(of: node)] = client.memory
    default: programmingError("a node's slot holds no node")
    }
    return cluster
  }

  /// The node as it is in a cluster.
  func collected(
    _ cluster: Cluster<Subject>, _ node: NodeID, _ before: Component
  ) -> Component {
    let process = cluster.exploredProcess(of: node)
    switch before.content {
    case .client(var client):
      client.process = process
      client.memory = cluster.clients[nodes.clientIndex(of: node)]
      return Component(.client(client))
    default:
      return reduction.kept(ClusterProjection<Subject>.node(node, of: cluster, process))
    }
  }

  private func consequences(
    of step: LocalStep<Subject>, _ node: NodeID, _ before: Component,
    _ input: StepInput<Subject.Message>, _ after: inout Component
  ) -> [Consequence<Signal>] {
    var list: [Consequence<Signal>] = []
    if case .client(var client) = after.content {
      if case .invoke(let request, _) = input {
        client.invoked += 1
        client.open.append(request.number)
      }
      for (request, response) in step.completions where request.client == node {
        list += completed(request, response, node, &client)
      }
      let settled = settled(client)
      after = settled.component
      list += settled.consequences
    }
    for (request, response) in step.completions
    where request.client != node && nodes.role(of: request.client) == .client {
      list.append(.signal(.completed(request, response), to: slots.slot(of: request.client)))
    }
    for sending in step.sendings {
      guard let channel = slots.channel(from: node, to: sending.receiver) else {
        programmingError("\(nodes.name(of: node)) sends to another client")
      }
      list.append(.signal(.push(reduction.kept(sending.message)), to: channel))
    }
    return list + observations(of: step, node) + histories(of: step, node, before, after)
      + leavings(of: step, before)
  }

  /// A client has its answer; an operation that is not open has it already.
  func completed(
    _ request: RequestID, _ response: Response, _ node: NodeID,
    _ client: inout ExploredClient<Subject>
  ) -> [Consequence<Signal>] {
    guard let place = client.open.firstIndex(of: request.number) else { return [] }
    client.open.remove(at: place)
    let index = nodes.clientIndex(of: node)
    let operation = plan.operations[index][Int(request.number) - 1]
    guard let slot = slots.linearizability(of: operation) else { return [] }
    return [.signal(.answered(client: index, operation, response), to: slot)]
  }

  private func observations(
    of step: LocalStep<Subject>, _ node: NodeID
  ) -> [Consequence<Signal>] {
    slots.monitors.compactMap { slot in
      guard case .monitor(let check) = slots.kinds[slot] else { return nil }
      let seen = step.observations.filter { ExploredCheck.reads(check, $0) }
      return seen.isEmpty ? nil : .signal(.observed(seen, by: node), to: slot)
    }
  }

  /// What a running server has applied, if that has changed, or whether it is the tail, or if
  /// somebody was answered.
  private func histories(
    of step: LocalStep<Subject>, _ node: NodeID, _ before: Component, _ after: Component
  ) -> [Consequence<Signal>] {
    guard let slot = slots.monitor(.refinement), case .server(let server) = after.content,
      server.process.isUp, let history = server.memory.history
    else { return [] }
    let hasAnswered = step.observations.contains { observation in
      if case .answered = observation { true } else { false }
    }
    if !hasAnswered, case .server(let earlier) = before.content, earlier.process.isUp,
      earlier.memory.actsAsTail == server.memory.actsAsTail, let known = earlier.memory.history,
      known.count == history.count, known.isPrefix(of: history)
    {
      return []
    }
    return [.signal(.stepped(Keyed(history), of: node, isTail: server.memory.actsAsTail), to: slot)]
  }

  /// Servers that the coordinator's new views leave out.
  private func leavings(
    of step: LocalStep<Subject>, _ before: Component
  ) -> [Consequence<Signal>] {
    guard case .coordinator(let coordinator) = before.content else { return [] }
    var members = coordinator.memory.currentView.members
    var list: [Consequence<Signal>] = []
    for case .decided(let view) in step.observations {
      for gone in members where !view.members.contains(gone) {
        list.append(.signal(.leftOut, to: slots.slot(of: gone)))
      }
      members = view.members
    }
    return list
  }
}

extension ClusterComponent {
  /// Of a node.
  var process: ExploredProcess? {
    switch content {
    case .server(let server): server.process
    case .coordinator(let coordinator): coordinator.process
    case .client(let client): client.process
    default: nil
    }
  }
}
