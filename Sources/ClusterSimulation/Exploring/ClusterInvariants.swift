import LinearizabilityChecking
import ModelChecking
import SimulationKernel

/// The checks of a scenario as properties of worlds, each with the slots that it reads.
struct ClusterInvariants<Subject: ReplicationProtocol>
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  typealias Component = ClusterComponent<Subject>
  let nodes: ClusterLayout
  let slots: ClusterSlots
  let checks: CheckSet
  let plan: ExplorePlan
  /// Whether servers keep their copies on disk.
  let hasDisks: Bool

  init(
    _ nodes: ClusterLayout, _ slots: ClusterSlots, _ checks: CheckSet, _ plan: ExplorePlan,
    hasDisks: Bool
  ) {
    self.nodes = nodes
    self.slots = slots
    self.checks = checks
    self.plan = plan
    self.hasDisks = hasDisks
  }

  var predicates: [StatePredicate<Component>] {
    var list: [StatePredicate<Component>] = []
    for slot in slots.linearizability {
      list.append(
        StatePredicate(CheckName.linearizability.rawValue, slots: [slot]) { parts in
          if case .history(let history) = parts[0].content { !history.isBroken } else { true }
        })
    }
    for slot in slots.monitors {
      guard case .monitor(let check) = slots.kinds[slot] else { continue }
      list.append(
        StatePredicate(check.rawValue, slots: [slot]) { parts in
          if case .check(let check) = parts[0].content { check.violation == nil } else { true }
        })
    }
    if let coordinator = nodes.coordinator {
      list += pairs(.updatePropagation, coordinator) { $1.isPrefix(of: $0.0) }
      list += pairs(.inProcessRequests, coordinator) {
        !$1.isPrefix(of: $0.0) || isOrderedUnion($0.0, $1, $0.sent)
      }
    }
    return list
  }

  /// Where the retries are used up, a request that was lost stays unanswered for want of budget:
  /// that says nothing about the system. Beyond its assumptions it owes no progress.
  var exemptions: [StatePredicate<Component>] {
    let needsRetries = plan.furtherTicks == 0
    return [
      StatePredicate(
        "the retries are used up, or the assumptions broken", slots: [slots.budget]
      ) { parts in
        guard case .budget(let budget) = parts[0].content else { return false }
        return needsRetries && budget[.retry] == 0 || budget.isBeyondAssumptions
      }
    ]
  }

  /// For each server two: the assumptions allow its failure, and they do not.
  var tolerances: [StatePredicate<Component>] {
    let members = nodes.servers + [nodes.coordinator].compactMap { $0 }
    let read = members.map { slots.slot(of: $0) }
    return nodes.servers.flatMap { server in
      [true, false].map { expected in
        let name = expected ? "the failure of" : "no failure of"
        return StatePredicate(
          "the assumptions allow \(name) \(nodes.name(of: server))", slots: read
        ) { parts in
          Subject.tolerates(failureOf: server, in: facts(parts)) == expected
        }
      }
    }
  }

  func facts(_ parts: [Component]) -> ClusterFacts<Subject> {
    var servers: [Subject.Server] = []
    var isUp: [Bool] = []
    var coordinator: Subject.Coordinator?
    for part in parts {
      switch part.content {
      case .server(let server):
        servers.append(server.memory)
        isUp.append(server.process.isUp)
      case .coordinator(let node): coordinator = node.memory
      default: programmingError("a node's slot holds no node")
      }
    }
    return ClusterFacts(layout: nodes, servers: servers, isUp: isUp, coordinator: coordinator)
  }

  /// Every two servers, wherever they stand in the coordinator's chain; see ``Cluster/checkPair``.
  private func pairs(
    _ check: CheckName, _ coordinator: NodeID,
    _ holds: @escaping @Sendable ((UpdateLog, sent: [UpdateLog.Entry]), UpdateLog) -> Bool
  ) -> [StatePredicate<Component>] {
    guard checks.contains(check) else { return [] }
    var list: [StatePredicate<Component>] = []
    for first in nodes.servers {
      for second in nodes.servers where first < second {
        let name =
          "\(check.rawValue) between \(nodes.name(of: first)) and \(nodes.name(of: second))"
        list.append(
          StatePredicate(
            name, slots: [coordinator, first, second].map { slots.slot(of: $0) }
          ) { parts in
            guard case .coordinator(let master) = parts[0].content,
              case .server(let one) = parts[1].content, one.process.isUp,
              case .server(let other) = parts[2].content, other.process.isUp,
              let firstPlace = master.memory.currentView.members.firstIndex(of: first),
              let secondPlace = master.memory.currentView.members.firstIndex(of: second)
            else { return true }
            let (earlier, later) = firstPlace < secondPlace ? (one, other) : (other, one)
            guard let longer = earlier.memory.history, let shorter = later.memory.history else {
              return true
            }
            return holds((longer, earlier.memory.sent), shorter)
          })
      }
    }
    return list
  }
}
