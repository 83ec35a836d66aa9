/// One part of a history of registers or blocks, as far as values go: which operation may put which
/// value into which cell, and which operation needs it there.
///
/// A *site* is a cell and a value. An operation *supplies* the sites that it writes and *needs*
/// those that it saw; a site with one supplier must be needed right after it, before anything else
/// enters the cell.
///
/// Operations are numbered by their place in the part; number ``count`` is the initial state.
struct CellPart: Sendable {
  private(set) var count = 0
  /// Moments of calls and returns; a return is `.max` when the outcome is unknown.
  private(set) var calls: [Int32] = []
  private(set) var returns: [Int32] = []
  /// Two entries an operation: the sites that it writes, and those that it needs; -1 for none.
  private(set) var written: [Int32] = []
  private(set) var needed: [Int32] = []
  /// Whether the operation is known to take effect: it returned, or somebody needs a site that
  /// nothing else supplies.
  private(set) var isDefinite: [Bool] = []
  /// Whether the operation answered, or cannot help writing.
  private(set) var isTold: [Bool] = []
  /// Whether an operation may depend on a value without telling it: then every unknown outcome
  /// matters, whether or not anybody saw it.
  private(set) var hasVagueAnswers = false

  /// Per site, its cell, and how many operations supply and need it; the initial state counts.
  private(set) var siteCells: [Int32] = []
  private(set) var supplies: [Int32] = []
  private(set) var demands: [Int32] = []
  /// Per site, its last supplier.
  private(set) var suppliers: [Int32] = []
  /// Where the operations that need a site start in ``needers``; ascending.
  private(set) var neederStarts: [Int32] = []
  private(set) var needers: [Int32] = []
  private(set) var cellCount = 0
  /// The sites that the initial state supplies, by cell.
  private(set) var initialSites: [Int32] = []

  private var table = PairTable()
  private var firstCell: Int32 = 0
  private var pending: [Int32] = []

  /// Whether every value that somebody saw has one supplier.
  var isUnique: Bool {
    !hasVagueAnswers && supplies.indices.allSatisfy { demands[$0] == 0 || supplies[$0] == 1 }
  }

  /// Whether the operation puts its value into its cells in every explanation.
  func surelyWrites(_ operation: Int) -> Bool {
    guard isDefinite[operation], written[2 * operation] >= 0 else { return false }
    let site = Int(written[2 * operation])
    return isTold[operation] || (supplies[site] == 1 && demands[site] > 0)
      || returns[operation] == .max
  }

  /// The operations that need a site, ascending; none for site -1.
  func needers(of site: Int32) -> ArraySlice<Int32> {
    guard site >= 0 else { return [] }
    return needers[Int(neederStarts[Int(site)])..<Int(neederStarts[Int(site) + 1])]
  }

