import LinearizabilityChecking
import Testing

/// Histories that everybody knows, drawn as intervals: a letter per event, a capital where the
/// operation returns.
@Suite struct ClassicHistoryTests {
  /// `"aAbB"`: operation a runs before b. `"abAB"`: they overlap. A letter that has no capital
  /// never returns. Deeds are given in the order of the letters' first appearance.
  private func history(_ events: String, _ deeds: [Deed]) -> StoreHistory {
    var indices: [Character: Int] = [:]
    var history = StoreHistory()
    for letter in events {
      let name = Character(letter.lowercased())
      if letter == name {
        let deed = deeds[indices.count]
        indices[name] = history.invoke(client: indices.count, operation: deed.operation)
      } else if let index = indices[name], let response = deeds[index].response {
        history.complete(index, response: response)
      }
    }
    return history
  }

  private func verdict(_ events: String, _ deeds: Deed...) -> LinearizabilityVerdict {
    var checker = StoreChecker()
    return checker.check(history(events, deeds))
  }

  private func put(_ value: String) -> Deed { Deed(.put(key: 0, value: value), .done) }
  private func get(_ value: String) -> Deed { Deed(.get(key: 0), .value(value)) }
  private func maybe(_ operation: Operation) -> Deed { Deed(operation, nil) }

  @Test func `nothing happened`() {
    #expect(verdict("") == .linearizable(witness: []))
  }

  @Test func `stale read: the old value after a write has returned`() {
    #expect(
      verdict("aAbBcC", put("x"), put("y"), get("x"))
        == .violation(
          Conflict(keys: 0..<1, operations: [0, 1, 2], prefix: [0, 1], unexplained: 2)))
  }

  @Test func `a read that overlaps the write may see either value`() {
    #expect(verdict("abBA", put("x"), get("")) == .linearizable(witness: [1, 0]))
    #expect(verdict("abBA", put("x"), get("x")) == .linearizable(witness: [0, 1]))
  }

  @Test func `new-old inversion: two reads during one write see it and then do not`() {
    #expect(
      verdict("abBcCA", put("x"), get("x"), get(""))
        == .violation(
          Conflict(keys: 0..<1, operations: [0, 1, 2], prefix: [0, 1], unexplained: 2)))
    #expect(verdict("abBcCA", put("x"), get(""), get("x")).isLinearizable)
  }

  @Test func `two overlapping writes take the order that the reads ask for`() {
    #expect(
      verdict("abABcC", put("x"), put("y"), get("x")) == .linearizable(witness: [1, 0, 2]))
    #expect(
      verdict("abABcC", put("x"), put("y"), get("y")) == .linearizable(witness: [0, 1, 2]))
    #expect(!verdict("abABcCdD", put("x"), put("y"), get("x"), get("y")).isLinearizable)
  }

  @Test func `lost update: two compare-and-sets from one value both succeed`() {
    let first = Deed(.compareAndSet(key: 0, expected: "", new: "x"), .swapped(true))
    let second = Deed(.compareAndSet(key: 0, expected: "", new: "y"), .swapped(true))
    let failed = Deed(.compareAndSet(key: 0, expected: "", new: "y"), .swapped(false))
    #expect(!verdict("abAB", first, second).isLinearizable)
    #expect(verdict("abAB", first, failed) == .linearizable(witness: [0, 1]))
  }

  @Test func `torn write: a reader sees one block of two`() {
    let write = Deed(.writeBlocks(first: 4, count: 2, value: "x"), .done)
    let torn = Deed(.readBlocks(first: 4, count: 2), .blocks(["x", ""]))
    let left = Deed(.readBlocks(first: 4, count: 1), .blocks(["x"]))
    let right = Deed(.readBlocks(first: 5, count: 1), .blocks([""]))
    #expect(
      verdict("abBA", write, torn)
        == .violation(Conflict(keys: 4..<6, operations: [0, 1], prefix: [], unexplained: 1)))
    #expect(!verdict("abBcCA", write, left, right).isLinearizable)
    #expect(verdict("abBcCA", write, right, left).isLinearizable)
  }

  @Test func `a write of unknown outcome is observed at once, much later, or never`() {
    let lost = maybe(.put(key: 0, value: "x"))
    #expect(verdict("abB", lost, get("x")) == .linearizable(witness: [0, 1]))
    #expect(verdict("abBcC", lost, get(""), get("x")) == .linearizable(witness: [1, 0, 2]))
    #expect(verdict("abB", lost, get("")) == .linearizable(witness: [1]))
    #expect(!verdict("abBcC", lost, get("x"), get("")).isLinearizable)
    #expect(!verdict("aAbB", get("x"), lost).isLinearizable)
  }

  @Test func `a read of unknown outcome says nothing`() {
    #expect(verdict("abB", maybe(.get(key: 0)), put("x")) == .linearizable(witness: [1]))
  }

  @Test func `a failed write is not observed`() {
    var history = history("abB", [maybe(.put(key: 0, value: "x")), get("x")])
    var checker = StoreChecker()
    #expect(checker.check(history).isLinearizable)
    history.fail(0)
    #expect(!checker.check(history).isLinearizable)
  }

  @Test func `duplicate append: one request is executed twice`() {
    let append = Deed(.append(key: 0, value: "x"), .value("x"))
    #expect(verdict("aAbB", append, get("xx")).isLinearizable == false)
    let lost = maybe(.append(key: 0, value: "x"))
    #expect(verdict("abBcC", lost, append, get("xx")).isLinearizable)
  }

  @Test func `a drawn put whose outcome nobody told has one outcome all the same`() {
    let lost = maybe(.putDrawn(key: 0, value: "d", outcomes: 1_000))
    #expect(verdict("abBcC", lost, get("d#7"), get("d#7")) == .linearizable(witness: [0, 1, 2]))
    #expect(!verdict("abBcC", lost, get("d#7"), get("d#8")).isLinearizable)
    #expect(!verdict("abB", lost, get("d#1000")).isLinearizable)
    #expect(!verdict("abB", lost, get("d#07")).isLinearizable)
  }

  @Test func `an answer of the wrong kind is a violation`() {
    #expect(!verdict("aA", Deed(.get(key: 0), .done)).isLinearizable)
    #expect(!verdict("aA", Deed(.put(key: 0, value: "x"), .value("x"))).isLinearizable)
    #expect(!verdict("aA", Deed(.readBlocks(first: 0, count: 2), .blocks([""]))).isLinearizable)
  }

  @Test func `the initial value can be chosen`() {
    var checker = StoreChecker(initialValue: "nil")
    #expect(checker.check(history("aA", [get("nil")])).isLinearizable)
    #expect(!checker.check(history("aA", [get("")])).isLinearizable)
  }

  @Test func `one client keeps several operations open`() {
    var history = StoreHistory()
    let write = history.invoke(client: 0, operation: .put(key: 0, value: "x"))
    let read = history.invoke(client: 0, operation: .get(key: 0))
    history.complete(read, response: .value("x"))
    history.complete(write, response: .done)
    var checker = StoreChecker()
    #expect(checker.check(history) == .linearizable(witness: [0, 1]))
  }
}
