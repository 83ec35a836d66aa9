/// One way in which a slot acts or answers a signal.
public struct Reaction<Component: Sendable, Signal: Sendable>: Sendable {
  /// What the slot holds afterwards.
  public var becoming: Component
  /// What follows from it, in order; see ``ComponentSystem`` for nesting.
  public var consequences: [Consequence<Signal>]
  /// What kind of step this makes; a step has the tags of all reactions in it.
  public var tags: StepTags

  public init(
    becoming: Component, _ consequences: [Consequence<Signal>] = [], tags: StepTags = []
  ) {
    self.becoming = becoming
    self.consequences = consequences
    self.tags = tags
  }
}

/// One thing that follows from a reaction.
public enum Consequence<Signal: Sendable>: Sendable {
  /// The slot gets the signal and must react, or the step does not exist.
  case signal(Signal, to: Int)
  /// The guard of this position among ``ComponentSystem/guards`` holds, or the step does not exist.
  case require(guard: Int)
}

/// Marks of a step that a system chooses for itself, such as "a fault" or "a new operation".
public struct StepTags: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  @inlinable
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }
}
