import LinearizabilityChecking

/// Writes our own lines; <doc:HistoryLines> describes them.
struct JSONLineWriter: HistoryLineWriter {
  mutating func writeStart(_ history: RecordedHistory, _ output: inout ByteOutput) {
    output.append(#"{"crashproof":"history","version":"#)
    output.append(Int32(JSONLineReader.version))
    output.append(#","model":""#)
    output.append(history.model.rawValue)
    output.append(#"","initial":"#)
    history.values.withBytes(of: history.initialValue) { output.appendQuoted($0) }
    output.append("}")
    output.endLine()
  }

  mutating func writeCall(
    _ index: Int, _ history: RecordedHistory, _ output: inout ByteOutput
  ) {
    let operation = history.operations[index]
    startLine("call", operation.process, history, &output)
    output.append(#","op":""#)
    output.append(operation.kind.word)
    output.append("\"")
    if history.model == .block {
      output.append(#","key":"#)
      output.append(operation.key)
    } else {
      history.keys.withBytes(of: operation.key) { key in
        guard !key.isEmpty else { return }
        output.append(#","key":"#)
        output.appendScalar(key)
      }
    }
    if operation.kind == .readTwo || operation.kind == .writeTwo { output.append(#","count":2"#) }
    if operation.expected >= 0 { write("expected", operation.expected, history, &output) }
    if operation.argument >= 0 { write("value", operation.argument, history, &output) }
    output.append("}")
    output.endLine()
  }

  mutating func writeEnd(
    _ index: Int, _ history: RecordedHistory, _ output: inout ByteOutput
  ) {
    let operation = history.operations[index]
    startLine(operation.outcome == .failed ? "fail" : "return", operation.process, history, &output)
    if operation.outcome == .ok { writeAnswer(operation, history, &output) }
    output.append("}")
    output.endLine()
  }

  private func writeAnswer(
    _ operation: RecordedOperation, _ history: RecordedHistory, _ output: inout ByteOutput
  ) {
    switch operation.kind {
    case .read, .append:
      if operation.result >= 0 { write("value", operation.result, history, &output) }
    case .dequeue where operation.result < 0: output.append(#","value":null"#)
    case .dequeue: write("value", operation.result, history, &output)
    case .readList, .readTwo:
      output.append(#","values":["#)
      for place in 0..<Int(operation.resultCount) {
        if place > 0 { output.append(",") }
        let value = history.lists[Int(operation.result) + place]
        history.values.withBytes(of: value) { output.appendScalar($0) }
      }
      output.append("]")
    case .compareAndSwap:
      output.append(operation.result == 1 ? #","swapped":true"# : #","swapped":false"#)
      if operation.resultCount >= 0 { write("found", operation.resultCount, history, &output) }
    case .contains:
      output.append(operation.result == 1 ? #","present":true"# : #","present":false"#)
    case .write, .writeTwo, .enqueue, .add, .remove, .acquire, .release: break
    }
  }

  /// The order in which updates may have taken effect, some dozens in a line.
  mutating func writeEnd(_ history: RecordedHistory, _ output: inout ByteOutput) {
    var start = 0
    while start < history.hint.count {
      let end = min(start + 32, history.hint.count)
      output.append(#"{"order":["#)
      for place in start..<end {
        if place > start { output.append(",") }
        output.append(history.hint[place])
      }
      output.append("]}")
      output.endLine()
      start = end
    }
  }

  mutating func writeUnknown(
    _ index: Int, _ history: RecordedHistory, _ output: inout ByteOutput
  ) {
    startLine("unknown", history.operations[index].process, history, &output)
    output.append("}")
    output.endLine()
  }

  mutating func writeRemark(_ text: String, _ output: inout ByteOutput) {
    output.append(#"{"remark":"#)
    output.appendQuoted(text)
    output.append("}")
    output.endLine()
  }

  /// The start of a line, with its process.
  private func startLine(
    _ word: StaticString, _ process: Int32, _ history: RecordedHistory,
    _ output: inout ByteOutput
  ) {
    output.append("{\"")
    output.append(word)
    output.append("\":")
    history.processes.withBytes(of: process) { output.appendScalar($0) }
  }

  /// A member with a value of the history.
  private func write(
    _ word: StaticString, _ value: Int32, _ history: RecordedHistory, _ output: inout ByteOutput
  ) {
    output.append(",\"")
    output.append(word)
    output.append("\":")
    history.values.withBytes(of: value) { output.appendScalar($0) }
  }
}
