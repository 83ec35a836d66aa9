import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

extension Cluster {
  /// Whether an action could happen next. ``apply(_:at:crash:)`` refuses any other.
  @inlinable
  public func isEnabled(_ action: ClusterAction) -> Bool {
    switch action {
    case .deliver(let sender, let receiver, let number):
      isUp(receiver) && !network.isCut(from: sender, to: receiver)
        && network.isUnderWay(number, from: sender, to: receiver)
    case .fire(let node, let timer):
      isUp(node) && timers[node.index].generation(of: timer) != nil
    case .resume(let node, let continuation):
      isUp(node) && postponed[node.index].contains(continuation)
    case .invoke(let node, _): isUp(node) && layout.role(of: node) == .client
    default: isEnabledInWorld(action)
    }
  }

  @usableFromInline
  func isEnabledInWorld(_ action: ClusterAction) -> Bool {
    switch action {
    case .lose(let sender, let receiver, let number),
      .duplicate(let sender, let receiver, let number):
      return network.isUnderWay(number, from: sender, to: receiver)
    case .start(let node):
      return !isUp(node) && !processes[node.index].hasUnreportedFailure
    case .crash(let node, _): return layout.role(of: node) == .server && isUp(node)
    case .clusterPowerLoss: return layout.servers.contains { isUp($0) }
    case .reportFailure(let node):
      return layout.role(of: node) == .server && processes[node.index].hasUnreportedFailure
    case .cut(let sender, let receiver):
      return sender != receiver && !network.isCut(from: sender, to: receiver)
    case .heal(let sender, let receiver): return network.isCut(from: sender, to: receiver)
    case .writeBack(let node):
      return layout.role(of: node) == .server && isUp(node) && disks.hasPending(node)
    case .faultDisk(let node, _): return layout.role(of: node) == .server && !disks.isEmpty
    case .calmDisk(let node):
      return layout.role(of: node) == .server && disks.hasArmedFaults(node)
    case .deliver, .fire, .resume, .invoke:
      programmingError("isEnabled answers for actions of nodes", context)
    }
  }

  /// The actions that need no fault and no client: deliveries in order of channel, timers,
  /// continuations, first starts and failure reports. A driver that explores takes them all; a
  /// seeded run takes the one that its clock says comes next.
  /// - Parameter overtaking: whether any parcel of a channel may be delivered next, or only the
  ///   first.
  public func enabledActions(overtaking: Bool = false) -> [ClusterAction] {
    var actions: [ClusterAction] = []
    let nodes = (0..<layout.nodeCount).map { NodeID($0) }
    for sender in nodes {
      for receiver in nodes {
        let envelopes = network.channel(from: sender, to: receiver).envelopes
        for envelope in overtaking ? envelopes : envelopes.prefix(1) {
          actions.append(.deliver(from: sender, to: receiver, number: envelope.number))
        }
      }
    }
    for node in nodes {
      actions += timers[node.index].armed.map { .fire(node, $0) }
      actions += postponed[node.index].map { .resume(node, $0) }
      if processes[node.index].starts == 0 { actions.append(.start(node)) }
      if processes[node.index].hasUnreportedFailure { actions.append(.reportFailure(node)) }
    }
    return actions.filter { isEnabled($0) }
  }
}
