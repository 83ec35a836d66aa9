import LinearizabilityChecking

/// Writes maps of EDN, one a line: those of Jepsen, or of a key-value log.
///
/// Processes are numbers, and get a fresh one after an operation of unknown outcome, as in Jepsen.
/// Of a compare-and-swap that found another value, Jepsen says that it failed; that it was an
/// observation is added as `:error :differs`, which other checkers do not look at.
struct EDNWriter: HistoryLineWriter {
  private let initialWrites: InitialWrites
  private var numbers: ProcessNumbers
  /// Whether all values are texts.
  private let quotesAll: Bool
  /// Whether values are pairs of key and value.
  private let isPaired: Bool

  init(_ history: RecordedHistory) throws(InexpressibleHistory) {
    let isKeyValue = history.model == .keyValue
    initialWrites = InitialWrites(history, usual: isKeyValue ? "" : nil)
    numbers = ProcessNumbers(history)
    quotesAll = isKeyValue
    let hasKeys = history.keys.count > 1 || (history.keys.count == 1 && history.keys[0] != "")
    isPaired = hasKeys && !isKeyValue && history.model != .block
  }

  init(keyValueLog history: RecordedHistory) throws(InexpressibleHistory) {
    guard history.model == .keyValue || history.model == .register else {
      throw InexpressibleHistory(
        message: "a kv-log holds get, put and append, not a \(history.model.rawValue)")
    }
    guard !history.operations.contains(where: { $0.kind == .compareAndSwap }) else {
      throw InexpressibleHistory(message: "a kv-log has no compare-and-swap")
    }
    var keyed = history
    keyed.model = .keyValue
    try self.init(keyed)
  }

  // MARK: Lines

  mutating func writeStart(_ history: RecordedHistory, _ output: inout ByteOutput) {
    for key in initialWrites.keys {
      var write = RecordedOperation(kind: .write, process: 0, key: key, call: 0)
      write.argument = history.initialValue
      let process = numbers.fresh()
      for type: StaticString in [":invoke", ":ok"] {
        startMap(process, type, write, history, &output)
        writeValue(write, .call, history, &output)
        endMap(&output)
      }
    }
  }

  mutating func writeCall(
    _ index: Int, _ history: RecordedHistory, _ output: inout ByteOutput
  ) {
    let operation = history.operations[index]
    startMap(numbers[operation.process], ":invoke", operation, history, &output)
    writeValue(operation, .call, history, &output)
    endMap(&output)
  }

  mutating func writeEnd(
    _ index: Int, _ history: RecordedHistory, _ output: inout ByteOutput
  ) {
    let operation = history.operations[index]
    let differs = operation.kind == .compareAndSwap && operation.result == 0
    let isOK = operation.outcome == .ok && !differs
    startMap(numbers[operation.process], isOK ? ":ok" : ":fail", operation, history, &output)
    writeValue(operation, isOK ? .answer : .call, history, &output)
    if operation.outcome == .ok, differs {
      output.append(", :error ")
      if operation.resultCount >= 0 {
        output.append("[:differs ")
        write(operation.resultCount, history, &output)
        output.append("]")
      } else {
        output.append(":differs")
      }
    }
    if operation.kind == .append, operation.result >= 0 {
      output.append(", :result ")
      write(operation.result, history, &output)
    }
    endMap(&output)
  }

  mutating func writeUnknown(
    _ index: Int, _ history: RecordedHistory, _ output: inout ByteOutput
  ) {
    let operation = history.operations[index]
    startMap(numbers[operation.process], ":info", operation, history, &output)
    writeValue(operation, .call, history, &output)
    endMap(&output)
    numbers.renew(operation.process)
  }

  mutating func writeRemark(_ text: String, _ output: inout ByteOutput) {
    output.append("{:process :nemesis, :type :info, :f :remark, :value ")
    output.appendQuoted(text)
    endMap(&output)
  }

  // MARK: Parts

  private func startMap(
    _ process: Int, _ type: StaticString, _ operation: RecordedOperation,
    _ history: RecordedHistory, _ output: inout ByteOutput
  ) {
    output.append("{:process ")
    output.append(process)
    output.append(", :type ")
    output.append(type)
    output.append(", :f :")
    switch operation.kind {
    case .read where history.model == .keyValue || quotesAll: output.append("get")
    case .write where history.model == .keyValue || quotesAll: output.append("put")
    default: output.append(operation.kind.word)
    }
    if history.model == .block {
      output.append(", :key ")
      output.append(operation.key)
      let isWide = operation.kind == .readTwo || operation.kind == .writeTwo
      output.append(isWide ? ", :count 2" : ", :count 1")
    } else if quotesAll {
      output.append(", :key ")
      history.keys.withBytes(of: operation.key) { output.appendQuoted($0) }
    }
    output.append(", :value ")
  }

  private func endMap(_ output: inout ByteOutput) {
    output.append("}")
    output.endLine()
  }

  private enum Side {
    case call
    case answer
  }

  private func writeValue(
    _ operation: RecordedOperation, _ side: Side, _ history: RecordedHistory,
    _ output: inout ByteOutput
  ) {
    if isPaired {
      output.append("[")
      history.keys.withBytes(of: operation.key) { output.appendScalar($0) }
      output.append(" ")
    }
    switch operation.kind {
    case .write, .writeTwo, .append, .enqueue, .add, .remove:
      write(operation.argument, history, &output)
    case .compareAndSwap:
      output.append("[")
      write(operation.expected, history, &output)
      output.append(" ")
      write(operation.argument, history, &output)
      output.append("]")
    case .contains where side == .answer:
      output.append(operation.result == 1 ? "true" : "false")
    case .contains: write(operation.argument, history, &output)
    case .read where side == .answer, .dequeue where side == .answer:
      write(operation.result, history, &output)
    case .readList where side == .answer, .readTwo where side == .answer:
      writeList(operation, history, &output)
    case .read, .dequeue, .readList, .readTwo, .acquire, .release: output.append("nil")
    }
    if isPaired { output.append("]") }
  }

  private func writeList(
    _ operation: RecordedOperation, _ history: RecordedHistory, _ output: inout ByteOutput
  ) {
    output.append("[")
    for place in 0..<Int(operation.resultCount) {
      if place > 0 { output.append(" ") }
      write(history.lists[Int(operation.result) + place], history, &output)
    }
    output.append("]")
  }

  private func write(_ value: Int32, _ history: RecordedHistory, _ output: inout ByteOutput) {
    guard value >= 0 else { return output.append("nil") }
    history.values.withBytes(of: value) {
      if quotesAll { output.appendQuoted($0) } else { output.appendScalar($0) }
    }
  }
}
