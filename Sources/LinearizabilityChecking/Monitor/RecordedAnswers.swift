/// What operations of the named objects owe: the answer that says all there is to say.

/// A specification whose operations owe a ``RecordedAnswer``.
public protocol RecordedSpecification: MonitoredSpecification
where Operation == RecordedOperation, Response == RecordedAnswer, Answer == RecordedAnswer {}

extension RecordedSpecification {
  /// Updates may say only that they are done, and a compare-and-swap may keep what it found to
  /// itself.
  public func allows(
    _ answer: RecordedAnswer, _ operation: RecordedOperation, _ response: RecordedAnswer?
  ) -> Bool {
    switch (answer, response) {
    case (_, nil): true
    case (.value, .done): operation.kind == .append
    case (.swapped(let did, _), .swapped(let said, found: -1)): did == said
    default: answer == response
    }
  }
}

extension RecordedRegister: RecordedSpecification {
  public func answer(
    of operation: RecordedOperation, from before: Int32, to after: Int32
  ) -> RecordedAnswer {
    switch operation.kind {
    case .read: .value(before)
    case .compareAndSwap: .swapped(before == operation.expected, found: before)
    default: .done
    }
  }
}

extension RecordedText: RecordedSpecification {
  /// A text that nobody ever mentioned has no number; -2 stands for all of them.
  public func answer(
    of operation: RecordedOperation, from before: String, to after: String
  ) -> RecordedAnswer {
    switch operation.kind {
    case .read: .value(values.knownID(of: before) ?? -2)
    case .append: .value(values.knownID(of: after) ?? -2)
    case .compareAndSwap:
      .swapped(before == values[operation.expected], found: values.knownID(of: before) ?? -2)
    default: .done
    }
  }

  /// Appends keep what is there; what replaces it is the beginning of the target itself.
  public func mayLead(
    _ state: String, to target: String, by operations: [RecordedOperation]
  ) -> Bool {
    target.utf8.starts(with: state.utf8)
      || operations.contains { operation in
        (operation.kind == .write || operation.kind == .compareAndSwap)
          && target.utf8.starts(with: values[operation.argument].utf8)
      }
  }
}

extension RecordedList: RecordedSpecification {
  public func answer(
    of operation: RecordedOperation, from before: [Int32], to after: [Int32]
  ) -> RecordedAnswer {
    operation.kind == .readList ? .values(before[...]) : .done
  }

  /// Lists only grow.
  public func mayLead(
    _ state: [Int32], to target: [Int32], by operations: [RecordedOperation]
  ) -> Bool { target.starts(with: state) }
}

extension RecordedBlocks: RecordedSpecification {
  public func answer(
    of operation: RecordedOperation, from before: Run, to after: Run
  ) -> RecordedAnswer {
    let place = Int(operation.key) - before.first
    switch operation.kind {
    case .read: return .value(before.values[place])
    case .readTwo: return .values([before.values[place], before.values[place + 1]])
    default: return .done
    }
  }
}

extension RecordedQueue: RecordedSpecification {
  public func answer(
    of operation: RecordedOperation, from before: [Int32], to after: [Int32]
  ) -> RecordedAnswer {
    guard operation.kind == .dequeue else { return .done }
    return before.first.map { .value($0) } ?? .empty
  }

  /// What is left of the queue after the dequeues comes first.
  public func mayLead(
    _ state: [Int32], to target: [Int32], by operations: [RecordedOperation]
  ) -> Bool {
    let dequeues = operations.count { $0.kind == .dequeue }
    return (0...min(dequeues, state.count)).contains { taken in
      target.starts(with: state[taken...])
    }
  }
}

extension RecordedSet: RecordedSpecification {
  public func answer(
    of operation: RecordedOperation, from before: Set<Int32>, to after: Set<Int32>
  ) -> RecordedAnswer {
    operation.kind == .contains ? .value(before.contains(operation.argument) ? 1 : 0) : .done
  }
}

extension RecordedMutex: RecordedSpecification {
  public func answer(
    of operation: RecordedOperation, from before: Bool, to after: Bool
  ) -> RecordedAnswer { .done }
}

extension RecordedOperation: StableContent {
  /// What was asked, without what became of it: equal requests are one operation to a monitor.
  var request: RecordedOperation {
    var request = RecordedOperation(kind: kind, process: 0, key: key, call: 0)
    request.argument = argument
    request.expected = expected
    return request
  }

  public func appendContent(to content: inout ContentWords) {
    content.append(Int(kind.rawValue) << 8 | Int(outcome.rawValue))
    for number in [
      key, process, argument, expected, result, resultCount, call, returned, line,
    ] {
      content.append(Int(number))
    }
  }
}

extension RecordedAnswer: StableContent {
  public func appendContent(to content: inout ContentWords) {
    switch self {
    case .done: content.append(1)
    case .value(let value):
      content.append(2)
      content.append(value)
    case .values(let values):
      content.append(3)
      content.append(values)
    case .empty: content.append(4)
    case .swapped(let did, let found):
      content.append(did ? 5 : 6)
      content.append(found)
    }
  }
}

extension RecordedBlocks.Run: StableContent {
  public func appendContent(to content: inout ContentWords) {
    content.append(first)
    content.append(values)
  }
}
