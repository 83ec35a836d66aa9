/// Decides a part that consists of registers or blocks: bounds first, which find most violations
/// and leave little to choose, then a search between these bounds, guided by what values need.
///
/// Where every value that somebody saw has one writer the search hardly ever has to revise a
/// choice, and what it does is a greedy schedule in near linear time.
struct CellDecision {
  /// How the part was decided.
  enum Answer {
    /// In this order. `isGreedy`: no choice was revised, and the theory of unique values covers
    /// all.
    case ordered([Int32], isGreedy: Bool)
    case violation(ViolationCertificate.Reason, support: [Int32], isSearched: Bool)
    case limitReached
  }

  private var part = CellPart()
  private var bounds = CellBounds()
  private var closure = CellClosure()
  /// Configurations tried by the search.
  private(set) var explored = 0

  /// Decides the part that consists of `members`, operation indices by call, within the limit.
  mutating func decide<S: SequentialSpecification>(
    _ specification: S, _ members: ArraySlice<Int32>, _ keys: Range<Int>,
    _ history: RecordedHistory, limit: Int
  ) -> Answer where S.Operation == RecordedOperation, S.Response == RecordedAnswer {
    explored = 0
    let hasUnknown = members.contains { history.operations[Int($0)].outcome == .unknown }
    if hasUnknown {
      // Most unknown outcomes explain nothing that is not explained without them.
      let attempt = Self.attemptLimit(members.count, limit)
      let answer = decide(
        specification, members, keys, history, limit: attempt, isOptimistic: true)
      if case .ordered = answer, !part.hasVagueAnswers { return answer }
    }
    return decide(
      specification, members, keys, history, limit: limit - explored, isOptimistic: false)
  }

  /// What the search may try under assumptions that may turn out wrong.
  private static func attemptLimit(_ operationCount: Int, _ limit: Int) -> Int {
    min(limit / 2, 10_000 + 20 * operationCount)
  }

  private mutating func decide<S: SequentialSpecification>(
    _ specification: S, _ members: ArraySlice<Int32>, _ keys: Range<Int>,
    _ history: RecordedHistory, limit: Int, isOptimistic: Bool
  ) -> Answer where S.Operation == RecordedOperation, S.Response == RecordedAnswer {
    if let reason = part.load(members, keys, history, isOptimistic: isOptimistic) {
      return .violation(
        reason, support: part.support(of: reason.operations), isSearched: false)
    }
    if let reason = bounds.tighten(part) {
      let support = bounds.support()
      let others = part.support(of: reason.operations + support)
      return .violation(reason, support: support + others, isSearched: false)
    }
    if let pair = closure.close(part, bounds) {
      let reason = ViolationCertificate.Reason.cycle(
        [pair.first, pair.second], why: [.implied, .implied])
      return .violation(reason, support: (0..<Int32(part.count)).map { $0 }, isSearched: false)
    }
    let times = OperationTimes(
      earliest: bounds.earliest, latest: bounds.latest,
      isIncluded: (0..<part.count).map { part.matters($0) })
    let twins = TwinOperations(members, history, times)
    var search = RecordedSearch(
      specification, CellGuide(part, bounds, closure, twins), limit: limit)
    let outcome = search.run(members, keys, history, times)
    explored += search.explored
    switch outcome {
    case .explained(let order, let hasBacktracked):
      return .ordered(order, isGreedy: part.isUnique && !hasBacktracked)
    case .limitReached: return .limitReached
    case .unexplained(let prefix, let unexplained):
      return .violation(
        .exhausted(explained: prefix, unexplained: unexplained), support: [], isSearched: true)
    }
  }
}
