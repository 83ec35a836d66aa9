/// Decides whether a recorded history is linearizable.
///
/// It splits the history by key and decides each part in the cheapest way that applies: by the
/// theory of its object, or by the search. All theories come before all searches, so a violation
/// that needs no search is found without one.
///
/// A checker keeps its working storage: check many histories with one checker. The answer depends
/// on the history and the limit alone.
public struct HistoryChecker: Sendable {
  /// How many configurations the searches of one check may try in all.
  public var limit: Int

  private var partitioning = RecordedPartitioning()
  private var fastPaths = FastPaths()
  private var checked: [CheckedPartition] = []
  private var merge = WitnessMerge()
  private var order: [Int32] = []

  /// A checker whose searches give up after `limit` configurations.
  public init(limit: Int = 10_000_000) {
    self.limit = limit
  }

  /// Checks one history. An empty one is linearizable. Operations must stand in the order of their
  /// calls, and calls and returns must be distinct moments.
  public mutating func check(_ history: RecordedHistory) -> CheckedHistory {
    partitioning.split(history)
    fastPaths.begin(history)
    merge.removeAll()
    checked.removeAll(keepingCapacity: true)
    var undecided: [Int] = []
    for number in partitioning.parts.indices {
      let part = partitioning.parts[number]
      let members = partitioning.members[part.members]
      checked.append(
        CheckedPartition(
          keys: part.keys, operationCount: members.count, decidedBy: .fastPath))
      order.removeAll(keepingCapacity: true)
      switch fastPaths.decide(members, history, order: &order) {
      case .ordered: merge.append(order, history)
      case .notCovered:
        checked[number].decidedBy = .undecided
        undecided.append(number)
      case .violation(let reason):
        let name = { (place: Int32) in members[members.startIndex + Int(place)] }
        let certificate = ViolationCertificate(
          keys: part.keys, reason: reason.mapped(name),
          support: fastPaths.support(of: reason).map(name))
        return violation(certificate, explored: 0)
      }
    }
    return search(undecided, history)
  }

  private func violation(_ certificate: ViolationCertificate, explored: Int) -> CheckedHistory {
    CheckedHistory(verdict: .violation(certificate), partitions: checked, explored: explored)
  }

  private mutating func search(_ numbers: [Int], _ history: RecordedHistory) -> CheckedHistory {
    var searches = RecordedSearches(history, limit: limit)
    var isUndecided = false
    for number in numbers {
      let part = partitioning.parts[number]
      switch searches.run(partitioning.members[part.members], part.keys) {
      case .explained(let order):
        merge.append(order, history)
        checked[number].decidedBy = .search
      case .limitReached: isUndecided = true
      case .unexplained(let prefix, let unexplained):
        checked[number].decidedBy = .search
        let certificate = ViolationCertificate(
          keys: part.keys, reason: .exhausted(explained: prefix, unexplained: unexplained))
        return violation(certificate, explored: searches.explored)
      }
    }
    let verdict: HistoryVerdict =
      isUndecided
      ? .undecided(explored: searches.explored) : .linearizable(witness: merge.merged())
    return CheckedHistory(verdict: verdict, partitions: checked, explored: searches.explored)
  }
}
