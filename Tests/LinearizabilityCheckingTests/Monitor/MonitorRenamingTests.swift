import LinearizabilityChecking
import Testing

@Suite struct MonitorRenamingTests {
  @Test func `following and renaming is renaming and following`() {
    let clients = [2, 0, 1]
    let text = { (text: String) in String(text.map { $0 == "v" ? "w" : $0 }) }
    var compared = 0
    for seed in 1...150 {
      let history = DrawnHistory(
        clients: 3, keys: 1, unknownOneIn: 5, seed: UInt64(seed)
      ).keyValueMix(12)
      var original = StoreMonitor(keys: 0..<1)
      var translated = StoreMonitor(keys: 0..<1)
      var numbers = Numbers(state: UInt64(seed))
      for (_, event) in MonitorFollower<StoreSpecification>.events(of: history, &numbers) {
        switch event {
        case .invoke(let index):
          let entry = history.entries[index]
          original.invoke(client: entry.client, operation: entry.operation)
          translated.invoke(
            client: clients[entry.client], operation: translate(entry.operation, text))
        case .complete(let index):
          let entry = history.entries[index]
          original.complete(
            client: entry.client, operation: entry.operation, response: entry.response)
          translated.complete(
            client: clients[entry.client], operation: translate(entry.operation, text),
            response: entry.response.map { translate($0, text) })
        case .abandon(let index), .fail(let index):
          let entry = history.entries[index]
          original.abandon(client: entry.client, operation: entry.operation)
          translated.abandon(
            client: clients[entry.client], operation: translate(entry.operation, text))
        }
        compared += 1
        let renamed = original.renamed(clients: clients, texts: text)
        #expect(renamed == translated)
        #expect(ContentWords(of: renamed) == ContentWords(of: translated))
      }
    }
    #expect(compared > 3_000)
  }

  @Test func `clients beyond the table keep their numbers`() {
    var monitor = StoreMonitor(keys: 0..<1)
    monitor.invoke(client: 0, operation: .get(key: 0))
    monitor.invoke(client: 7, operation: .get(key: 0))
    var expected = StoreMonitor(keys: 0..<1)
    expected.invoke(client: 7, operation: .get(key: 0))
    expected.invoke(client: 1, operation: .get(key: 0))
    #expect(monitor.renamed(clients: [1, 0]) == expected)
  }

  private func translate(_ operation: Operation, _ text: (String) -> String) -> Operation {
    switch operation {
    case .put(let key, let value): .put(key: key, value: text(value))
    case .append(let key, let value): .append(key: key, value: text(value))
    case .putDrawn(let key, let value, let outcomes):
      .putDrawn(key: key, value: text(value), outcomes: outcomes)
    case .compareAndSet(let key, let expected, let new):
      .compareAndSet(key: key, expected: text(expected), new: text(new))
    default: operation
    }
  }

  private func translate(_ response: Response, _ text: (String) -> String) -> Response {
    if case .value(let value) = response { return .value(text(value)) }
    return response
  }
}
