/// Explains why a history is not linearizable.
///
/// It first looks for the longest linearizable prefix, then for a minimal conflict in the prefix
/// that is one event longer. Both take a bounded number of checks; an answer that the budget did
/// not suffice to prove says so. The explanation depends on the history and the limits alone.
public struct HistoryExplainer: Sendable {
  /// How many configurations the searches of one explanation may try in all; up to ten times as
  /// many if the check itself took long, because the prefix takes as many checks as halves.
  public var limit: Int
  /// How many operations the histories that are checked for one explanation may have together; at
  /// least eight times the history is always allowed.
  public var operationLimit = 5_000_000
  /// Whether the sentence tells whose operations they are.
  public var namesProcesses = false

  /// An explainer whose searches give up after `limit` configurations.
  public init(limit: Int = 2_000_000) {
    self.limit = limit
  }

  /// The explanation of a violation that ``HistoryChecker`` found; `nil` for other verdicts.
  public func explain(
    _ history: RecordedHistory, _ checked: CheckedHistory
  ) -> ViolationExplanation? {
    guard case .violation(let certificate) = checked.verdict else { return nil }
    let budget = ExplanationBudget(
      configurations: max(limit, min(32 * checked.explored, 10 * limit)),
      operations: max(operationLimit, 8 * history.operations.count))
    var prefixes = PrefixSearch(history, HistoryChecker(), budget)
    let found = prefixes.run(certificate)
    var reduction = ConflictReduction(found.budget)
    var conflict = conflict(found, history, &reduction)
    if !conflict.isMinimal {
      var rest = ExplanationBudget(
        configurations: budget.configurations, operations: budget.operations)
      conflict.possible = PossibleValues(history, found.prefix, &rest)
    }
    return ViolationExplanation(
      history, found.prefix, conflict, namesProcesses: namesProcesses)
  }

  /// A conflict among the operations that the prefix decided on.
  private func conflict(
    _ found: PrefixSearch.Found, _ history: RecordedHistory, _ reduction: inout ConflictReduction
  ) -> ConflictReduction.Found {
    if let stale = staleAnswer(found, history, &reduction) { return stale }
    let named = found.certificate.operations.filter {
      history.operations[Int($0)].outcome == .ok && history.takesPart(Int($0))
    }
    if case .exhausted = found.certificate.reason {
      // Names what could be explained, which says little.
    } else if named.count <= 64 {
      let weakened = WeakenedHistory(history, to: named)
      if reduction.conflicts(weakened, weakened.isMember) == true {
        return reduction.reduce(weakened, weakened.isMember)
      }
    }
    let all = operations(of: found, history)
    if let (weakened, isMember) = reduction.latest(of: all, in: history) {
      return reduction.reduce(weakened, isMember)
    }
    let weakened = WeakenedHistory(history, to: all)
    return ConflictReduction.Found(
      weakened: weakened, isMember: weakened.isMember, isMinimal: false)
  }

  /// The conflict of an answer that everybody had replaced, if the prefix ends with one.
  private func staleAnswer(
    _ found: PrefixSearch.Found, _ history: RecordedHistory, _ reduction: inout ConflictReduction
  ) -> ConflictReduction.Found? {
    guard let operation = found.prefix.operation,
      let stale = StaleAnswer(history, answering: operation)
    else { return nil }
    let weakened = WeakenedHistory(history, to: stale.operations)
    var conflict = ConflictReduction.Found(
      weakened: weakened, isMember: weakened.isMember,
      isMinimal: stale.isMinimal && found.prefix.isExact)
    if !conflict.isMinimal { conflict = reduction.reduce(weakened, weakened.isMember) }
    // Of a value that was written once a check tells more simply.
    if conflict.isMember == weakened.isMember, stale.writers.count > 1 { conflict.stale = stale }
    return conflict
  }

  /// What returned by the end of the prefix in the part that the conflict is in.
  private func operations(
    of found: PrefixSearch.Found, _ history: RecordedHistory
  ) -> [Int32] {
    let prefix = history.prefix(min(Int(history.eventCount), found.prefix.illegalEvent + 1))
    var partitioning = RecordedPartitioning()
    partitioning.split(prefix)
    let anchor: Int32
    if case .exhausted(_, let unexplained) = found.certificate.reason {
      anchor = unexplained
    } else {
      anchor = found.certificate.operations.first ?? 0
    }
    let part = partitioning.parts.first { partitioning.members[$0.members].contains(anchor) }
    let members = part.map { Array(partitioning.members[$0.members]) } ?? []
    return members.filter { prefix.operations[Int($0)].outcome == .ok }
  }
}

/// Why a history is not linearizable, for people.
public struct ViolationExplanation: Hashable, Sendable {
  /// The operations that contradict each other, as indices by call, ascending.
  ///
  /// No order explains them together, whatever became of all others: as if updates outside had
  /// unknown outcomes and reads outside had not been made.
  public var conflict: [Int32]
  /// Whether it was shown that any of them can be left out only at the price of the contradiction:
  /// the others could be explained then.
  public var isMinimal: Bool
  /// Updates that are not part of the conflict (only their call matters, not their return), but
  /// wrote the values that it is about; ascending.
  public var sources: [Int32]
  /// The longest prefix that is linearizable.
  public var prefix: LinearizablePrefix
  /// What contradicts what, in one sentence without a full stop.
  public var sentence: String

  init(
    _ history: RecordedHistory, _ prefix: LinearizablePrefix, _ found: ConflictReduction.Found,
    namesProcesses: Bool
  ) {
    let (weaker, places) = found.weakened.weakened(to: found.isMember)
    let names = places.map { found.weakened.originals[$0] }
    let isMember = places.map { found.isMember[$0] }
    conflict = names.indices.filter { isMember[$0] }.map { names[$0] }
    isMinimal = found.isMinimal
    self.prefix = prefix
    var conflict = MinimalConflict(
      weaker, names: names, isMember: isMember, in: history, namesProcesses: namesProcesses)
    if let stale = found.stale {
      let indexed = names.enumerated().map { ($0.element, Int32($0.offset)) }
      let places = Dictionary(uniqueKeysWithValues: indexed)
      conflict.reason = stale.reason { places[$0] }
    }
    conflict.possible = found.possible
    sources = conflict.sources.map { names[$0] }
    sentence = conflict.sentence
  }
}
