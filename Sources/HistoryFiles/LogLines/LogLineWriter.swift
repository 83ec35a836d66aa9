import LinearizabilityChecking

/// Writes the log lines of Jepsen about one register, whose initial value is `nil` and whose other
/// values are numbers. Values that are something else are numbered.
struct LogLineWriter: HistoryLineWriter {
  private let initialWrites: InitialWrites
  private var numbers: ProcessNumbers
  /// By id of a value, what it is called; -1 for `nil`.
  private let names: [Int]

  init(_ history: RecordedHistory) throws(InexpressibleHistory) {
    guard history.model == .register || history.model == .casRegister else {
      throw InexpressibleHistory(
        message: "a jepsen-log holds a register, not a \(history.model.rawValue)")
    }
    guard history.keys.count <= 1 else {
      throw InexpressibleHistory(
        message: "a jepsen-log holds one register, and the history has \(history.keys.count) keys")
    }
    let tellsFound = history.operations.contains {
      $0.kind == .compareAndSwap && $0.resultCount >= 0
    }
    guard !tellsFound else {
      throw InexpressibleHistory(
        message: "in a jepsen-log no compare-and-swap tells the value that it found")
    }
    initialWrites = InitialWrites(history, usual: "nil")
    numbers = ProcessNumbers(history)
    names = Self.names(history)
  }

  /// What values are called: themselves if all of those that operations name are numbers from 0 on.
  private static func names(_ history: RecordedHistory) -> [Int] {
    var isUsed = [Bool](repeating: false, count: history.values.count)
    for operation in history.operations {
      if operation.argument >= 0 { isUsed[Int(operation.argument)] = true }
      if operation.expected >= 0 { isUsed[Int(operation.expected)] = true }
      if operation.kind == .read, operation.result >= 0 { isUsed[Int(operation.result)] = true }
    }
    let startsWithNil = history.values[history.initialValue] == "nil"
    isUsed[Int(history.initialValue)] = !startsWithNil
    var names = (0..<history.values.count).map { id in
      history.values.withBytes(of: Int32(id)) { ByteOutput.wholeNumber($0) } ?? -1
    }
    for id in names.indices where isUsed[id] && names[id] < 0 {
      names = Array(names.indices)
      break
    }
    if startsWithNil { names[Int(history.initialValue)] = -1 }
    return names
  }

  mutating func writeStart(_ history: RecordedHistory, _ output: inout ByteOutput) {
    guard !initialWrites.keys.isEmpty else { return }
    let process = numbers.fresh()
    for type: StaticString in [":invoke", ":ok"] {
      start(process, type, .write, &output)
      write(history.initialValue, &output)
      output.endLine()
    }
  }

  mutating func writeCall(
    _ index: Int, _ history: RecordedHistory, _ output: inout ByteOutput
  ) {
    let operation = history.operations[index]
    start(numbers[operation.process], ":invoke", operation.kind, &output)
    if operation.kind == .read { output.append("nil") } else { writeValue(operation, &output) }
    output.endLine()
  }

  mutating func writeEnd(
    _ index: Int, _ history: RecordedHistory, _ output: inout ByteOutput
  ) {
    let operation = history.operations[index]
    let isSwap = operation.kind == .compareAndSwap
    let isOK = operation.outcome == .ok && !(isSwap && operation.result == 0)
    start(numbers[operation.process], isOK ? ":ok" : ":fail", operation.kind, &output)
    // The values after a failed swap say that it looked, and found something else.
    if operation.outcome == .failed, operation.kind != .write {
      output.append(":timed-out")
    } else {
      writeValue(operation, &output)
    }
    output.endLine()
  }

  mutating func writeUnknown(
    _ index: Int, _ history: RecordedHistory, _ output: inout ByteOutput
  ) {
    let operation = history.operations[index]
    start(numbers[operation.process], ":info", operation.kind, &output)
    output.append(":timed-out")
    output.endLine()
    numbers.renew(operation.process)
  }

  mutating func writeRemark(_ text: String, _ output: inout ByteOutput) {
    output.append("INFO  jepsen.util - :nemesis\t:info\t:remark\t")
    output.appendQuoted(text)
    output.endLine()
  }

  private func start(
    _ process: Int, _ type: StaticString, _ kind: RecordedOperation.Kind,
    _ output: inout ByteOutput
  ) {
    output.append("INFO  jepsen.util - ")
    output.append(process)
    output.append("\t")
    output.append(type)
    output.append("\t:")
    output.append(kind.word)
    output.append("\t")
  }

  private func writeValue(_ operation: RecordedOperation, _ output: inout ByteOutput) {
    switch operation.kind {
    case .compareAndSwap:
      output.append("[")
      write(operation.expected, &output)
      output.append(" ")
      write(operation.argument, &output)
      output.append("]")
    case .read: write(operation.result, &output)
    default: write(operation.argument, &output)
    }
  }

  private func write(_ value: Int32, _ output: inout ByteOutput) {
    let name = value >= 0 ? names[Int(value)] : -1
    if name < 0 { output.append("nil") } else { output.append(name) }
  }
}
