import LinearizabilityChecking
import ModelChecking
import SimulationKernel

/// What some continuation without further faults must come to.
struct ClusterGoal<Subject: ReplicationProtocol>: Sendable
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  typealias Component = ClusterComponent<Subject>
  var check: CheckName
  var goal: StatePredicate<Component>
  /// The worlds that owe it.
  var obligation: StatePredicate<Component>
}

extension ClusterInvariants {
  var goals: [ClusterGoal<Subject>] {
    var goals: [ClusterGoal<Subject>] = []
    if checks.contains(.progress) { goals += nodes.clients.map { answers(to: $0) } }
    if checks.contains(.convergence) { goals.append(agreement) }
    return goals
  }

  /// That nothing the client asked is unanswered.
  private func answers(to client: NodeID) -> ClusterGoal<Subject> {
    let slot = slots.slot(of: client)
    return ClusterGoal(
      check: .progress,
      goal: StatePredicate(
        "every operation of \(nodes.name(of: client)) is answered", slots: [slot]
      ) { parts in
        guard case .client(let client) = parts[0].content else { return true }
        return client.open.isEmpty
      }, obligation: StatePredicate("always", slots: [slot]) { _ in true })
  }

  /// That the replicas agree, once every client has done what it was to do.
  private var agreement: ClusterGoal<Subject> {
    let members = nodes.servers + [nodes.coordinator].compactMap { $0 }
    let expectsAll = hasDisks
    let planned = plan.operations.map(\.count)
    return ClusterGoal(
      check: .convergence,
      goal: StatePredicate(
        "the members of the current view hold the same contents",
        slots: members.map { slots.slot(of: $0) }
      ) { parts in
        facts(parts).divergence(expectsAll: expectsAll) == nil
      },
      obligation: StatePredicate(
        "every client has done its operations", slots: nodes.clients.map { slots.slot(of: $0) }
      ) { parts in
        zip(parts, planned).allSatisfy { part, count in
          guard case .client(let client) = part.content else { return true }
          return client.open.isEmpty && client.invoked == count
        }
      })
  }
}
