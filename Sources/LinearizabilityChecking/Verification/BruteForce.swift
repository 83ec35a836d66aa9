/// Decides a small recorded history by trying every order of its operations that respects real
/// time, with every subset of the unknown outcomes: no splitting, no caching, nothing clever, and
/// nothing shared with the checkers but the history.
public struct BruteForce {
  private let history: RecordedHistory

  /// The oracle for one history of at most a dozen operations.
  public init(_ history: RecordedHistory) {
    self.history = history
  }

  /// Whether some order explains the history.
  public var isLinearizable: Bool {
    let candidates = history.operations.indices.filter { history.operations[$0].outcome != .failed }
    return explains(candidates, PlainObject(initial: history.values[history.initialValue]))
  }

  private func explains(_ untaken: [Int], _ object: PlainObject) -> Bool {
    let completed = untaken.filter { history.operations[$0].outcome == .ok }
    guard let firstReturn = completed.map({ history.operations[$0].returned }).min() else {
      return true
    }
    for index in untaken where history.operations[index].call < firstReturn {
      var next = object
      let operation = history.operations[index]
      guard let answer = next.answer(to: operation, history),
        Self.fits(answer, operation, history)
      else { continue }
      if explains(untaken.filter { $0 != index }, next) { return true }
    }
    return false
  }

  /// Whether the history says nothing else about the answer.
  static func fits(
    _ answer: PlainObject.Answer, _ operation: RecordedOperation, _ history: RecordedHistory
  ) -> Bool {
    guard operation.outcome == .ok else { return true }
    switch operation.kind {
    case .read: return operation.result < 0 || answer == .value(history.values[operation.result])
    case .append:
      return operation.result < 0 || answer == .value(history.values[operation.result])
    case .dequeue:
      return operation.result < 0
        ? answer == .empty : answer == .value(history.values[operation.result])
    case .readList, .readTwo:
      guard operation.result >= 0, operation.resultCount >= 0 else { return true }
      let range = Int(operation.result)..<Int(operation.result) + Int(operation.resultCount)
      return answer == .values(history.lists[range].map { history.values[$0] })
    case .contains: return operation.result < 0 || answer == (operation.result == 1 ? .yes : .no)
    case .compareAndSwap: return fitsSwap(answer, operation, history)
    case .write, .writeTwo, .enqueue, .add, .remove, .acquire, .release: return answer == .done
    }
  }

  private static func fitsSwap(
    _ answer: PlainObject.Answer, _ operation: RecordedOperation, _ history: RecordedHistory
  ) -> Bool {
    guard operation.result >= 0 else { return true }
    let told = operation.resultCount >= 0 ? history.values[operation.resultCount] : nil
    switch answer {
    case .yes:
      return operation.result == 1 && (told == nil || told == history.values[operation.expected])
    case .found(let value): return operation.result == 0 && (told == nil || told == value)
    default: return false
    }
  }
}