  /// The first operation that was called after a moment; ``count`` if there is none.
  func firstCalled(after moment: Int32) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if calls[middle] <= moment { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Whether the site must be needed right after its one supplier.
  func isExclusive(_ site: Int) -> Bool { supplies[site] == 1 && demands[site] > 0 }

  /// Whether the operation has an effect that somebody may notice.
  func matters(_ operation: Int) -> Bool {
    if isDefinite[operation] || hasVagueAnswers { return true }
    for site in written[2 * operation...2 * operation + 1] where site >= 0 {
      if demands[Int(site)] > 0 { return true }
    }
    return false
  }

  /// Reads a part; answers a violation that shows at once.
  mutating func load(
    _ members: ArraySlice<Int32>, _ keys: Range<Int>, _ history: RecordedHistory
  ) -> ViolationCertificate.Reason? {
    reset(members.count, keys)
    initialSites.removeAll(keepingCapacity: true)
    for cell in 0..<Int32(cellCount) {
      initialSites.append(site(cell, history.initialValue))
      supply(initialSites[Int(cell)], by: Int32(count))
    }
    for (index, member) in members.enumerated() {
      if !load(index, history.operations[Int(member)], history) {
        return .impossibleAnswer(Int32(index))
      }
    }
    for index in 0..<count where isDefinite[index] { countNeeds(index) }
    while let supplier = pending.popLast() {
      isDefinite[Int(supplier)] = true
      countNeeds(Int(supplier))
    }
    for index in 0..<count where isDefinite[index] {
      for site in needed[2 * index...2 * index + 1] where site >= 0 && supplies[Int(site)] == 0 {
        return .neverWritten(read: Int32(index))
      }
    }
    listNeeders()
    return nil
  }

  private mutating func reset(_ count: Int, _ keys: Range<Int>) {
    self.count = count
    cellCount = keys.count
    firstCell = Int32(truncatingIfNeeded: keys.lowerBound)
    hasVagueAnswers = false
    calls.removeAll(keepingCapacity: true)
    returns.removeAll(keepingCapacity: true)
    written.refill(-1, count: 2 * count)
    needed.refill(-1, count: 2 * count)
    isDefinite.refill(false, count: count)
    isTold.refill(false, count: count)
    siteCells.removeAll(keepingCapacity: true)
    supplies.removeAll(keepingCapacity: true)
    demands.removeAll(keepingCapacity: true)
    suppliers.removeAll(keepingCapacity: true)
    table.reset(capacity: count + cellCount)
  }

  /// Notes what an operation writes and needs; false if its answer is impossible.
  private mutating func load(
    _ index: Int, _ operation: RecordedOperation, _ history: RecordedHistory
  ) -> Bool {
    let isOpen = operation.outcome != .ok
    calls.append(operation.call)
    returns.append(isOpen ? .max : operation.returned)
    isDefinite[index] = !isOpen
    isTold[index] = !isOpen && (operation.kind != .compareAndSwap || operation.result >= 0)
    let cell = operation.key - firstCell
    switch operation.kind {
    case .read: needed[2 * index] = site(cell, operation.result)
    case .readTwo:
      guard operation.resultCount == 2 else { return false }
      let start = Int(operation.result)
      needed[2 * index] = site(cell, history.lists[start])
      needed[2 * index + 1] = site(cell + 1, history.lists[start + 1])
    case .write, .writeTwo:
      write(index, 0, site(cell, operation.argument))
      if operation.kind == .writeTwo { write(index, 1, site(cell + 1, operation.argument)) }
    case .compareAndSwap:
      if operation.contradictsItself { return false }
      load(swap: operation, index, cell)
    default: return false
    }
    return true
  }

  private mutating func load(swap operation: RecordedOperation, _ index: Int, _ cell: Int32) {
    if operation.mayReplace { write(index, 0, site(cell, operation.argument)) }
    if operation.outcome != .ok || operation.result == 1 {
      needed[2 * index] = site(cell, operation.expected)
    } else if isTold[index], operation.resultCount >= 0 {
      needed[2 * index] = site(cell, operation.resultCount)
    } else {
      hasVagueAnswers = true
    }
  }

  private mutating func site(_ cell: Int32, _ value: Int32) -> Int32 {
    let number = table.number(cell, value)
    if Int(number) == siteCells.count {
      siteCells.append(cell)
      supplies.append(0)
      demands.append(0)
      suppliers.append(-1)
    }
    return number
  }

  private mutating func write(_ index: Int, _ place: Int, _ site: Int32) {
    written[2 * index + place] = site
    supply(site, by: Int32(index))
  }

  private mutating func supply(_ site: Int32, by operation: Int32) {
    supplies[Int(site)] += 1
    suppliers[Int(site)] = operation
  }

  /// Counts what a definite operation needs; an only supplier of unknown outcome becomes definite.
  private mutating func countNeeds(_ index: Int) {
    for site in needed[2 * index...2 * index + 1] where site >= 0 {
      demands[Int(site)] += 1
      let supplier = suppliers[Int(site)]
      if demands[Int(site)] == 1, supplies[Int(site)] == 1, Int(supplier) < count,
        !isDefinite[Int(supplier)]
      {
        pending.append(supplier)
      }
    }
  }

  private mutating func listNeeders() {
    neederStarts.refill(0, count: siteCells.count + 1)
    for index in 0..<count where isDefinite[index] {
      for site in needed[2 * index...2 * index + 1] where site >= 0 {
        neederStarts[Int(site) + 1] += 1
      }
    }
    for site in siteCells.indices { neederStarts[site + 1] += neederStarts[site] }
    needers.refill(0, count: Int(neederStarts[siteCells.count]))
    var next = neederStarts
    for index in 0..<count where isDefinite[index] {
      for site in needed[2 * index...2 * index + 1] where site >= 0 {
        needers[Int(next[Int(site)])] = Int32(index)
        next[Int(site)] += 1
      }
    }
  }
}
