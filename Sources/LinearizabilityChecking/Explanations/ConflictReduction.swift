/// Takes operations out of a conflicting set until no more can go.
struct ConflictReduction {
  private var checker = HistoryChecker()
  private(set) var budget: ExplanationBudget
  /// Configurations that one check may try: hopeless ones must not use up what others need.
  private let checkLimit: Int

  /// A conflicting set, and the history weakened to it.
  struct Found {
    var weakened: WeakenedHistory
    /// By place in the extract.
    var isMember: [Bool]
    /// Whether it was shown that none of them can go.
    var isMinimal: Bool
    /// What they contradict each other about, if that is known already.
    var stale: StaleAnswer?
    /// What the last operation may have found instead, if the set is too large to speak of.
    var possible: PossibleValues?
  }

  init(_ budget: ExplanationBudget) {
    self.budget = budget
    checkLimit = budget.configurations / 100
  }

  /// Whether the operations conflict; `nil` if the budget does not suffice.
  mutating func conflicts(_ weakened: WeakenedHistory, _ subset: [Bool]) -> Bool? {
    // To weaken the history takes a pass over the extract, whatever is left of it.
    guard budget.allows(subset.count) else { return nil }
    let weaker = weakened.weakened(to: subset).history
    guard budget.allows(weaker.operations.count) else { return nil }
    checker.limit = min(
      budget.configurations, checkLimit + 5_000 + 20 * weaker.operations.count)
    let checked = checker.check(weaker)
    budget.spend(checked.explored, subset.count + 16)
    switch checked.verdict {
    case .linearizable: return false
    case .violation: return true
    case .undecided: return nil
    }
  }

  /// A conflicting set among `operations` of the history: of those that returned last as few as
  /// suffice, doubling. `nil` if none was shown to conflict.
  mutating func latest(
    of operations: [Int32], in history: RecordedHistory
  ) -> (weakened: WeakenedHistory, isMember: [Bool])? {
    let byReturn = operations.sorted {
      history.operations[Int($0)].returned > history.operations[Int($1)].returned
    }
    var count = 8
    while true {
      let weakened = WeakenedHistory(history, to: Array(byReturn.prefix(count)))
      if conflicts(weakened, weakened.isMember) == true { return (weakened, weakened.isMember) }
      if count >= byReturn.count || budget.operations <= 0 { return nil }
      count *= 2
    }
  }

  /// Reduces a conflicting set. Whole chunks go first, then single operations, in several orders if
  /// the set is small: the smallest result counts, of equals the first.
  mutating func reduce(_ weakened: WeakenedHistory, _ isMember: [Bool]) -> Found {
    var set = isMember
    var size = set.count { $0 } / 2
    while size > 1 {
      removeChunks(of: size, weakened, &set)
      size = min(size / 2, set.count { $0 } / 2)
    }
    let count = set.count { $0 }
    var best: Found?
    for order in orders(weakened, set).prefix(count <= 24 ? 3 : 1) {
      var smaller = set
      let isMinimal = removeSingles(in: order, weakened, &smaller)
      let found = Found(weakened: weakened, isMember: smaller, isMinimal: isMinimal)
      if best.map({ found.isBetter(than: $0) }) ?? true { best = found }
    }
    return best ?? Found(weakened: weakened, isMember: set, isMinimal: false)
  }

  /// Orders in which single operations are tried: reads before updates, by call, updates before
  /// reads.
  private func orders(_ weakened: WeakenedHistory, _ set: [Bool]) -> [[Int]] {
    let members = set.indices.filter { set[$0] }
    let reads = members.filter { weakened.extract.leavesStateAlone($0) }
    let updates = members.filter { !weakened.extract.leavesStateAlone($0) }
    return [reads + updates, members, updates + reads]
  }

  private mutating func removeChunks(
    of size: Int, _ weakened: WeakenedHistory, _ set: inout [Bool]
  ) {
    var members = set.indices.filter { set[$0] }
    var start = 0
    while start < members.count {
      let end = min(start + size, members.count)
      var smaller = set
      for place in members[start..<end] { smaller[place] = false }
      if conflicts(weakened, smaller) == true {
        set = smaller
        members.removeSubrange(start..<end)
      } else {
        start = end
      }
    }
  }

  /// Since larger sets conflict as well, an operation that could not go once never can.
  /// - Returns: whether it was shown of each that is left that it cannot go.
  private mutating func removeSingles(
    in order: [Int], _ weakened: WeakenedHistory, _ set: inout [Bool]
  ) -> Bool {
    var isMinimal = true
    for place in order {
      var smaller = set
      smaller[place] = false
      switch conflicts(weakened, smaller) {
      case true?: set = smaller
      case false?: break
      case nil: isMinimal = false
      }
    }
    return isMinimal
  }
}

extension ConflictReduction.Found {
  fileprivate func isBetter(than other: Self) -> Bool {
    if isMinimal != other.isMinimal { return isMinimal }
    return isMember.count { $0 } < other.isMember.count { $0 }
  }
}
