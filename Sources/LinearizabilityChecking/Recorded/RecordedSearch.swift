/// The general search over parts of a recorded history.
///
/// The search itself (``PartitionSearch``) walks a ``History``; a part is copied into one, so what
/// is searched costs memory and what the fast paths decide does not.
struct RecordedSearch<S: SequentialSpecification>
where S.Operation == RecordedOperation, S.Response == RecordedAnswer {
  /// How the search of a part ended. Operations are indices of the recorded history.
  enum Outcome {
    case explained([Int32])
    case unexplained(prefix: [Int32], unexplained: Int32)
    case limitReached
  }

  /// Configurations tried so far, over all parts.
  private(set) var explored = 0

  private let limit: Int
  private var search: PartitionSearch<S>

  init(_ specification: S, limit: Int) {
    self.limit = limit
    search = PartitionSearch(specification)
  }

  /// Searches the part that consists of `members`, operation indices by call.
  mutating func run(
    _ members: ArraySlice<Int32>, _ keys: Range<Int>, _ history: RecordedHistory
  ) -> Outcome {
    var part = History<RecordedOperation, RecordedAnswer>()
    part.storage.reserveCapacity(members.count)
    var moments: [(moment: Int32, event: Int32)] = []
    moments.reserveCapacity(2 * members.count)
    for (place, member) in members.enumerated() {
      let operation = history.operations[Int(member)]
      var entry = History<RecordedOperation, RecordedAnswer>.Entry(
        client: Int(operation.process), operation: operation, call: Int(operation.call))
      moments.append((operation.call, Int32(place)))
      if operation.outcome == .ok {
        entry.returned = Int(operation.returned)
        entry.response = history.answer(of: Int(member))
        moments.append((operation.returned, ~Int32(place)))
      }
      part.storage.append(entry)
    }
    moments.sort { $0.moment < $1.moment }
    let first = members.startIndex
    search.begin(limit: limit - explored, operationCount: members.count)
    search.events = moments.map(\.event)
    search.isRead = part.storage.map {
      search.specification.isReadOnly($0.operation, $0.response)
    }
    let outcome = search.run(HistoryPartition(keys: keys, events: 0..<moments.count), part)
    explored += search.explored
    switch outcome {
    case .explained: return .explained(search.trail.map { members[first + Int($0.operation)] })
    case .limitReached: return .limitReached
    case .unexplained:
      return .unexplained(
        prefix: search.prefix.map { members[first + Int($0)] },
        unexplained: members[first + search.blocked])
    }
  }
}
