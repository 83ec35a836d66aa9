/// A run from an initial world, step by step.
public struct SearchTrace<System: ComponentSystem>: Sendable {
  public var start: [System.Component]
  public var steps: [Step]

  /// One transition.
  public struct Step: Sendable {
    /// The action and all reactions, in the order in which they happened; enough to do the step
    /// again by asking the system.
    public var parts: [Part]
    /// The world afterwards.
    public var world: [System.Component]

    public var tags: StepTags { parts.reduce([]) { $0.union($1.tags) } }
  }

  /// One slot's share of a step.
  public struct Part: Sendable {
    public var slot: Int
    public var before: System.Component
    /// `nil`: the action that the step begins with.
    public var signal: System.Signal?
    /// The position among the answers of the system.
    public var choice: Int
    public var after: System.Component
    public var tags: StepTags
  }
}
