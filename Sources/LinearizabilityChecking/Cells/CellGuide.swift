/// Tells a search which operations need not be tried, since nothing can come of it.
///
/// - While a value is in a cell that some operation still needs there and that nothing else will
///   write, nothing else may be written to the cell.
/// - A write waits for the groups of its cells that must precede its own.
///
/// When the forced operation does not fit, it follows what has to come before: who writes what it
/// needs, who still needs what that write replaces, which groups come first. All of that must
/// happen before the forced operation; where it leads back to itself nothing does.
struct CellGuide: SearchGuide {
  /// Per site, how many operations that supply or need it are untaken.
  private var supplies: [Int32]
  private var demands: [Int32]
  private let siteCells: [Int32]
  private let siteValues: [Int32]
  private let expectedValues: [Int32]
  private let written: [Int32]
  private let needed: [Int32]
  private let isDefinite: [Bool]
  /// Per cell, how many sites have no supply left and are still needed.
  private var locks: [Int32]

  /// Two entries an operation, as in ``CellPart/written``: its group there, by rank in
  /// ``latestWrites``, or -1.
  private var ranks: [Int32]
  /// The groups of each cell by their latest moments: these, their ends, whether they are taken.
  private var latestWrites: [Int32] = []
  private var earliestEnds: [Int32] = []
  private var isTaken: [Bool] = []
  private let groupStarts: [Int32]
  /// Per cell, the first group that may be untaken.
  private var firstOpen: [Int32]
  /// Per group by rank, its write.
  private var writers: [Int32] = []

  /// Per cell, the site that it holds, and what it held before each write in the order.
  private var current: [Int32]
  private var replaced: [Int32] = []
  private let suppliers: [Int32]
  private let totalSupplies: [Int32]
  private let neederStarts: [Int32]
  private let needers: [Int32]
  private let earliest: [Int32]
  private let latest: [Int32]
  private let hasVagueAnswers: Bool
  private var isDone: [Bool]
  /// What must precede each operation, and which operations are done, a bit each.
  private let closure: CellClosure
  private var done: [UInt64]
  private var twins: TwinOperations
  /// Per operation, the last suggestion that visited it: twice its number while on the path, one
  /// more when done with.
  private var marks: [Int32]
  private var suggestionCount: Int32 = 0
  private var leaf = -1

  init(
    _ part: CellPart, _ bounds: CellBounds, _ closure: CellClosure, _ twins: TwinOperations
  ) {
    self.twins = twins
    supplies = part.supplies
    demands = part.demands
    siteCells = part.siteCells
    siteValues = part.siteValues
    expectedValues = part.expectedValues
    written = part.written
    needed = part.needed
    isDefinite = part.isDefinite
    locks = Array(repeating: 0, count: part.cellCount)
    ranks = Array(repeating: -1, count: 2 * part.count)
    groupStarts = bounds.groupStarts
    current = part.initialSites
    suppliers = part.suppliers
    totalSupplies = part.supplies
    neederStarts = part.neederStarts
    needers = part.needers
    earliest = bounds.earliest
    latest = bounds.latest
    hasVagueAnswers = part.hasVagueAnswers
    isDone = Array(repeating: false, count: part.count)
    self.closure = closure
    done = Array(repeating: 0, count: part.count / 64 + 1)
    marks = Array(repeating: -1, count: part.count)
    firstOpen = groupStarts
    for cell in 0..<part.cellCount {
      let range = Int(groupStarts[cell])..<Int(groupStarts[cell + 1])
      let sorted = range.sorted { bounds.groups[$0].latestWrite < bounds.groups[$1].latestWrite }
      for group in sorted {
        let write = Int(bounds.groups[group].write)
        isTaken.append(write == part.count)
        if write < part.count {
          let isFirst =
            part.written[2 * write] >= 0
            && Int(part.siteCells[Int(part.written[2 * write])]) == cell
          ranks[2 * write + (isFirst ? 0 : 1)] = Int32(latestWrites.count)
        }
        writers.append(Int32(write))
        latestWrites.append(bounds.groups[group].latestWrite)
        earliestEnds.append(bounds.groups[group].earliestEnd)
      }
    }
    // The initial state has been supplied.
    for site in part.initialSites { supply(Int(site)) }
  }

  private mutating func supply(_ site: Int) {
    supplies[site] -= 1
    if supplies[site] == 0, demands[site] > 0 { locks[Int(siteCells[site])] += 1 }
  }

  mutating func begin(_ events: [Int32]) {
    twins.begin(events)
  }

  mutating func allows(_ operation: Int, at position: Int) -> Bool {
    if !twins.allows(operation, at: position) || closure.firstUndone(before: operation, done) >= 0 {
      return false
    }
    for place in 2 * operation...2 * operation + 1 where written[place] >= 0 {
      let cell = Int(siteCells[Int(written[place])])
      if locks[cell] > 0, !unlocks(operation, cell) { return false }
      let rank = Int(ranks[place])
      guard rank >= 0 else { continue }
      let first = firstOpen(in: cell, besides: rank)
      if first >= 0, latestWrites[first] < earliestEnds[rank] { return false }
    }
    return true
  }

  /// Whether the operation is a compare-and-swap that is the last to need what is in the cell.
  private func unlocks(_ operation: Int, _ cell: Int) -> Bool {
    let site = Int(needed[2 * operation])
    return site >= 0 && isDefinite[operation] && locks[cell] == 1 && supplies[site] == 0
      && demands[site] == 1
  }

