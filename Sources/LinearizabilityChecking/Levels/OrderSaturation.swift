/// What every order of a history must look like in which each process keeps its order: the
/// beginning of a check of sequential consistency, and often the end of it.
///
/// Where an observation has one possible source, everything else that updates its cell comes
/// before the base of the source or after the observation. This is applied until nothing new
/// follows. A cycle refutes sequential consistency; without one the orders found guide the search.
struct OrderSaturation {
  private(set) var graph: OrderGraph
  /// By operation, a bit an operation: what must come before it.
  private(set) var before: [UInt64]
  let words: Int

  /// By operation, a bit an operation: what must come after it.
  private var after: [UInt64]
  private var hasCycle = false
  /// By cell: the updates, a bit each.
  private var updates: [[UInt64]]

  init(_ history: RecordedHistory, _ order: ProcessOrder, _ sources: ValueSources) {
    let count = history.operations.count
    words = (count + 63) / 64
    graph = OrderGraph(operationCount: count)
    before = Array(repeating: 0, count: words * count)
    after = before
    updates = Array(repeating: Array(repeating: 0, count: words), count: sources.updates.count)
    for (cell, list) in sources.updates.enumerated() {
      for update in list { updates[cell][Int(update) >> 6] |= 1 << UInt64(update & 63) }
    }
    for index in history.operations.indices where history.takesPart(index) {
      // From the latest on: the others mostly follow from it.
      for earlier in order.before(index, history).reversed() {
        add(earlier, Int32(index), .process)
      }
    }
    let certain = sources.observations.filter { $0.candidates.count == 1 }
    for observation in certain {
      let shown = observation.candidates[0].operations
      for (one, next) in zip(shown, shown.dropFirst()) {
        add(one, next, .shown(by: observation.operation))
      }
      if let last = shown.last, last != observation.operation {
        add(last, observation.operation, .observed)
      }
    }
    var isNew = true
    while isNew, !hasCycle {
      isNew = false
      for observation in certain where apply(observation) { isNew = true }
    }
  }

  /// A cycle of orders; `nil` if there is none.
  var cycle: [OrderGraph.Edge]? { hasCycle ? graph.cycle() : nil }

  /// Applies the rule to one observation; says whether something new followed.
  private mutating func apply(_ observation: ValueSources.Observation) -> Bool {
    let source = observation.candidates[0]
    let reader = observation.operation
    let shown = source.operations
    var isNew = false
    for word in 0..<words {
      var others = updates[Int(observation.cell)][word]
      for own in shown + [reader] where Int(own) >> 6 == word {
        others &= ~(1 << UInt64(own & 63))
      }
      while others != 0 {
        let update = Int32(64 * word + others.trailingZeroBitCount)
        others &= others - 1
        if source.base < 0 {
          if add(reader, update, .readBefore(overwritten: nil)) { isNew = true }
        } else if isBefore(source.base, update) {
          if add(reader, update, .readBefore(overwritten: source.base)) { isNew = true }
        } else if isBefore(update, reader) {
          if add(update, source.base, .beforeReader(reader)) { isNew = true }
        }
      }
    }
    return isNew
  }

  private func isBefore(_ one: Int32, _ other: Int32) -> Bool {
    before[Int(other) * words + Int(one) >> 6] & 1 << UInt64(one & 63) != 0
  }

  /// Adds an order that does not follow from others yet; says whether it was one.
  @discardableResult
  private mutating func add(_ one: Int32, _ other: Int32, _ reason: OrderGraph.Reason) -> Bool {
    if hasCycle || isBefore(one, other) { return false }
    graph.add(one, other, reason)
    if one == other || isBefore(other, one) {
      hasCycle = true
      return true
    }
    var earlier = bits(before, one)
    earlier[Int(one) >> 6] |= 1 << UInt64(one & 63)
    var later = bits(after, other)
    later[Int(other) >> 6] |= 1 << UInt64(other & 63)
    spread(later, over: earlier, in: &after)
    spread(earlier, over: later, in: &before)
    return true
  }

  private func bits(_ table: [UInt64], _ row: Int32) -> [UInt64] {
    Array(table[Int(row) * words..<(Int(row) + 1) * words])
  }

  /// Adds the bits of `new` to the rows whose bits are set in `rows`.
  private func spread(_ new: [UInt64], over rows: [UInt64], in table: inout [UInt64]) {
    for word in 0..<words {
      var rest = rows[word]
      while rest != 0 {
        let row = 64 * word + rest.trailingZeroBitCount
        rest &= rest - 1
        for index in 0..<words { table[row * words + index] |= new[index] }
      }
    }
  }
}
