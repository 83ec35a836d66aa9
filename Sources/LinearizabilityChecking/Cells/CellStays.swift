/// Tells the stays of a value in a cell apart. A needer can have seen a writer if it may take
/// effect after it and before some other write has surely replaced the value. Writers of one value
/// that no needer confuses supply different sites.
struct CellStays: Sendable {
  /// As in ``CellPart``, with the new sites.
  private(set) var written: [Int32] = []
  private(set) var needed: [Int32] = []
  private(set) var initial: [Int32] = []
  /// Per site, its value: the number that the site had before.
  private(set) var values: [Int32] = []
  private(set) var supplies: [Int32] = []
  private(set) var suppliers: [Int32] = []
  /// Whether no value that somebody needs has several writers.
  private(set) var isUnique = true

  /// A write of a value.
  private struct Supply {
    /// The number of operations for the initial state.
    var operation: Int32
    var earliest: Int32
    var latest: Int32
    /// The moment before which something else has surely replaced it, and what; `.max` and -1 if
    /// that is not known.
    var replaced: Int32
    var replacer: Int32
  }

  private var surely = SureWrites()
  /// By value, its writes and its needs: entries of the part, two an operation.
  private var writesByValue = EntriesByValue()
  private var needsByValue = EntriesByValue()
  private var list: [Supply] = []
  /// Per supply, one that it is confused with, or itself.
  private var roots: [Int] = []
  /// Per supply, the latest moment at which it or one before it is replaced, where that is known.
  private var latestReplaced: [Int32] = []
  /// The supplies of unknown outcome, and how many of them are confused so far.
  private var openEnded: [Int] = []
  private var joined = 0
  private var isOptimistic = false
  /// Per root, its site.
  private var sites: [Int32] = []

  /// Separates the stays of a part whose sites are values of cells; answers a violation that shows.
  /// - Parameter isOptimistic: assumes that an update of unknown outcome had no effect as far as
  ///   others can explain what was seen. Then only a linearizable answer means anything.
  mutating func separate(
    _ part: CellPart, isOptimistic: Bool
  ) -> ViolationCertificate.Reason? {
    self.isOptimistic = isOptimistic
    written.refill(-1, count: 2 * part.count)
    needed.refill(-1, count: 2 * part.count)
    initial.refill(-1, count: part.cellCount)
    values.removeAll(keepingCapacity: true)
    supplies.removeAll(keepingCapacity: true)
    suppliers.removeAll(keepingCapacity: true)
    isUnique = true
    surely.collect(part)
    writesByValue.sort(part.written, valueCount: part.siteValues.count)
    needsByValue.sort(part.needed, valueCount: part.siteValues.count)
    for value in part.siteValues.indices {
      collectSupplies(of: value, part)
      for entry in needsByValue.entries(of: value) {
        let needer = Int(entry) / 2
        if part.isDefinite[needer], let reason = confuse(needer, Int(entry), part) {
          return reason
        }
      }
      numberSites(of: value, part)
    }
    return nil
  }

  private mutating func collectSupplies(of value: Int, _ part: CellPart) {
    list.removeAll(keepingCapacity: true)
    openEnded.removeAll(keepingCapacity: true)
    latestReplaced.removeAll(keepingCapacity: true)
    joined = 0
    let cell = Int(part.siteCells[value])
    if Int(part.initialSites[cell]) == value { append(Int32(part.count), -1, -1, cell) }
    for entry in writesByValue.entries(of: value) {
      let operation = Int(entry) / 2
      append(Int32(operation), part.calls[operation], part.returns[operation], cell)
    }
    roots.removeAll(keepingCapacity: true)
    roots.append(contentsOf: list.indices)
  }

  private mutating func append(
    _ operation: Int32, _ earliest: Int32, _ latest: Int32, _ cell: Int
  ) {
    let replacement = surely.firstReplacement(in: cell, after: latest)
    if latest == .max { openEnded.append(list.count) }
    let before = latestReplaced.last ?? -1
    latestReplaced.append(latest == .max ? before : max(before, replacement.moment))
    list.append(
      Supply(
        operation: operation, earliest: earliest, latest: latest, replaced: replacement.moment,
        replacer: replacement.operation))
  }

  /// Finds the supplies that a needer can have seen: from now on they are one. Notes the last of
  /// them as what the entry needs.
  private mutating func confuse(
    _ needer: Int, _ entry: Int, _ part: CellPart
  ) -> ViolationCertificate.Reason? {
    let (called, returned) = (part.calls[needer], part.returns[needer])
    var seen = -1
    var place = firstSupply(after: returned) - 1
    let last = place
    while place >= 0, latestReplaced[place] > called {
      if list[place].replaced > called, list[place].latest < .max {
        if seen >= 0 { join(seen, place) } else { seen = place }
      }
      place -= 1
    }
    if !isOptimistic || seen < 0, let first = openEnded.first, first <= last {
      while joined < openEnded.count, openEnded[joined] <= last {
        join(first, openEnded[joined])
        joined += 1
      }
      if seen >= 0 { join(seen, first) } else { seen = first }
    }
    needed[entry] = Int32(seen)
    if seen >= 0 { return nil }
    if list.isEmpty { return .neverWritten(read: Int32(needer)) }
    if last < 0 { return .readBeforeWrite(read: Int32(needer), write: list[0].operation) }
    return overwritten(needer, list[...last], part)
  }

