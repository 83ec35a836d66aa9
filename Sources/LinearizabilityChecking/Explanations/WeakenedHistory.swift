/// A history of which only some operations count.
///
/// *Weakened* to a set S of operations that returned, a history says less: operations in S are as
/// they were recorded; updates outside S are of unknown outcome (called when they were called, they
/// may have taken effect at any time after that, or never, and answered nobody knows what); reads
/// outside S are dropped. What failed is dropped as ever.
///
/// S is *conflicting* if the history weakened to S is not linearizable. A larger set says more, so
/// it is conflicting, too. S is a *minimal* conflict if S without any one of its operations is not
/// conflicting.
///
/// The value holds the operations that matter for one conflicting set and its subsets: the set, and
/// the updates that ``RelevantUpdates`` selects. Checks of subsets cost the size of that.
struct WeakenedHistory {
  /// The operations that matter, by call, with moments, values and keys numbered anew.
  private(set) var extract: RecordedHistory
  /// Per operation of ``extract``, its index in the whole history.
  private(set) var originals: [Int32] = []
  /// Per operation of ``extract``, whether it belongs to the set.
  private(set) var isMember: [Bool] = []

  /// The history weakened to `set`, operations that returned and take part.
  init(_ history: RecordedHistory, to set: [Int32]) {
    extract = RecordedHistory(model: history.model)
    let kept = Array(Set(set)).sorted()
    let members = Set(kept)
    let others = history.operations.indices.map(Int32.init).filter {
      history.takesPart(Int($0)) && !history.operations[Int($0)].kind.isRead
        && !members.contains($0)
    }
    var relevant = RelevantUpdates(history, keeping: kept)
    originals = (kept + relevant.select(others)).sorted()
    isMember = originals.map { members.contains($0) }
    fill(history)
  }

  /// Copies the operations.
  private mutating func fill(_ history: RecordedHistory) {
    extract.initialValue = extract.values.id(of: history.values[history.initialValue])
    var moments: [Int32] = []
    for index in originals {
      moments.append(history.operations[Int(index)].call)
      let returned = history.operations[Int(index)].returned
      if returned < .max { moments.append(returned) }
    }
    moments.sort()
    var ranks: [Int32: Int32] = [:]
    for (rank, moment) in moments.enumerated() { ranks[moment] = Int32(rank) }
    extract.eventCount = Int32(moments.count)
    let isBlock = history.model == .block
    for index in originals {
      var operation = history.operations[Int(index)]
      let answer = history.answer(of: Int(index))
      func value(_ id: Int32) -> Int32 { id < 0 ? id : extract.values.id(of: history.values[id]) }
      operation.call = ranks[operation.call] ?? 0
      operation.returned = ranks[operation.returned] ?? .max
      if !isBlock { operation.key = extract.keys.id(of: history.keys[operation.key]) }
      operation.process = extract.processes.id(of: history.processes[operation.process])
      operation.argument = value(operation.argument)
      operation.expected = value(operation.expected)
      switch answer {
      case .value(let seen) where operation.kind != .contains: operation.result = value(seen)
      case .values(let seen):
        operation.result = Int32(extract.lists.count)
        for id in seen { extract.lists.append(value(id)) }
      case .swapped(_, let found): operation.resultCount = value(found)
      default: break
      }
      extract.operations.append(operation)
    }
  }

  /// The history weakened to a subset, `subset` by place in ``extract``; what cannot matter is left
  /// out. The second value tells the place of each of its operations.
  func weakened(to subset: [Bool]) -> (history: RecordedHistory, places: [Int]) {
    var kept: [Int32] = []
    var others: [Int32] = []
    for place in subset.indices {
      if subset[place] {
        kept.append(Int32(place))
      } else if !extract.operations[place].kind.isRead {
        others.append(Int32(place))
      }
    }
    var relevant = RelevantUpdates(extract, keeping: kept)
    let places = (kept + relevant.select(others)).sorted().map(Int.init)
    var weaker = extract
    weaker.operations = places.map { place in
      var operation = extract.operations[place]
      guard !subset[place] else { return operation }
      operation.outcome = .unknown
      operation.returned = .max
      operation.result = -1
      operation.resultCount = -1
      return operation
    }
    return (weaker, places)
  }
}
