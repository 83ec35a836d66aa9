/// Which operation of a part must precede which, as far as values and times say: the order that
/// ``CellBounds`` found, closed under transitivity and the rule that groups of one cell do not
/// interleave. If any operation of one group precedes one of another, all of it precedes the
/// other's write.
///
/// The relation is kept between operations whose places are close: a row of bits for each, some
/// words around its own. Operations that are far apart are hardly ever open at once.
///
/// Saturation after Gibbons and Korach, Testing shared memories, SIAM J. Comput. 26(4), 1997.
struct CellClosure: Sendable {
  /// Words on each side of an operation's own word in its rows.
  private(set) var reach = 0
  /// Per operation, those that must precede it, and those that it must precede. Word `t` of a row
  /// covers the operations from `64 * (place / 64 - reach + t)` on.
  private(set) var before: [UInt64] = []
  private var after: [UInt64] = []
  /// Ordered pairs whose consequences are yet to be drawn.
  private var pending: [(first: Int32, second: Int32)] = []
  private var contradiction: (first: Int32, second: Int32)?
  /// Two entries an operation: its group in the cell that it writes there, or -1.
  private var groupOfWrite: [Int32] = []
  /// Per site, the group whose members need it, or -1.
  private var groupOfSite: [Int32] = []

  private var width: Int { 2 * reach + 1 }

  /// Closes the order of a part; answers two operations each of which must precede the other.
  mutating func close(
    _ part: CellPart, _ bounds: CellBounds
  ) -> (first: Int32, second: Int32)? {
    chooseReach(part, bounds)
    before.refill(0, count: part.count * width)
    after.refill(0, count: part.count * width)
    pending.removeAll(keepingCapacity: true)
    contradiction = nil
    numberGroups(part, bounds)
    orderByTime(part, bounds)
    orderGroups(part, bounds)
    while contradiction == nil, let pair = pending.popLast() {
      let (first, second) = (Int(pair.first), Int(pair.second))
      closeTransitively(first, second)
      separateGroups(first, second, part, bounds)
    }
    return contradiction
  }

  /// Covers most pairs that are open at once, but for a few operations that stay open very long.
  private mutating func chooseReach(_ part: CellPart, _ bounds: CellBounds) {
    var counts = [Int](repeating: 0, count: 9)
    for index in 0..<part.count {
      let end = part.firstCalled(after: bounds.latest[index])
      counts[min(8, (max(end, index) - index) / 64 + 1)] += 1
    }
    var covered = 0
    reach = 8
    for distance in 1...8 {
      covered += counts[distance]
      if covered * 100 >= part.count * 99 {
        reach = distance
        return
      }
    }
  }

  private mutating func numberGroups(_ part: CellPart, _ bounds: CellBounds) {
    groupOfWrite.refill(-1, count: 2 * part.count)
    groupOfSite.refill(-1, count: part.siteCells.count)
    for cell in 0..<part.cellCount {
      for group in Int(bounds.groupStarts[cell])..<Int(bounds.groupStarts[cell + 1]) {
        let write = Int(bounds.groups[group].write)
        if bounds.groups[group].site >= 0 {
          groupOfSite[Int(bounds.groups[group].site)] = Int32(group)
        }
        guard write < part.count else { continue }
        let isFirst = Int(part.siteCells[Int(part.written[2 * write])]) == cell
        groupOfWrite[2 * write + (isFirst ? 0 : 1)] = Int32(group)
      }
    }
  }

  /// Pairs of which one must be over before the other can begin. Among themselves they have no
  /// further consequences: times are transitive, and ``CellBounds`` has ordered the groups.
  private mutating func orderByTime(_ part: CellPart, _ bounds: CellBounds) {
    for first in 0..<part.count where part.isDefinite[first] {
      let low = max(0, 64 * (first >> 6 - reach))
      let high = min(part.count, 64 * (first >> 6 + reach + 1))
      for second in low..<high
      where bounds.earliest[second] > bounds.latest[first] && part.isDefinite[second] {
        set(first, second)
      }
    }
  }

  /// The write of each group before its members, and the groups that ``CellBounds`` has ordered.
  private mutating func orderGroups(_ part: CellPart, _ bounds: CellBounds) {
    var order: [(key: Int64, group: Int)] = []
    for cell in 0..<part.cellCount {
      let range = Int(bounds.groupStarts[cell])..<Int(bounds.groupStarts[cell + 1])
      order.removeAll(keepingCapacity: true)
      for group in range {
        let bound = bounds.groups[group]
        order.append((Int64(bound.latestWrite) + Int64(bound.earliestEnd), group))
        guard Int(bound.write) < part.count else { continue }
        for member in part.needers(of: bound.site) { add(Int(bound.write), Int(member)) }
      }
      order.sort { ($0.key, $0.group) < ($1.key, $1.group) }
      for place in order.indices {
        let earlier = order[place].group
        for other in order[(place + 1)...].prefix(Self.neighbours)
        where bounds.groups[earlier].latestWrite < bounds.groups[other.group].earliestEnd {
          separate(earlier, other.group, part, bounds)
        }
      }
    }
  }

