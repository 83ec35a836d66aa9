import Testing

@testable import LinearizabilityChecking

@Suite("A store's history as a recorded one")
struct StoreRecordingTests {
  /// Whether both checkers say the same of a history.
  private func expectAgreement(_ history: StoreHistory, _ what: String) -> Bool? {
    var store = StoreChecker(limit: 1_000_000)
    var recorded = HistoryChecker(limit: 1_000_000)
    let expected = store.check(history)
    let found = recorded.check(RecordedHistory(history)).verdict
    switch (expected, found) {
    case (.linearizable, .linearizable): return true
    case (.violation, .violation): return false
    default:
      Issue.record("\(what): \(expected) against \(found)")
      return nil
    }
  }

  @Test("2,000 drawn histories, true ones and lies, have the same verdict")
  func agreement() {
    var illegal = 0
    for seed in 1...500 {
      var drawn = DrawnHistory(clients: 3, keys: 2, unknownOneIn: 6, seed: UInt64(seed))
      drawn.lieOneIn = seed.isMultiple(of: 2) ? 9 : 0
      for (kind, history) in [
        ("mix", drawn.keyValueMix(14)), ("blocks", drawn.blocks(14)),
        ("keys", drawn.keyValue(14)), ("appends", appends(drawn)),
      ] {
        let verdict = expectAgreement(history, "\(kind), seed \(seed)")
        if verdict == false { illegal += 1 }
        if drawn.lieOneIn == 0 { #expect(verdict == true) }
      }
    }
    #expect(illegal > 100)
  }

  private func appends(_ drawn: DrawnHistory) -> StoreHistory {
    drawn.build(14) { numbers, number in
      numbers.below(2) == 0
        ? .append(key: 0, value: "<\(number)>")
        : .putDrawn(key: 0, value: "d\(number)", outcomes: 3)
    }
  }

  @Test("an answer that the operation cannot give is a violation as well")
  func impossibleAnswers() {
    let wrong: [(Operation, Response)] = [
      (.get(key: 0), .done), (.put(key: 0, value: "a"), .value("a")),
      (.append(key: 0, value: "a"), .swapped(true)),
      (.putDrawn(key: 0, value: "a", outcomes: 2), .value("a#2")),
      (.compareAndSet(key: 0, expected: "", new: "a"), .done),
      (.readBlocks(first: 0, count: 2), .blocks([""])),
      (.readBlocks(first: 0, count: 1), .value("")),
      (.writeBlocks(first: 0, count: 1, value: "a"), .blocks([])),
    ]
    for (operation, response) in wrong {
      var history = StoreHistory()
      history.complete(history.invoke(client: 0, operation: operation), response: response)
      #expect(expectAgreement(history, "\(operation)") == false)
    }
  }

  @Test("remarks stand between the events that they happened between")
  func remarks() {
    var history = StoreHistory()
    let write = history.invoke(client: 0, operation: .put(key: 3, value: "a"))
    history.complete(write, response: .done)
    let recorded = RecordedHistory(
      history, remarks: [(0, "before"), (1, "between"), (1, "also"), (2, "after")], order: [0])
    #expect(recorded.remarks.map(\.moment) == [0, 2, 3, 5])
    #expect(recorded.remarks.map(\.text) == ["before", "between", "also", "after"])
    #expect(recorded.operations[0].call == 1)
    #expect(recorded.operations[0].returned == 4)
    #expect(recorded.eventCount == 6)
    #expect(recorded.hint == [0])
  }

  @Test("operations of a client that are open at once are processes of their own")
  func lanes() {
    var history = StoreHistory()
    let first = history.invoke(client: 0, operation: .get(key: 0))
    let second = history.invoke(client: 0, operation: .get(key: 0))
    history.complete(first, response: .value(""))
    history.invoke(client: 0, operation: .get(key: 0))
    history.complete(second, response: .value(""))
    let recorded = RecordedHistory(history)
    #expect(recorded.operations.map { recorded.processes[$0.process] } == ["c1", "c1/2", "c1"])
  }

  @Test("the operations tell the model")
  func models() {
    func model(_ operations: Operation...) -> ObjectModel {
      var history = StoreHistory()
      for operation in operations { history.invoke(client: 0, operation: operation) }
      return RecordedHistory(history).model
    }
    let swap = Operation.compareAndSet(key: 0, expected: "", new: "a")
    #expect(model() == .keyValue)
    #expect(model(.get(key: 0), .put(key: 0, value: "a")) == .keyValue)
    #expect(model(.get(key: 0), swap) == .casRegister)
    #expect(model(.append(key: 0, value: "a"), swap) == .keyValue)
    #expect(model(.readBlocks(first: 0, count: 1)) == .block)
  }

  @Test("a drawn update of unknown outcome wrote what somebody read")
  func drawn() {
    var history = StoreHistory()
    history.invoke(client: 0, operation: .putDrawn(key: 0, value: "d1", outcomes: 12))
    let read = history.invoke(client: 1, operation: .get(key: 0))
    history.complete(read, response: .value("d1#11<x>"))
    let recorded = RecordedHistory(history)
    #expect(recorded.values[recorded.operations[0].argument] == "d1#11")
    history.invoke(client: 2, operation: .putDrawn(key: 0, value: "d2", outcomes: 2))
    #expect(RecordedHistory(history).values.knownID(of: "d2#0") != nil)
  }
}
