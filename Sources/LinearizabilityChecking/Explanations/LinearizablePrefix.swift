/// The longest prefix of an illegal history that is linearizable.
///
/// In a prefix an operation that returns later is open: it may have taken effect or not. Prefixes
/// of linearizable histories are linearizable, so there is one event that makes the difference.
public struct LinearizablePrefix: Hashable, Sendable {
  /// So many events (calls, returns, remarks) from the beginning were shown to be linearizable.
  public var eventCount: Int
  /// The event with this index, counted from 0, makes the prefix that ends with it illegal, as was
  /// shown. The longest linearizable prefix is known exactly if this is ``eventCount``.
  public var illegalEvent: Int
  /// The operation whose return (or known failure) that event is; `nil` if it is not one's.
  public var operation: Int32?

  /// Whether no longer prefix is linearizable.
  public var isExact: Bool { eventCount == illegalEvent }
}

/// Looks for the event that makes a history illegal: a few checks of prefixes, first those to which
/// the conflicts found point, then ever longer ones from the beginning, then halves.
struct PrefixSearch {
  private let history: RecordedHistory
  private var checker: HistoryChecker
  private var budget: ExplanationBudget
  /// Moments at which operations returned or failed, ascending, with the operation.
  private var ends: [(moment: Int32, operation: Int32)] = []

  /// What was found: the prefix, and the conflict of the shortest illegal prefix that was met.
  struct Found {
    var prefix: LinearizablePrefix
    var certificate: ViolationCertificate
    var budget: ExplanationBudget
  }

  init(_ history: RecordedHistory, _ checker: HistoryChecker, _ budget: ExplanationBudget) {
    self.history = history
    self.checker = checker
    self.budget = budget
    for (index, operation) in history.operations.enumerated()
    where operation.outcome != .unknown && operation.returned < .max {
      ends.append((operation.returned, Int32(index)))
    }
    ends.sort { $0.moment < $1.moment }
  }

  private enum Test {
    case linearizable
    case violation(ViolationCertificate)
    case undecided
  }

  /// - Parameter certificate: what the check of the whole history said.
  mutating func run(_ certificate: ViolationCertificate) -> Found {
    // Prefixes end behind one of the ends: those up to `low` are linearizable, from `high` on they
    // are not.
    var low = -1
    var high = ends.count - 1
    var conflict = certificate
    // How often the conflicts found may still be followed.
    var trust = 3
    var step = 64
    while high - low > 1 {
      var guess = (low + high) / 2
      let isGuided = trust > 0
      if isGuided {
        let latest = place(endOf: conflict)
        guess = latest < high && latest > low ? latest : high - 1
      } else if step > low, step < high {
        guess = step
      }
      if guess == step { step *= 2 }
      switch test(guess) {
      case .linearizable:
        low = guess
        // The conflict needs more than it names.
        if isGuided { trust = 0 }
      case .violation(let found):
        // Another conflict comes before the one that was followed; or half of the rest is gone.
        trust = isGuided ? trust - 1 : 2
        high = guess
        conflict = found
      case .undecided:
        return found(low, high, conflict)
      }
    }
    return found(low, high, conflict)
  }

  private func found(_ low: Int, _ high: Int, _ conflict: ViolationCertificate) -> Found {
    // Behind the last end that is linearizable come calls up to the next one.
    let shown = low + 1 < ends.count ? Int(ends[low + 1].moment) : Int(history.eventCount)
    let illegal = high >= 0 ? Int(ends[high].moment) : Int(history.eventCount)
    return Found(
      prefix: LinearizablePrefix(
        eventCount: shown, illegalEvent: illegal,
        operation: high >= 0 ? ends[high].operation : nil),
      certificate: conflict, budget: budget)
  }

  /// The last end of an operation of a conflict, as far as these are the reason.
  private func place(endOf conflict: ViolationCertificate) -> Int {
    var latest: Int32 = -1
    if case .exhausted(_, let unexplained) = conflict.reason {
      latest = history.operations[Int(unexplained)].returned
    } else {
      for index in conflict.operations where history.operations[Int(index)].outcome == .ok {
        latest = max(latest, history.operations[Int(index)].returned)
      }
    }
    var (start, end) = (0, ends.count - 1)
    while start < end {
      let middle = (start + end) / 2
      if ends[middle].moment < latest { start = middle + 1 } else { end = middle }
    }
    return start
  }

  private mutating func test(_ end: Int) -> Test {
    let prefix = history.prefix(Int(ends[end].moment) + 1)
    guard budget.allows(prefix.operations.count) else { return .undecided }
    checker.limit = budget.configurations
    let checked = checker.check(prefix)
    budget.spend(checked.explored, prefix.operations.count)
    switch checked.verdict {
    case .linearizable: return .linearizable
    case .violation(let certificate): return .violation(certificate)
    case .undecided: return .undecided
    }
  }
}

extension RecordedHistory {
  /// The first `count` events: what returns (or fails) later is open.
  func prefix(_ count: Int) -> RecordedHistory {
    var prefix = self
    var (start, end) = (0, operations.count)
    while start < end {
      let middle = (start + end) / 2
      if operations[middle].call < count { start = middle + 1 } else { end = middle }
    }
    prefix.operations.removeSubrange(start...)
    for index in prefix.operations.indices where prefix.operations[index].returned < .max {
      guard prefix.operations[index].returned >= count else { continue }
      prefix.operations[index].outcome = .unknown
      prefix.operations[index].returned = .max
      prefix.operations[index].result = -1
      prefix.operations[index].resultCount = -1
    }
    prefix.remarks.removeAll { $0.moment >= count }
    prefix.eventCount = Int32(count)
    return prefix
  }
}

/// What the search for an explanation may still do.
struct ExplanationBudget {
  /// Configurations of searches.
  var configurations: Int
  /// Operations of histories to be checked, counted anew for each check.
  var operations: Int

  func allows(_ count: Int) -> Bool { configurations > 0 && operations >= count }

  mutating func spend(_ explored: Int, _ count: Int) {
    configurations -= explored
    operations -= count
  }
}
