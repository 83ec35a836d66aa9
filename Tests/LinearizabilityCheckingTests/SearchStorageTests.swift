import Testing

@testable import LinearizabilityChecking

/// The parts that the search stands on: partitions, lanes, and the cache.
@Suite struct SearchStorageTests {
  @Test func `events are regrouped by partition, and what no check needs is left out`() {
    var history = StoreHistory()
    history.invoke(client: 0, operation: .put(key: 9, value: "x"))  // 0, failed
    history.invoke(client: 1, operation: .writeBlocks(first: 4, count: 2, value: "x"))  // 1
    history.invoke(client: 2, operation: .put(key: 2, value: "x"))  // 2
    history.fail(0)
    history.complete(1, response: .done)
    history.invoke(client: 1, operation: .get(key: 2))  // 3, unknown
    history.invoke(client: 0, operation: .get(key: 5))  // 4
    history.complete(2, response: .done)
    history.complete(4, response: .value("x"))
    var partitioning = HistoryPartitioning()
    for _ in 1...2 {
      partitioning.split(history, by: StoreSpecification())
      #expect(partitioning.partitions.map(\.keys) == [2..<3, 4..<6])
      #expect(partitioning.partitions.map(\.events) == [0..<2, 2..<6])
      #expect(partitioning.events == [2, ~2, 1, ~1, 4, ~4])
      #expect(partitioning.partitionOf == [-1, 1, 0, -1, 1])
    }
  }

  @Test func `neighbouring keys stay apart until an operation spans them`() {
    var history = StoreHistory()
    for first in 0..<4 {
      history.invoke(client: 0, operation: .writeBlocks(first: first, count: 1, value: "x"))
    }
    var partitioning = HistoryPartitioning()
    partitioning.split(history, by: BlockDeviceSpecification())
    #expect(partitioning.partitions.map(\.keys) == [0..<1, 1..<2, 2..<3, 3..<4])
    history.invoke(client: 0, operation: .writeBlocks(first: 1, count: 2, value: "x"))
    partitioning.split(history, by: BlockDeviceSpecification())
    #expect(partitioning.partitions.map(\.keys) == [0..<1, 1..<3, 3..<4])
  }

  @Test func `a lane is free again after the return, and unknown outcomes keep theirs`() {
    // Operation 2 never returns.
    let events: [Int32] = [0, 1, ~0, 2, 3, ~1, ~3, 4, ~4]
    var lanes = [Int32](repeating: 0, count: 5)
    var previous = [Int32](repeating: -1, count: 5)
    var assignment = LaneAssignment()
    let counts = assignment.assign(
      events: events, in: 0..<events.count, lanes: &lanes, previous: &previous)
    #expect(counts == (2, 1))
    #expect(lanes == [0, 1, 64, 0, 0])
    #expect(previous == [-1, -1, -1, 0, 3])
  }

  @Test func `the cache tells configurations apart by position, state and every bit`() {
    var dead = DeadConfigurations<String>()
    dead.reset(dutyWords: 2, possibilityWords: 0)
    #expect(!dead.contains(position: 0, state: "x", bits: [0, 0]))
    for number in 0..<1_000 {
      dead.insert(position: number % 7, state: "s\(number % 11)", bits: [UInt64(number), 1])
    }
    for number in 0..<1_000 {
      let state = "s\(number % 11)"
      #expect(dead.contains(position: number % 7, state: state, bits: [UInt64(number), 1]))
      #expect(!dead.contains(position: number % 7, state: state, bits: [UInt64(number), 3]))
      #expect(!dead.contains(position: (number + 1) % 7, state: state, bits: [UInt64(number), 1]))
      #expect(!dead.contains(position: number % 7, state: "other", bits: [UInt64(number), 1]))
    }
    #expect(dead.farthestPosition == 6)
    dead.reset(dutyWords: 1, possibilityWords: 0)
    #expect(dead.farthestPosition == -1)
    dead.insert(position: 0, state: "x", bits: [5])
    #expect(dead.contains(position: 0, state: "x", bits: [5]))
  }
}
