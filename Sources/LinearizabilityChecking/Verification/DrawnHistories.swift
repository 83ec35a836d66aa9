/// Draws histories of any named object: clients in closed loops, each operation taking effect at
/// one instant between call and return, so that the history is linearizable unless answers are
/// lies.
///
/// What it draws depends on its parameters and the seed alone.
public struct DrawnHistories: Sendable {
  /// The object.
  public var model: ObjectModel
  /// How many operations.
  public var operations = 6
  /// How many clients have one operation open each.
  public var clients = 3
  /// How many keys, or how many neighbouring blocks.
  public var keys = 1
  /// How many different values are written; 0 if each write has a value of its own.
  public var values = 0
  /// Out of a hundred operations, how many are reads where the object has them.
  public var readPercent = 50
  /// One in so many operations never returns (half of those take effect, perhaps much later); 0 for
  /// none. Its client goes on as another process.
  public var unknownOneIn = 0
  /// One in so many operations fails, and is known not to have taken effect; 0 for none.
  public var failedOneIn = 0
  /// One in so many answers is made up; 0 for none.
  public var lieOneIn = 0
  /// Whether a failed compare-and-swap tells what it found, and an append what it left behind.
  public var tellsMore = true
  /// Decides everything that is drawn.
  public var seed: UInt64 = 1

  /// Histories of an object, with the defaults above.
  public init(_ model: ObjectModel) {
    self.model = model
  }

  /// Draws the history of the current parameters.
  public func draw() -> RecordedHistory {
    var drawing = HistoryDrawing(self)
    drawing.run()
    return drawing.history
  }
}

/// One history in the making.
struct HistoryDrawing {
  private let plan: DrawnHistories
  private var numbers: DrawnNumbers
  private var object: PlainObject
  private(set) var history: RecordedHistory
  /// Per client, its operation and the answer, once it took effect.
  private var open: [(index: Int, answer: PlainObject.Answer?)?]
  private var processes: [Int32]
  /// Operations that nobody waits for and that will take effect some time.
  private var late: [Int] = []
  /// The order in which updates took effect.
  private var effects: [Int32] = []

  init(_ plan: DrawnHistories) {
    self.plan = plan
    numbers = DrawnNumbers(seed: plan.seed)
    history = RecordedHistory(model: plan.model)
    object = PlainObject(initial: "")
    open = Array(repeating: nil, count: plan.clients)
    processes = []
    for client in 0..<plan.clients { processes.append(history.processes.id(of: "\(client)")) }
    if plan.model != .block {
      for key in 0..<plan.keys { _ = history.keys.id(of: "k\(key)") }
    }
  }

  mutating func run() {
    var running = 0
    while history.operations.count < plan.operations || running > 0 {
      if !late.isEmpty, numbers.isOne(in: 8) {
        _ = effect(late.remove(at: numbers.below(late.count)))
      }
      let client = numbers.below(plan.clients)
      guard let current = open[client] else {
        guard history.operations.count < plan.operations else { continue }
        open[client] = (invoke(client), nil)
        running += 1
        continue
      }
      if let answer = current.answer {
        complete(current.index, answer)
      } else if numbers.isOne(in: plan.unknownOneIn) {
        abandon(current.index, client)
      } else if numbers.isOne(in: plan.failedOneIn) {
        history.operations[current.index].outcome = .failed
        history.operations[current.index].returned = nextMoment()
      } else if let answer = effect(current.index) {
        open[client]?.answer = answer
        continue
      } else if numbers.isOne(in: plan.lieOneIn) {
        // A lock that is given to two, or taken back twice.
        open[client]?.answer = .done
        continue
      } else if history.operations.count >= plan.operations || numbers.isOne(in: 4) {
        // A lock that nobody may give back any more.
        abandon(current.index, client)
      } else {
        continue
      }
      open[client] = nil
      running -= 1
    }
    history.hint = effects
  }

  private mutating func nextMoment() -> Int32 {
    history.eventCount += 1
    return history.eventCount - 1
  }

  private mutating func invoke(_ client: Int) -> Int {
    let index = history.operations.count
    var operation = RecordedOperation(
      kind: kind(), process: processes[client], key: Int32(numbers.below(plan.keys)),
      call: nextMoment())
    if operation.kind == .readTwo || operation.kind == .writeTwo {
      operation.key = Int32(numbers.below(max(1, plan.keys - 1)))
    }
    switch operation.kind {
    case .write, .writeTwo, .append, .enqueue, .add, .remove, .contains:
      operation.argument = value(index)
    case .compareAndSwap:
      operation.argument = value(index)
      operation.expected = known(operation.key)
    default: break
    }
    operation.line = Int32(index + 1)
    history.operations.append(operation)
    return index
  }

