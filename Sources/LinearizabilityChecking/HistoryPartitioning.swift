/// One part of a history that can be checked apart from the rest.
struct HistoryPartition: Sendable {
  /// The keys of the connected component.
  var keys: Range<Int>
  /// Its events: positions in ``HistoryPartitioning/events``.
  var events: Range<Int>
}

/// A history split into partitions: scratch storage that is refilled for each history.
///
/// Partitions are numbered by ascending keys. Operations that no check needs (failed ones, reads
/// of unknown outcome) belong to none.
struct HistoryPartitioning: Sendable {
  /// The partitions, by ascending keys.
  private(set) var partitions: [HistoryPartition] = []
  /// The event log regrouped: the events of a partition stand together, in time order; `i` is the
  /// call of operation `i`, `~i` its return.
  var events: [Int32] = []
  /// Per operation, its partition; -1 if it has none.
  private(set) var partitionOf: [Int32] = []
  /// Per operation, whether it leaves every state as it is.
  var isRead: [Bool] = []

  /// Per operation, its lowest key.
  private var lowestKeys: [Int] = []
  /// Per key rank: 0 unused, 1 used, 3 used and in one component with the key after it.
  private var marks: [UInt8] = []
  /// Per key rank, its partition.
  private var partitionOfRank: [Int32] = []
  /// The distinct keys, ascending; empty when ranks are differences to the lowest key.
  private var sortedKeys: [Int] = []
  private var lowestKey = 0
  private var highestKey = 0
  private var hasRuns = false

  /// Splits `history`. O(n) when keys are dense, O(n log n) otherwise.
  mutating func split<S: SequentialSpecification>(
    _ history: History<S.Operation, S.Response>, by specification: S
  ) {
    readKeys(history, specification)
    rankKeys(history, specification)
    markRuns(history, specification)
    numberPartitions()
    groupEvents(history)
  }

  /// Notes lowest keys and kinds; `partitionOf` becomes 0 for what takes part.
  private mutating func readKeys<S: SequentialSpecification>(
    _ history: History<S.Operation, S.Response>, _ specification: S
  ) {
    partitionOf.removeAll(keepingCapacity: true)
    isRead.removeAll(keepingCapacity: true)
    lowestKeys.removeAll(keepingCapacity: true)
    lowestKey = .max
    highestKey = .min
    hasRuns = false
    for index in 0..<history.storage.count {
      let read = specification.isReadOnly(
        history.storage[index].operation, history.storage[index].response)
      isRead.append(read)
      if history.storage[index].hasFailed || (read && history.storage[index].returned == nil) {
        partitionOf.append(-1)
        lowestKeys.append(0)
        continue
      }
      let keys = specification.partitionKeys(history.storage[index].operation)
      precondition(!keys.isEmpty, "an operation touches at least one key")
      partitionOf.append(0)
      lowestKeys.append(keys.lowerBound)
      if keys.lowerBound < lowestKey { lowestKey = keys.lowerBound }
      if keys.upperBound - 1 > highestKey { highestKey = keys.upperBound - 1 }
      if keys.upperBound - keys.lowerBound > 1 { hasRuns = true }
    }
  }

  /// Decides how keys become ranks: differences to the lowest when they lie close together.
  private mutating func rankKeys<S: SequentialSpecification>(
    _ history: History<S.Operation, S.Response>, _ specification: S
  ) {
    sortedKeys.removeAll(keepingCapacity: true)
    var rankCount = 0
    if lowestKey <= highestKey {
      let (distance, overflow) = highestKey.subtractingReportingOverflow(lowestKey)
      if !overflow, distance < 1024 + 4 * history.count {
        rankCount = distance + 1
      } else {
        sortKeys(history, specification)
        rankCount = sortedKeys.count
      }
    }
    marks.removeAll(keepingCapacity: true)
    marks.append(contentsOf: repeatElement(0, count: rankCount))
    partitionOfRank.removeAll(keepingCapacity: true)
    partitionOfRank.append(contentsOf: repeatElement(-1, count: rankCount))
  }

  private mutating func sortKeys<S: SequentialSpecification>(
    _ history: History<S.Operation, S.Response>, _ specification: S
  ) {
    var all: [Int] = []
    for index in 0..<history.count where partitionOf[index] >= 0 {
      all.append(contentsOf: specification.partitionKeys(history.storage[index].operation))
    }
    all.sort()
    for key in all where sortedKeys.last != key { sortedKeys.append(key) }
  }

  /// Marks the keys in use, and which of them an operation ties to their right neighbour.
  private mutating func markRuns<S: SequentialSpecification>(
    _ history: History<S.Operation, S.Response>, _ specification: S
  ) {
    for index in 0..<partitionOf.count where partitionOf[index] >= 0 {
      let low = rank(of: lowestKeys[index])
      if hasRuns {
        let count = specification.partitionKeys(history.storage[index].operation).count
        for rank in low..<low + count - 1 { marks[rank] = 3 }
        marks[low + count - 1] |= 1
      } else {
        marks[low] |= 1
      }
    }
  }

  /// Makes a partition of each run of tied keys.
  private mutating func numberPartitions() {
    partitions.removeAll(keepingCapacity: true)
    var isTied = false
    for rank in 0..<marks.count where marks[rank] != 0 {
      let key = sortedKeys.isEmpty ? lowestKey + rank : sortedKeys[rank]
      if isTied {
        let last = partitions.count - 1
        partitions[last].keys = partitions[last].keys.lowerBound..<key + 1
      } else {
        partitions.append(HistoryPartition(keys: key..<key + 1, events: 0..<0))
      }
      partitionOfRank[rank] = Int32(partitions.count - 1)
      isTied = marks[rank] == 3
    }
  }

  /// Regroups the event log by partition with a counting sort.
  private mutating func groupEvents<Op, Resp>(_ history: History<Op, Resp>) {
    for index in 0..<partitionOf.count where partitionOf[index] >= 0 {
      let partition = partitionOfRank[rank(of: lowestKeys[index])]
      partitionOf[index] = partition
    }
    // Reuse the rank table as a fill cursor: it is at least as long as there are partitions.
    for partition in 0..<partitions.count { partitionOfRank[partition] = 0 }
    for event in history.events {
      let partition = partitionOf[Int(event >= 0 ? event : ~event)]
      if partition >= 0 { partitionOfRank[Int(partition)] += 1 }
    }
    var start = 0
    for partition in 0..<partitions.count {
      let count = Int(partitionOfRank[partition])
      partitions[partition].events = start..<start + count
      partitionOfRank[partition] = Int32(start)
      start += count
    }
    events.removeAll(keepingCapacity: true)
    events.append(contentsOf: repeatElement(0, count: start))
    for event in history.events {
      let partition = Int(partitionOf[Int(event >= 0 ? event : ~event)])
      guard partition >= 0 else { continue }
      events[Int(partitionOfRank[partition])] = event
      partitionOfRank[partition] += 1
    }
  }

  private func rank(of key: Int) -> Int {
    if sortedKeys.isEmpty { return key - lowestKey }
    var low = 0
    var high = sortedKeys.count
    while low < high {
      let middle = (low + high) / 2
      if sortedKeys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
