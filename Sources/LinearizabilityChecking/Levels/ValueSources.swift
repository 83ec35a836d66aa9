/// Where the answers of a history may come from: for each value observed, the updates that can have
/// made it.
///
/// A *cell* is what holds one value: a register, a key, a block, or whether an element is in a set.
/// A successful compare-and-swap is an observation of the value it found and an update; a failed
/// one is an observation. A compare-and-swap of unknown outcome counts as an update if somebody
/// observed its value.
struct ValueSources {
  /// What made a value: `base` replaced whatever was there, the others added to it, in this order.
  struct Source: Hashable {
    /// An operation; -1 for the initial value.
    var base: Int32
    var additions: [Int32] = []

    /// The operations, the base first.
    var operations: [Int32] { base < 0 ? additions : [base] + additions }
  }

  /// A value seen by an operation. Several observations of one operation stand together.
  struct Observation {
    var operation: Int32
    var cell: Int32
    /// What can have made it, the likeliest first; empty if nothing can.
    var candidates: [Source]
  }

  /// By operation: the cells that it updates.
  private(set) var cellsUpdated: [[Int32]]
  /// By operation: whether it is known to have updated its cells.
  private(set) var isCertain: [Bool]
  /// By cell: the operations that update it or may do so, ascending.
  private(set) var updates: [[Int32]] = []
  /// By operation.
  private(set) var observations: [Observation] = []
  /// Whether there were more candidates than the limit.
  private(set) var isExhausted = false

  private let history: RecordedHistory
  private var cells: [UInt64: Int32] = [:]
  private var candidatesLeft: Int

  /// Objects of which it makes sense to ask what a value was made by. Answers of a queue or a lock
  /// depend on a single order of all updates.
  static func isDefined(for model: ObjectModel) -> Bool {
    model != .fifoQueue && model != .mutex
  }

  /// - Parameter limit: how many candidates may be looked at in all.
  init(_ history: RecordedHistory, limit: Int) {
    self.history = history
    candidatesLeft = limit
    cellsUpdated = Array(repeating: [], count: history.operations.count)
    isCertain = Array(repeating: false, count: history.operations.count)
    for index in history.operations.indices where history.takesPart(index) { noteUpdate(index) }
    for index in history.operations.indices where history.takesPart(index) { observe(index) }
  }

  private mutating func cell(_ key: Int32, _ element: Int32 = 0) -> Int32 {
    let name = UInt64(UInt32(bitPattern: key)) << 32 | UInt64(UInt32(bitPattern: element))
    if let known = cells[name] { return known }
    let new = Int32(updates.count)
    cells[name] = new
    updates.append([])
    return new
  }

  private mutating func noteUpdate(_ index: Int) {
    let operation = history.operations[index]
    let isOver = operation.outcome == .ok
    switch operation.kind {
    case .read, .readList, .readTwo, .contains, .enqueue, .dequeue, .acquire, .release: return
    case .write, .append: cellsUpdated[index] = [cell(operation.key)]
    case .writeTwo: cellsUpdated[index] = [cell(operation.key), cell(operation.key &+ 1)]
    case .add, .remove: cellsUpdated[index] = [cell(operation.key, operation.argument)]
    case .compareAndSwap:
      if isOver, operation.result == 0 { return }
      cellsUpdated[index] = [cell(operation.key)]
    }
    isCertain[index] = isOver && (operation.kind != .compareAndSwap || operation.result == 1)
    for cell in cellsUpdated[index] { updates[Int(cell)].append(Int32(index)) }
  }

  private mutating func observe(_ index: Int) {
    let operation = history.operations[index]
    guard let answer = history.answer(of: index) else { return }
    switch (operation.kind, answer) {
    case (.read, .value(let value)), (.append, .value(let value)):
      add(index, cell(operation.key)) { $0.madeValue(value, index, cell: $1) }
    case (.readTwo, .values(let values)):
      for offset in 0..<2 {
        add(index, cell(operation.key &+ Int32(offset))) {
          values.count == 2
            ? $0.madeValue(values[values.startIndex + offset], index, cell: $1) : []
        }
      }
    case (.readList, .values(let values)):
      add(index, cell(operation.key)) { $0.madeList(values, cell: $1) }
    case (.contains, .value(let value)):
      add(index, cell(operation.key, operation.argument)) {
        $0.madeMembership(value == 1, cell: $1)
      }
    case (.compareAndSwap, .swapped(let didSwap, let found)):
      let expected = operation.expected
      add(index, cell(operation.key)) {
        if didSwap { return found < 0 || found == expected ? $0.made(expected, index, $1) : [] }
        if found >= 0 { return found != expected ? $0.made(found, index, $1) : [] }
        return $0.madeOther(than: expected, index, $1)
      }
    default: break
    }
  }

