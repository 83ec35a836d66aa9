import InputText
import LinearizabilityChecking

@testable import HistoryFiles

/// Reads a history from a text, in pieces of a given size.
func readHistory(
  _ bytes: [UInt8], _ request: HistoryRequest = HistoryRequest(path: "h"), pieces: Int = 1 << 16
) throws -> RecordedHistory {
  var offset = 0
  return try HistoryReader.read(request) { buffer in
    let count = min(pieces, buffer.count, bytes.count - offset)
    bytes.withUnsafeBytes { all in
      let piece = UnsafeRawBufferPointer(rebasing: all[offset..<offset + count])
      buffer.copyMemory(from: piece)
    }
    offset += count
    return count
  }
}

func readHistory(
  _ text: String, format: HistoryFormat? = nil, model: ObjectModel? = nil,
  initialValue: String? = nil, pieces: Int = 1 << 16
) throws -> RecordedHistory {
  try readHistory(
    Array(text.utf8),
    HistoryRequest(path: "h", format: format, model: model, initialValue: initialValue),
    pieces: pieces)
}

/// What is wrong with a text, one line each; empty if it can be read.
func complaints(
  _ text: String, format: HistoryFormat? = nil, model: ObjectModel? = nil,
  initialValue: String? = nil
) -> [String] {
  complaints(
    Array(text.utf8),
    HistoryRequest(path: "h", format: format, model: model, initialValue: initialValue))
}

func complaints(
  _ bytes: [UInt8], _ request: HistoryRequest, pieces: Int = 1 << 16
) -> [String] {
  do {
    _ = try readHistory(bytes, request, pieces: pieces)
    return []
  } catch let error as StreamDiagnostics {
    return error.headlines
  } catch {
    return ["\(error)"]
  }
}

/// A history in another format.
func text(_ history: RecordedHistory, _ format: HistoryFormat) throws -> String {
  var bytes: [UInt8] = []
  try HistoryWriter.write(history, as: format) { bytes.append(contentsOf: $0) }
  return String(decoding: bytes, as: UTF8.self)
}

/// The events of a history, one line each, with operations numbered by their calls: what does not
/// depend on how processes are called or when an unknown outcome became so.
func events(of history: RecordedHistory) -> [String] {
  let order = EventOrder(history)
  func value(_ id: Int32) -> String { id < 0 ? "-" : "\"\(history.values[id])\"" }
  var lines: [String] = []
  for moment in 0..<order.count {
    switch order[moment] {
    case .nothing: break
    case .remark(let number): lines.append("remark \(history.remarks[number].text)")
    case .call(let index):
      let operation = history.operations[index]
      let key =
        history.model == .block ? "\(operation.key)" : "\"\(history.keys[operation.key])\""
      lines.append(
        "\(index) \(operation.kind)(\(key)) \(value(operation.expected)) "
          + "\(value(operation.argument)) \(operation.outcome)")
    case .end(let index):
      let operation = history.operations[index]
      var answer = ""
      switch operation.kind {
      case .read, .append, .dequeue: answer = value(operation.result)
      case .readList, .readTwo:
        guard operation.result >= 0 else { break }
        let start = Int(operation.result)
        let values = history.lists[start..<start + Int(operation.resultCount)]
        answer = "[\(values.map { value($0) }.joined(separator: " "))]"
      case .compareAndSwap: answer = "\(operation.result) \(value(operation.resultCount))"
      case .contains: answer = "\(operation.result)"
      default: break
      }
      lines.append("\(index) \(operation.outcome) \(answer)")
    }
  }
  return lines
}
