import LinearizabilityChecking

/// Draws histories of closed-loop processes on a named object, linearizable but for the lies.
struct DrawnRecordedHistory {
  var model: ObjectModel
  var processes = 3
  var keys = 2
  /// How many values there are to write; few make duplicates.
  var valueCount = 3
  /// One in so many operations never returns; 0 for none. Half of those take effect.
  var unknownOneIn = 5
  /// One in so many fails for certain; 0 for none.
  var failedOneIn = 9
  /// One answer in so many is made up; 0 for none.
  var lieOneIn = 5
  /// Whether some answers hold less than they could.
  var keepsSilent = true
  var seed: UInt64

  /// A history of `count` operations.
  func build(_ count: Int) -> RecordedHistory {
    var numbers = Numbers(state: seed)
    var history = RecordedHistory(model: model, initialValue: model == .keyValue ? "" : "0")
    for process in 0..<processes { _ = history.processes.id(of: "\(process)") }
    let keyCount = model == .register || model == .casRegister ? 1 : keys
    for key in 0..<(model == .block ? 0 : keyCount) { _ = history.keys.id(of: "\(key)") }
    for value in 0..<valueCount { _ = history.values.id(of: "v\(value)") }
    var object = PlainObject()
    var running = [(index: Int, answer: RecordedAnswer?)?](repeating: nil, count: processes)
    while history.operations.count < count || running.contains(where: { $0 != nil }) {
      let process = numbers.below(processes)
      guard let own = running[process] else {
        guard history.operations.count < count else { continue }
        running[process] = (history.operations.count, nil)
        history.operations.append(draw(Int32(process), keyCount, &numbers, history))
        history.eventCount += 1
        continue
      }
      if let answer = own.answer {
        finish(own.index, answer, &history, &numbers)
        running[process] = nil
        continue
      }
      if unknownOneIn > 0, numbers.below(unknownOneIn) == 0 {
        if numbers.below(2) == 0 { _ = take(own.index, &object, &history) }
        running[process] = nil
      } else if failedOneIn > 0, numbers.below(failedOneIn) == 0 {
        history.operations[own.index].outcome = .failed
        history.operations[own.index].returned = history.eventCount
        history.eventCount += 1
        running[process] = nil
      } else if let answer = take(own.index, &object, &history) {
        running[process] = (own.index, answer)
      } else if lieOneIn > 0, numbers.below(2 * lieOneIn) == 0 {
        running[process] = (own.index, .done)
      } else if numbers.below(6) == 0 {
        // Everybody waits for somebody: it is given up.
        running[process] = nil
      }
    }
    return history
  }

  private func draw(
    _ process: Int32, _ keyCount: Int, _ numbers: inout Numbers, _ history: RecordedHistory
  ) -> RecordedOperation {
    let kinds: [RecordedOperation.Kind] =
      switch model {
      case .register: [.read, .write]
      case .casRegister: [.read, .write, .compareAndSwap]
      case .keyValue: [.read, .write, .append]
      case .listAppend: [.readList, .append]
      case .block: [.read, .readTwo, .write, .writeTwo]
      case .fifoQueue: [.enqueue, .dequeue]
      case .set: [.add, .remove, .contains]
      case .mutex: [.acquire, .release]
      }
    var operation = RecordedOperation(
      kind: kinds[numbers.below(kinds.count)], process: process,
      key: Int32(numbers.below(keyCount)), call: history.eventCount)
    // Ids 0 and 1 are the empty text and the initial value.
    let first = model == .keyValue ? 1 : 2
    let hasArgument = ![.read, .readList, .readTwo, .dequeue, .acquire, .release]
      .contains(operation.kind)
    if hasArgument { operation.argument = Int32(first + numbers.below(valueCount)) }
    if operation.kind == .compareAndSwap {
      operation.expected = Int32(1 + numbers.below(valueCount + 1))
    }
    return operation
  }

  /// Lets an operation take effect; `nil` if it has to wait.
  private func take(
    _ index: Int, _ object: inout PlainObject, _ history: inout RecordedHistory
  ) -> RecordedAnswer? {
    let operation = history.operations[index]
    // Whatever text it leaves behind is one that a client may see.
    if model == .keyValue, operation.kind == .append || operation.kind == .write {
      let old = object.cells[operation.key] ?? []
      let parts = (operation.kind == .append ? old : []) + [operation.argument]
      _ = history.values.id(of: parts.map { history.values[$0] }.joined())
    }
    guard let next = object.after(operation, in: history) else { return nil }
    object = next.object
    return next.answer
  }

  private func finish(
    _ index: Int, _ answer: RecordedAnswer, _ history: inout RecordedHistory,
    _ numbers: inout Numbers
  ) {
    let isLie = lieOneIn > 0 && numbers.below(lieOneIn) == 0
    let isSilent = keepsSilent && numbers.below(4) == 0
    history.operations[index].outcome = .ok
    history.operations[index].returned = history.eventCount
    history.eventCount += 1
    func anyValue() -> Int32 { Int32(1 + numbers.below(history.values.count - 1)) }
    switch answer {
    case .done: break
    case .value(let value):
      if isSilent, [.append, .read].contains(history.operations[index].kind) { break }
      let isFlag = history.operations[index].kind == .contains
      history.operations[index].result = isLie ? (isFlag ? 1 - value : anyValue()) : value
    case .values(let values):
      var told = Array(values)
      if isLie {
        if told.isEmpty { told = [anyValue()] } else { told[numbers.below(told.count)] = anyValue() }
      }
      history.operations[index].result = Int32(history.lists.count)
      history.operations[index].resultCount = Int32(told.count)
      history.lists += told
    case .empty: if isLie { history.operations[index].result = anyValue() }
    case .swapped(let did, let found):
      history.operations[index].result = did != isLie ? 1 : 0
      history.operations[index].resultCount = isSilent || isLie ? -1 : found
    }
  }
}
