import Testing

@testable import LinearizabilityChecking

/// Queues of different elements: what each kind of conflict looks like, and agreement with brute
/// force and with the search.
@Suite struct QueueOrderTests {
  /// One operation: `+a` puts a in, `-a` takes it out, `-` finds nothing; then call and return,
  /// none if it is not known.
  private func history(
    _ operations: (String, Int32, Int32?)...
  ) -> RecordedHistory {
    var history = RecordedHistory(model: .fifoQueue)
    _ = history.keys.id(of: "")
    for (place, (text, call, returned)) in operations.sorted(by: { $0.1 < $1.1 }).enumerated() {
      let isEnqueue = text.hasPrefix("+")
      var operation = RecordedOperation(
        kind: isEnqueue ? .enqueue : .dequeue,
        process: history.processes.id(of: "\(place)"), key: 0, call: call)
      let value = text.count > 1 ? history.values.id(of: String(text.dropFirst())) : -1
      if isEnqueue { operation.argument = value } else { operation.result = value }
      if let returned {
        operation.outcome = .ok
        operation.returned = returned
      } else if !isEnqueue {
        operation.result = -1
      }
      history.operations.append(operation)
    }
    history.eventCount = 100
    return history
  }

  private func reason(_ history: RecordedHistory) -> ViolationCertificate.Reason? {
    #expect(BruteForce(history).isLinearizable == false)
    var checker = HistoryChecker()
    let checked = checker.check(history)
    guard case .violation(let certificate) = checked.verdict else { return nil }
    #expect(checked.explored == 0)
    return certificate.reason
  }

  @Test func `an element that nobody put in, that comes twice, or too early`() {
    #expect(reason(history(("-a", 0, 1))) == .neverWritten(read: 0))
    #expect(
      reason(history(("+a", 0, 1), ("-a", 2, 3), ("-a", 4, 5)))
        == .observedTwice(update: 0, first: 1, second: 2))
    #expect(
      reason(history(("-a", 0, 1), ("+a", 2, 3))) == .readBeforeWrite(read: 0, write: 1))
  }

  @Test func `elements that came in one after the other and leave the other way round`() {
    let wrong = history(("+a", 0, 1), ("+b", 2, 3), ("-b", 4, 5), ("-a", 6, 7))
    #expect(reason(wrong) == .cycle([0, 1], why: [.implied, .implied]))
    let stays = history(("+a", 0, 1), ("+b", 2, 3), ("-b", 4, 5))
    #expect(reason(stays) == .cycle([0, 1], why: [.implied, .implied]))
    let implied = history(("+a", 0, 9), ("-a", 1, 2), ("+b", 3, 4), ("-b", 5, 6))
    var checker = HistoryChecker()
    #expect(checker.check(implied).verdict == .linearizable(witness: [0, 1, 2, 3]))
  }

  @Test func `nothing was found although something was there all the time`() {
    #expect(
      reason(history(("+a", 0, 1), ("-", 2, 3))) == .cycle([0, 1], why: [.implied, .implied]))
    // a is there at first, b from before a leaves.
    let relay = history(
      ("+a", 0, 1), ("-", 2, 9), ("+b", 3, 4), ("-a", 5, 6), ("-b", 10, 11))
    #expect(reason(relay) == .cycle([2, 1], why: [.implied, .implied]))
    var checker = HistoryChecker()
    let gap = history(("+a", 0, 1), ("-", 2, 9), ("+b", 3, 6), ("-a", 4, 5), ("-b", 10, 11))
    #expect(checker.check(gap).verdict.isLinearizable)
  }

  @Test func `an unknown enqueue may have happened, an unknown dequeue makes room`() {
    var checker = HistoryChecker()
    for (drawn, isFine) in [
      (history(("+a", 0, nil), ("-a", 1, 2)), true),
      (history(("+a", 0, nil), ("-", 1, 2)), true),
      (history(("+a", 0, 1), ("-", 2, nil), ("-", 3, 4)), true),
      (history(("+a", 0, 1), ("-", 2, 3), ("-", 4, nil)), false),
    ] {
      #expect(BruteForce(drawn).isLinearizable == isFine)
      #expect(checker.check(drawn).verdict.isLinearizable == isFine)
    }
  }

  @Test func `drawn queues of different elements: verdicts, witnesses, and no search`() {
    var checker = HistoryChecker()
    var linearizable = 0
    for seed in 1...3_000 {
      var plan = DrawnHistories(.fifoQueue)
      plan.operations = 4 + seed % 5
      plan.clients = 2 + seed % 3
      plan.lieOneIn = [0, 3, 6][seed % 3]
      plan.failedOneIn = 9
      plan.seed = UInt64(seed)
      var drawn = plan.draw()
      drawn.hint = []
      let checked = checker.check(drawn)
      #expect(checked.explored == 0)
      let isFine = BruteForce(drawn).isLinearizable
      switch checked.verdict {
      case .linearizable(let witness):
        linearizable += 1
        #expect(isFine, "seed \(seed)")
        #expect(WitnessReplay(drawn).fault(of: witness) == nil, "seed \(seed)")
      case .violation: #expect(!isFine, "seed \(seed)")
      case .undecided: Issue.record("seed \(seed)")
      }
    }
    #expect(linearizable > 1_500 && linearizable < 2_900, "\(linearizable)")
  }

  @Test func `a long queue with many clients`() {
    var plan = DrawnHistories(.fifoQueue)
    plan.operations = 4_000
    plan.clients = 20
    plan.keys = 2
    plan.seed = 5
    var drawn = plan.draw()
    drawn.hint = []
    var checker = HistoryChecker()
    guard case .linearizable(let witness) = checker.check(drawn).verdict else {
      Issue.record("rejected")
      return
    }
    #expect(WitnessReplay(drawn).fault(of: witness) == nil)
  }
}
