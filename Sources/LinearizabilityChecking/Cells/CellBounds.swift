/// Earliest and latest moments at which the operations of a part can take effect, tightened until
/// nothing changes by what the values say.
///
/// A *group* is an operation that surely writes a cell together with those that need what it wrote
/// there, if nothing else supplies it: nothing else may enter the cell in between. With f the
/// latest moment for its write and s the earliest for its last member, group A must precede B
/// exactly when f(A) < s(B): then all of A takes effect before the write of B.
///
/// This is the saturation of Gibbons and Korach (Testing shared memories, SIAM J. Comput. 26(4),
/// 1997) on moments instead of pairs of operations: every rule is a sweep over sorted groups.
struct CellBounds: Sendable {
  /// A write with what depends on it, in one cell.
  struct Group: Sendable {
    /// The write, or the number of operations for the initial state.
    var write: Int32
    /// The site that its members need; -1 if it has none.
    var site: Int32
    var latestWrite: Int32 = -1
    var earliestEnd: Int32 = -1
    /// The member that ``earliestEnd`` stems from.
    var last: Int32 = -1
  }

  /// Per operation; one more for the initial state, which takes effect before everything.
  private(set) var earliest: [Int32] = []
  private(set) var latest: [Int32] = []
  /// Groups by cell, and where each cell starts.
  private(set) var groups: [Group] = []
  private(set) var groupStarts: [Int32] = []
  /// Per group, its cell.
  private var cells: [Int32] = []
  var reasons = BoundReasons()
  /// The bounds that the last contradiction rests on.
  var contradicting: [Int32] = []

  /// Groups of one cell by f and by s, above their numbers.
  private var byLatest: [UInt64] = []
  private var byEarliest: [UInt64] = []
  private var radix = RadixSort()
  private var isStale: [Bool] = []
  private var hasChanged = false

  /// How many sweeps over the cells are made at most; each one is sound by itself.
  static let sweepLimit = 200

  /// Tightens the bounds of a part; answers a contradiction if it meets one.
  mutating func tighten(_ part: CellPart) -> ViolationCertificate.Reason? {
    earliest = part.calls
    earliest.append(-1)
    latest = part.returns
    latest.append(-1)
    reasons.reset(operationCount: part.count + 1)
    contradicting.removeAll(keepingCapacity: true)
    collectGroups(part)
    isStale.refill(true, count: part.cellCount)
    for _ in 0..<Self.sweepLimit {
      hasChanged = false
      for cell in 0..<part.cellCount where isStale[cell] {
        isStale[cell] = false
        if let contradiction = tighten(cell, part) { return contradiction }
      }
      if !hasChanged { break }
    }
    return nil
  }

  private mutating func collectGroups(_ part: CellPart) {
    groupStarts.refill(0, count: part.cellCount + 1)
    groups.removeAll(keepingCapacity: true)
    var cells: [Int32] = []
    func add(_ write: Int, _ site: Int32) {
      groups.append(
        Group(write: Int32(write), site: part.isExclusive(Int(site)) ? site : -1))
      cells.append(part.siteCells[Int(site)])
      groupStarts[Int(cells[cells.count - 1]) + 1] += 1
    }
    for site in part.suppliers.indices
    where Int(part.suppliers[site]) == part.count && part.isExclusive(site) {
      add(part.count, Int32(site))
    }
    for index in 0..<part.count where part.surelyWrites(index) {
      for site in part.written[2 * index...2 * index + 1] where site >= 0 { add(index, site) }
    }
    for cell in 0..<part.cellCount { groupStarts[cell + 1] += groupStarts[cell] }
    var next = groupStarts
    var sorted = groups
    for index in groups.indices {
      sorted[Int(next[Int(cells[index])])] = groups[index]
      next[Int(cells[index])] += 1
    }
    groups = sorted
    self.cells.removeAll(keepingCapacity: true)
    for cell in 0..<part.cellCount {
      for _ in groupStarts[cell]..<groupStarts[cell + 1] { self.cells.append(Int32(cell)) }
    }
  }

  private mutating func tighten(
    _ cell: Int, _ part: CellPart
  ) -> ViolationCertificate.Reason? {
    let range = Int(groupStarts[cell])..<Int(groupStarts[cell + 1])
    for group in range {
      if let contradiction = tightenMembers(of: group, part) { return contradiction }
    }
    sort(range)
    return raise(range, part) ?? lower(range, part)
  }

  /// The write comes before all members; a compare-and-swap among them comes last.
  private mutating func tightenMembers(
    of group: Int, _ part: CellPart
  ) -> ViolationCertificate.Reason? {
    let write = Int(groups[group].write)
    let site = Int(groups[group].site)
    groups[group].last = Int32(write)
    if site >= 0 {
      let members = Int(part.neederStarts[site])..<Int(part.neederStarts[site + 1])
      var swap = -1
      for place in members {
        let member = Int(part.needers[place])
        if part.written[2 * member] >= 0 {
          if swap >= 0 { return twoSuccesses(write, swap, member, part) }
          swap = member
        }
        if let wrong = order(write, before: member, part) { return wrong }
      }
      for place in members where swap >= 0 && Int(part.needers[place]) != swap {
        if let wrong = order(Int(part.needers[place]), before: swap, part) { return wrong }
      }
      for place in members where earliest[Int(part.needers[place])] > earliest[last(of: group)] {
        groups[group].last = part.needers[place]
      }
    }
    groups[group].latestWrite = latest[write]
    groups[group].earliestEnd = earliest[last(of: group)]
    return nil
  }

