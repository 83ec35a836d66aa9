import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// The components that a whole cluster consists of.
struct ClusterProjection<Subject: ReplicationProtocol>
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  typealias Component = ClusterComponent<Subject>
  let slots: ClusterSlots
  let plan: ExplorePlan
  let reduction: ClusterReduction<Subject>

  init(_ slots: ClusterSlots, _ plan: ExplorePlan, _ reduction: ClusterReduction<Subject>) {
    self.slots = slots
    self.plan = plan
    self.reduction = reduction
  }

  /// A cluster does not know the budget of a search, nor what its checks have seen: the budget is
  /// given, the checks are new.
  func components(
    of cluster: Cluster<Subject>, budget: ExploredBudget
  ) -> [Component] {
    slots.kinds.map { kind in
      switch kind {
      case .node(let node): reduction.node(node, of: cluster)
      case .channel(let sender, let receiver):
        reduction.channel(from: sender, to: receiver, of: cluster)
      case .budget: Component(.budget(budget))
      case .linearizability(let keys): Component(.history(history(of: keys)))
      case .monitor(let check):
        Component(.check(ExploredCheck(check, cluster.layout)))
      }
    }
  }

  private func history(of keys: Range<Int>) -> ExploredHistory {
    let reads = plan.operations.joined().count { operation in
      keys.contains(operation.firstKey) && ExploredHistory.isTold(operation)
    }
    return ExploredHistory(
      keys: keys, readsLeft: plan.reductions.contains(.unreadHistories) ? reads : nil)
  }

  static func node(
    _ node: NodeID, of cluster: Cluster<Subject>, _ process: ExploredProcess
  ) -> Component {
    switch cluster.layout.role(of: node) {
    case .server:
      return Component(
        .server(
          ExploredServer(
            process: process, memory: cluster.servers[node.index],
            disk: cluster.disks.isEmpty ? nil : cluster.disks.disks[node.index])))
    case .coordinator:
      return Component(
        .coordinator(ExploredCoordinator(process: process, memory: cluster.coordinator)))
    case .client: return Component(.client(client(node, of: cluster)))
    }
  }

  static func client(
    _ node: NodeID, of cluster: Cluster<Subject>
  ) -> ExploredClient<Subject> {
    let index = cluster.layout.clientIndex(of: node)
    return ExploredClient(
      process: cluster.exploredProcess(of: node), memory: cluster.clients[index],
      invoked: cluster.openOperations.invoked[index],
      open: cluster.openOperations.byClient[index].map(\.request.number))
  }

  static func channel(
    from sender: NodeID, to receiver: NodeID, of cluster: Cluster<Subject>
  ) -> Component {
    let process = cluster.processes[receiver.index]
    let envelopes = cluster.network.channel(from: sender, to: receiver).envelopes
    let parcels = envelopes.map { envelope -> Keyed<Subject.Message>? in
      if case .message(let message) = envelope.parcel { Keyed(message) } else { nil }
    }
    return Component(
      .channel(
        ExploredChannel(
          parcels: parcels, isOpen: process.isUp || process.starts == 0,
          isCut: cluster.network.isCut(from: sender, to: receiver))))
  }
}

extension Cluster {
  func exploredProcess(of node: NodeID) -> ExploredProcess {
    let state = processes[node.index]
    return ExploredProcess(
      node: node, isUp: state.isUp, starts: state.starts,
      hasUnreportedFailure: state.hasUnreportedFailure,
      timers: timers[node.index].armed.sorted {
        ($0.kind.rawValue, $0.tag) < ($1.kind.rawValue, $1.tag)
      },
      postponed: postponed[node.index])
  }

  mutating func setProcess(_ process: ExploredProcess, of node: NodeID) {
    processes[node.index].isUp = process.isUp
    processes[node.index].starts = process.starts
    processes[node.index].hasUnreportedFailure = process.hasUnreportedFailure
    for timer in process.timers { _ = timers[node.index].arm(timer) }
    postponed[node.index] = process.postponed
  }
}
