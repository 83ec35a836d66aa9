/// A recorded history split into parts that can be checked apart: scratch storage that is refilled
/// for each history.
///
/// Parts are keys; for `set` the elements of each key; for `block` runs of blocks that operations
/// tie together. Operations that take no part (``RecordedHistory/takesPart(_:)``) belong to none.
struct RecordedPartitioning: Sendable {
  /// One part.
  struct Part: Sendable {
    /// Its keys, or its run of blocks.
    var keys: Range<Int>
    /// Its operations: positions in ``RecordedPartitioning/members``.
    var members: Range<Int>
  }

  /// The parts, by ascending keys.
  private(set) var parts: [Part] = []
  /// Operation indices, part after part, in the order of their calls.
  private(set) var members: [Int32] = []

  /// Splits `history`. O(n) for dense keys, O(n log n) otherwise.
  mutating func split(_ history: RecordedHistory) {
    parts.removeAll(keepingCapacity: true)
    members.removeAll(keepingCapacity: true)
    members.reserveCapacity(history.operations.count)
    switch history.model {
    case .block: splitBlocks(history)
    case .set: splitSets(history)
    default: splitKeys(history)
    }
  }

  /// Keys are numbered densely: a counting sort.
  private mutating func splitKeys(_ history: RecordedHistory) {
    let highest = history.operations.reduce(Int32(-1)) { max($0, $1.key) }
    var starts = [Int32](repeating: 0, count: Int(highest) + 2)
    for index in history.operations.indices where history.takesPart(index) {
      starts[Int(history.operations[index].key) + 1] += 1
    }
    for key in 0..<Int(highest + 1) {
      let count = starts[key + 1]
      if count > 0 {
        let start = Int(starts[key])
        parts.append(Part(keys: key..<key + 1, members: start..<start + Int(count)))
      }
      starts[key + 1] += starts[key]
    }
    members.append(contentsOf: repeatElement(0, count: Int(starts[Int(highest) + 1])))
    for index in history.operations.indices where history.takesPart(index) {
      let key = Int(history.operations[index].key)
      members[Int(starts[key])] = Int32(index)
      starts[key] += 1
    }
  }

  private mutating func splitSets(_ history: RecordedHistory) {
    for index in history.operations.indices where history.takesPart(index) {
      members.append(Int32(index))
    }
    func rank(_ index: Int32) -> UInt64 {
      let operation = history.operations[Int(index)]
      return UInt64(UInt32(bitPattern: operation.key)) << 32
        | UInt64(UInt32(bitPattern: operation.argument))
    }
    members.sort { (rank($0), $0) < (rank($1), $1) }
    for place in members.indices {
      let key = Int(history.operations[Int(members[place])].key)
      if place > 0, rank(members[place - 1]) == rank(members[place]) {
        parts[parts.count - 1].members = parts[parts.count - 1].members.lowerBound..<place + 1
      } else {
        parts.append(Part(keys: key..<key + 1, members: place..<place + 1))
      }
    }
  }

  /// Sorted by block, operations that overlap follow each other.
  private mutating func splitBlocks(_ history: RecordedHistory) {
    for index in history.operations.indices where history.takesPart(index) {
      members.append(Int32(index))
    }
    members.sort { (history.operations[Int($0)].key, $0) < (history.operations[Int($1)].key, $1) }
    for place in members.indices {
      let operation = history.operations[Int(members[place])]
      let first = Int(operation.key)
      let isPair = operation.kind == .readTwo || operation.kind == .writeTwo
      let end = first + (isPair ? 2 : 1)
      if let last = parts.last, first < last.keys.upperBound {
        parts[parts.count - 1].keys = last.keys.lowerBound..<max(last.keys.upperBound, end)
        parts[parts.count - 1].members = last.members.lowerBound..<place + 1
      } else {
        parts.append(Part(keys: first..<end, members: place..<place + 1))
      }
    }
    for part in parts { members[part.members].sort() }
  }
}
