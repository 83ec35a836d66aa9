import ModelChecking

/// The engine's question asked without any cleverness: whole worlds in a set, level by level, with
/// a reading of the rules of its own.
struct WorldSearch<System: ComponentSystem> {
  typealias World = [System.Component]

  private(set) var levels: [Int] = []
  private(set) var transitions = 0
  private(set) var deadEnds = 0
  /// The invariants that are broken in the first level in which any is.
  private(set) var broken = Set<Int>()
  private(set) var worlds = Set<World>()
  private let system: System

  var states: Int { worlds.count }
  /// Steps to the first broken invariant.
  var length: Int? { broken.isEmpty ? nil : levels.count - 1 }

  init(_ system: System) {
    self.system = system
    var frontier: [World] = []
    for world in system.initialWorlds where worlds.insert(world).inserted { frontier.append(world) }
    while !frontier.isEmpty {
      levels.append(frontier.count)
      for world in frontier {
        let failing = system.invariants.firstIndex { !$0.holds($0.slots.map { world[$0] }) }
        if let failing { broken.insert(failing) }
      }
      guard broken.isEmpty else { return }
      frontier = expand(frontier)
    }
  }

  private mutating func expand(_ frontier: [World]) -> [World] {
    var next: [World] = []
    for world in frontier {
      let found = successors(of: world)
      transitions += found.count
      if found.isEmpty { deadEnds += 1 }
      for successor in found where worlds.insert(successor).inserted { next.append(successor) }
    }
    return next
  }

  private func successors(of world: World) -> [World] {
    world.indices.flatMap { slot in
      system.actions(of: world[slot], in: slot).flatMap { ends(of: $0, in: slot, world, []) }
    }
  }

  /// The worlds in which a step ends that has got to this reaction, with `rest` to follow it.
  private func ends(
    of reaction: Reaction<System.Component, System.Signal>, in slot: Int, _ world: World,
    _ rest: [Consequence<System.Signal>]
  ) -> [World] {
    var world = world
    world[slot] = reaction.becoming
    var pending = reaction.consequences + rest
    while !pending.isEmpty {
      switch pending.removeFirst() {
      case .require(let number):
        let guardian = system.guards[number]
        if !guardian.holds(guardian.slots.map { world[$0] }) { return [] }
      case .signal(let signal, let receiver):
        return system.reactions(of: world[receiver], in: receiver, to: signal).flatMap {
          ends(of: $0, in: receiver, world, pending)
        }
      }
    }
    return [world]
  }
}
