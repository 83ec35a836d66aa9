import LinearizabilityChecking

/// Puts a history together from calls and returns as they come, and says which of them cannot be.
///
/// A process has one operation open at a time. An operation that nobody closes is of unknown
/// outcome.
struct HistoryBuilder {
  var history: RecordedHistory
  /// By process: the operation that it has open, or -1.
  private var open: [Int32] = []

  /// Events, and values in lists, are numbered with 31 bits.
  static let greatestCount = Int(Int32.max) - 1

  init(_ model: ObjectModel, initialValue: String) {
    history = RecordedHistory(model: model, initialValue: initialValue)
  }

  mutating func process(_ token: Token) -> Int32 {
    let id = history.processes.id(ofBytes: token.bytes)
    if Int(id) == open.count { open.append(-1) }
    return id
  }

  /// The operation that a process has open; -1 if there is none.
  func openOperation(of process: Int32) -> Int32 { open[Int(process)] }

  /// Records a call of a process that has nothing open.
  /// - Returns: the index of the operation.
  @discardableResult
  mutating func call(
    _ kind: RecordedOperation.Kind, process: Int32, key: Int32, line: Int, at place: Range<Int>
  ) throws(PlaceError) -> Int {
    var operation = RecordedOperation(
      kind: kind, process: process, key: key, call: try nextMoment(place))
    operation.line = Int32(clamping: line)
    history.operations.append(operation)
    open[Int(process)] = Int32(history.operations.count - 1)
    return history.operations.count - 1
  }

  /// Notes that an operation has ended, and how; its process may call again. An outcome that is
  /// unknown leaves it open to the end of the history.
  mutating func end(
    _ index: Int32, _ outcome: RecordedOperation.Outcome, at place: Range<Int>
  ) throws(PlaceError) {
    let moment = try nextMoment(place)
    let process = Int(history.operations[Int(index)].process)
    if open[process] == index { open[process] = -1 }
    history.operations[Int(index)].outcome = outcome
    if outcome != .unknown { history.operations[Int(index)].returned = moment }
  }

  mutating func remark(_ text: String, at place: Range<Int>) throws(PlaceError) {
    history.remarks.append(HistoryRemark(moment: try nextMoment(place), text: text))
  }

  /// Appends a value to a list, which starts where ``RecordedHistory/lists`` ended.
  mutating func appendToList(_ value: Int32, at place: Range<Int>) throws(PlaceError) {
    guard history.lists.count < Self.greatestCount else {
      throw PlaceError(place, "more than \(Self.greatestCount) values in lists")
    }
    history.lists.append(value)
  }

  private mutating func nextMoment(_ place: Range<Int>) throws(PlaceError) -> Int32 {
    guard history.eventCount < Self.greatestCount else {
      throw PlaceError(place, "more than \(Self.greatestCount) events")
    }
    history.eventCount += 1
    return history.eventCount - 1
  }
}

extension RecordedHistory {
  /// `read of line 3`, for messages about operation `index`.
  func phrase(_ index: Int32) -> String {
    let operation = operations[Int(index)]
    return "\(operation.kind.word) of line \(operation.line)"
  }
}
