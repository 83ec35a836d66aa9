/// The searches of one history: which specification searches a part.
struct RecordedSearches {
  private let history: RecordedHistory
  private let limit: Int
  private(set) var explored = 0

  init(_ history: RecordedHistory, limit: Int) {
    self.history = history
    self.limit = limit
  }

  /// Searches the part that consists of `members`, operation indices by call.
  mutating func run(_ members: ArraySlice<Int32>, _ keys: Range<Int>) -> RecordedSearchOutcome {
    switch history.model {
    case .register, .casRegister:
      return run(RecordedRegister(initialValue: history.initialValue), members, keys)
    case .keyValue:
      // Without appends values are compared as ids.
      if !members.contains(where: { history.operations[Int($0)].kind == .append }) {
        return run(RecordedRegister(initialValue: history.initialValue), members, keys)
      }
      return run(
        RecordedText(values: history.values, initialValue: history.initialValue), members, keys)
    case .listAppend: return run(RecordedList(), members, keys)
    case .block: return run(RecordedBlocks(initialValue: history.initialValue), members, keys)
    case .fifoQueue: return run(RecordedQueue(), members, keys)
    case .set: return run(RecordedSet(), members, keys)
    case .mutex: return run(RecordedMutex(), members, keys)
    }
  }

  private mutating func run<S: SequentialSpecification>(
    _ specification: S, _ members: ArraySlice<Int32>, _ keys: Range<Int>
  ) -> RecordedSearchOutcome where S.Operation == RecordedOperation, S.Response == RecordedAnswer {
    var search = RecordedSearch(specification, limit: limit - explored)
    let outcome = search.run(members, keys, history)
    explored += search.explored
    return outcome
  }
}