  func last(of group: Int) -> Int { Int(groups[group].last) }

  /// The cell of a group.
  func cell(of group: Int) -> Int32 { cells[group] }

  /// Moves a bound; the cells of the operation have to be looked at again.
  mutating func setEarliest(_ operation: Int, _ moment: Int32, _ part: CellPart) {
    earliest[operation] = moment
    markStale(operation, part)
  }

  mutating func setLatest(_ operation: Int, _ moment: Int32, _ part: CellPart) {
    latest[operation] = moment
    markStale(operation, part)
  }

  private mutating func markStale(_ operation: Int, _ part: CellPart) {
    hasChanged = true
    guard operation < part.count else { return }
    for place in 2 * operation...2 * operation + 1 {
      if part.written[place] >= 0 {
        isStale[Int(part.siteCells[Int(part.written[place])])] = true
      }
      if part.needed[place] >= 0 { isStale[Int(part.siteCells[Int(part.needed[place])])] = true }
    }
  }

  private func twoSuccesses(
    _ write: Int, _ first: Int, _ second: Int, _ part: CellPart
  ) -> ViolationCertificate.Reason {
    .twoSuccesses(
      write: write == part.count ? nil : Int32(write), first: Int32(first), second: Int32(second))
  }
}

extension CellBounds {
  private mutating func sort(_ range: Range<Int>) {
    byLatest.removeAll(keepingCapacity: true)
    byEarliest.removeAll(keepingCapacity: true)
    for group in range {
      byLatest.append(UInt64(Int64(groups[group].latestWrite) + 1) << 32 | UInt64(group))
      byEarliest.append(UInt64(Int64(groups[group].earliestEnd) + 1) << 32 | UInt64(group))
    }
    radix.sort(&byLatest)
    radix.sort(&byEarliest)
  }

  private func group(_ key: UInt64) -> Int { Int(truncatingIfNeeded: key & 0xFFFF_FFFF) }

  /// Each write comes after the groups that must precede its own: it waits for the latest of their
  /// ends.
  private mutating func raise(
    _ range: Range<Int>, _ part: CellPart
  ) -> ViolationCertificate.Reason? {
    var next = 0
    // The groups so far whose ends come last and second to last.
    var (top, second) = (-1, -1)
    for key in byEarliest {
      let later = group(key)
      while next < byLatest.count,
        groups[group(byLatest[next])].latestWrite < groups[later].earliestEnd
      {
        let candidate = group(byLatest[next])
        if top < 0 || groups[candidate].earliestEnd > groups[top].earliestEnd {
          (top, second) = (candidate, top)
        } else if second < 0 || groups[candidate].earliestEnd > groups[second].earliestEnd {
          second = candidate
        }
        next += 1
      }
      let earlier = top == later ? second : top
      guard earlier >= 0 else { continue }
      if groups[earlier].earliestEnd > groups[later].latestWrite {
        return conflict(earlier, later, part)
      }
      if groups[earlier].earliestEnd > earliest[Int(groups[later].write)] {
        raise(
          Int(groups[later].write), to: last(of: earlier), because: earlier, precedes: later, part)
      }
    }
    return nil
  }

  /// All of a group comes before the writes of the groups that it must precede: before the first.
  private mutating func lower(
    _ range: Range<Int>, _ part: CellPart
  ) -> ViolationCertificate.Reason? {
    var next = byEarliest.count - 1
    var (first, second) = (-1, -1)
    for key in byLatest.reversed() {
      let earlier = group(key)
      while next >= 0,
        groups[group(byEarliest[next])].earliestEnd > groups[earlier].latestWrite
      {
        let candidate = group(byEarliest[next])
        if first < 0 || groups[candidate].latestWrite < groups[first].latestWrite {
          (first, second) = (candidate, first)
        } else if second < 0 || groups[candidate].latestWrite < groups[second].latestWrite {
          second = candidate
        }
        next -= 1
      }
      let later = first == earlier ? second : first
      guard later >= 0 else { continue }
      let limit = groups[later].latestWrite
      let site = Int(groups[earlier].site)
      guard site >= 0 else { continue }
      for place in Int(part.neederStarts[site])..<Int(part.neederStarts[site + 1])
      where latest[Int(part.needers[place])] > limit {
        let member = Int(part.needers[place])
        if member == Int(groups[later].write) { continue }
        lower(member, because: earlier, precedes: later, part)
        if let wrong = contradiction(at: member, part) { return wrong }
      }
    }
    return nil
  }
}
