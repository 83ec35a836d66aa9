import HistoryFiles
import LinearizabilityChecking
import SimulationKernel

/// The part of `crashproof benchmark check` about files: how fast histories are read, format by
/// format, from memory.
enum ReadingBenchmark {
  /// Clients that take turns.
  private static let clientCount = 20

  /// The formats, in the order of the report.
  static let formats: [HistoryFormat] = [.json, .jepsenLog, .keyValueLog, .edn, .linhist]

  /// How fast a history of so many operations is read.
  static func figure(
    _ format: HistoryFormat, operations: Int = 1_000_000
  ) throws -> BenchmarkFigure {
    let history =
      format == .keyValueLog
      ? history(.keyValue, operations: operations) { "x \($0 % 50) \($0) y" }
      : history(.casRegister, operations: operations) { "\($0)" }
    var bytes: [UInt8] = []
    try HistoryWriter.write(history, as: format) { bytes.append(contentsOf: $0) }
    return try figure(format, bytes, operations: operations)
  }

  private static func figure(
    _ format: HistoryFormat, _ bytes: [UInt8], operations: Int
  ) throws -> BenchmarkFigure {
    var figure = BenchmarkFigure(benchmark: "check", name: "read \(format.rawValue)")
    ResourceUse.forgetPeak()
    let meter = ResourceMeter()
    var offset = 0
    let request = HistoryRequest(path: "a benchmark", format: format)
    let history = try HistoryReader.read(request) { buffer in
      let count = min(buffer.count, bytes.count - offset)
      bytes.withUnsafeBytes {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count]))
      }
      offset += count
      return count
    }
    meter.fill(&figure)
    require(history.operations.count == operations, "reading \(format.rawValue) lost operations")
    figure.counts = [
      .init(name: "bytes", value: bytes.count), .init(name: "operations", value: operations),
    ]
    let rate = Double(bytes.count) / max(figure.cpuSeconds, 1e-9) / 1e6
    figure.remark = "\(Int(rate)) MB/s"
    return figure
  }

  /// Clients in closed loops: each operation returns before the next of its client, and reads tell
  /// the last value written. Every value is written once.
  private static func history(
    _ model: ObjectModel, operations: Int, value: (Int) -> String
  ) -> RecordedHistory {
    var history = RecordedHistory(model: model, initialValue: model == .keyValue ? "" : "nil")
    var stream = SeededStream(seed: 1, name: "benchmark")
    let processes = (0..<clientCount).map { history.processes.id(of: "\($0)") }
    let keyCount = model == .keyValue ? 10 : 1
    let keys = (0..<keyCount).map { history.keys.id(of: model == .keyValue ? "\($0)" : "") }
    var last = [Int32](repeating: history.initialValue, count: keyCount)
    var open = [Int](repeating: -1, count: clientCount)
    history.operations.reserveCapacity(operations)
    var ended = 0
    while ended < operations {
      let client = stream.below(clientCount)
      let moment = history.eventCount
      if open[client] >= 0 {
        history.operations[open[client]].outcome = .ok
        history.operations[open[client]].returned = moment
        open[client] = -1
        ended += 1
      } else if history.operations.count < operations {
        let key = stream.below(keyCount)
        let isWrite = stream.below(2) == 0
        var operation = RecordedOperation(
          kind: isWrite ? .write : .read, process: processes[client], key: keys[key], call: moment)
        if isWrite {
          operation.argument = history.values.id(of: value(history.operations.count))
          last[key] = operation.argument
        } else {
          operation.result = last[key]
        }
        open[client] = history.operations.count
        history.operations.append(operation)
      } else {
        continue
      }
      history.eventCount += 1
    }
    return history
  }
}