  /// How many groups of a cell, in the order of their times, are compared with each.
  private static let neighbours = 64
}

extension CellClosure {
  /// The first operation from `start` on that must precede `operation` and is not done; -1 if there
  /// is none. `done` has a bit for each operation.
  func firstUndone(before operation: Int, _ done: [UInt64], from start: Int = 0) -> Int {
    guard reach > 0 else { return -1 }
    let base = operation >> 6 - reach
    for word in max(0, -base, start >> 6 - base)..<width where base + word < done.count {
      var bits = before[operation * width + word] & ~done[base + word]
      if base + word == start >> 6 { bits &= ~0 << UInt64(start & 63) }
      if bits != 0 { return 64 * (base + word) + bits.trailingZeroBitCount }
    }
    return -1
  }

  private func word(of second: Int, inRowOf first: Int) -> Int {
    second >> 6 - (first >> 6 - reach)
  }

  /// Whether `first` must precede `second`, as far as is known.
  private func precedes(_ first: Int, _ second: Int) -> Bool {
    let word = word(of: second, inRowOf: first)
    guard word >= 0, word < width else { return false }
    return after[first * width + word] & (1 << UInt64(second & 63)) != 0
  }

  private mutating func set(_ first: Int, _ second: Int) {
    after[first * width + word(of: second, inRowOf: first)] |= 1 << UInt64(second & 63)
    before[second * width + word(of: first, inRowOf: second)] |= 1 << UInt64(first & 63)
  }

  /// Notes that `first` must precede `second`, if their places are close.
  private mutating func add(_ first: Int, _ second: Int) {
    let word = word(of: second, inRowOf: first)
    guard word >= 0, word < width, first != second, !precedes(first, second) else { return }
    if precedes(second, first) {
      contradiction = contradiction ?? (Int32(first), Int32(second))
      return
    }
    set(first, second)
    pending.append((Int32(first), Int32(second)))
  }

  /// What precedes `first` precedes `second`; what follows `second` follows `first`.
  private mutating func closeTransitively(_ first: Int, _ second: Int) {
    let shift = second >> 6 - first >> 6
    for word in max(0, shift)..<min(width, width + shift) {
      var bits = before[first * width + word] & ~before[second * width + word - shift]
      while bits != 0 {
        add(64 * (first >> 6 - reach + word) + bits.trailingZeroBitCount, second)
        bits &= bits &- 1
      }
      bits = after[second * width + word - shift] & ~after[first * width + word]
      while bits != 0 {
        add(first, 64 * (first >> 6 - reach + word) + bits.trailingZeroBitCount)
        bits &= bits &- 1
      }
    }
  }

  /// Draws the consequences for groups of one cell that the two operations belong to.
  private mutating func separateGroups(
    _ first: Int, _ second: Int, _ part: CellPart, _ bounds: CellBounds
  ) {
    let ones = groups(of: first, part)
    let others = groups(of: second, part)
    for earlier in [ones.0, ones.1, ones.2, ones.3] where earlier >= 0 {
      for later in [others.0, others.1, others.2, others.3] where later >= 0 && later != earlier {
        guard bounds.cell(of: earlier) == bounds.cell(of: later) else { continue }
        let writes = (Int(bounds.groups[earlier].write), Int(bounds.groups[later].write))
        if writes.1 == part.count { continue }
        if writes.0 == part.count || (first == writes.0 && second == writes.1) {
          separate(earlier, later, part, bounds)
        } else {
          add(writes.0, writes.1)
        }
      }
    }
  }

  /// The groups that an operation belongs to; -1 for none.
  private func groups(
    of operation: Int, _ part: CellPart
  ) -> (Int, Int, Int, Int) {
    let needed = (Int(part.needed[2 * operation]), Int(part.needed[2 * operation + 1]))
    return (
      Int(groupOfWrite[2 * operation]), Int(groupOfWrite[2 * operation + 1]),
      needed.0 >= 0 ? Int(groupOfSite[needed.0]) : -1,
      needed.1 >= 0 ? Int(groupOfSite[needed.1]) : -1
    )
  }

  /// All of one group precedes the write of another.
  private mutating func separate(
    _ earlier: Int, _ later: Int, _ part: CellPart, _ bounds: CellBounds
  ) {
    let write = Int(bounds.groups[later].write)
    if Int(bounds.groups[earlier].write) < part.count {
      add(Int(bounds.groups[earlier].write), write)
    }
    let members = part.needers(of: bounds.groups[earlier].site)
    let low = 64 * (write >> 6 - reach)
    var (start, end) = (members.startIndex, members.endIndex)
    while start < end {
      let middle = (start + end) / 2
      if Int(members[middle]) < low { start = middle + 1 } else { end = middle }
    }
    for member in members[start...] {
      if Int(member) >= 64 * (write >> 6 + reach + 1) { break }
      add(Int(member), write)
    }
  }
}