  private mutating func add(
    _ index: Int, _ cell: Int32, _ candidates: (inout ValueSources, Int32) -> [Source]
  ) {
    var found = candidates(&self, cell)
    // The last update called before the answer, then older ones, then those called after it.
    let returned = history.operations[index].returned
    func distance(_ source: Source) -> (Int32, Int32) {
      guard let last = source.operations.last else { return (returned, -1) }
      let call = history.operations[Int(last)].call
      return (call < returned ? returned - call : .max, last)
    }
    if found.count > 1 { found.sort { distance($0) < distance($1) } }
    observations.append(
      Observation(operation: Int32(index), cell: cell, candidates: isExhausted ? [] : found))
  }

  private mutating func madeValue(_ value: Int32, _ index: Int, cell: Int32) -> [Source] {
    history.model == .keyValue ? madeText(value, index, cell) : made(value, index, cell)
  }

  /// Updates that write `value`, other than operation `index` itself.
  private mutating func made(_ value: Int32, _ index: Int, _ cell: Int32) -> [Source] {
    var found = value == history.initialValue ? [Source(base: -1)] : []
    for update in updates[Int(cell)] where Int(update) != index {
      if history.operations[Int(update)].argument == value { found.append(Source(base: update)) }
    }
    spend(found.count)
    return found
  }

  private mutating func madeOther(
    than value: Int32, _ index: Int, _ cell: Int32
  ) -> [Source] {
    var found = value != history.initialValue ? [Source(base: -1)] : []
    for update in updates[Int(cell)] where Int(update) != index {
      if history.operations[Int(update)].argument != value { found.append(Source(base: update)) }
    }
    spend(found.count)
    return found
  }

  private mutating func madeMembership(_ isIn: Bool, cell: Int32) -> [Source] {
    var found = isIn ? [] : [Source(base: -1)]
    for update in updates[Int(cell)] {
      let isAdd = history.operations[Int(update)].kind == .add
      if isAdd == isIn { found.append(Source(base: update)) }
    }
    spend(found.count)
    return found
  }

  private mutating func madeList(_ values: ArraySlice<Int32>, cell: Int32) -> [Source] {
    var found: [Source] = [Source(base: -1)]
    for value in values {
      let makers = updates[Int(cell)].filter { history.operations[Int($0)].argument == value }
      found = found.flatMap { start in
        makers.filter { !start.additions.contains($0) }.map {
          Source(base: -1, additions: start.additions + [$0])
        }
      }
      spend(found.count)
      if isExhausted { return [] }
    }
    return found
  }

  /// A value that a write left, or the initial one, and what appends added to it. An append sees
  /// its own addition last.
  private mutating func madeText(_ value: Int32, _ index: Int, _ cell: Int32) -> [Source] {
    let text = Array(history.values[value].utf8)
    let makers = updates[Int(cell)].map { update in
      let operation = history.operations[Int(update)]
      return (
        update: update, isWrite: operation.kind == .write,
        part: Array(history.values[operation.argument].utf8)
      )
    }
    var open: [(source: Source, length: Int)] = []
    let initial = Array(history.values[history.initialValue].utf8)
    if text.starts(with: initial) { open.append((Source(base: -1), initial.count)) }
    for maker in makers where maker.isWrite && text.starts(with: maker.part) {
      open.append((Source(base: maker.update), maker.part.count))
    }
    let isAppend = history.operations[index].kind == .append
    var found: [Source] = []
    while let (source, length) = open.popLast() {
      spend(1)
      if isExhausted { return [] }
      let isWhole = length == text.count
      if isWhole, !isAppend || source.additions.last == Int32(index) { found.append(source) }
      for maker in makers
      where !maker.isWrite && !source.additions.contains(maker.update)
        && text[length...].starts(with: maker.part)
      {
        var longer = source
        longer.additions.append(maker.update)
        open.append((longer, length + maker.part.count))
      }
    }
    return found.sorted { $0.operations.lexicographicallyPrecedes($1.operations) }
  }

  private mutating func spend(_ count: Int) {
    candidatesLeft -= count
    if candidatesLeft < 0 { isExhausted = true }
  }
}
