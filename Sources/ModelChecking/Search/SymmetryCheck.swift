import SimulationKernel

/// Whether the permutations of a system are what it promises: doing a step and permuting gives what
/// permuting and doing the step gives, and whatever is looked at holds in both worlds or in
/// neither. Asks the system directly, without numbers or memos.
///
/// A check looks at the worlds that it is given, so it can refute a symmetry and not prove it; over
/// all reachable worlds of a system it proves it for that system.
public struct SymmetryCheck<System: ComponentSystem>: Sendable {
  public typealias World = [System.Component]

  private let system: System
  private let enumeration: StepEnumeration<System>
  private let permutations: [SlotPermutation]
  private let conditions: [StatePredicate<System.Component>]

  public init(_ system: System) {
    self.system = system
    enumeration = StepEnumeration(system)
    permutations = system.permutations
    conditions = system.invariants + system.guards + system.exemptions
  }

  /// A world after a permutation.
  public func image(of world: World, by permutation: Int) -> World {
    var image = world
    for slot in world.indices {
      image[permutations[permutation].destinations[slot]] =
        system.permuted(world[slot], in: slot, by: permutation)
    }
    return image
  }

  /// What is wrong with the permutations at a world; `nil` if nothing is.
  public func objection(to world: World) -> String? {
    for permutation in permutations.indices {
      let image = image(of: world, by: permutation)
      for condition in conditions where holds(condition, world) != holds(condition, image) {
        return "\(condition.name) holds in a state or in its image, not in both"
      }
      let before = enumeration.steps(from: world)
      let after = enumeration.steps(from: image)
      if before.count != after.count {
        return "a state has \(before.count) steps and its image \(after.count)"
      }
      var expected: [Outcome: Int] = [:]
      for step in before {
        let outcome = Outcome(
          world: self.image(of: step.world, by: permutation), tags: step.tags)
        expected[outcome, default: 0] += 1
      }
      for step in after {
        let outcome = Outcome(world: step.world, tags: step.tags)
        guard let left = expected[outcome], left > 0 else {
          return difference(step, before, permutation)
        }
        expected[outcome] = left - 1
      }
    }
    return nil
  }

  private struct Outcome: Hashable {
    var world: World
    var tags: StepTags
  }

  private func holds(_ condition: StatePredicate<System.Component>, _ world: World) -> Bool {
    condition.holds(condition.slots.map { world[$0] })
  }

  /// Names the slots in which a step of the image differs from the step that comes nearest.
  private func difference(
    _ step: SearchTrace<System>.Step, _ before: [SearchTrace<System>.Step], _ permutation: Int
  ) -> String {
    let names = system.layout.names
    let differing = before.map { other -> [String] in
      let image = image(of: other.world, by: permutation)
      return names.indices.filter { image[$0] != step.world[$0] }.map { names[$0] }
    }
    let nearest = differing.min { $0.count < $1.count } ?? []
    let start = step.parts.first.map { names[$0.slot] } ?? "nobody"
    return "a step of \(start) is not the image of one: it differs in "
      + (nearest.isEmpty ? "its kind" : nearest.joined(separator: ", "))
  }

  /// Follows a random walk from the first initial world and looks at every world on it.
  /// - Parameter limit: steps at most; a walk ends at a world without steps.
  /// - Returns: how many worlds were looked at, and what was wrong with the last, if anything.
  public func walk(seed: UInt64, limit: Int) -> (worlds: Int, objection: String?) {
    var stream = SeededStream(seed: seed, name: "walk")
    var world = system.initialWorlds[0]
    var count = 0
    while true {
      count += 1
      if let found = objection(to: world) { return (count, found) }
      let steps = enumeration.steps(from: world)
      guard count <= limit, !steps.isEmpty else { return (count, nil) }
      world = steps[stream.below(steps.count)].world
    }
  }
}
