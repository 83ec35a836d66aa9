/// How a search is carried out. Storage, threads, order and symmetry change neither verdict nor
/// length of a counterexample; symmetry changes the counts.
public struct SearchOptions: Sendable {
  /// How visited states are remembered.
  public enum Storage: String, Hashable, Sendable, CaseIterable {
    /// Two states are the same only if all their components are equal.
    case exact
    /// Two states count as the same if their 64-bit fingerprints are equal; with n states a state
    /// is lost with a probability of at most n(n-1)/2^65.
    case fingerprints
  }

  /// In which order the states of a level and the actions of a state are taken. The result is the
  /// same; a repetition in the other order confirms that it is.
  public enum Order: String, Hashable, Sendable, CaseIterable {
    case forward, backward
  }

  public var storage = Storage.exact
  public var order = Order.forward
  /// In `1...64`.
  public var threads = 1
  public var usesSymmetry = true
  public var budget = SearchBudget()
  /// Asks for the goals; `nil`: they are not looked at.
  public var progress: ProgressQuestion?

  public init() {}
}

/// What a search may spend. A search that would need more ends undecided.
public struct SearchBudget: Hashable, Sendable {
  /// States kept, at most 2^32 - 2.
  public var states: Int
  /// Bytes for states, tables, memos and components. Components count as
  /// ``componentBytes`` each.
  public var bytes: Int
  /// Levels that are expanded; states of the next one are found and counted.
  public var depth: Int
  /// What one component is taken to need, with its entry in the table of components.
  public var componentBytes: Int

  public init(
    states: Int = 4_000_000_000, bytes: Int = 4 << 30, depth: Int = .max,
    componentBytes: Int = 512
  ) {
    self.states = states
    self.bytes = bytes
    self.depth = depth
    self.componentBytes = componentBytes
  }
}

/// "From every reachable state, some continuation of allowed steps reaches each goal."
public struct ProgressQuestion: Hashable, Sendable {
  /// Steps with one of these tags do not count as continuation (faults, new operations).
  public var excluded: StepTags

  public init(excluding excluded: StepTags) {
    self.excluded = excluded
  }
}