  private mutating func kind() -> RecordedOperation.Kind {
    let isRead = numbers.below(100) < plan.readPercent
    let isOther = numbers.below(2) == 0
    switch plan.model {
    case .register: return isRead ? .read : .write
    case .casRegister: return isRead ? .read : isOther ? .write : .compareAndSwap
    case .keyValue:
      return isRead ? .read : isOther ? .append : numbers.isOne(in: 8) ? .compareAndSwap : .write
    case .listAppend: return isRead ? .readList : .append
    case .block:
      let isPair = isOther && plan.keys > 1
      return isRead ? (isPair ? .readTwo : .read) : (isPair ? .writeTwo : .write)
    case .fifoQueue: return isOther ? .enqueue : .dequeue
    case .set: return isRead ? .contains : isOther ? .add : .remove
    case .mutex: return isOther ? .acquire : .release
    }
  }

  private mutating func value(_ index: Int) -> Int32 {
    let number = plan.values > 0 ? numbers.below(plan.values) : index
    return history.values.id(of: plan.model == .keyValue ? "\(number)," : "\(number)")
  }

  /// What a client may believe that a key holds.
  private mutating func known(_ key: Int32) -> Int32 {
    if numbers.isOne(in: 6) { return Int32(numbers.below(history.values.count)) }
    var copy = object
    let probe = RecordedOperation(kind: .read, process: 0, key: key, call: 0)
    guard case .value(let text)? = copy.perform(probe, history.values) else { return 0 }
    return history.values.id(of: text)
  }

  private mutating func effect(_ index: Int) -> PlainObject.Answer? {
    let operation = history.operations[index]
    let answer =
      plan.model == .keyValue
      ? object.performOnText(operation, history.values)
      : object.perform(operation, history.values)
    if answer != nil { effects.append(Int32(index)) }
    return answer
  }

  private mutating func abandon(_ index: Int, _ client: Int) {
    if numbers.below(2) == 0 { late.append(index) }
    processes[client] = history.processes.id(of: "\(history.processes.count)")
  }

  private mutating func complete(_ index: Int, _ truth: PlainObject.Answer) {
    history.operations[index].outcome = .ok
    history.operations[index].returned = nextMoment()
    let isLie = numbers.isOne(in: plan.lieOneIn)
    answer(index, isLie ? lie(truth) : truth)
  }

  private mutating func answer(_ index: Int, _ answer: PlainObject.Answer) {
    switch answer {
    case .done, .empty: break
    case .value(let text):
      if history.operations[index].kind == .append, !plan.tellsMore { return }
      history.operations[index].result = history.values.id(of: text)
    case .values(let texts):
      history.operations[index].result = Int32(history.lists.count)
      history.operations[index].resultCount = Int32(texts.count)
      for text in texts { history.lists.append(history.values.id(of: text)) }
    case .yes: history.operations[index].result = 1
    case .no: history.operations[index].result = 0
    case .found(let text):
      history.operations[index].result = 0
      if plan.tellsMore { history.operations[index].resultCount = history.values.id(of: text) }
    }
  }

  /// Another answer of the same kind.
  private mutating func lie(_ truth: PlainObject.Answer) -> PlainObject.Answer {
    func any(_ numbers: inout DrawnNumbers) -> String {
      history.values[Int32(numbers.below(history.values.count))]
    }
    switch truth {
    case .done: return .done
    case .value:
      return plan.model == .fifoQueue && numbers.isOne(in: 3) ? .empty : .value(any(&numbers))
    case .values(let texts):
      guard plan.model == .listAppend else { return .values(texts.map { _ in any(&numbers) }) }
      var changed = texts
      if !changed.isEmpty, numbers.below(2) == 0 { changed.removeLast() }
      if numbers.below(2) == 0 { changed.append(any(&numbers)) }
      if changed.count > 1, numbers.below(3) == 0 {
        changed.swapAt(0, numbers.below(changed.count))
      }
      return .values(changed)
    case .yes: return plan.model == .set ? .no : .found(any(&numbers))
    case .no, .found: return .yes
    case .empty: return .value(any(&numbers))
    }
  }
}