  /// The untaken group with the earliest latest moment, `rank` aside; -1 if there is none.
  private mutating func firstOpen(in cell: Int, besides rank: Int) -> Int {
    let end = Int(groupStarts[cell + 1])
    var place = Int(firstOpen[cell])
    while place < end, isTaken[place] { place += 1 }
    firstOpen[cell] = Int32(place)
    if place == rank {
      place += 1
      while place < end, isTaken[place] { place += 1 }
    }
    return place < end ? place : -1
  }

  mutating func took(_ operation: Int) {
    twins.took(operation)
    isDone[operation] = true
    done[operation >> 6] |= 1 << UInt64(operation & 63)
    for place in 2 * operation...2 * operation + 1 {
      if isDefinite[operation], needed[place] >= 0 {
        let site = Int(needed[place])
        demands[site] -= 1
        if supplies[site] == 0, demands[site] == 0 { locks[Int(siteCells[site])] -= 1 }
      }
      if written[place] >= 0 { write(operation, place) }
      if ranks[place] >= 0 { isTaken[Int(ranks[place])] = true }
    }
  }

  private mutating func write(_ operation: Int, _ place: Int) {
    let site = Int(written[place])
    let cell = Int(siteCells[site])
    replaced.append(current[cell])
    // A compare-and-swap writes only where it finds what it expects.
    let expected = expectedValues[operation]
    if expected < 0 || siteValues[Int(current[cell])] == expected {
      current[cell] = Int32(site)
    }
    supply(site)
  }

  mutating func gaveBack(_ operation: Int) {
    twins.gaveBack(operation)
    isDone[operation] = false
    done[operation >> 6] &= ~(1 << UInt64(operation & 63))
    for place in [2 * operation + 1, 2 * operation] {
      if ranks[place] >= 0 {
        isTaken[Int(ranks[place])] = false
        let cell = Int(siteCells[Int(written[place])])
        firstOpen[cell] = min(firstOpen[cell], ranks[place])
      }
      if written[place] >= 0 {
        let site = Int(written[place])
        current[Int(siteCells[site])] = replaced.removeLast()
        if supplies[site] == 0, demands[site] > 0 { locks[Int(siteCells[site])] -= 1 }
        supplies[site] += 1
      }
      if isDefinite[operation], needed[place] >= 0 {
        let site = Int(needed[place])
        if supplies[site] == 0, demands[site] == 0 { locks[Int(siteCells[site])] += 1 }
        demands[site] += 1
      }
    }
  }
}

extension CellGuide {
  mutating func suggestion(before forced: Int) -> SearchSuggestion {
    if hasVagueAnswers { return .none }
    suggestionCount += 1
    leaf = -1
    guard isPossible(forced, before: latest[forced]) else { return .hopeless }
    return leaf >= 0 && leaf != forced ? .operation(leaf) : .none
  }

  /// Whether nothing that must come before the operation, or itself, is impossible before `moment`;
  /// notes the first that can be taken at once.
  private mutating func isPossible(_ operation: Int, before moment: Int32) -> Bool {
    if marks[operation] >= 2 * suggestionCount {
      return marks[operation] == 2 * suggestionCount + 1
    }
    guard earliest[operation] < moment, !isDone[operation] else { return false }
    marks[operation] = 2 * suggestionCount
    var isReady = true
    var other = closure.firstUndone(before: operation, done)
    while other >= 0 {
      isReady = false
      if !isPossible(other, before: moment) { return false }
      other = closure.firstUndone(before: operation, done, from: other + 1)
    }
    for place in 2 * operation...2 * operation + 1 {
      if needed[place] >= 0 {
        let site = Int(needed[place])
        if current[Int(siteCells[site])] != Int32(site) {
          isReady = false
          if supplies[site] == 0 { return false }
          if totalSupplies[site] == 1, !isPossible(Int(suppliers[site]), before: moment) {
            return false
          }
        }
      }
      if written[place] >= 0, !isPossible(write: operation, place, moment, &isReady) {
        return false
      }
    }
    if isReady, leaf < 0 { leaf = operation }
    marks[operation] = 2 * suggestionCount + 1
    return true
  }

  /// The part of ``isPossible(_:before:)`` that is about one cell that the operation writes.
  private mutating func isPossible(
    write operation: Int, _ place: Int, _ moment: Int32, _ isReady: inout Bool
  ) -> Bool {
    let cell = Int(siteCells[Int(written[place])])
    if locks[cell] > 0 {
      let held = Int(current[cell])
      for index in Int(neederStarts[held])..<Int(neederStarts[held + 1]) {
        let needer = Int(needers[index])
        if isDone[needer] || needer == operation { continue }
        isReady = false
        if !isPossible(needer, before: moment) { return false }
      }
    }
    let rank = Int(ranks[place])
    guard rank >= 0 else { return true }
    var other = firstOpen(in: cell, besides: rank)
    while other >= 0, other < Int(groupStarts[cell + 1]),
      latestWrites[other] < earliestEnds[rank]
    {
      if !isTaken[other], other != rank {
        isReady = false
        if !isPossible(Int(writers[other]), before: moment) { return false }
      }
      other += 1
    }
    return true
  }
}
