import LinearizabilityChecking
import Testing

@Suite struct KeyPartitionsTests {
  @Test func `blocks that operations tie together are one part`() {
    let partitions = KeyPartitions([
      Operation.writeBlocks(first: 7, count: 2, value: "x"), .readBlocks(first: 8, count: 2),
      .readBlocks(first: 3, count: 1), .get(key: 4), .writeBlocks(first: 10, count: 1, value: "y"),
    ])
    #expect(partitions.parts == [3..<4, 4..<5, 7..<10, 10..<11])
    #expect(partitions.part(of: .readBlocks(first: 8, count: 2)) == 2)
    #expect(partitions.part(of: .get(key: 10)) == 3)
    #expect(partitions.part(of: .readBlocks(first: 9, count: 2)) == nil)
    #expect(partitions.part(of: .get(key: 5)) == nil)
    #expect(partitions.part(of: .get(key: -1)) == nil)
    #expect(KeyPartitions([]).parts.isEmpty)
  }

  @Test func `monitors of the parts together say what one monitor of everything says`() {
    var violations = 0
    for seed in 1...300 {
      let history = DrawnHistory(clients: 3, keys: 2, lieOneIn: 8, seed: UInt64(seed)).blocks(12)
      let partitions = KeyPartitions(history.entries.map(\.operation))
      var whole = StoreMonitor(keys: 0..<8)
      var parts = partitions.parts.map { StoreMonitor(keys: $0) }
      var numbers = Numbers(state: UInt64(seed))
      for (_, event) in MonitorFollower<StoreSpecification>.events(of: history, &numbers) {
        switch event {
        case .invoke(let index):
          let entry = history.entries[index]
          guard let part = partitions.part(of: entry.operation) else { continue }
          whole.invoke(client: entry.client, operation: entry.operation)
          parts[part].invoke(client: entry.client, operation: entry.operation)
        case .complete(let index):
          let entry = history.entries[index]
          guard let part = partitions.part(of: entry.operation) else { continue }
          whole.complete(
            client: entry.client, operation: entry.operation, response: entry.response)
          parts[part].complete(
            client: entry.client, operation: entry.operation, response: entry.response)
        case .abandon, .fail: break
        }
        let isViolated = parts.contains { $0.verdict == .violation }
        #expect(isViolated == (whole.verdict == .violation))
      }
      if whole.verdict == .violation { violations += 1 }
    }
    #expect(violations > 50)
  }
}
