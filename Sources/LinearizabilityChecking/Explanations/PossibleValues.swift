/// Which values an operation on a single value may have found instead of what it found, given
/// everything before its return: what remains to be said where no few operations conflict.
struct PossibleValues {
  /// The operation whose answer is impossible.
  let operation: Int32
  /// What may have been there while it ran; ids of values, in the order of their first writes.
  let values: [Int32]

  /// More different values say nothing to people, and each costs a check.
  private static let valueLimit = 16

  /// `nil` if the operation does not tell a single value, if there are many, or if the budget does
  /// not suffice.
  init?(
    _ history: RecordedHistory, _ prefix: LinearizablePrefix, _ budget: inout ExplanationBudget
  ) {
    guard [.register, .casRegister, .keyValue].contains(history.model), prefix.isExact,
      let operation = prefix.operation, history.operations[Int(operation)].outcome == .ok
    else { return nil }
    let asked = history.operations[Int(operation)]
    guard asked.kind == .read || asked.kind == .compareAndSwap else { return nil }
    var before = history.prefix(prefix.illegalEvent + 1)
    before.hint = []
    let kept = before.operations.indices.filter { before.operations[$0].key == asked.key }
    guard let place = kept.firstIndex(of: Int(operation)) else { return nil }
    before.operations = kept.map { before.operations[$0] }
    guard !before.operations.contains(where: { $0.kind == .append }) else { return nil }
    var candidates = [history.initialValue]
    for update in before.operations where update.argument >= 0 {
      if !candidates.contains(update.argument) { candidates.append(update.argument) }
      if candidates.count > Self.valueLimit { return nil }
    }
    var found: [Int32] = []
    for value in candidates {
      before.operations[place] = Self.answered(asked, value)
      guard let isPossible = Self.isLinearizable(before, &budget) else { return nil }
      if isPossible { found.append(value) }
    }
    guard !found.isEmpty else { return nil }
    self.operation = operation
    values = found
  }

  /// The operation as if it had found that value.
  private static func answered(_ asked: RecordedOperation, _ value: Int32) -> RecordedOperation {
    var other = asked
    if asked.kind == .compareAndSwap, asked.result == 1 {
      other.expected = value
      other.resultCount = -1
    } else {
      other.kind = .read
      other.argument = -1
      other.expected = -1
      other.result = value
      other.resultCount = -1
    }
    return other
  }

  private static func isLinearizable(
    _ history: RecordedHistory, _ budget: inout ExplanationBudget
  ) -> Bool? {
    guard budget.allows(history.operations.count) else { return nil }
    var checker = HistoryChecker(limit: budget.configurations)
    let checked = checker.check(history)
    budget.spend(checked.explored, history.operations.count)
    switch checked.verdict {
    case .linearizable: return true
    case .violation: return false
    case .undecided: return nil
    }
  }
}
