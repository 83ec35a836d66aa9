import LinearizabilityChecking

extension JepsenEvents {
  mutating func takeCall(
    _ event: JepsenEvent, _ named: RecordedOperation.Kind, _ process: Int32
  ) throws(PlaceError) {
    let open = builder.openOperation(of: process)
    guard open < 0 else {
      throw PlaceError(
        event.process.range,
        "process \(event.process.token.text) has two operations open: its "
          + "\(builder.history.phrase(open)) has not ended")
    }
    let kind = try kind(named, event)
    var keyValue = event.key
    var value = event.value
    if keyValue == nil, let pair = try keyedPair(value, kind) {
      keyValue = pair.key
      value = pair.value
      isPaired[Int(process)] = true
    } else {
      isPaired[Int(process)] = false
    }
    let key = try key(keyValue, event)
    var argument: Int32 = -1
    var expected: Int32 = -1
    if kind == .compareAndSwap {
      guard let pair = try value?.pair() else {
        throw PlaceError(
          value?.range ?? event.range, "expected the two values of a :cas: [0 1]")
      }
      expected = try valueID(pair.first)
      argument = try valueID(pair.second)
    } else if kind.takesValue {
      guard let value else {
        throw PlaceError(event.range, "expected the :value of a :\(kind.word)")
      }
      argument = try valueID(value)
    }
    let index = try builder.call(
      kind, process: process, key: key, line: event.line, at: event.range)
    builder.history.operations[index].argument = argument
    builder.history.operations[index].expected = expected
    uses.note(kind, event)
  }

  /// The kind that the model means by a word.
  private func kind(
    _ named: RecordedOperation.Kind, _ event: JepsenEvent
  ) throws(PlaceError) -> RecordedOperation.Kind {
    var kind = named
    if profile.model == .listAppend, kind == .read { kind = .readList }
    if let count = event.count {
      guard let blocks = WholeNumber.value(count.token), blocks == 1 || blocks == 2,
        kind == .read || kind == .write
      else { throw PlaceError(count.range, "a read or write spans 1 or 2 blocks") }
      if blocks == 2 { kind = kind == .read ? .readTwo : .writeTwo }
    }
    if let model = profile.model, !model.has(kind) {
      throw model.unknown(event.function, at: event.function.range)
    }
    return kind
  }

  /// The key and the value of a pair of them; `nil` if the value is no such pair.
  private func keyedPair(
    _ value: EDNValue?, _ kind: RecordedOperation.Kind
  ) throws(PlaceError) -> (key: EDNValue, value: EDNValue)? {
    guard let pair = try value?.pair(), pair.first.kind.isScalar else { return nil }
    // The two values of a swap without a key are a pair as well.
    if kind == .compareAndSwap, pair.second.kind != .sequence { return nil }
    return (pair.first, pair.second)
  }

  /// The id of the key, or the number of the block.
  private mutating func key(_ key: EDNValue?, _ event: JepsenEvent) throws(PlaceError) -> Int32 {
    guard profile.model == .block || event.count != nil else {
      guard let key else { return builder.history.keys.id(of: "") }
      return builder.history.keys.id(ofBytes: try bytes(key, "a key").bytes)
    }
    guard let key, key.kind == .integer, let number = WholeNumber.value(key.token),
      let block = Int32(exactly: number), block >= 0, block < .max - 1
    else {
      throw PlaceError(
        key?.range ?? event.range, "expected a block as :key, 0 to \(Int32.max - 2)")
    }
    return block
  }
}

/// Which operations a history has and where each stands first: enough to tell its model.
struct JepsenUses {
  /// By raw value of the kind: the line of the first call, 0 if there is none.
  private var lines = [Int](repeating: 0, count: 14)
  /// The line of the first answer that is a list, or a text; 0 if there is none.
  var listAnswer = 0
  var textAnswer = 0
  /// Whether reads and writes are called get and put, which belong to keys.
  private var isKeyed = false
  private var hasCounts = false

  mutating func note(_ kind: RecordedOperation.Kind, _ event: JepsenEvent) {
    if lines[Int(kind.rawValue)] == 0 { lines[Int(kind.rawValue)] = event.line }
    if event.function == ":get" || event.function == ":put" { isKeyed = true }
    if event.count != nil { hasCounts = true }
  }

  /// The model, or what contradicts every model.
  func model() throws(Contradiction) -> ObjectModel {
    let model = candidate
    for kind in RecordedOperation.Kind.all where lines[Int(kind.rawValue)] > 0 {
      // A read that nobody answered may be one of a list.
      let isRead = kind == .read && model == .listAppend
      guard isRead || model.has(kind) else {
        throw Contradiction(model: model, word: "\(kind.word)", line: lines[Int(kind.rawValue)])
      }
    }
    if model == .listAppend, textAnswer > 0 {
      throw Contradiction(model: model, word: "answer that is a text", line: textAnswer)
    }
    if model != .listAppend, listAnswer > 0 {
      throw Contradiction(model: model, word: "answer that is a list", line: listAnswer)
    }
    return model
  }

  struct Contradiction: Error {
    var model: ObjectModel
    var word: String
    var line: Int
  }

  private func has(_ kind: RecordedOperation.Kind) -> Bool { lines[Int(kind.rawValue)] > 0 }

  /// The model of the operation that belongs to one model only.
  private var candidate: ObjectModel {
    if has(.enqueue) || has(.dequeue) { return .fifoQueue }
    if has(.acquire) || has(.release) { return .mutex }
    if has(.add) || has(.remove) || has(.contains) { return .set }
    if hasCounts { return .block }
    if listAnswer > 0 { return .listAppend }
    if has(.append) { return isKeyed || has(.write) || textAnswer > 0 ? .keyValue : .listAppend }
    if has(.compareAndSwap) { return isKeyed ? .keyValue : .casRegister }
    return isKeyed ? .keyValue : .register
  }
}
