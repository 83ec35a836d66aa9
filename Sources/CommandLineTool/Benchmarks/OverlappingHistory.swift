import LinearizabilityChecking
import SimulationKernel

/// What a long history of clients in closed loops is like. Each operation takes effect at one
/// drawn moment between its call and its return, so the history is linearizable; two thirds of the
/// clients have an operation open at any moment, and what they do overlaps for real.
///
/// What is made depends on these parameters alone. It takes constant time an operation, so that
/// histories of millions of operations can be made; small ones with lies among them are drawn by
/// `DrawnHistories`.
struct OverlappingHistory {
  /// The object: `register`, `cas-register`, `kv`, `list-append`, `block` or `fifo-queue`.
  var model: ObjectModel
  var operations: Int
  var clients: Int
  /// How many keys, or how many neighbouring blocks. A list that has grown long enough makes room
  /// for that of a new key.
  var keys = 1
  /// How many different values are written; 0 if each write has a value of its own.
  var values = 0
  /// Out of a hundred operations, how many are reads, of a queue dequeues.
  var readPercent = 50
  /// Out of a hundred updates, how many are appends (`kv`) or compare-and-swaps (`cas-register`).
  var specialPercent = 0
  /// Out of a hundred operations that change something, how many never return; half of these take
  /// effect. Their client goes on as another process.
  var unknownPercent = 0
  /// Whether a failed compare-and-swap tells what it found.
  var tellsFound = true
  /// Whether the order in which updates took effect comes with the history.
  var hasHint = false
  /// The last of several values is written in the first quarter only, and by operations that
  /// return: whoever reads it at the end reads what nobody can have left.
  var retiresLastValue = false
  var seed: UInt64 = 1

  init(_ model: ObjectModel, operations: Int, clients: Int, keys: Int = 1) {
    self.model = model
    self.operations = operations
    self.clients = clients
    self.keys = keys
  }

  /// Makes the history.
  func make() -> RecordedHistory {
    var making = HistoryMaking(self)
    making.run()
    return making.history
  }
}

/// One history in the making.
private struct HistoryMaking {
  private let plan: OverlappingHistory
  private var stream: SeededStream
  private(set) var history: RecordedHistory
  private var object: LongObject
  /// By client: its operation or -1, and whether it took effect.
  private var open: [Int]
  private var hasEffect: [Bool]
  private var processes: [Int32] = []
  private var running = 0
  /// Operations that nobody waits for and that take effect some time.
  private var late: [Int] = []
  /// Texts of values by their number, when several writes have the same.
  private var valueIDs: [Int32] = []

  init(_ plan: OverlappingHistory) {
    self.plan = plan
    stream = SeededStream(seed: plan.seed, name: "benchmark")
    let usual = plan.model == .keyValue ? "" : plan.model == .block ? "0" : "nil"
    history = RecordedHistory(model: plan.model, initialValue: usual)
    object = LongObject(plan.model, keys: plan.keys, initialValue: history.initialValue)
    open = Array(repeating: -1, count: plan.clients)
    hasEffect = Array(repeating: false, count: plan.clients)
    for client in 0..<plan.clients { processes.append(history.processes.id(of: "\(client)")) }
    for number in 0..<plan.values { valueIDs.append(history.values.id(of: "\(number)")) }
    history.operations.reserveCapacity(plan.operations)
  }

  mutating func run() {
    while history.operations.count < plan.operations || running > 0 {
      if !late.isEmpty, stream.below(8) == 0 {
        takeEffect(late.remove(at: stream.below(late.count)), isLost: true)
      }
      let client = stream.below(plan.clients)
      let index = open[client]
      if index < 0 {
        if history.operations.count < plan.operations { invoke(client) }
      } else if !hasEffect[client] {
        takeEffect(index, isLost: false)
        hasEffect[client] = true
      } else {
        history.operations[index].outcome = .ok
        history.operations[index].returned = history.eventCount
        history.eventCount += 1
        open[client] = -1
        running -= 1
      }
    }
  }

  private mutating func invoke(_ client: Int) {
    let index = history.operations.count
    var operation = RecordedOperation(
      kind: kind(), process: processes[client], key: 0, call: history.eventCount)
    operation.line = Int32(truncatingIfNeeded: index + 1)
    if operation.kind == .readTwo || operation.kind == .writeTwo {
      operation.key = Int32(stream.below(plan.keys - 1))
    } else {
      operation.key = object.key(stream.below(plan.keys), &history)
    }
    let isUpdate = !operation.kind.isRead && operation.kind != .dequeue
    let isLost = isUpdate && plan.unknownPercent > 0 && stream.below(100) < plan.unknownPercent
    if isUpdate { operation.argument = value(index, isLost: isLost) }
    if operation.kind == .compareAndSwap {
      // Half of them know what is there at the call, which may have changed by the time it matters.
      operation.expected =
        stream.below(2) == 0 || valueIDs.isEmpty
        ? object.value(of: operation.key) : valueIDs[stream.below(valueIDs.count)]
    }
    history.operations.append(operation)
    history.eventCount += 1
    guard isLost else {
      open[client] = index
      hasEffect[client] = false
      running += 1
      return
    }
    if stream.below(2) == 0 { late.append(index) }
    processes[client] = history.processes.id(of: "\(history.processes.count)")
  }

