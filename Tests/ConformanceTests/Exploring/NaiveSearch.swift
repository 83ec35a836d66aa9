import ModelChecking

/// The same question asked without any cleverness: whole worlds in a set, level by level.
struct NaiveSearch<System: ComponentSystem> {
  typealias World = [System.Component]

  var states = 0
  var transitions = 0
  var depth = 0
  /// Position of an invariant that does not hold, and the depth of the world in which it does not.
  var violation: (invariant: Int, depth: Int)?
  var isExhausted = false

  init(_ system: System, limit: Int = .max) {
    var seen = Set<World>()
    var frontier: [World] = []
    for world in system.initialWorlds where seen.insert(world).inserted { frontier.append(world) }
    while !frontier.isEmpty, violation == nil {
      for world in frontier {
        if let broken = Self.broken(system, world), broken < violation?.invariant ?? .max {
          violation = (broken, depth)
        }
      }
      states = seen.count
      if violation != nil || seen.count > limit { return }
      var next: [World] = []
      for world in frontier {
        for successor in Self.successors(of: world, system) {
          transitions += 1
          if seen.insert(successor).inserted { next.append(successor) }
        }
      }
      frontier = next
      if !next.isEmpty { depth += 1 }
    }
    isExhausted = violation == nil
  }

  static func broken(_ system: System, _ world: World) -> Int? {
    system.invariants.firstIndex { invariant in !invariant.holds(invariant.slots.map { world[$0] })
    }
  }

  static func successors(of world: World, _ system: System) -> [World] {
    var found: [World] = []
    for slot in world.indices {
      for action in system.actions(of: world[slot], in: slot) {
        var next = world
        next[slot] = action.becoming
        finish(next, action.consequences[...], system, &found)
      }
    }
    return found
  }

  private static func finish(
    _ world: World, _ pending: ArraySlice<Consequence<System.Signal>>, _ system: System,
    _ found: inout [World]
  ) {
    guard let first = pending.first else {
      found.append(world)
      return
    }
    let rest = pending.dropFirst()
    switch first {
    case .require(let place):
      let guardian = system.guards[place]
      if guardian.holds(guardian.slots.map { world[$0] }) { finish(world, rest, system, &found) }
    case .signal(let signal, let slot):
      for reaction in system.reactions(of: world[slot], in: slot, to: signal) {
        var next = world
        next[slot] = reaction.becoming
        finish(next, reaction.consequences + rest, system, &found)
      }
    }
  }
}
