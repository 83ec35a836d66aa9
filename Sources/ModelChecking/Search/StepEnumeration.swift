import SimulationKernel

/// The steps of a world by asking the system directly: no numbers, no memos, nothing shared with
/// the engine. It says what a trace's steps are made of, and a search that is only this is the
/// engine's oracle in tests.
public struct StepEnumeration<System: ComponentSystem>: Sendable {
  public let system: System
  private let guards: [StatePredicate<System.Component>]

  public typealias Step = SearchTrace<System>.Step
  private typealias Outcome = Reaction<System.Component, System.Signal>

  public init(_ system: System) {
    self.system = system
    guards = system.guards
  }

  /// All transitions of a world, by acting slot and then by choice.
  public func steps(from world: [System.Component]) -> [Step] {
    world.indices.flatMap { steps(from: world, of: $0) }
  }

  /// The transitions that begin in one slot, by choice.
  public func steps(from world: [System.Component], of slot: Int) -> [Step] {
    var found: [Step] = []
    let actions = system.actions(of: world[slot], in: slot)
    for (choice, action) in actions.enumerated() {
      let start = Step(parts: [], world: world)
      follow(action, choice, of: slot, to: nil, start, [], &found)
    }
    return found
  }

  /// - Parameter agenda: consequences that come after those of this reaction, the next one last.
  private func follow(
    _ reaction: Outcome, _ choice: Int, of slot: Int, to signal: System.Signal?, _ step: Step,
    _ agenda: [Consequence<System.Signal>], _ found: inout [Step]
  ) {
    require(step.parts.count < Worker.reactionLimit, "the signals of a step do not end")
    var step = step
    step.parts.append(
      SearchTrace.Part(
        slot: slot, before: step.world[slot], signal: signal, choice: choice,
        after: reaction.becoming, tags: reaction.tags))
    step.world[slot] = reaction.becoming
    var agenda = agenda + reaction.consequences.reversed()
    while let next = agenda.popLast() {
      switch next {
      case .require(let number):
        let condition = guards[number]
        guard condition.holds(condition.slots.map { step.world[$0] }) else { return }
      case .signal(let signal, let receiver):
        let answers = system.reactions(of: step.world[receiver], in: receiver, to: signal)
        for (choice, answer) in answers.enumerated() {
          follow(answer, choice, of: receiver, to: signal, step, agenda, &found)
        }
        return
      }
    }
    found.append(step)
  }
}
