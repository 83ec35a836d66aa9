/// What a power loss does to the micro-operations that are not durable. Every outcome is a closed
/// set: it contains whatever its members require.
public enum CrashOutcome: Hashable, Sendable {
  /// Everything that is not durable is lost.
  case losingAll
  /// Nothing is lost.
  case keepingAll
  /// Kept are the micro-operations at these places of ``VirtualDisk/pendingMicroOperations``, in
  /// any order; the rest is lost.
  case keeping([Int])
}

/// Why an outcome cannot be.
public enum CrashOutcomeError: Error, Hashable, Sendable {
  /// There is no pending micro-operation at that place.
  case unknown(Int)
  /// The micro-operation at the first place is kept although the one at the second, which persists
  /// before it, is lost.
  case notClosed(kept: Int, lost: Int)
}

extension CrashOutcome {
  /// How an outcome is drawn; the first decision of a drawing is a place in this list. Every closed
  /// set can be drawn by `coins`; the others make likely what bugs hang on.
  enum Style: CaseIterable {
    case losingAll
    case keepingAll
    /// The oldest ones are kept.
    case prefix
    /// One is lost, with what requires it.
    case losingOne
    /// A coin for each file and each directory entry's directory: whole files or directories lag.
    case groups
    /// A coin for each micro-operation whose requirements are kept.
    case coins
  }

  /// An outcome for the pending micro-operations, drawn by `choose`, which is given the number of
  /// possibilities (at least 2) and answers one in `0..<count`; other answers count as 0. The same
  /// answers give the same outcome. The number of decisions is at most one more than that of the
  /// micro-operations, and none if there are none.
  static func drawn(
    for pending: [MicroOperation], choose: (Int) -> Int
  ) -> CrashOutcome {
    if pending.isEmpty { return .losingAll }
    func decide(_ count: Int) -> Int {
      if count < 2 { return 0 }
      let answer = choose(count)
      return answer >= 0 && answer < count ? answer : 0
    }
    switch Style.allCases[decide(Style.allCases.count)] {
    case .losingAll: return .losingAll
    case .keepingAll: return .keepingAll
    case .prefix: return .keeping(Array(0..<decide(pending.count + 1)))
    case .losingOne:
      let lost = decide(pending.count)
      return closed(pending) { $0 != lost }
    case .groups:
      var coins: [Int: Bool] = [:]
      return closed(pending) { place in
        let group = pending[place].group
        if let coin = coins[group] { return coin }
        let coin = decide(2) == 1
        coins[group] = coin
        return coin
      }
    case .coins:
      return closed(pending) { _ in decide(2) == 1 }
    }
  }

  /// Keeps, in order, what requires nothing lost and is wanted; `wants` is not asked in vain.
  private static func closed(
    _ pending: [MicroOperation], wants: (Int) -> Bool
  ) -> CrashOutcome {
    var kept: [Int] = []
    var lost = Set<Int>()
    for (place, operation) in pending.enumerated() {
      if operation.requires.allSatisfy({ !lost.contains($0) }), wants(place) {
        kept.append(place)
      } else {
        lost.insert(operation.serial)
      }
    }
    return .keeping(kept)
  }
}

extension MicroOperation {
  /// The file, or the directory of the new entry, that this changes.
  fileprivate var group: Int {
    change.file ?? change.slots.last?.directory ?? 0
  }
}
