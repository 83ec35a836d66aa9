/// One part of a history of registers or blocks, as far as values go: which operation may put which
/// value into which cell, and which operation needs it there.
///
/// A *site* is a stay of a value in a cell: an operation *supplies* the sites that it writes and
/// *needs* those that it saw. Where several operations write a value at different times, each
/// needer belongs to those that it can have seen (``CellStays``). A site with one supplier must be
/// needed right after it, before anything else enters the cell.
///
/// Operations are numbered by their place in the part; number ``count`` is the initial state.
struct CellPart: Sendable {
  private(set) var count = 0
  private(set) var cellCount = 0
  /// Moments of calls and returns; a return is `.max` when the outcome is unknown.
  private(set) var calls: [Int32] = []
  private(set) var returns: [Int32] = []
  /// Two entries an operation: the sites that it writes, and those that it needs; -1 for none.
  private(set) var written: [Int32] = []
  private(set) var needed: [Int32] = []
  /// Per operation, the value that a compare-and-swap must find to replace it, as in
  /// ``siteValues``; -1 for other operations.
  private(set) var expectedValues: [Int32] = []
  /// Whether the operation is known to take effect: it returned, or somebody needs a site that
  /// nothing else supplies.
  private(set) var isDefinite: [Bool] = []
  /// Whether the operation said what it did, so that it surely writes what it seems to.
  private(set) var isTold: [Bool] = []
  /// Whether an operation may depend on a value without telling it: then every unknown outcome
  /// matters, whether or not anybody saw it.
  private(set) var hasVagueAnswers = false

  /// Per site, its cell, and its value: equal numbers, equal values of one cell.
  private(set) var siteCells: [Int32] = []
  private(set) var siteValues: [Int32] = []
  /// Per site, how many operations supply and need it; the initial state counts.
  private(set) var supplies: [Int32] = []
  private(set) var demands: [Int32] = []
  /// Per site, its last supplier.
  private(set) var suppliers: [Int32] = []
  /// Where the operations that need a site start in ``needers``; ascending.
  private(set) var neederStarts: [Int32] = []
  private(set) var needers: [Int32] = []
  /// The sites that the initial state supplies, by cell.
  private(set) var initialSites: [Int32] = []

  /// Per value, whether a compare-and-swap of unknown outcome expects it.
  private(set) var isExpected: [Bool] = []

  private var table = PairTable()
  private var firstCell: Int32 = 0
  private var pending: [Int32] = []
  private var stays = CellStays()

  /// Whether every value that somebody saw has one writer.
  private(set) var isUnique = true

  /// Reads a part; answers a violation that shows at once.
  /// - Parameter isOptimistic: see ``CellStays/separate(_:isOptimistic:)``.
  mutating func load(
    _ members: ArraySlice<Int32>, _ keys: Range<Int>, _ history: RecordedHistory,
    isOptimistic: Bool
  ) -> ViolationCertificate.Reason? {
    reset(members.count, keys)
    for cell in 0..<Int32(cellCount) { initialSites.append(site(cell, history.initialValue)) }
    for (index, member) in members.enumerated() {
      if !load(index, history.operations[Int(member)], history) {
        return .impossibleAnswer(Int32(index))
      }
    }
    siteCells = siteValues.map { table.pair($0).first }
    if let reason = stays.separate(self, isOptimistic: isOptimistic) { return reason }
    isUnique = !hasVagueAnswers && stays.isUnique
    isExpected.refill(false, count: siteValues.count)
    for index in 0..<count where !isDefinite[index] && expectedValues[index] >= 0 {
      isExpected[Int(expectedValues[index])] = true
    }
    adopt(stays)
    countNeeds()
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
    expectedValues.refill(-1, count: count)
    isDefinite.refill(false, count: count)
    isTold.refill(false, count: count)
    siteValues.removeAll(keepingCapacity: true)
    initialSites.removeAll(keepingCapacity: true)
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
      written[2 * index] = site(cell, operation.argument)
      if operation.kind == .writeTwo {
        written[2 * index + 1] = site(cell + 1, operation.argument)
      }
    case .compareAndSwap:
      if operation.contradictsItself { return false }
      load(swap: operation, index, cell)
    default: return false
    }
    return true
  }

  private mutating func load(swap operation: RecordedOperation, _ index: Int, _ cell: Int32) {
    if operation.mayReplace { written[2 * index] = site(cell, operation.argument) }
    if operation.outcome != .ok || operation.result == 1 {
      needed[2 * index] = site(cell, operation.expected)
      expectedValues[index] = needed[2 * index]
    } else if isTold[index], operation.resultCount >= 0 {
      needed[2 * index] = site(cell, operation.resultCount)
    } else {
      hasVagueAnswers = true
    }
  }

  /// The number of a value in a cell; sites are these until stays are told apart.
  private mutating func site(_ cell: Int32, _ value: Int32) -> Int32 {
    let number = table.number(cell, value)
    if Int(number) == siteValues.count { siteValues.append(number) }
    return number
  }

  private mutating func adopt(_ stays: CellStays) {
    written = stays.written
    needed = stays.needed
    initialSites = stays.initial
    let cells = siteCells
    siteCells = stays.values.map { cells[Int($0)] }
    siteValues = stays.values
    supplies = stays.supplies
    suppliers = stays.suppliers
  }

  /// Counts what definite operations need; an only supplier of unknown outcome becomes definite.
  private mutating func countNeeds() {
    demands.refill(0, count: siteCells.count)
    for index in 0..<count where isDefinite[index] { countNeeds(of: index) }
    while let supplier = pending.popLast() {
      if isDefinite[Int(supplier)] { continue }
      isDefinite[Int(supplier)] = true
      countNeeds(of: Int(supplier))
    }
  }

  private mutating func countNeeds(of index: Int) {
    for site in needed[2 * index...2 * index + 1] where site >= 0 {
      demands[Int(site)] += 1
      let supplier = suppliers[Int(site)]
      if demands[Int(site)] == 1, supplies[Int(site)] == 1, Int(supplier) < count {
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
