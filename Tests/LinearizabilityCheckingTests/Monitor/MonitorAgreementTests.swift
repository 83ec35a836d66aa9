import LinearizabilityChecking
import Testing

/// A monitor says of every prefix what the checkers and brute force say: 3,200 histories of the
/// eight named objects and 1,600 of the four specifications of stores.
@Suite struct MonitorAgreementTests {
  struct Tally: Equatable {
    var linearizable = 0
    var violations = 0
  }

  @Test(arguments: ObjectModel.allCases)
  func `named objects: 400 histories of seven operations`(model: ObjectModel) {
    var checker = HistoryChecker()
    var tally = Tally()
    for seed in 1...400 {
      let history = DrawnRecordedHistory(
        model: model, processes: 2 + seed % 3, valueCount: 1 + seed % 4,
        unknownOneIn: [0, 4, 7][seed % 3], failedOneIn: [0, 8][seed % 2], seed: UInt64(seed)
      ).build(7)
      if let complaint = MonitorReplay.disagreement(on: history, &checker) {
        Issue.record("\(model), seed \(seed): \(complaint)")
      }
      switch MonitorReplay.outcome(of: history) {
      case .linearizable:
        tally.linearizable += 1
        if !PlainObject.isLinearizable(history) { Issue.record("\(model), seed \(seed)") }
      case .violation(let event):
        tally.violations += 1
        let before = history.prefix(eventCount: event)
        let after = history.prefix(eventCount: event + 1)
        if !PlainObject.isLinearizable(before) || PlainObject.isLinearizable(after) {
          Issue.record("\(model), seed \(seed), event \(event)")
        }
      case .undecided: Issue.record("\(model), seed \(seed): undecided")
      }
    }
    #expect(tally.linearizable > 40 && tally.violations > 40, "\(model) \(tally)")
  }

  /// Compares on every prefix; drawn moments of abandonment.
  private func compare<S: MonitoredSpecification>(
    _ specification: S, _ seed: Int, _ history: StoreHistory, keys: Range<Int>,
    _ tally: inout Tally
  ) where S.Operation == Operation, S.Response == Response {
    var numbers = Numbers(state: UInt64(seed))
    var checker = LinearizabilityChecker(specification)
    var follower = MonitorFollower(specification, history, keys: keys)
    var prefix = StoreHistory()
    for (_, event) in MonitorFollower<S>.events(of: history, &numbers) {
      follower.follow(event)
      switch event {
      case .invoke(let index):
        let entry = history.entries[index]
        prefix.invoke(client: entry.client, operation: entry.operation)
      case .complete(let index):
        guard let response = history.entries[index].response else { break }
        prefix.complete(index, response: response)
      case .abandon, .fail: break
      }
      // Brute force, which takes most of the time, for one seed in four.
      let checked = checker.check(prefix).isLinearizable
      let expected = seed % 4 == 0 ? BruteForceChecker.isLinearizable(prefix) : checked
      if checked != expected
        || (follower.monitor.verdict == .linearizable) != expected
      {
        Issue.record("\(S.self), seed \(seed): \(prefix)")
        return
      }
    }
    switch follower.monitor.verdict {
    case .linearizable: tally.linearizable += 1
    case .violation: tally.violations += 1
    case .undecided: Issue.record("\(S.self), seed \(seed): undecided")
    }
  }

  @Test func `stores: 1,600 histories of seven operations, each prefix`() {
    var tally = Tally()
    for seed in 1...400 {
      let drawn = DrawnHistory(
        clients: 2 + seed % 3, keys: 1, unknownOneIn: [0, 4][seed % 2], lieOneIn: 6,
        seed: UInt64(seed))
      let mix = drawn.keyValueMix(7)
      compare(RegisterSpecification(), seed, mix, keys: 0..<1, &tally)
      compare(KeyValueSpecification(), seed, mix, keys: 0..<1, &tally)
      let blocks = drawn.blocks(7)
      compare(BlockDeviceSpecification(), seed, blocks, keys: 0..<4, &tally)
      compare(StoreSpecification(), seed, blocks, keys: 0..<4, &tally)
    }
    #expect(tally == Tally(linearizable: 1_058, violations: 542))
  }

  @Test func `a client has several operations open, equal ones among them`() {
    var tally = Tally()
    for seed in 1...500 {
      let drawn = DrawnHistory(
        clients: 3, keys: 1, unknownOneIn: 4, lieOneIn: 5, seed: UInt64(seed)
      ).build(6) { numbers, _ in
        numbers.below(2) == 0 ? .append(key: 0, value: "x") : .get(key: 0)
      }
      // The same events, but all of one client.
      var history = StoreHistory()
      var events = drawn.entries.indices.map { (moment: drawn.entries[$0].call, event: $0) }
      for (index, entry) in drawn.entries.enumerated() {
        if let returned = entry.returned { events.append((returned, ~index)) }
      }
      for (_, event) in events.sorted(by: { $0.moment < $1.moment }) {
        if event >= 0 {
          history.invoke(client: 0, operation: drawn.entries[event].operation)
        } else if let response = drawn.entries[~event].response {
          history.complete(~event, response: response)
        }
      }
      compare(StoreSpecification(), seed, history, keys: 0..<1, &tally)
    }
    #expect(tally == Tally(linearizable: 307, violations: 193))
  }

  @Test func `the comparison notices monitors that forget what an operation owes`() {
    var wrong = 0
    for seed in 1...300 {
      let history = DrawnHistory(clients: 3, keys: 1, lieOneIn: 3, seed: UInt64(seed)).keyValue(7)
      var follower = MonitorFollower(Forgetful(), history, keys: 0..<1)
      var numbers = Numbers(state: 1)
      for (_, event) in MonitorFollower<Forgetful>.events(of: history, &numbers) {
        follower.follow(event)
      }
      if (follower.monitor.verdict == .linearizable) != BruteForceChecker.isLinearizable(history) {
        wrong += 1
      }
    }
    #expect(wrong > 10, "\(wrong)")
  }
}

/// A register whose operations, once they have taken effect, may answer anything.
private struct Forgetful: MonitoredSpecification {
  let register = RegisterSpecification()

  func initialState(of keys: Range<Int>) -> String { "" }

  func next(_ state: String, _ operation: Operation, _ response: Response?) -> Successors<String> {
    register.next(state, operation, response)
  }

  func partitionKeys(_ operation: Operation) -> Range<Int> { 0..<1 }

  func isReadOnly(_ operation: Operation, _ response: Response?) -> Bool {
    register.isReadOnly(operation, response)
  }

  func answer(of operation: Operation, from before: String, to after: String) -> Bool { true }

  func allows(_ answer: Bool, _ operation: Operation, _ response: Response?) -> Bool { true }
}
