extension RecordedHistory {
  /// A history of a store, with what happened beside it.
  ///
  /// A client that has several operations open at once becomes several processes: `c1`, `c1/2`. A
  /// drawn update is recorded as a write of what it drew; if nobody said what that was, of the
  /// outcome that somebody read, or of the first one. An answer that the operation cannot give,
  /// whatever the state, is recorded as a read of a text that nobody writes: a violation as well.
  ///
  /// - Parameters:
  ///   - store: what clients saw.
  ///   - initialValue: what a key holds that was never written.
  ///   - remarks: each with the event index of the history that it comes before, ascending.
  ///   - order: an order in which updates may have taken effect, as indices of operations.
  public init(
    _ store: StoreHistory, initialValue: String = "",
    remarks: [(beforeEvent: Int, text: String)] = [], order: [Int] = []
  ) {
    self.init(model: StoreRecording.model(of: store), initialValue: initialValue)
    var recording = StoreRecording(store, remarks)
    recording.fill(&self)
    hint = order.map { Int32(truncatingIfNeeded: $0) }
  }
}

/// The work of turning a store's history into a recorded one.
private struct StoreRecording {
  private let store: StoreHistory
  private let remarks: [(beforeEvent: Int, text: String)]
  /// By client: the lanes of operations that are open at once, each with its process and whether
  /// it is taken.
  private var lanes: [[(process: Int32, operation: Int)]] = []

  init(_ store: StoreHistory, _ remarks: [(beforeEvent: Int, text: String)]) {
    self.store = store
    self.remarks = remarks
  }

  /// What kind of object can be asked all of this.
  static func model(of store: StoreHistory) -> ObjectModel {
    var hasAppend = false
    var hasSwap = false
    for entry in store.entries {
      switch entry.operation {
      case .readBlocks, .writeBlocks: return .block
      case .append: hasAppend = true
      case .compareAndSet: hasSwap = true
      case .get, .put, .putDrawn: break
      }
    }
    return hasSwap && !hasAppend ? .casRegister : .keyValue
  }

  mutating func fill(_ history: inout RecordedHistory) {
    var next = 0
    for (moment, event) in store.events.enumerated() {
      while next < remarks.count, remarks[next].beforeEvent <= moment {
        remark(next, &history)
        next += 1
      }
      if event >= 0 { call(Int(event), &history) } else { end(Int(~event), &history) }
      history.eventCount += 1
    }
    while next < remarks.count {
      remark(next, &history)
      next += 1
    }
  }

  private func remark(_ number: Int, _ history: inout RecordedHistory) {
    history.remarks.append(
      HistoryRemark(moment: history.eventCount, text: remarks[number].text))
    history.eventCount += 1
  }

  // MARK: Calls

  private mutating func call(_ index: Int, _ history: inout RecordedHistory) {
    let entry = store.entries[index]
    let process = takeLane(of: entry.client, index, &history)
    var operation = RecordedOperation(
      kind: kind(entry.operation), process: process, key: key(entry.operation, &history),
      call: history.eventCount)
    if let text = written(entry) { operation.argument = history.values.id(of: text) }
    if case .compareAndSet(_, let expected, _) = entry.operation {
      operation.expected = history.values.id(of: expected)
    }
    if entry.hasFailed { operation.outcome = .failed }
    history.operations.append(operation)
  }

  /// The process whose operation this is: the first of the client's that has nothing open.
  private mutating func takeLane(
    of client: Int, _ operation: Int, _ history: inout RecordedHistory
  ) -> Int32 {
    while lanes.count <= client { lanes.append([]) }
    if let free = lanes[client].firstIndex(where: { $0.operation < 0 }) {
      lanes[client][free].operation = operation
      return lanes[client][free].process
    }
    let number = lanes[client].count + 1
    let name = number == 1 ? "c\(client + 1)" : "c\(client + 1)/\(number)"
    let process = history.processes.id(of: name)
    lanes[client].append((process, operation))
    return process
  }

  private func kind(_ operation: Operation) -> RecordedOperation.Kind {
    switch operation {
    case .get: .read
    case .put, .putDrawn: .write
    case .append: .append
    case .compareAndSet: .compareAndSwap
    case .readBlocks(_, let count): count == 1 ? .read : .readTwo
    case .writeBlocks(_, let count, _): count == 1 ? .write : .writeTwo
    }
  }

  private func key(_ operation: Operation, _ history: inout RecordedHistory) -> Int32 {
    switch operation {
    case .readBlocks(let first, _), .writeBlocks(let first, _, _):
      Int32(truncatingIfNeeded: first)
    default: history.keys.id(of: "\(operation.firstKey)")
    }
  }

  /// The value that an operation wrote, appended or put in the place of another.
  private func written(_ entry: StoreHistory.Entry) -> String? {
    guard case .putDrawn(_, let stem, let outcomes) = entry.operation else {
      return entry.operation.writtenValue
    }
    if case .value(let value)? = entry.response { return value }
    return (0..<outcomes).lazy.map { "\(stem)#\($0)" }.first(where: wasSeen) ?? "\(stem)#0"
  }

  private func wasSeen(_ text: String) -> Bool {
    store.entries.contains { entry in
      switch entry.response {
      case .value(let value)?:
        // What was appended later may follow, but no further digit.
        value.hasPrefix(text) && !(value.dropFirst(text.count).first?.isNumber ?? false)
      case .blocks(let values)?: values.contains(text)
      default: false
      }
    }
  }

  // MARK: Returns

  private mutating func end(_ index: Int, _ history: inout RecordedHistory) {
    let entry = store.entries[index]
    for lane in lanes[entry.client].indices where lanes[entry.client][lane].operation == index {
      lanes[entry.client][lane].operation = -1
    }
    var operation = history.operations[index]
    operation.outcome = .ok
    operation.returned = history.eventCount
    switch (entry.operation, entry.response) {
    case (.get, .value(let value)?), (.append, .value(let value)?):
      operation.result = history.values.id(of: value)
    case (.readBlocks(_, 1), .blocks(let values)?) where values.count == 1:
      operation.result = history.values.id(of: values[0])
    case (.readBlocks(_, 2), .blocks(let values)?) where values.count == 2:
      operation.result = Int32(truncatingIfNeeded: history.lists.count)
      operation.resultCount = 2
      history.lists += values.map { history.values.id(of: $0) }
    case (.compareAndSet, .swapped(let success)?): operation.result = success ? 1 : 0
    case (.putDrawn(_, let stem, let outcomes), .value(let value)?)
    where (0..<outcomes).contains { value == "\(stem)#\($0)" }:
      break
    case (.put, .done?), (.append, .done?), (.putDrawn, .done?), (.writeBlocks, .done?): break
    case (_, let response):
      operation.kind = .read
      operation.argument = -1
      operation.expected = -1
      let answer = response.map { "\($0)" } ?? "nothing"
      operation.result = history.values.id(of: "(\(entry.operation) was answered \(answer))")
    }
    history.operations[index] = operation
  }
}
