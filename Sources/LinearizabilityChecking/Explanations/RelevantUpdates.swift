/// Which updates of unknown outcome can help to explain some operations of a history.
///
/// Any others may be left out: whatever order explains the history with them explains it without
/// them. Where values tell updates apart, only those can help whose value somebody needs: in an
/// explanation the others can be taken back, since nobody looks before the next update. Of updates
/// that ask for the same thing the earliest called ones do as well as any others, and no more of
/// them are needed than there are operations that may look in between.
///
/// What matters for a set of operations includes what matters for its subsets.
///
/// Answers that do not tell what they saw (a compare-and-swap that found *something else*) need
/// everything.
struct RelevantUpdates {
  private let history: RecordedHistory
  /// The operations to be explained, by call.
  private let kept: [Int32]
  /// Values that somebody needs, each with its cell.
  private var needed: Set<UInt64> = []
  /// Cells in which everything matters.
  private var vague: Set<Int32> = []
  /// Texts that somebody needs, by key; empty unless the object holds texts.
  private var texts: [Int32: Set<Int32>] = [:]
  private var pieces: [Int32: TextSubstrings] = [:]

  /// - Parameter kept: operations that returned, by call.
  init(_ history: RecordedHistory, keeping kept: [Int32]) {
    self.history = history
    self.kept = kept
  }

  /// The updates among `candidates` (operations by call, none of them kept) that can matter, by
  /// call. O(candidates), and the bytes of texts that somebody saw.
  mutating func select(_ candidates: [Int32]) -> [Int32] {
    let updates = candidates.filter { !history.operations[Int($0)].kind.isRead }
    switch history.model {
    case .register, .casRegister, .block:
      collectCells()
      return capped(closed(updates), each: { _ in kept.count })
    case .keyValue:
      collectCells()
      collectTexts(updates)
      let found = closed(updates)
      return pieces.isEmpty ? capped(found, each: { _ in kept.count }) : found
    case .listAppend:
      collectElements()
      let most = kept.reduce(0) { max($0, Int(history.operations[Int($1)].resultCount)) }
      return capped(closed(updates), each: { _ in most })
    case .fifoQueue: return selectQueue(updates)
    case .set:
      let elements = Set(kept.map { name(history.operations[Int($0)]) })
      return capped(
        updates.filter { elements.contains(name(history.operations[Int($0)])) },
        each: { _ in kept.count })
    case .mutex:
      let keys = Set(kept.map { history.operations[Int($0)].key })
      return capped(
        updates.filter { keys.contains(history.operations[Int($0)].key) },
        each: { _ in kept.count })
    }
  }

  // MARK: What is needed

