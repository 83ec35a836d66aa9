import LinearizabilityChecking

extension JepsenEvents {
  /// What an `:ok` says.
  mutating func takeAnswer(
    _ event: JepsenEvent, _ index: Int32, _ process: Int32
  ) throws(PlaceError) {
    let operation = builder.history.operations[Int(index)]
    let value = try isPaired[Int(process)] ? unpaired(event, operation) : event.value
    let isNothing = value == nil || value?.kind == .nothing
    switch operation.kind {
    case .read, .readList, .readTwo:
      guard let value, !isNothing || readsNil(operation.kind) else {
        guard event.isTransaction, value != nil else { return try end(index, .unknown, event) }
        readsOfNothing.append(index)
        return try end(index, .ok, event)
      }
      try takeRead(value, index, event)
    case .dequeue:
      if let value, !isNothing { set(index, result: try valueID(value)) }
    case .contains:
      guard let value, value.kind == .boolean else {
        throw PlaceError(value?.range ?? event.range, "expected true or false for a :contains")
      }
      set(index, result: value.token == "true" ? 1 : 0)
    case .compareAndSwap:
      if let value, !isNothing { try refuseOtherSwap(value, operation) }
      set(index, result: 1)
    case .write, .writeTwo, .append, .enqueue, .add, .remove:
      if let value, !isNothing, try valueID(value) != operation.argument {
        throw PlaceError(
          value.range, "the \(builder.history.phrase(index)) was called with another value")
      }
      if operation.kind == .append, let result = event.result {
        set(index, result: try valueID(result))
      }
    case .acquire, .release: break
    }
    try end(index, .ok, event)
  }

  private func readsNil(_ kind: RecordedOperation.Kind) -> Bool {
    kind == .read && profile.nilRead == .value
  }

  /// What a `:fail` says.
  mutating func takeFailure(_ event: JepsenEvent, _ index: Int32) throws(PlaceError) {
    let operation = builder.history.operations[Int(index)]
    guard operation.kind == .compareAndSwap else { return try end(index, .failed, event) }
    if let error = event.error, error.token == ":differs" {
      set(index, result: 0)
      return try end(index, .ok, event)
    }
    if let pair = try event.error?.pair(), pair.first.token == ":differs" {
      set(index, result: 0, count: try valueID(pair.second))
      return try end(index, .ok, event)
    }
    guard profile.failedSwap == .foundAnother, let value = event.value, value.kind == .sequence
    else { return try end(index, .failed, event) }
    set(index, result: 0)
    try end(index, .ok, event)
  }

  private mutating func set(_ index: Int32, result: Int32, count: Int32 = -1) {
    builder.history.operations[Int(index)].result = result
    builder.history.operations[Int(index)].resultCount = count
  }

  /// The value of a pair whose key is that of the call.
  private mutating func unpaired(
    _ event: JepsenEvent, _ operation: RecordedOperation
  ) throws(PlaceError) -> EDNValue? {
    guard let value = event.value, value.kind != .nothing else { return nil }
    guard let pair = try value.pair(), pair.first.kind.isScalar else {
      throw PlaceError(value.range, "expected a pair of key and value, as in the call")
    }
    guard profile.model != .block else { return pair.second }
    let key = builder.history.keys.id(ofBytes: try bytes(pair.first, "a key").bytes)
    guard key == operation.key else {
      throw PlaceError(pair.first.range, "the call has another key")
    }
    return pair.second
  }

  private mutating func takeRead(
    _ value: EDNValue, _ index: Int32, _ event: JepsenEvent
  ) throws(PlaceError) {
    let kind = builder.history.operations[Int(index)].kind
    guard value.kind == .sequence else {
      guard kind == .read else {
        throw PlaceError(value.range, "expected a list of values, found \(quoted(value.token))")
      }
      if uses.textAnswer == 0 { uses.textAnswer = event.line }
      return set(index, result: try valueID(value))
    }
    if kind == .read {
      // Without a model, the answers tell whether keys hold lists.
      guard profile.model == nil else {
        throw PlaceError(value.range, "expected one value, found a list")
      }
      if uses.listAnswer == 0 { uses.listAnswer = event.line }
      builder.history.operations[Int(index)].kind = .readList
    }
    let start = builder.history.lists.count
    var cursor = value.inside
    while let element = try cursor.next() {
      try builder.appendToList(try valueID(element), at: element.range)
    }
    let count = builder.history.lists.count - start
    guard kind != .readTwo || count == 2 else {
      throw PlaceError(value.range, "a read of two blocks answers two values")
    }
    set(index, result: Int32(start), count: Int32(count))
  }

  private mutating func refuseOtherSwap(
    _ value: EDNValue, _ operation: RecordedOperation
  ) throws(PlaceError) {
    guard let pair = try value.pair(), try valueID(pair.first) == operation.expected,
      try valueID(pair.second) == operation.argument
    else { throw PlaceError(value.range, "the :cas was called with other values") }
  }

  // MARK: End

  /// The history, when all events have been taken.
  mutating func finish(at end: Range<Int>) throws(PlaceError) -> RecordedHistory {
    guard profile.model == nil else { return answeringNothing() }
    let model: ObjectModel
    do throws(JepsenUses.Contradiction) {
      model = try uses.model()
    } catch {
      throw PlaceError(
        end,
        "the operations look like a \(error.model.rawValue), which has no \(error.word) "
          + "(line \(error.line))",
        help: "--model says what the object is")
    }
    builder.history.model = model
    if profile.initialValue == nil {
      builder.history.initialValue = builder.history.values.id(
        of: JepsenProfile.usualInitialValue(model))
    }
    if model == .listAppend {
      for index in builder.history.operations.indices
      where builder.history.operations[index].kind == .read {
        builder.history.operations[index].kind = .readList
      }
    }
    return answeringNothing()
  }

  /// The history, with what a key holds at first as the answer of reads that found nothing.
  private mutating func answeringNothing() -> RecordedHistory {
    for index in readsOfNothing {
      let isList = builder.history.operations[Int(index)].kind == .readList
      let result = isList ? Int32(builder.history.lists.count) : builder.history.initialValue
      set(index, result: result, count: isList ? 0 : -1)
    }
    return builder.history
  }
}
