/// The hint of a history split by part: for each part the places of its updates, in order.
struct HintsByPart: Sendable {
  private var updates: [Int32] = []
  private var starts: [Int] = []

  /// Splits the hint of `history`. What is no operation, occurs again or takes no part is left out.
  mutating func split(_ history: RecordedHistory, _ partitioning: RecordedPartitioning) {
    updates.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    guard !history.hint.isEmpty else { return }
    var parts = [Int32](repeating: -1, count: history.operations.count)
    var places = parts
    for (number, part) in partitioning.parts.enumerated() {
      for (place, member) in partitioning.members[part.members].enumerated() {
        parts[Int(member)] = Int32(number)
        places[Int(member)] = Int32(place)
      }
    }
    var counts = [Int](repeating: 0, count: partitioning.parts.count + 1)
    func forEachUpdate(_ body: (Int, Int32) -> Void) {
      var isSeen = [Bool](repeating: false, count: parts.count)
      for index in history.hint {
        guard index >= 0, Int(index) < parts.count, parts[Int(index)] >= 0,
          !isSeen[Int(index)], !history.leavesStateAlone(Int(index))
        else { continue }
        isSeen[Int(index)] = true
        body(Int(parts[Int(index)]), places[Int(index)])
      }
    }
    forEachUpdate { part, _ in counts[part + 1] += 1 }
    for part in partitioning.parts.indices { counts[part + 1] += counts[part] }
    starts = counts
    updates = Array(repeating: 0, count: counts[partitioning.parts.count])
    forEachUpdate { part, place in
      updates[counts[part]] = place
      counts[part] += 1
    }
  }

  /// The places of a part's updates; `nil` if there is no hint.
  func updates(of part: Int) -> [Int32]? {
    starts.isEmpty ? nil : Array(updates[starts[part]..<starts[part + 1]])
  }
}

extension RecordedHistory {
  /// Whether an operation, answered as it was, changes nothing.
  func leavesStateAlone(_ index: Int) -> Bool {
    let operation = operations[index]
    guard operation.outcome == .ok else { return operation.kind.isRead }
    switch operation.kind {
    case .compareAndSwap: return operation.result == 0
    case .dequeue: return operation.result < 0
    default: return operation.kind.isRead
    }
  }
}
