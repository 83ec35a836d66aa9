/// Decides the parts of one history that the fast paths leave, each with what its object allows.
struct RecordedSearches {
  /// How a part was decided. Operations are numbered by their place in the part.
  enum Answer {
    case ordered([Int32], DecisionMethod)
    case violation(ViolationCertificate.Reason, support: [Int32], DecisionMethod)
    case limitReached
  }

  private let history: RecordedHistory
  private let limit: Int
  private let usesTheory: Bool
  private var cells = CellDecision()
  /// Configurations tried so far.
  private(set) var explored = 0

  init(_ history: RecordedHistory, limit: Int, usesTheory: Bool) {
    self.history = history
    self.limit = limit
    self.usesTheory = usesTheory
  }

  /// Decides the part that consists of `members`, operation indices by call.
  mutating func decide(_ members: ArraySlice<Int32>, _ keys: Range<Int>) -> Answer {
    let initial = history.initialValue
    switch history.model {
    case .register, .casRegister:
      return decideCells(RecordedRegister(initialValue: initial), members, keys)
    case .keyValue:
      // Without appends values are compared as ids.
      if !members.contains(where: { history.operations[Int($0)].kind == .append }) {
        return decideCells(RecordedRegister(initialValue: initial), members, keys)
      }
      return search(RecordedText(values: history.values, initialValue: initial), members, keys)
    case .listAppend: return search(RecordedList(), members, keys)
    case .block: return decideCells(RecordedBlocks(initialValue: initial), members, keys)
    case .fifoQueue: return search(RecordedQueue(), members, keys)
    case .set: return search(RecordedSet(), members, keys)
    case .mutex: return search(RecordedMutex(), members, keys)
    }
  }

  private mutating func search<S: SequentialSpecification>(
    _ specification: S, _ members: ArraySlice<Int32>, _ keys: Range<Int>
  ) -> Answer where S.Operation == RecordedOperation, S.Response == RecordedAnswer {
    let times = OperationTimes(members, history)
    let outcome: RecordedSearchOutcome
    if usesTheory {
      let twins = TwinOperations(members, history, times)
      var search = RecordedSearch(specification, twins, limit: limit - explored)
      outcome = search.run(members, keys, history, times)
      explored += search.explored
    } else {
      var search = RecordedSearch(specification, NoGuide(), limit: limit - explored)
      outcome = search.run(members, keys, history, times)
      explored += search.explored
    }
    switch outcome {
    case .explained(let order, _): return .ordered(order, .search)
    case .limitReached: return .limitReached
    case .unexplained(let prefix, let unexplained):
      return .violation(
        .exhausted(explained: prefix, unexplained: unexplained), support: [], .search)
    }
  }

  private mutating func decideCells<S: SequentialSpecification>(
    _ specification: S, _ members: ArraySlice<Int32>, _ keys: Range<Int>
  ) -> Answer where S.Operation == RecordedOperation, S.Response == RecordedAnswer {
    if !usesTheory { return search(specification, members, keys) }
    let answer = cells.decide(specification, members, keys, history, limit: limit - explored)
    explored += cells.explored
    switch answer {
    case .ordered(let order, let isGreedy): return .ordered(order, isGreedy ? .fastPath : .search)
    case .violation(let reason, let support, let isSearched):
      return .violation(reason, support: support, isSearched ? .search : .fastPath)
    case .limitReached: return .limitReached
    }
  }
}
