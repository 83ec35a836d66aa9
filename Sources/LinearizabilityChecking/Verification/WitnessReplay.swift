/// Follows the order that a checker gives for a linearizable history, on the plain object.
public struct WitnessReplay {
  private let history: RecordedHistory

  /// Orders of the operations of `history`.
  public init(_ history: RecordedHistory) {
    self.history = history
  }

  /// What is wrong with the order; `nil` if it explains the history.
  public func fault(of order: [Int32]) -> String? {
    var places = [Int?](repeating: nil, count: history.operations.count)
    for (place, index) in order.enumerated() {
      guard history.operations.indices.contains(Int(index)), places[Int(index)] == nil else {
        return "the witness has operation \(index) twice, or there is none"
      }
      places[Int(index)] = place
    }
    for (index, operation) in history.operations.enumerated() {
      let isNeeded = operation.outcome == .ok && history.takesPart(index)
      if isNeeded, places[index] == nil { return "the witness lacks operation \(index)" }
      if operation.outcome == .failed, places[index] != nil {
        return "the witness has operation \(index), which failed"
      }
    }
    return timeFault(of: order) ?? answerFault(of: order)
  }

  /// An operation must not come after one that was called after it had returned.
  private func timeFault(of order: [Int32]) -> String? {
    var latestCall: Int32 = -1
    for index in order {
      let operation = history.operations[Int(index)]
      if operation.outcome == .ok, operation.returned < latestCall {
        return "the witness has operation \(index) too late"
      }
      latestCall = max(latestCall, operation.call)
    }
    return nil
  }

  private func answerFault(of order: [Int32]) -> String? {
    var object = PlainObject(initial: history.values[history.initialValue])
    for index in order {
      let operation = history.operations[Int(index)]
      guard let answer = object.answer(to: operation, history),
        BruteForce.fits(answer, operation, history)
      else { return "the witness does not explain operation \(index)" }
    }
    return nil
  }
}

extension PlainObject {
  /// Performs an operation of a history; `nil` if that is impossible now.
  mutating func answer(to operation: RecordedOperation, _ history: RecordedHistory) -> Answer? {
    history.model == .keyValue
      ? performOnText(operation, history.values) : perform(operation, history.values)
  }
}
