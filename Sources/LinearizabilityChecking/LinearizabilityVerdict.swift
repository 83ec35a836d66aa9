/// Whether a history is linearizable. Three answers: running out of budget is not a pass.
public enum LinearizabilityVerdict: Hashable, Sendable {
  /// Some order of the operations explains every answer and respects real time.
  ///
  /// The witness lists operation indices in such an order: every completed operation once, and
  /// those of unknown outcome that took effect in it. Failed operations and reads of unknown
  /// outcome are absent.
  case linearizable(witness: [Int])
  /// No order does.
  case violation(Conflict)
  /// The limit was reached first. `explored` counts the configurations tried.
  case undecided(explored: Int)

  /// Whether the history was shown to be linearizable.
  public var isLinearizable: Bool {
    if case .linearizable = self { return true }
    return false
  }
}

/// Where a history stops being linearizable.
public struct Conflict: Hashable, Sendable {
  /// The keys of the partition that has no explanation, as numbered by the specification.
  public var keys: Range<Int>
  /// The operations of that partition, by call. Failed ones and reads of unknown outcome are
  /// left out.
  public var operations: [Int]
  /// The longest explanation met: operations in an order that explains every return of the
  /// partition before the return of ``unexplained``.
  public var prefix: [Int]
  /// The operation whose return no order explains: every search path stopped at its return or
  /// before.
  public var unexplained: Int

  /// A conflict with these parts; checks make them, and tests write down what they expect.
  public init(keys: Range<Int>, operations: [Int], prefix: [Int], unexplained: Int) {
    self.keys = keys
    self.operations = operations
    self.prefix = prefix
    self.unexplained = unexplained
  }
}
