/// Decides whether a recorded history is linearizable.
///
/// It splits the history by key and decides each part in the cheapest way that applies: by the
/// theory of its object, by verifying the hint that came with it, or by the search. All theories
/// come before all searches, so a violation that needs no search is found without one.
///
/// A checker keeps its working storage: check many histories with one checker. The answer depends
/// on the history and the limit alone.
public struct HistoryChecker: Sendable {
  /// How many configurations the searches of one check may try in all.
  public var limit: Int

  /// Whether theories and hints may decide; otherwise everything is searched, without what values
  /// say about the order. For comparisons.
  public var usesTheory = true

  private var partitioning = RecordedPartitioning()
  private var hints = HintsByPart()
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
    if usesTheory {
      hints.split(history, partitioning)
      fastPaths.begin(history)
    }
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
      switch usesTheory ? fastPaths.decide(members, history, order: &order) : .notCovered {
      case .ordered: merge.append(order, history)
      case .notCovered:
        if let hinted = hintedOrder(of: number, members, history) {
          checked[number].decidedBy = .hint
          merge.append(hinted, history)
        } else {
          checked[number].decidedBy = .undecided
          undecided.append(number)
        }
      case .violation(let reason):
        return violation(
          reason, support: fastPaths.support(of: reason), part, members, explored: 0)
      }
    }
    return search(undecided, history)
  }

  /// The order that came with the history, if it explains the part.
  private func hintedOrder(
    of number: Int, _ members: ArraySlice<Int32>, _ history: RecordedHistory
  ) -> [Int32]? {
    guard usesTheory, let updates = hints.updates(of: number) else { return nil }
    var verification = HintVerification(
      members: members, keys: partitioning.parts[number].keys, history: history, updates: updates)
    let places = history.withSpecification(of: members, &verification)
    return places?.map { members[members.startIndex + Int($0)] }
  }

  /// The answer for a part that has no explanation. Operations are numbered by their place in it.
  private func violation(
    _ reason: ViolationCertificate.Reason, support: [Int32], _ part: RecordedPartitioning.Part,
    _ members: ArraySlice<Int32>, explored: Int
  ) -> CheckedHistory {
    let name = { (place: Int32) in members[members.startIndex + Int(place)] }
    let certificate = ViolationCertificate(
      keys: part.keys, reason: reason.mapped(name), support: support.map(name))
    return CheckedHistory(
      verdict: .violation(certificate), partitions: checked, explored: explored)
  }

  private mutating func search(_ numbers: [Int], _ history: RecordedHistory) -> CheckedHistory {
    var searches = RecordedSearches(history, limit: limit, usesTheory: usesTheory)
    var isUndecided = false
    for number in numbers {
      let part = partitioning.parts[number]
      let members = partitioning.members[part.members]
      switch searches.decide(members, part.keys) {
      case .ordered(let places, let method):
        checked[number].decidedBy = method
        merge.append(places.map { members[members.startIndex + Int($0)] }, history)
      case .limitReached: isUndecided = true
      case .violation(let reason, let support, let method):
        checked[number].decidedBy = method
        return violation(reason, support: support, part, members, explored: searches.explored)
      }
    }
    let verdict: HistoryVerdict =
      isUndecided
      ? .undecided(explored: searches.explored) : .linearizable(witness: merge.merged())
    return CheckedHistory(verdict: verdict, partitions: checked, explored: searches.explored)
  }
}
