import LinearizabilityChecking
import Testing

/// The oracle itself, on histories that one can decide by hand.
@Suite struct BruteForceTests {
  private func history(
    _ model: ObjectModel, _ draft: (inout RecordedHistory) -> [RecordedOperation]
  ) -> RecordedHistory {
    var history = RecordedHistory(model: model, initialValue: "0")
    _ = history.keys.id(of: "")
    _ = history.processes.id(of: "0")
    history.operations = draft(&history)
    history.eventCount = 100
    return history
  }

  private func operation(
    _ kind: RecordedOperation.Kind, _ call: Int32, _ returned: Int32, argument: Int32 = -1,
    result: Int32 = -1, outcome: RecordedOperation.Outcome = .ok
  ) -> RecordedOperation {
    var operation = RecordedOperation(kind: kind, process: 0, key: 0, call: call)
    operation.outcome = outcome
    operation.returned = outcome == .unknown ? .max : returned
    operation.argument = argument
    operation.result = result
    return operation
  }

  @Test func `a read sees the write before it, or the one beside it`() {
    for (writeReturns, initialIsFine) in [(Int32(5), true), (Int32(1), false)] {
      let history = history(.register) { history in
        let one = history.values.id(of: "1")
        return [
          operation(.write, 0, writeReturns, argument: one),
          operation(.read, 2, 4, result: history.initialValue),
        ]
      }
      #expect(BruteForce(history).isLinearizable == initialIsFine)
    }
  }

  @Test func `an unknown write may take effect late, a failed one never does`() {
    for (outcome, isFine) in [
      (RecordedOperation.Outcome.unknown, true), (.failed, false),
    ] {
      let history = history(.register) { history in
        let one = history.values.id(of: "1")
        return [
          operation(.write, 0, 1, argument: one, outcome: outcome),
          operation(.read, 2, 3, result: history.initialValue),
          operation(.read, 4, 5, result: one),
        ]
      }
      #expect(BruteForce(history).isLinearizable == isFine)
    }
  }

  @Test func `what two clients took from a queue came in order`() {
    for (first, second, isFine) in [("1", "2", true), ("2", "1", false)] {
      let history = history(.fifoQueue) { history in
        [
          operation(.enqueue, 0, 1, argument: history.values.id(of: "1")),
          operation(.enqueue, 2, 3, argument: history.values.id(of: "2")),
          operation(.dequeue, 4, 5, result: history.values.id(of: first)),
          operation(.dequeue, 6, 7, result: history.values.id(of: second)),
        ]
      }
      #expect(BruteForce(history).isLinearizable == isFine)
    }
  }

  @Test func `a witness is followed`() {
    let history = history(.register) { history in
      let one = history.values.id(of: "1")
      return [
        operation(.write, 0, 1, argument: one), operation(.read, 2, 3, result: one),
      ]
    }
    let replay = WitnessReplay(history)
    #expect(replay.fault(of: [0, 1]) == nil)
    #expect(replay.fault(of: [1, 0]) == "the witness has operation 0 too late")
    #expect(replay.fault(of: [0]) == "the witness lacks operation 1")
    #expect(replay.fault(of: [0, 1, 1]) != nil)
    #expect(replay.fault(of: [0, 7, 1]) != nil)
  }
}
