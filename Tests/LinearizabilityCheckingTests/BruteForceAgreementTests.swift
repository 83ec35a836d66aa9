import LinearizabilityChecking
import Testing

/// The checker answers what brute force answers, on all small histories of several grammars, and
/// its witnesses and conflicts hold: 213,000 enumerated histories and 12,000 drawn ones.
@Suite struct BruteForceAgreementTests {
  /// How many histories a grammar gave, and how many of them were linearizable.
  struct Tally: Equatable {
    var histories = 0
    var linearizable = 0

    /// Compares one verdict with brute force and counts the history.
    mutating func add(_ history: StoreHistory, _ verdict: LinearizabilityVerdict) {
      let expected = BruteForceChecker.isLinearizable(history)
      histories += 1
      if expected { linearizable += 1 }
      if let complaint = complaint(verdict, expected, history) {
        Issue.record("\(complaint): \(history)")
      }
    }
  }

  /// Compares on all shapes of `count` operations with all assignments of `deeds`.
  private func compare<S: SequentialSpecification>(
    _ specification: S, _ deeds: [Deed], count: Int, open: Int, stride: Int = 1
  ) -> Tally where S.Operation == Operation, S.Response == Response {
    var checker = LinearizabilityChecker(specification)
    var store = StoreChecker()
    var tally = Tally()
    for (number, shape) in Shape.all(count: count, open: open).enumerated() {
      forEachAssignment(of: deeds, count: count, startingAt: number, stride: stride) { chosen in
        let history = Shape.history(shape, chosen)
        let verdict = checker.check(history)
        tally.add(history, verdict)
        if store.check(history) != verdict { Issue.record("store: \(shape) \(chosen)") }
      }
    }
    return tally
  }

  @Test func `register: get, put, unknown puts, duplicate values`() {
    let deeds = [
      Deed(.get(key: 0), .value("")), Deed(.get(key: 0), .value("a")),
      Deed(.get(key: 0), .value("b")), Deed(.put(key: 0, value: "a"), .done),
      Deed(.put(key: 0, value: "b"), .done), Deed(.put(key: 0, value: "a"), nil),
      Deed(.put(key: 0, value: "b"), nil), Deed(.get(key: 0), nil),
    ]
    var tally = compare(RegisterSpecification(), deeds, count: 3, open: 3)
    #expect(tally == Tally(histories: 3_072, linearizable: 1_772))
    tally = compare(RegisterSpecification(), deeds, count: 4, open: 4, stride: 7)
    #expect(tally == Tally(histories: 14_044, linearizable: 7_446))
  }

  @Test func `register: five operations of three clients, every fifteenth assignment`() {
    let deeds = [
      Deed(.get(key: 0), .value("a")), Deed(.get(key: 0), .value("b")),
      Deed(.put(key: 0, value: "a"), .done), Deed(.put(key: 0, value: "b"), nil),
      Deed(.compareAndSet(key: 0, expected: "a", new: "b"), nil),
    ]
    let tally = compare(RegisterSpecification(), deeds, count: 5, open: 3, stride: 15)
    #expect(tally == Tally(histories: 20_419, linearizable: 9_062))
  }

  @Test func `compare-and-set: successes, failures, unknown outcomes`() {
    let deeds = [
      Deed(.get(key: 0), .value("a")), Deed(.get(key: 0), .value("b")),
      Deed(.put(key: 0, value: "a"), .done),
      Deed(.compareAndSet(key: 0, expected: "a", new: "b"), .swapped(true)),
      Deed(.compareAndSet(key: 0, expected: "a", new: "b"), .swapped(false)),
      Deed(.compareAndSet(key: 0, expected: "b", new: "a"), nil),
      Deed(.compareAndSet(key: 0, expected: "", new: "a"), .swapped(true)),
    ]
    var tally = compare(KeyValueSpecification(), deeds, count: 3, open: 3)
    #expect(tally == Tally(histories: 2_058, linearizable: 610))
    tally = compare(KeyValueSpecification(), deeds, count: 4, open: 3, stride: 4)
    #expect(tally == Tally(histories: 13_806, linearizable: 3_201))
  }

