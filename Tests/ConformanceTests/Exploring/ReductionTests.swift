import LinearizabilityChecking
import ModelChecking
import ReplicationProtocols
import SimulationKernel
import Testing

@testable import ClusterSimulation

/// What a search leaves out has no consequence: whatever a whole world can do, what is kept of it
/// can do, and the other way round, up to steps that change nothing that is kept. With it every
/// invariant that holds in all kept worlds holds in all whole ones.
@Suite("Reductions")
struct ReductionTests {
  private static let limit = 150

  private func expectSameSteps<P: ReplicationProtocol>(
    _ bounds: SmallBounds<P>, _ comment: Comment
  ) where P.Message.Operation == Operation, P.Message.Response == Response {
    let whole = RememberedSystem(bounds.system)
    var reducedBounds = bounds
    reducedBounds.plan.reductions = .sound
    let system = reducedBounds.system
    let kept = KeptWorlds(system, whole: bounds.system)
    let reduced = RememberedSystem(system)
    let worlds = NaiveSearch(whole, limit: Self.limit).worlds
    let beginsAlike = kept.kept(bounds.system.initialWorlds[0]) == system.initialWorlds[0]
    #expect(beginsAlike, comment)
    var differing = 0
    var wrong = 0
    for world in worlds {
      let image = kept.kept(world)
      if image != world { differing += 1 }
      for (one, other) in zip(bounds.system.invariants, system.invariants) {
        #expect(
          one.holds(one.slots.map { world[$0] }) == other.holds(other.slots.map { image[$0] }),
          comment)
      }
      let possible = Set(NaiveSearch.successors(of: image, reduced)).subtracting([image])
      if possible != successors(of: world, whole, kept, image) { wrong += 1 }
    }
    #expect(wrong == 0, comment)
    #expect(differing > 10, comment)
  }

  /// What is kept of the successors of a world, and of those of worlds to which steps lead that
  /// change nothing that is kept.
  private func successors<P: ReplicationProtocol>(
    of world: [ClusterComponent<P>], _ whole: RememberedSystem<ClusterSystem<P>>,
    _ kept: KeptWorlds<P>, _ image: [ClusterComponent<P>]
  ) -> Set<[ClusterComponent<P>]> {
    var found = Set<[ClusterComponent<P>]>()
    var met: Set<[ClusterComponent<P>]> = [world]
    var pending = [world]
    while let next = pending.popLast() {
      for successor in NaiveSearch.successors(of: next, whole) {
        let left = kept.kept(successor)
        if left != image {
          found.insert(left)
        } else if met.insert(successor).inserted {
          pending.append(successor)
        }
      }
    }
    return found
  }

  private static let operations: [[Operation]] = [[.put(key: 0, value: "a")], [.get(key: 0)]]

  @Test("chain", arguments: [SmallFault.nothing, .crash, .crashAndRestart, .retry])
  func chain(fault: SmallFault) {
    expectSameSteps(SmallBounds<Chain>.chain(fault), "\(fault)")
    expectSameSteps(
      SmallBounds<Chain>(
        servers: 2, detector: .perfect,
        operations: [[.put(key: 0, value: "a")], [.put(key: 0, value: "b")]], fault: fault),
      "two writers, \(fault)")
  }

  @Test("primary-backup", arguments: [SmallFault.nothing, .crash, .falseSuspicion, .retry])
  func primaryBackup(fault: SmallFault) {
    expectSameSteps(
      SmallBounds<PrimaryBackup>(
        servers: 2, detector: fault == .falseSuspicion ? .timeouts : .perfect,
        operations: [[.put(key: 0, value: "a")]], fault: fault, ticks: 2), "\(fault)")
  }

  @Test("master-backup", arguments: [SmallFault.nothing, .crash, .crashAndRestart, .retry])
  func masterBackup(fault: SmallFault) {
    expectSameSteps(
      SmallBounds<MasterBackup>(
        servers: 2, detector: .perfect, operations: Self.operations, fault: fault), "\(fault)")
  }

  @Test("two-node-store", arguments: [SmallFault.nothing, .crash])
  func store(fault: SmallFault) {
    expectSameSteps(
      SmallBounds<TwoNodeStore>.store(
        fault, operations: [[.writeBlocks(first: 0, count: 1, value: "a")]]), "\(fault)")
  }
}

/// What a search with reductions keeps of a world of a search without, worked out from the outside.
struct KeptWorlds<Subject: ReplicationProtocol>
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  typealias Component = ClusterComponent<Subject>

  private let system: ClusterSystem<Subject>

  init(_ system: ClusterSystem<Subject>, whole: ClusterSystem<Subject>) {
    self.system = system
  }

  func kept(_ world: [Component]) -> [Component] {
    world.indices.map { slot in
      switch (system.slots.kinds[slot], world[slot].content) {
      case (.node, .client(let client)): system.settled(client).component
      case (.node, _): system.reduction.kept(world[slot])
      case (.channel(let sender, let receiver), .channel(let channel)):
        isDone(receiver, in: world)
          ? Component(.channel(.ignored))
          : Component(
            .channel(system.reduction.kept(channel, from: sender, to: receiver)))
      case (.linearizability(let keys), .history(let history)):
        Component(.history(kept(history, keys, in: world)))
      default: world[slot]
      }
    }
  }

  private func isDone(_ node: NodeID, in world: [Component]) -> Bool {
    guard case .client(let client) = world[system.slots.slot(of: node)].content else {
      return false
    }
    return system.reduction.done(client) != nil
  }

  /// The operations without an answer that are told something of the store.
  private func kept(
    _ history: ExploredHistory, _ keys: Range<Int>, in world: [Component]
  ) -> ExploredHistory {
    var left = 0
    for (index, client) in system.nodes.clients.enumerated() {
      guard case .client(let explored) = world[system.slots.slot(of: client)].content else {
        continue
      }
      for (place, operation) in system.plan.operations[index].enumerated()
      where ExploredHistory.isTold(operation) && keys.contains(operation.firstKey) {
        let isAnswered = place < explored.invoked && !explored.open.contains(Int32(place + 1))
        left += isAnswered ? 0 : 1
      }
    }
    return history.counting(readsLeft: left)
  }
}
