import LinearizabilityChecking
import Testing

@Suite struct HistoryTests {
  @Test func `a counter numbers calls and returns`() {
    var history = StoreHistory()
    let write = history.invoke(client: 3, operation: .put(key: 1, value: "x"))
    let read = history.invoke(client: 4, operation: .get(key: 1))
    history.complete(read, response: .value("x"))
    history.complete(write, response: .done)
    let open = history.invoke(client: 3, operation: .get(key: 1))
    #expect([write, read, open] == [0, 1, 2])
    #expect(history.entries.map(\.client) == [3, 4, 3])
    #expect(history.entries.map(\.call) == [0, 1, 4])
    #expect(history.entries.map(\.returned) == [3, 2, nil])
    #expect(history.entries.map(\.response) == [.done, .value("x"), nil])
    #expect(history.count == 3)
    #expect(history.eventCount == 5)
  }

  @Test func `a failed operation keeps its index and is marked`() {
    var history = StoreHistory()
    history.invoke(client: 0, operation: .put(key: 0, value: "x"))
    history.invoke(client: 1, operation: .get(key: 0))
    history.fail(0)
    history.complete(1, response: .value(""))
    #expect(history.entries.map(\.hasFailed) == [true, false])
    #expect(history.entries[1].returned == 2)
  }

  @Test func `removeAll starts over`() {
    var history = StoreHistory()
    history.invoke(client: 0, operation: .get(key: 0))
    history.removeAll(keepingCapacity: true)
    #expect(history == StoreHistory())
    #expect(history.invoke(client: 0, operation: .get(key: 0)) == 0)
  }

  @Test func `equal recordings are equal`() {
    let one = DrawnHistory(seed: 5).keyValue(50)
    #expect(one == DrawnHistory(seed: 5).keyValue(50))
    #expect(one != DrawnHistory(seed: 6).keyValue(50))
  }

  @Test func `returning twice, after a failure, or failing after a return ends the process`() async
  {
    await #expect(processExitsWith: .failure) {
      var history = StoreHistory()
      history.invoke(client: 0, operation: .get(key: 0))
      history.complete(0, response: .value(""))
      history.complete(0, response: .value(""))
    }
    await #expect(processExitsWith: .failure) {
      var history = StoreHistory()
      history.invoke(client: 0, operation: .get(key: 0))
      history.fail(0)
      history.complete(0, response: .value(""))
    }
    await #expect(processExitsWith: .failure) {
      var history = StoreHistory()
      history.invoke(client: 0, operation: .get(key: 0))
      history.complete(0, response: .value(""))
      history.fail(0)
    }
  }
}