  private static func pair(_ cell: Int32, _ value: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: cell)) << 32 | UInt64(UInt32(bitPattern: value))
  }

  private func name(_ operation: RecordedOperation) -> UInt64 {
    Self.pair(operation.key, operation.argument)
  }

  private mutating func collectCells() {
    for index in kept {
      let operation = history.operations[Int(index)]
      // In a smaller set a compare-and-swap may have had any outcome.
      if operation.kind == .compareAndSwap {
        needed.insert(Self.pair(operation.key, operation.expected))
      }
      switch (operation.kind, history.answer(of: Int(index))) {
      case (.read, .value(let seen)?), (.append, .value(let seen)?):
        needed.insert(Self.pair(operation.key, seen))
      case (.readTwo, .values(let seen)?):
        for (offset, value) in seen.enumerated() {
          needed.insert(Self.pair(operation.key + Int32(offset), value))
        }
      case (.compareAndSwap, .swapped(true, _)?): break
      case (.compareAndSwap, .swapped(false, let found)?) where found >= 0:
        needed.insert(Self.pair(operation.key, found))
      case (.compareAndSwap, _): vague.insert(operation.key)
      default: break
      }
    }
  }

  private mutating func collectElements() {
    for index in kept {
      guard case .values(let seen)? = history.answer(of: Int(index)) else { continue }
      let key = history.operations[Int(index)].key
      for value in seen { needed.insert(Self.pair(key, value)) }
    }
  }

  /// Values of keys with appends are looked into.
  private mutating func collectTexts(_ updates: [Int32]) {
    var keys: Set<Int32> = []
    for index in updates + kept where history.operations[Int(index)].kind == .append {
      keys.insert(history.operations[Int(index)].key)
    }
    guard !keys.isEmpty else { return }
    for pair in needed { addText(pair) }
    for key in keys { pieces[key] = TextSubstrings() }
    for index in updates {
      let operation = history.operations[Int(index)]
      guard pieces[operation.key] != nil else { continue }
      let length = history.values.withBytes(of: operation.argument) { $0.count }
      pieces[operation.key]?.addLength(length)
    }
    for (key, values) in texts {
      for value in values { pieces[key]?.add(history.values, value) }
    }
  }

  private mutating func addText(_ pair: UInt64) {
    let key = Int32(truncatingIfNeeded: pair >> 32)
    texts[key, default: []].insert(Int32(truncatingIfNeeded: pair & 0xFFFF_FFFF))
  }

  // MARK: Selection

  /// The updates that somebody needs, directly or through a compare-and-swap.
  private mutating func closed(_ updates: [Int32]) -> [Int32] {
    let swaps = updates.filter { history.operations[Int($0)].kind == .compareAndSwap }
    var hasGrown = !swaps.isEmpty
    var taken: Set<Int32> = []
    while hasGrown {
      hasGrown = false
      for index in swaps where !taken.contains(index) && isNeeded(index) {
        let operation = history.operations[Int(index)]
        taken.insert(index)
        let pair = Self.pair(operation.key, operation.expected)
        if needed.insert(pair).inserted {
          hasGrown = true
          pieces[operation.key]?.add(history.values, operation.expected)
        }
      }
    }
    return updates.filter { isNeeded($0) }
  }

  private func isNeeded(_ index: Int32) -> Bool {
    let operation = history.operations[Int(index)]
    if vague.contains(operation.key) { return true }
    if let pieces = pieces[operation.key] {
      return pieces.contains(history.values, operation.argument)
    }
    if needed.contains(name(operation)) { return true }
    return operation.kind == .writeTwo
      && (needed.contains(Self.pair(operation.key + 1, operation.argument))
        || vague.contains(operation.key + 1))
  }

  /// At most so many of those that ask for the same thing.
  private func capped(_ updates: [Int32], each limit: (Int32) -> Int) -> [Int32] {
    struct Request: Hashable {
      var kind: RecordedOperation.Kind
      var name: UInt64
      var expected: Int32
    }
    var counts: [Request: Int] = [:]
    return updates.filter { index in
      let operation = history.operations[Int(index)]
      let request = Request(
        kind: operation.kind, name: name(operation), expected: operation.expected)
      counts[request, default: 0] += 1
      return counts[request, default: 0] <= limit(index)
    }
  }

  /// Enqueues of elements that somebody got, as many as somebody got; and no more dequeues than
  /// there are elements to take.
  private func selectQueue(_ updates: [Int32]) -> [Int32] {
    var wanted: [UInt64: Int] = [:]
    var elements = 0
    for index in kept {
      let operation = history.operations[Int(index)]
      if operation.kind == .enqueue { elements += 1 }
      guard operation.kind == .dequeue, operation.result >= 0 else { continue }
      wanted[Self.pair(operation.key, operation.result), default: 0] += 1
    }
    let enqueues = updates.filter { index in
      let operation = history.operations[Int(index)]
      guard operation.kind == .enqueue, let count = wanted[name(operation)], count > 0 else {
        return false
      }
      wanted[name(operation)] = count - 1
      elements += 1
      return true
    }
    let keys = Set(kept.map { history.operations[Int($0)].key })
    let dequeues = updates.filter {
      let operation = history.operations[Int($0)]
      return operation.kind == .dequeue && keys.contains(operation.key)
    }
    return (enqueues + dequeues.prefix(elements)).sorted()
  }
}

/// The parts of some texts that have one of some lengths.
struct TextSubstrings {
  private var lengths: [Int] = []
  private var parts: Set<ArraySlice<UInt8>> = []

  /// Asks for parts of this length; before any text.
  mutating func addLength(_ length: Int) {
    if !lengths.contains(length) { lengths.append(length) }
  }

  /// Adds a text.
  mutating func add(_ values: InternedTexts, _ text: Int32) {
    let bytes = values.withBytes(of: text) { Array($0) }
    for length in lengths where length <= bytes.count {
      for start in 0...bytes.count - length { parts.insert(bytes[start..<start + length]) }
    }
  }

  /// Whether a text of one of the lengths is part of one that was added.
  func contains(_ values: InternedTexts, _ text: Int32) -> Bool {
    parts.contains(values.withBytes(of: text) { Array($0)[...] })
  }
}
