/// An answer that shows what everybody had replaced: all updates that may have put the value there
/// had returned before another operation began that left or saw something else, and that one had
/// returned before the answer's operation began.
///
/// With repeated values this conflict can be as long as the history, since each of the updates
/// belongs to it; so it is looked for by itself, in one pass, before anything is reduced.
struct StaleAnswer {
  /// All updates that may have put the value there, by call; none if only the initial value can be
  /// meant.
  let writers: [Int32]
  /// Came after them, and left or saw something else.
  let between: Int32
  /// Answered the value.
  let answering: Int32
  /// Whether leaving out any one operation is known to resolve the conflict, provided that the
  /// history is linearizable up to the return of ``answering``.
  let isMinimal: Bool

  /// All of them, by call.
  var operations: [Int32] { (writers + [between, answering]).sorted() }

  /// What the others contradict; payloads are places that `place` gives to the operations.
  func reason(_ place: (Int32) -> Int32?) -> ViolationCertificate.Reason? {
    guard let read = place(answering), let by = place(between) else { return nil }
    return .overwritten(read: read, writes: writers.compactMap(place), by: by)
  }

  /// - Parameter answering: the operation whose answer may be stale; it has returned.
  init?(_ history: RecordedHistory, answering: Int32) {
    let last = history.operations[Int(answering)]
    let hasSingleValues = [.register, .casRegister, .keyValue].contains(history.model)
    guard hasSingleValues, last.outcome == .ok, let value = history.found(Int(answering)) else {
      return nil
    }
    var writers: [Int32] = []
    var end: Int32 = -1
    for (index, operation) in history.operations.enumerated()
    where operation.key == last.key && operation.call < last.returned && index != Int(answering) {
      if operation.kind == .append { return nil }
      guard history.mayHaveLeft(value, index) else { continue }
      writers.append(Int32(index))
      end = max(end, operation.returned)
    }
    // A value that nobody wrote is another story.
    guard end < last.call, !writers.isEmpty || value == history.initialValue else { return nil }
    let candidates = history.operations.indices.filter { index in
      let operation = history.operations[index]
      return operation.key == last.key && operation.outcome == .ok && operation.call > end
        && operation.returned < last.call && history.showsOther(than: value, index)
    }
    let write = candidates.first { history.operations[$0].kind == .write }
    guard let between = write ?? candidates.first else { return nil }
    self.writers = writers
    self.between = Int32(between)
    self.answering = answering
    isMinimal = Self.isMinimal(history, writers, Int32(between), answering, value)
  }

  /// Without the operation in between nothing contradicts the answer; without the answer the prefix
  /// explains the others. A plain write that is left out may take effect just before the answer,
  /// behind an order of the others. So may a compare-and-swap, if a write that nobody needs puts
  /// there what it replaced.
  private static func isMinimal(
    _ history: RecordedHistory, _ writers: [Int32], _ between: Int32, _ answering: Int32,
    _ value: Int32
  ) -> Bool {
    // Then the only writer is needed before it, too.
    if history.found(Int(between)) == value, writers.count < 2 { return false }
    let swaps = writers.filter { history.operations[Int($0)].kind == .compareAndSwap }
    guard !swaps.isEmpty else { return true }
    var needs: [Int32: Int] = [:]
    for index in swaps { needs[history.operations[Int(index)].expected, default: 0] += 1 }
    if let found = history.found(Int(between)), found != value {
      needs[found, default: 0] += 1
    }
    let last = history.operations[Int(answering)]
    var spare: [Int32: Int] = [:]
    for (index, operation) in history.operations.enumerated()
    where operation.kind == .write && operation.key == last.key && operation.outcome != .failed
      && operation.call < last.returned && Int32(index) != between
    {
      spare[operation.argument, default: 0] += 1
    }
    return swaps.allSatisfy { index in
      let replaced = history.operations[Int(index)].expected
      return replaced >= 0 && spare[replaced, default: 0] > needs[replaced, default: 0]
    }
  }
}

extension RecordedHistory {
  /// The value that an operation on a single value found there; `nil` if it does not tell.
  fileprivate func found(_ index: Int) -> Int32? {
    switch (operations[index].kind, answer(of: index)) {
    case (.read, .value(let value)?): return value
    case (.compareAndSwap, .swapped(true, _)?): return operations[index].expected
    case (.compareAndSwap, .swapped(false, let found)?) where found >= 0: return found
    default: return nil
    }
  }

  /// Whether an update may have put the value where another one was.
  fileprivate func mayHaveLeft(_ value: Int32, _ index: Int) -> Bool {
    let operation = operations[index]
    guard operation.outcome != .failed, operation.argument == value else { return false }
    switch operation.kind {
    case .write: return true
    case .compareAndSwap:
      if case .swapped(false, _)? = answer(of: index) { return false }
      return operation.expected != value
    default: return false
    }
  }

  /// Whether the value is known not to be there when the operation has taken effect.
  fileprivate func showsOther(than value: Int32, _ index: Int) -> Bool {
    let operation = operations[index]
    switch (operation.kind, answer(of: index)) {
    case (.write, _), (.compareAndSwap, .swapped(true, _)?): return operation.argument != value
    default: return found(index).map { $0 != value } ?? false
    }
  }
}
