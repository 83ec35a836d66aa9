import LinearizabilityChecking
import Testing

@Suite struct LinearizabilityCheckerTests {
  @Test func `20,000 operations on one key need neither stack nor patience`() {
    let history = DrawnHistory(clients: 3, keys: 1).keyValue(20_000)
    var checker = StoreChecker()
    guard case .linearizable(let witness) = checker.check(history) else {
      Issue.record("not linearizable")
      return
    }
    #expect(witness.count == 20_000)
    #expect(orderFault(of: witness, in: history) == nil)
  }

  @Test func `20,000 operations that fail at the end are all taken back`() {
    var history = DrawnHistory(clients: 3, keys: 1).keyValue(20_000)
    let read = history.invoke(client: 0, operation: .get(key: 0))
    history.complete(read, response: .value("nobody wrote this"))
    var checker = StoreChecker()
    guard case .violation(let conflict) = checker.check(history) else {
      Issue.record("not a violation")
      return
    }
    #expect(conflict.unexplained == read)
    #expect(conflict.operations.count == 20_001)
    #expect(Set(conflict.prefix).count == 20_000)
    #expect(orderFault(of: conflict.prefix, in: history) == nil)
  }

  @Test(arguments: 1...40)
  func `drawn histories with unknown outcomes are accepted with a valid witness`(seed: Int) {
    let drawn = DrawnHistory(clients: 5, keys: 3, unknownOneIn: 40, seed: UInt64(seed))
    let history = drawn.keyValueMix(300)
    var checker = StoreChecker()
    guard case .linearizable(let witness) = checker.check(history) else {
      Issue.record("not linearizable")
      return
    }
    #expect(fault(of: witness, in: history) == nil)
  }

  @Test(arguments: 1...40)
  func `drawn block histories are accepted with a valid witness`(seed: Int) {
    let history = DrawnHistory(clients: 4, unknownOneIn: 30, seed: UInt64(seed)).blocks(300)
    var checker = LinearizabilityChecker(BlockDeviceSpecification())
    guard case .linearizable(let witness) = checker.check(history) else {
      Issue.record("not linearizable")
      return
    }
    #expect(fault(of: witness, in: history) == nil)
  }

  @Test func `more than 64 operations open at once`() {
    for clients in [64, 65, 130] {
      var history = StoreHistory()
      for client in 0..<clients {
        history.invoke(client: client, operation: .put(key: 0, value: "v\(client)"))
      }
      for client in 0..<clients { history.complete(client, response: .done) }
      for client in 0..<clients {
        history.invoke(client: client, operation: .put(key: 0, value: "unknown \(client)"))
      }
      let read = history.invoke(client: 0, operation: .get(key: 0))
      history.complete(read, response: .value("unknown \(clients - 1)"))
      var checker = StoreChecker()
      guard case .linearizable(let witness) = checker.check(history) else {
        Issue.record("not linearizable with \(clients) clients")
        continue
      }
      #expect(witness.count == clients + 2)
      #expect(fault(of: witness, in: history) == nil)
    }
  }

  @Test func `an impossible read is found although twenty writes may or may not have happened`() {
    var history = StoreHistory()
    for number in 0..<20 {
      history.invoke(client: number, operation: .put(key: 0, value: "maybe \(number)"))
    }
    for number in 0..<100 {
      let write = history.invoke(client: 20, operation: .put(key: 0, value: "\(number)"))
      history.complete(write, response: .done)
      let read = history.invoke(client: 20, operation: .get(key: 0))
      history.complete(read, response: .value(number == 99 ? "0" : "\(number)"))
    }
    var checker = StoreChecker()
    guard case .violation(let conflict) = checker.check(history) else {
      Issue.record("not a violation")
      return
    }
    #expect(conflict.unexplained == history.count - 1)
    #expect(checker.explored < 100_000)
  }

  @Test func `a reached limit is undecided, whatever the truth`() {
    let history = DrawnHistory(clients: 6, keys: 1).keyValue(400)
    var checker = StoreChecker()
    #expect(checker.check(history).isLinearizable)
    let needed = checker.explored
    for limit in [0, 1, 10, needed / 2, needed - 1] {
      checker.limit = limit
      guard case .undecided(let explored) = checker.check(history) else {
        Issue.record("decided within \(limit)")
        continue
      }
      #expect(explored >= limit && explored <= limit + 8)
    }
    checker.limit = needed + 1
    #expect(checker.check(history).isLinearizable)
  }

  @Test func `the limit holds inside a step with a billion outcomes`() {
    var history = StoreHistory()
    history.invoke(client: 0, operation: .putDrawn(key: 0, value: "d", outcomes: 1_000_000_000))
    let read = history.invoke(client: 1, operation: .get(key: 0))
    history.complete(read, response: .value("something else"))
    var checker = StoreChecker(limit: 5_000)
    #expect(checker.check(history) == .undecided(explored: 5_000))
  }

  @Test func `equal histories get equal verdicts from fresh and used checkers`() {
    var used = StoreChecker()
    for seed in 1...30 {
      let drawn = DrawnHistory(
        clients: 4, keys: 2, unknownOneIn: 20, seed: UInt64(seed))
      var history = drawn.keyValue(100)
      if seed % 2 == 0 {
        let read = history.invoke(client: 9, operation: .get(key: 1))
        history.complete(read, response: .value("v0"))
      }
      var fresh = StoreChecker()
      let verdict = fresh.check(history)
      #expect(used.check(history) == verdict)
      #expect(used.explored == fresh.explored)
    }
  }

  @Test func `keys may be negative, far apart, or the largest there are`() {
    var history = StoreHistory()
    for key in [Int.max - 1, -5, 0, 1 << 40, -5, Int.min] {
      let write = history.invoke(client: 0, operation: .put(key: key, value: "k\(key)"))
      history.complete(write, response: .done)
      let read = history.invoke(client: 0, operation: .get(key: key))
      history.complete(read, response: .value("k\(key)"))
    }
    var checker = StoreChecker()
    #expect(checker.check(history) == .linearizable(witness: Array(0..<12)))
  }

  @Test func `the first violating partition is reported with its keys`() {
    var history = StoreHistory()
    for first in [7, 2, 3, 90_000] {
      let write = history.invoke(
        client: 0, operation: .writeBlocks(first: first, count: 2, value: "x"))
      history.complete(write, response: .done)
    }
    let read = history.invoke(client: 0, operation: .readBlocks(first: 4, count: 1))
    history.complete(read, response: .blocks([""]))
    var checker = LinearizabilityChecker(BlockDeviceSpecification())
    #expect(
      checker.check(history)
        == .violation(
          Conflict(keys: 2..<5, operations: [1, 2, 4], prefix: [1, 2], unexplained: 4)))
  }
}
