/// What ``HistoryChecker`` found out about one history.
public struct CheckedHistory: Sendable {
  /// Whether the history is linearizable, with the evidence.
  public var verdict: HistoryVerdict
  /// The parts that were checked apart, by ascending keys, and how each was decided. After a
  /// violation the parts that nobody looked at any more are missing.
  public var partitions: [CheckedPartition]
  /// Configurations that the search tried; 0 when it was not needed.
  public var explored: Int
}

/// Whether a recorded history is linearizable. Running out of budget is not a pass.
public enum HistoryVerdict: Hashable, Sendable {
  /// Some order of the operations explains every answer and respects real time. The witness lists
  /// operation indices in such an order: every completed operation once, and those of unknown
  /// outcome that took effect in it. Operations that take no part
  /// (``RecordedHistory/takesPart(_:)``) are absent.
  case linearizable(witness: [Int32])
  /// No order does.
  case violation(ViolationCertificate)
  /// The limit was reached first. `explored` counts the configurations tried.
  case undecided(explored: Int)

  /// Whether the history was shown to be linearizable.
  public var isLinearizable: Bool {
    if case .linearizable = self { return true }
    return false
  }
}

/// One part of a history that can be checked apart from the rest.
public struct CheckedPartition: Hashable, Sendable {
  /// Its keys: ids of ``RecordedHistory/keys``, for `block` the numbers of a run of blocks.
  public var keys: Range<Int>
  /// How many operations take part.
  public var operationCount: Int
  /// What gave the answer.
  public var decidedBy: DecisionMethod
}

/// The ways of deciding a partition.
public enum DecisionMethod: String, CaseIterable, Sendable {
  /// The order that came with the history was verified.
  case hint = "witness hint"
  /// The theory of its object, in near linear time.
  case fastPath = "fast path"
  /// The search for an order, within the limit.
  case search = "search"
  /// Nothing: the search reached its limit.
  case undecided = "undecided"
}
