/// Decides whether a recorded history is linearizable.
///
/// It splits the history by key and decides each part in the cheapest way that applies: by the
/// theory of its object, or by the search.
///
/// A checker keeps its working storage: check many histories with one checker. The answer depends
/// on the history and the limit alone.
public struct HistoryChecker: Sendable {
  /// How many configurations the searches of one check may try in all.
  public var limit: Int

  private var partitioning = RecordedPartitioning()

  /// A checker whose searches give up after `limit` configurations.
  public init(limit: Int = 10_000_000) {
    self.limit = limit
  }

  /// Checks one history. An empty one is linearizable. Operations must stand in the order of their
  /// calls, and calls and returns must be distinct moments.
  public mutating func check(_ history: RecordedHistory) -> CheckedHistory {
    partitioning.split(history)
    let initial = history.initialValue
    switch history.model {
    case .register, .casRegister: return check(history, RecordedRegister(initialValue: initial))
    case .keyValue:
      return check(history, RecordedText(values: history.values, initialValue: initial))
    case .listAppend: return check(history, RecordedList())
    case .block: return check(history, RecordedBlocks(initialValue: initial))
    case .fifoQueue: return check(history, RecordedQueue())
    case .set: return check(history, RecordedSet())
    case .mutex: return check(history, RecordedMutex())
    }
  }

  private func check<S: SequentialSpecification>(
    _ history: RecordedHistory, _ specification: S
  ) -> CheckedHistory where S.Operation == RecordedOperation, S.Response == RecordedAnswer {
    var search = RecordedSearch(specification, limit: limit)
    var orders = WitnessMerge()
    var answer = CheckedHistory(
      verdict: .linearizable(witness: []), partitions: [], explored: 0)
    var isUndecided = false
    for part in partitioning.parts {
      var checked = CheckedPartition(
        keys: part.keys, operationCount: part.members.count, decidedBy: .search)
      switch search.run(partitioning.members[part.members], part.keys, history) {
      case .explained(let order): orders.append(order, history)
      case .unexplained(let prefix, let unexplained):
        answer.partitions.append(checked)
        answer.explored = search.explored
        answer.verdict = .violation(
          ViolationCertificate(
            keys: part.keys, reason: .exhausted(explained: prefix, unexplained: unexplained)))
        return answer
      case .limitReached:
        checked.decidedBy = .undecided
        isUndecided = true
      }
      answer.partitions.append(checked)
    }
    answer.explored = search.explored
    answer.verdict =
      isUndecided
      ? .undecided(explored: search.explored)
      : .linearizable(witness: orders.merged())
    return answer
  }
}