  private mutating func kind() -> RecordedOperation.Kind {
    let isRead = stream.below(100) < plan.readPercent
    let isSpecial = stream.below(100) < plan.specialPercent
    switch plan.model {
    case .casRegister: return isRead ? .read : isSpecial ? .compareAndSwap : .write
    case .keyValue: return isRead ? .read : isSpecial ? .append : .write
    case .listAppend: return isRead ? .readList : .append
    case .fifoQueue: return isRead ? .dequeue : .enqueue
    case .block:
      let isPair = stream.below(2) == 0
      return isRead ? (isPair ? .readTwo : .read) : (isPair ? .writeTwo : .write)
    default: return isRead ? .read : .write
    }
  }

  private mutating func value(_ index: Int, isLost: Bool) -> Int32 {
    guard plan.values > 0 else {
      return history.values.id(of: plan.model == .keyValue ? "x \(index) y" : "\(index)")
    }
    let isLate = isLost || history.operations.count > plan.operations / 4
    return valueIDs[stream.below(plan.retiresLastValue && isLate ? plan.values - 1 : plan.values)]
  }

  /// - Parameter isLost: whether nobody hears of it.
  private mutating func takeEffect(_ index: Int, isLost: Bool) {
    let operation = history.operations[index]
    if plan.hasHint, !operation.kind.isRead { history.hint.append(Int32(index)) }
    switch operation.kind {
    case .readList, .readTwo:
      history.operations[index].result = Int32(truncatingIfNeeded: history.lists.count)
      let count = object.appendValues(of: operation, to: &history.lists)
      history.operations[index].resultCount = Int32(truncatingIfNeeded: count)
    case .compareAndSwap:
      let found = object.value(of: operation.key)
      let succeeds = found == operation.expected
      if succeeds { object.write(operation) }
      if isLost { return }
      history.operations[index].result = succeeds ? 1 : 0
      if !succeeds, plan.tellsFound { history.operations[index].resultCount = found }
    case .append where plan.model == .keyValue: object.appendText(operation, &history.values)
    case .append, .enqueue: object.appendElement(operation)
    case .dequeue: history.operations[index].result = object.takeElement(of: operation.key)
    case .read: history.operations[index].result = object.value(of: operation.key)
    default: object.write(operation)
    }
  }
}

/// An object that takes constant time an operation: cells, or lists of limited length.
private struct LongObject {
  private var cells: [Int32]
  private var lists: [[Int32]] = []
  /// By queue, how many elements have been taken.
  private var taken: [Int]
  /// By slot, the key whose list grows there now.
  private var slots: [Int32] = []
  private let model: ObjectModel

  /// How long a list gets before a new key takes its slot.
  private static let listLength = 64

  init(_ model: ObjectModel, keys: Int, initialValue: Int32) {
    self.model = model
    cells = Array(repeating: initialValue, count: keys)
    slots = Array(repeating: -1, count: keys)
    taken = Array(repeating: 0, count: keys)
    if model == .fifoQueue { lists = Array(repeating: [], count: keys) }
  }

  /// The key that slot number `slot` stands for now.
  mutating func key(_ slot: Int, _ history: inout RecordedHistory) -> Int32 {
    switch model {
    case .block: return Int32(slot)
    case .listAppend:
      if slots[slot] < 0 || lists[Int(slots[slot])].count >= Self.listLength {
        slots[slot] = history.keys.id(of: "\(lists.count)")
        lists.append([])
      }
      return slots[slot]
    case .keyValue: return history.keys.id(of: "\(slot)")
    default: return history.keys.id(of: "")
    }
  }

  func value(of key: Int32) -> Int32 { cells[Int(key)] }

  mutating func write(_ operation: RecordedOperation) {
    cells[Int(operation.key)] = operation.argument
    if operation.kind == .writeTwo { cells[Int(operation.key) + 1] = operation.argument }
  }

  mutating func appendText(_ operation: RecordedOperation, _ values: inout InternedTexts) {
    let key = Int(operation.key)
    let longer = values[cells[key]] + values[operation.argument]
    cells[key] = values.id(of: longer)
  }

  mutating func appendElement(_ operation: RecordedOperation) {
    lists[Int(operation.key)].append(operation.argument)
  }

  /// Takes the first element of a queue; -1 if it is empty.
  mutating func takeElement(of key: Int32) -> Int32 {
    let place = taken[Int(key)]
    guard place < lists[Int(key)].count else { return -1 }
    taken[Int(key)] += 1
    return lists[Int(key)][place]
  }

  /// - Returns: how many there are.
  func appendValues(of operation: RecordedOperation, to values: inout [Int32]) -> Int {
    let key = Int(operation.key)
    if operation.kind == .readTwo {
      values += cells[key...key + 1]
      return 2
    }
    values += lists[key]
    return lists[key].count
  }
}
