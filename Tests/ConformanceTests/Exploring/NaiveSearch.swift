import ModelChecking
import Synchronization

/// A system whose answers are kept, so that several searches ask for each of them once.
final class RememberedSystem<System: ComponentSystem>: ComponentSystem {
  typealias Component = System.Component
  typealias Signal = System.Signal
  typealias Outcomes = [Reaction<Component, Signal>]

  private struct Question: Hashable {
    var slot: Int
    var component: Component
    /// `nil`: what it does of its own accord.
    var signal: Signal?
  }

  let system: System
  let layout: SlotLayout
  let initialWorlds: [[Component]]
  let invariants: [StatePredicate<Component>]
  let guards: [StatePredicate<Component>]
  private let answers = Mutex<[Question: Outcomes]>([:])

  init(_ system: System) {
    self.system = system
    layout = system.layout
    initialWorlds = system.initialWorlds
    invariants = system.invariants
    guards = system.guards
  }

  func actions(of component: Component, in slot: Int) -> Outcomes {
    answer(Question(slot: slot, component: component))
  }

  func reactions(of component: Component, in slot: Int, to signal: Signal) -> Outcomes {
    answer(Question(slot: slot, component: component, signal: signal))
  }

  private func answer(_ question: Question) -> Outcomes {
    answers.withLock { answers in
      if let known = answers[question] { return known }
      let found =
        if let signal = question.signal {
          system.reactions(of: question.component, in: question.slot, to: signal)
        } else {
          system.actions(of: question.component, in: question.slot)
        }
      answers[question] = found
      return found
    }
  }
}

/// The engine's question asked without any cleverness: whole worlds in a set, level by level.
struct NaiveSearch<System: ComponentSystem> {
  typealias World = [System.Component]

  private(set) var levels: [Int] = []
  private(set) var transitions = 0
  /// The invariants that are broken in the first level in which any is.
  private(set) var broken = Set<Int>()
  private(set) var isExhausted = false
  private(set) var worlds = Set<World>()
  private let system: System

  var states: Int { worlds.count }
  var expandedLevels: Int { isExhausted ? levels.count : levels.count - 1 }

  /// - Parameter limit: no level is expanded after so many worlds.
  init(_ system: System, limit: Int = .max) {
    self.system = system
    var frontier: [World] = []
    for world in system.initialWorlds where worlds.insert(world).inserted { frontier.append(world) }
    while !frontier.isEmpty {
      levels.append(frontier.count)
      for world in frontier { broken.formUnion(Self.broken(system, world)) }
      if !broken.isEmpty || worlds.count > limit { return }
      var next: [World] = []
      for world in frontier {
        for successor in Self.successors(of: world, system) {
          transitions += 1
          if worlds.insert(successor).inserted { next.append(successor) }
        }
      }
      frontier = next
    }
    isExhausted = true
  }

  /// The first invariant that a world breaks, if it breaks any.
  private static func broken(_ system: System, _ world: World) -> [Int] {
    let first = system.invariants.firstIndex { invariant in
      !invariant.holds(invariant.slots.map { world[$0] })
    }
    return first.map { [$0] } ?? []
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
