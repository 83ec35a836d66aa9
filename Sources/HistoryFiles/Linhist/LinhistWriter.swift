import LinearizabilityChecking

/// Writes `linhist 1`. Operations are numbered; a remark is a comment.
struct LinhistWriter: HistoryLineWriter {
  private let word: StaticString
  /// Whether keys hold tokens with commas behind them.
  private let isTokenList: Bool

  init(_ history: RecordedHistory) throws(InexpressibleHistory) {
    let kinds = Set(history.operations.map(\.kind))
    switch history.model {
    case .register: word = "register"
    case .casRegister: word = "cas"
    case .keyValue where kinds.contains(.append): word = "kva"
    case .keyValue where kinds.contains(.compareAndSwap): word = "cas"
    case .keyValue: word = "kv"
    case .listAppend: word = "list"
    case .block: word = "blk"
    case .fifoQueue, .set, .mutex:
      throw InexpressibleHistory(message: "linhist has no \(history.model.rawValue)")
    }
    isTokenList = kinds.contains(.append) && history.model == .keyValue
    if isTokenList, kinds.contains(.compareAndSwap) {
      throw InexpressibleHistory(message: "linhist has no object with append and cas")
    }
    try LinhistWords.check(history, isTokenList: isTokenList)
  }

  mutating func writeStart(_ history: RecordedHistory, _ output: inout ByteOutput) {
    output.append("# linhist 1 model=")
    output.append(word)
    output.append(" init=")
    let isEmpty = history.values[history.initialValue].isEmpty || history.model == .listAppend
    if isEmpty {
      output.append("empty")
    } else {
      history.values.withBytes(of: history.initialValue) { output.append($0) }
    }
    output.endLine()
  }

  mutating func writeCall(
    _ index: Int, _ history: RecordedHistory, _ output: inout ByteOutput
  ) {
    let operation = history.operations[index]
    start("inv", index, history, &output)
    output.append("\t")
    output.append(operation.kind.word)
    if operation.kind == .readTwo || operation.kind == .writeTwo { output.append("2") }
    output.append("\t")
    if history.model == .block {
      output.append(operation.key)
    } else {
      history.keys.withBytes(of: operation.key) {
        // A key without a name has one here.
        if $0.isEmpty { output.append("x") } else { output.append($0) }
      }
    }
    if operation.expected >= 0 { write(operation.expected, history, &output) }
    if operation.argument >= 0 { write(operation.argument, history, &output) }
    output.endLine()
  }

  mutating func writeEnd(
    _ index: Int, _ history: RecordedHistory, _ output: inout ByteOutput
  ) {
    let operation = history.operations[index]
    start("ret", index, history, &output)
    guard operation.outcome == .ok else {
      output.append("\tfail")
      return output.endLine()
    }
    output.append("\tok")
    switch operation.kind {
    case .read: write(operation.result, history, &output)
    case .readList, .readTwo:
      output.append("\t")
      for place in 0..<Int(operation.resultCount) {
        if place > 0 { output.append(",") }
        let value = history.lists[Int(operation.result) + place]
        history.values.withBytes(of: value) { output.append($0) }
      }
    case .compareAndSwap: output.append(operation.result == 1 ? "\ttrue" : "\tfalse")
    default: break
    }
    output.endLine()
  }

  mutating func writeUnknown(
    _ index: Int, _ history: RecordedHistory, _ output: inout ByteOutput
  ) {
    start("ret", index, history, &output)
    output.append("\tinfo")
    output.endLine()
  }

  mutating func writeRemark(_ text: String, _ output: inout ByteOutput) {
    output.append("# remark: ")
    for byte in text.utf8 { output.append(byte < 0x20 ? UInt8(ascii: " ") : byte) }
    output.endLine()
  }

  private func start(
    _ word: StaticString, _ index: Int, _ history: RecordedHistory, _ output: inout ByteOutput
  ) {
    output.append(word)
    output.append("\t")
    output.append(index)
    output.append("\t")
    history.processes.withBytes(of: history.operations[index].process) { output.append($0) }
  }

  /// A field with a value, which loses the comma that the token list put behind it.
  private func write(_ value: Int32, _ history: RecordedHistory, _ output: inout ByteOutput) {
    output.append("\t")
    history.values.withBytes(of: value) { text in
      let count = isTokenList ? max(0, text.count - 1) : text.count
      output.append(UnsafeRawBufferPointer(rebasing: text[..<count]))
    }
  }
}

/// Which texts can stand in a field.
private enum LinhistWords {
  static func check(
    _ history: RecordedHistory, isTokenList: Bool
  ) throws(InexpressibleHistory) {
    let initial = history.values[history.initialValue]
    if history.model != .listAppend {
      guard initial != "empty", !initial.utf8.contains(where: { $0 <= 0x20 }),
        !isTokenList || initial.isEmpty
      else { throw cannot("the initial value", initial) }
    }
    for id in 0..<history.processes.count {
      try checkField(history.processes[Int32(id)], "the process")
    }
    for id in 0..<history.keys.count where history.keys[Int32(id)] != "" {
      try checkField(history.keys[Int32(id)], "the key")
    }
    let hasNamelessKey = history.keys.knownID(of: "") != nil
    if hasNamelessKey, history.keys.knownID(of: "x") != nil {
      throw InexpressibleHistory(message: "linhist has no key without a name beside one called x")
    }
    for operation in history.operations {
      if operation.kind == .compareAndSwap, operation.resultCount >= 0 {
        throw InexpressibleHistory(message: "in linhist no cas tells the value that it found")
      }
      if operation.kind == .append, operation.result >= 0 {
        throw InexpressibleHistory(message: "in linhist no append answers what it left behind")
      }
    }
    try checkValues(history, isTokenList: isTokenList)
  }

  private static func checkValues(
    _ history: RecordedHistory, isTokenList: Bool
  ) throws(InexpressibleHistory) {
    for operation in history.operations {
      for value in [operation.expected, operation.argument] where value >= 0 {
        let text = history.values[value]
        guard !text.isEmpty, !isTokenList || isToken(text) else { throw cannot("the value", text) }
      }
      guard isTokenList, operation.kind == .read, operation.result >= 0 else { continue }
      let text = history.values[operation.result]
      guard text.isEmpty || text.last == "," else { throw cannot("the text", text) }
    }
    let hasLists = history.model == .listAppend || history.model == .block
    for id in 1..<max(1, history.values.count) where id != Int(history.initialValue) {
      let text = history.values[Int32(id)]
      try checkField(text, "the value")
      let isTooLarge =
        text.utf8.count > 18 && text.utf8.allSatisfy { 48...57 ~= $0 } && Int(text) == nil
      if isTooLarge || (hasLists && text.utf8.contains(UInt8(ascii: ","))) {
        throw cannot("the value", text)
      }
    }
  }

  /// Whether a text is one token with its comma behind it.
  private static func isToken(_ text: String) -> Bool {
    text.utf8.count > 1 && text.last == "," && !text.utf8.dropLast().contains(UInt8(ascii: ","))
  }

  private static func checkField(
    _ text: String, _ what: String
  ) throws(InexpressibleHistory) {
    guard text.utf8.contains(where: { $0 < 0x20 }) else { return }
    throw cannot(what, text)
  }

  private static func cannot(_ what: String, _ text: String) -> InexpressibleHistory {
    InexpressibleHistory(message: "linhist cannot hold \(what) \"\(text)\"")
  }
}