  @Test func `key-value: appends and drawn puts, known and unknown, on two keys`() {
    let deeds = [
      Deed(.get(key: 0), .value("x")), Deed(.get(key: 0), .value("xx")),
      Deed(.get(key: 0), .value("d#1x")), Deed(.append(key: 0, value: "x"), .value("x")),
      Deed(.append(key: 0, value: "x"), .value("xx")), Deed(.append(key: 0, value: "x"), nil),
      Deed(.putDrawn(key: 0, value: "d", outcomes: 2), .value("d#1")),
      Deed(.putDrawn(key: 0, value: "d", outcomes: 2), nil),
      Deed(.append(key: 1, value: "x"), .value("x")), Deed(.get(key: 1), .value("")),
    ]
    var tally = compare(KeyValueSpecification(), deeds, count: 3, open: 3)
    #expect(tally == Tally(histories: 6_000, linearizable: 1_663))
    tally = compare(KeyValueSpecification(), deeds, count: 4, open: 4, stride: 17)
    #expect(tally == Tally(histories: 14_120, linearizable: 2_877))
  }

  @Test func `block device: reads and writes of one and two blocks`() {
    let deeds = [
      Deed(.readBlocks(first: 0, count: 2), .blocks(["a", "a"])),
      Deed(.readBlocks(first: 0, count: 2), .blocks(["a", "b"])),
      Deed(.readBlocks(first: 1, count: 1), .blocks(["b"])),
      Deed(.readBlocks(first: 1, count: 2), .blocks(["a", "b"])),
      Deed(.writeBlocks(first: 0, count: 2, value: "a"), .done),
      Deed(.writeBlocks(first: 1, count: 2, value: "b"), .done),
      Deed(.writeBlocks(first: 1, count: 2, value: "b"), nil),
      Deed(.writeBlocks(first: 1, count: 1, value: "a"), .done),
    ]
    var tally = compare(BlockDeviceSpecification(), deeds, count: 3, open: 3)
    #expect(tally == Tally(histories: 3_072, linearizable: 790))
    tally = compare(BlockDeviceSpecification(), deeds, count: 4, open: 4, stride: 3)
    #expect(tally == Tally(histories: 32_768, linearizable: 7_630))
  }

  @Test func `drawn histories: seven operations of up to four clients with lies among them`() {
    var keyValue = Tally()
    var block = Tally()
    var checker = StoreChecker()
    for seed in 1...3_000 {
      let drawn = DrawnHistory(
        clients: 2 + seed % 3, keys: 1 + seed % 2, unknownOneIn: 4, lieOneIn: 6,
        seed: UInt64(seed))
      let keys = drawn.keyValueMix(7)
      keyValue.add(keys, checker.check(keys))
      let blocks = drawn.blocks(7)
      block.add(blocks, checker.check(blocks))
    }
    #expect(keyValue == Tally(histories: 3_000, linearizable: 1_783))
    #expect(block == Tally(histories: 3_000, linearizable: 2_452))
  }

  @Test func `the comparison notices a specification that takes writes for reads`() {
    var checker = LinearizabilityChecker(EagerWrites())
    var wrong = 0
    for seed in 1...200 {
      let history = DrawnHistory(clients: 3, keys: 1, seed: UInt64(seed)).keyValue(6)
      if checker.check(history).isLinearizable != BruteForceChecker.isLinearizable(history) {
        wrong += 1
      }
    }
    #expect(wrong == 186)
  }
}

/// What is wrong with a verdict; `nil` if it agrees with `expected` and its evidence holds.
private func complaint(
  _ verdict: LinearizabilityVerdict, _ expected: Bool, _ history: StoreHistory
) -> String? {
  switch verdict {
  case .linearizable(let witness):
    if !expected { return "accepted" }
    return fault(of: witness, in: history)
  case .violation(let conflict):
    if expected { return "rejected" }
    if !conflict.operations.contains(conflict.unexplained) { return "foreign operation" }
    if conflict.prefix.contains(conflict.unexplained) { return "explained after all" }
    return orderFault(of: conflict.prefix, in: history)
  case .undecided:
    return "undecided"
  }
}

/// A register that claims that writes leave every state as it is.
private struct EagerWrites: SequentialSpecification {
  let register = RegisterSpecification()

  func initialState(of keys: Range<Int>) -> String { "" }

  func next(_ state: String, _ operation: Operation, _ response: Response?) -> Successors<String> {
    register.next(state, operation, response)
  }

  func partitionKeys(_ operation: Operation) -> Range<Int> { 0..<1 }

  func isReadOnly(_ operation: Operation, _ response: Response?) -> Bool { true }
}
