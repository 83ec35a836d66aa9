import LinearizabilityChecking

/// SplitMix64: a failing case is found again by its number.
struct Generator {
  var state: UInt64

  mutating func below(_ limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
  }
}

/// A history whose answers are drawn, and so mostly wrong: for formats, not for checkers.
struct DrawnHistory {
  var generator: Generator
  private(set) var history: RecordedHistory
  private let values: [Int32]
  private let keys: [Int32]
  /// Whether swaps tell what they found, and appends what they left behind.
  private let tellsMore: Bool

  init(
    _ model: ObjectModel, seed: UInt64, texts: [String], keys: [String] = [""],
    initialValue: String = "", tellsMore: Bool = true
  ) {
    generator = Generator(state: seed)
    var history = RecordedHistory(model: model, initialValue: initialValue)
    values = texts.map { history.values.id(of: $0) }
    self.keys = model == .block ? [0, 1, 7] : keys.map { history.keys.id(of: $0) }
    for process in 0..<4 { _ = history.processes.id(of: "c\(process)") }
    self.history = history
    self.tellsMore = tellsMore
  }

  /// Draws events of four processes.
  mutating func draw(_ eventCount: Int) -> RecordedHistory {
    var open = [Int](repeating: -1, count: 4)
    for _ in 0..<eventCount {
      let process = generator.below(4)
      let moment = history.eventCount
      history.eventCount += 1
      if generator.below(20) == 0 {
        history.remarks.append(HistoryRemark(moment: moment, text: "event \(moment)"))
      } else if open[process] < 0 {
        open[process] = history.operations.count
        history.operations.append(call(process, moment))
      } else {
        end(open[process], moment)
        open[process] = -1
      }
    }
    return history
  }

  private mutating func value() -> Int32 { values[generator.below(values.count)] }

  private mutating func call(_ process: Int, _ moment: Int32) -> RecordedOperation {
    let kinds = Self.kinds(history.model)
    let kind = kinds[generator.below(kinds.count)]
    var operation = RecordedOperation(
      kind: kind, process: Int32(process), key: keys[generator.below(keys.count)], call: moment)
    switch kind {
    case .write, .writeTwo, .append, .enqueue, .add, .remove, .contains:
      operation.argument = value()
    case .compareAndSwap:
      operation.argument = value()
      operation.expected = value()
    default: break
    }
    return operation
  }

  private mutating func end(_ index: Int, _ moment: Int32) {
    switch generator.below(8) {
    case 0: return
    case 1:
      history.operations[index].outcome = .failed
      history.operations[index].returned = moment
      return
    default:
      history.operations[index].outcome = .ok
      history.operations[index].returned = moment
    }
    switch history.operations[index].kind {
    case .read: history.operations[index].result = value()
    case .dequeue where generator.below(3) > 0: history.operations[index].result = value()
    case .append where tellsMore && generator.below(2) == 0 && history.model == .keyValue:
      history.operations[index].result = value()
    case .compareAndSwap:
      history.operations[index].result = Int32(generator.below(2))
      if tellsMore, history.operations[index].result == 0, generator.below(2) == 0 {
        history.operations[index].resultCount = value()
      }
    case .contains: history.operations[index].result = Int32(generator.below(2))
    case .readTwo: list(index, 2)
    case .readList: list(index, generator.below(4))
    default: break
    }
  }

  private mutating func list(_ index: Int, _ count: Int) {
    history.operations[index].result = Int32(history.lists.count)
    history.operations[index].resultCount = Int32(count)
    for _ in 0..<count { history.lists.append(value()) }
  }

  static func kinds(_ model: ObjectModel) -> [RecordedOperation.Kind] {
    switch model {
    case .register: [.read, .write]
    case .casRegister: [.read, .write, .compareAndSwap]
    case .keyValue: [.read, .write, .append]
    case .listAppend: [.append, .readList]
    case .block: [.read, .write, .readTwo, .writeTwo]
    case .fifoQueue: [.enqueue, .dequeue]
    case .set: [.add, .remove, .contains]
    case .mutex: [.acquire, .release]
    }
  }
}
