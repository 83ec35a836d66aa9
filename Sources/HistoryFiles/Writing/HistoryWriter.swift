import LinearizabilityChecking

/// Why a history cannot be written in a format.
public struct InexpressibleHistory: Error, Hashable, Sendable {
  /// One sentence without a full stop.
  public var message: String
}

/// Writes histories. What is written reads back as the same history, except that an outcome that
/// is unknown may be told later than it became so, and that a format may know no remarks.
public enum HistoryWriter {
  /// Writes one history.
  /// - Throws: ``InexpressibleHistory`` before anything is written, and whatever `sink` throws.
  public static func write(
    _ history: RecordedHistory, as format: HistoryFormat, to sink: ByteSink
  ) throws {
    switch format {
    case .json: try write(history, JSONLineWriter(), sink)
    case .edn: try write(history, try EDNWriter(history), sink)
    case .keyValueLog: try write(history, try EDNWriter(keyValueLog: history), sink)
    case .jepsenLog: try write(history, try LogLineWriter(history), sink)
    case .linhist: try write(history, try LinhistWriter(history), sink)
    }
  }

  /// The text of a history in our own format, for a file beside a report.
  public static func text(of history: RecordedHistory) -> String {
    var output = ByteOutput()
    run(history, JSONLineWriter(), &output) { _ in }
    return String(decoding: output.bytes, as: UTF8.self)
  }

  private static func write<Writer: HistoryLineWriter>(
    _ history: RecordedHistory, _ writer: Writer, _ sink: ByteSink
  ) throws {
    var output = ByteOutput()
    try run(history, writer, &output) { try $0.flush(sink) }
    try output.flush(sink)
  }

  private static func run<Writer: HistoryLineWriter>(
    _ history: RecordedHistory, _ writer: Writer, _ output: inout ByteOutput,
    passOn: (inout ByteOutput) throws -> Void
  ) rethrows {
    var writer = writer
    let order = EventOrder(history)
    /// By process: an operation of unknown outcome that no line has ended yet.
    var open = [Int32](repeating: -1, count: history.processes.count)
    writer.writeStart(history, &output)
    for moment in 0..<order.count {
      switch order[moment] {
      case .nothing: continue
      case .remark(let number): writer.writeRemark(history.remarks[number].text, &output)
      case .call(let index):
        let process = Int(history.operations[index].process)
        if open[process] >= 0 { writer.writeUnknown(Int(open[process]), history, &output) }
        open[process] = history.operations[index].outcome == .unknown ? Int32(index) : -1
        writer.writeCall(index, history, &output)
      case .end(let index): writer.writeEnd(index, history, &output)
      }
      if output.isFull { try passOn(&output) }
    }
    writer.writeEnd(history, &output)
  }
}

/// Writes the lines of one format.
protocol HistoryLineWriter {
  /// What stands before the first event.
  mutating func writeStart(_ history: RecordedHistory, _ output: inout ByteOutput)
  mutating func writeCall(
    _ index: Int, _ history: RecordedHistory, _ output: inout ByteOutput)
  /// Ends an operation whose outcome is known.
  mutating func writeEnd(_ index: Int, _ history: RecordedHistory, _ output: inout ByteOutput)
  /// Ends an operation whose outcome nobody will know, because its process calls again.
  mutating func writeUnknown(
    _ index: Int, _ history: RecordedHistory, _ output: inout ByteOutput)
  mutating func writeRemark(_ text: String, _ output: inout ByteOutput)
  /// What stands behind the last event.
  mutating func writeEnd(_ history: RecordedHistory, _ output: inout ByteOutput)
}

extension HistoryLineWriter {
  mutating func writeEnd(_ history: RecordedHistory, _ output: inout ByteOutput) {}
}

/// What happens at each moment of a history.
struct EventOrder {
  enum Event {
    case call(Int)
    case end(Int)
    case remark(Int)
    /// A moment that nothing is known about any more.
    case nothing
  }

  /// By moment: 0 nothing, a positive number a call or a remark, a negative one an end.
  private var slots: [Int32]
  private let operationCount: Int

  init(_ history: RecordedHistory) {
    slots = [Int32](repeating: 0, count: Int(history.eventCount))
    operationCount = history.operations.count
    for (index, operation) in history.operations.enumerated() {
      let number = Int32(truncatingIfNeeded: index + 1)
      slots[Int(operation.call)] = number
      if operation.returned != .max { slots[Int(operation.returned)] = -number }
    }
    for (index, remark) in history.remarks.enumerated() {
      slots[Int(remark.moment)] = Int32(truncatingIfNeeded: operationCount + index + 1)
    }
  }

  var count: Int { slots.count }

  subscript(_ moment: Int) -> Event {
    let slot = Int(slots[moment])
    if slot == 0 { return .nothing }
    if slot < 0 { return .end(-slot - 1) }
    return slot <= operationCount ? .call(slot - 1) : .remark(slot - operationCount - 1)
  }
}
