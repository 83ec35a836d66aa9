/// How the search of a part ended. Operations are numbered by their place in the part.
enum RecordedSearchOutcome: Equatable, Sendable {
  /// In this order; `hasBacktracked` tells whether any choice had to be revised.
  case explained([Int32], hasBacktracked: Bool)
  case unexplained(prefix: [Int32], unexplained: Int32)
  case limitReached
}

/// When the operations of a part can take effect: by default between call and return.
struct OperationTimes: Sendable {
  /// Moments, by place in the part; `latest` is `.max` where the outcome is unknown.
  var earliest: [Int32]
  var latest: [Int32]
  /// Whether the operation takes part in the search.
  var isIncluded: [Bool]

  init(earliest: [Int32], latest: [Int32], isIncluded: [Bool]) {
    self.earliest = earliest
    self.latest = latest
    self.isIncluded = isIncluded
  }

  init(_ members: ArraySlice<Int32>, _ history: RecordedHistory) {
    earliest = members.map { history.operations[Int($0)].call }
    latest = members.map {
      let operation = history.operations[Int($0)]
      return operation.outcome == .ok ? operation.returned : .max
    }
    isIncluded = Array(repeating: true, count: members.count)
  }
}

/// The general search over parts of a recorded history.
///
/// The search itself (``PartitionSearch``) walks a ``History``; a part is copied into one, so what
/// is searched costs memory and what the fast paths decide does not.
struct RecordedSearch<S: SequentialSpecification, G: SearchGuide>
where S.Operation == RecordedOperation, S.Response == RecordedAnswer {
  /// Configurations tried.
  private(set) var explored = 0

  private let limit: Int
  private var search: PartitionSearch<S, G>

  init(_ specification: S, _ guide: G, limit: Int) {
    self.limit = limit
    search = PartitionSearch(specification, guide)
  }

  /// Searches the part that consists of `members`, operation indices by call.
  mutating func run(
    _ members: ArraySlice<Int32>, _ keys: Range<Int>, _ history: RecordedHistory,
    _ times: OperationTimes
  ) -> RecordedSearchOutcome {
    var part = History<RecordedOperation, RecordedAnswer>()
    part.storage.reserveCapacity(members.count)
    // Moments above places, whose lowest bit tells returns from calls.
    var moments: [UInt64] = []
    moments.reserveCapacity(2 * members.count)
    for (place, member) in members.enumerated() {
      let operation = history.operations[Int(member)]
      var entry = History<RecordedOperation, RecordedAnswer>.Entry(
        client: Int(operation.process), operation: operation, call: Int(times.earliest[place]))
      let key = { (moment: Int32, bit: Int) in UInt64(moment) << 32 | UInt64(2 * place + bit) }
      if times.isIncluded[place] { moments.append(key(times.earliest[place], 0)) }
      if times.latest[place] < .max {
        entry.returned = Int(times.latest[place])
        entry.response = history.answer(of: Int(member))
        if times.isIncluded[place] { moments.append(key(times.latest[place], 1)) }
      }
      part.storage.append(entry)
    }
    var radix = RadixSort()
    radix.sort(&moments)
    search.begin(limit: limit, operationCount: members.count)
    search.events = moments.map { key in
      let place = Int32(truncatingIfNeeded: key >> 1 & 0x7FFF_FFFF)
      return key & 1 == 0 ? place : ~place
    }
    search.guide.begin(search.events)
    search.isRead = part.storage.map {
      search.specification.isReadOnly($0.operation, $0.response)
    }
    let outcome = search.run(HistoryPartition(keys: keys, events: 0..<moments.count), part)
    explored = search.explored
    switch outcome {
    case .explained:
      return .explained(search.trail.map(\.operation), hasBacktracked: search.backtracks > 0)
    case .limitReached: return .limitReached
    case .unexplained:
      return .unexplained(prefix: search.prefix, unexplained: Int32(search.blocked))
    }
  }
}
