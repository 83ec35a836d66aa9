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
  private var members: ArraySlice<Int32> = []
  private var keys = 0..<0
  /// Configurations tried so far.
  private(set) var explored = 0

  /// - Parameter usesTheory: whether anything but the specification may guide the searches.
  init(_ history: RecordedHistory, limit: Int, usesTheory: Bool) {
    self.history = history
    self.limit = limit
    self.usesTheory = usesTheory
  }

  /// Decides the part that consists of `members`, operation indices by call.
  mutating func decide(_ members: ArraySlice<Int32>, _ keys: Range<Int>) -> Answer {
    self.members = members
    self.keys = keys
    let history = history
    return history.withSpecification(of: members, &self)
  }
}

extension RecordedSearches: SpecificationUser {
  mutating func use<S: SequentialSpecification>(_ specification: S) -> Answer
  where S.Operation == RecordedOperation, S.Response == RecordedAnswer {
    if usesTheory, specification is any CellSpecification { return decideCells(specification) }
    let times = OperationTimes(members, history)
    if usesTheory {
      return search(specification, TwinOperations(members, history, times), times)
    }
    return search(specification, NoGuide(), times)
  }

  private mutating func search<S: SequentialSpecification, G: SearchGuide>(
    _ specification: S, _ guide: G, _ times: OperationTimes
  ) -> Answer where S.Operation == RecordedOperation, S.Response == RecordedAnswer {
    var search = RecordedSearch(specification, guide, limit: limit - explored)
    let outcome = search.run(members, keys, history, times)
    explored += search.explored
    switch outcome {
    case .explained(let order, _): return .ordered(order, .search)
    case .limitReached: return .limitReached
    case .unexplained(let prefix, let unexplained):
      return .violation(
        .exhausted(explained: prefix, unexplained: unexplained), support: [], .search)
    }
  }

  private mutating func decideCells<S: SequentialSpecification>(
    _ specification: S
  ) -> Answer where S.Operation == RecordedOperation, S.Response == RecordedAnswer {
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