  /// All supplies had been replaced before the needer was called; by the one that came after all.
  private func overwritten(
    _ needer: Int, _ list: ArraySlice<Supply>, _ part: CellPart
  ) -> ViolationCertificate.Reason {
    let latest = list.max { $0.latest < $1.latest }
    let writes = list.map(\.operation).filter { Int($0) < part.count }
    return .overwritten(read: Int32(needer), writes: writes, by: latest?.replacer ?? -1)
  }

  private func firstSupply(after moment: Int32) -> Int {
    var (low, high) = (0, list.count)
    while low < high {
      let middle = (low + high) / 2
      if list[middle].earliest < moment { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func root(of supply: Int) -> Int {
    var supply = supply
    while roots[supply] != supply {
      roots[supply] = roots[roots[supply]]
      supply = roots[supply]
    }
    return supply
  }

  private mutating func join(_ one: Int, _ other: Int) {
    let (first, second) = (root(of: one), root(of: other))
    roots[max(first, second)] = min(first, second)
  }

  /// Gives each set of confused supplies a site of its own.
  private mutating func numberSites(of value: Int, _ part: CellPart) {
    sites.refill(-1, count: list.count)
    let cell = Int(part.siteCells[value])
    let entries = writesByValue.entries(of: value)
    for place in list.indices {
      let root = root(of: place)
      if sites[root] < 0 {
        sites[root] = addSite(value)
      }
      let site = sites[root]
      supplies[Int(site)] += 1
      suppliers[Int(site)] = list[place].operation
      if Int(list[place].operation) == part.count {
        initial[cell] = site
      } else {
        let offset = list.count - entries.count
        written[Int(entries[entries.startIndex + place - offset])] = site
      }
    }
    if list.isEmpty, !needsByValue.entries(of: value).isEmpty {
      sites.append(addSite(value))
    }
    let isOne = sites.count { $0 >= 0 } == 1
    for entry in needsByValue.entries(of: value) {
      if part.isDefinite[Int(entry) / 2] {
        let root = root(of: Int(needed[Int(entry)]))
        needed[Int(entry)] = sites[root]
        if supplies[Int(sites[root])] > 1 { isUnique = false }
      } else if isOne {
        // An update of unknown outcome may have seen any stay: which one is known if there is one.
        needed[Int(entry)] = sites.first { $0 >= 0 } ?? -1
      }
    }
  }

  private mutating func addSite(_ value: Int) -> Int32 {
    values.append(Int32(value))
    supplies.append(0)
    suppliers.append(-1)
    return Int32(values.count - 1)
  }
}

/// Entries of a part, two an operation, sorted by the value that they name.
private struct EntriesByValue: Sendable {
  private var starts: [Int32] = []
  private var order: [Int32] = []

  mutating func sort(_ values: [Int32], valueCount: Int) {
    starts.refill(0, count: valueCount + 1)
    for value in values where value >= 0 { starts[Int(value) + 1] += 1 }
    for value in 0..<valueCount { starts[value + 1] += starts[value] }
    order.refill(0, count: Int(starts[valueCount]))
    var next = starts
    for place in values.indices where values[place] >= 0 {
      order[Int(next[Int(values[place])])] = Int32(place)
      next[Int(values[place])] += 1
    }
  }

  /// The entries that name a value, ascending.
  func entries(of value: Int) -> ArraySlice<Int32> {
    order[Int(starts[value])..<Int(starts[value + 1])]
  }
}

/// The writes of each cell that surely took effect, for the question what replaced a value.
private struct SureWrites: Sendable {
  private var starts: [Int32] = []
  private var calls: [Int32] = []
  /// Per write, the first return among it and those called later, and whose it is.
  private var firstReturns: [Int32] = []
  private var firstReturned: [Int32] = []

  mutating func collect(_ part: CellPart) {
    starts.refill(0, count: part.cellCount + 1)
    func forEachEntry(_ body: (Int, Int) -> Void) {
      for place in part.written.indices where part.written[place] >= 0 {
        let operation = place / 2
        if part.isDefinite[operation], part.isTold[operation] {
          body(operation, Int(part.siteCells[Int(part.written[place])]))
        }
      }
    }
    forEachEntry { _, cell in starts[cell + 1] += 1 }
    for cell in 0..<part.cellCount { starts[cell + 1] += starts[cell] }
    var next = starts
    firstReturned.refill(0, count: Int(starts[part.cellCount]))
    forEachEntry { operation, cell in
      firstReturned[Int(next[cell])] = Int32(operation)
      next[cell] += 1
    }
    calls = firstReturned.map { part.calls[Int($0)] }
    firstReturns = firstReturned.map { part.returns[Int($0)] }
    for cell in 0..<part.cellCount {
      for place in (Int(starts[cell])..<Int(starts[cell + 1])).dropLast().reversed()
      where firstReturns[place + 1] < firstReturns[place] {
        firstReturns[place] = firstReturns[place + 1]
        firstReturned[place] = firstReturned[place + 1]
      }
    }
  }

  /// The earliest return of a write to the cell that was called after a moment; `.max` and -1 if
  /// there is none.
  func firstReplacement(in cell: Int, after moment: Int32) -> (moment: Int32, operation: Int32) {
    var (low, high) = (Int(starts[cell]), Int(starts[cell + 1]))
    let end = high
    while low < high {
      let middle = (low + high) / 2
      if calls[middle] <= moment { low = middle + 1 } else { high = middle }
    }
    return low < end ? (firstReturns[low], firstReturned[low]) : (.max, -1)
  }
}
