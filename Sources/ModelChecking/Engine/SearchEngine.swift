import Synchronization

/// What the engine found, in numbers.
struct EngineResult {
  enum Ending {
    case exhausted
    /// The pairs of the states from the beginning to one that breaks an invariant.
    case violation([UInt64])
    case undecided(UndecidedReason)
  }

  var ending: Ending
  var summary: LevelSummary
}

/// What is known after a level is finished.
struct LevelSummary {
  var transitions = 0
  var deadEnds = 0
  var digest: UInt64 = 0
  /// New states by depth.
  var levels: [Int] = []

  var states: Int { levels.reduce(0, +) }
}

/// The levels of a breadth-first search, and the threads that work on them.
struct SearchEngine {
  let shared: SearchShared
  let threads: Int
  let depthLimit: Int
  let progress: (SearchProgress) -> Bool
  private var table: VisitedTable
  let workers: UnsafeMutablePointer<Worker>
  private(set) var summary = LevelSummary()
  private(set) var largestFrontier = 0

  /// States expanded between two looks at the progress.
  static let roundStates = 1 << 16
  /// A round with fewer states is not worth a second thread.
  static let soloStates = 256

  init?(
    _ shared: SearchShared, options: SearchOptions, keepsTransitions: Bool,
    progress: @escaping (SearchProgress) -> Bool
  ) {
    self.shared = shared
    self.progress = progress
    threads = min(64, max(1, options.threads))
    depthLimit = options.budget.depth
    guard let table = VisitedTable(keepsNumbers: keepsTransitions, account: shared.account) else {
      return nil
    }
    self.table = table
    workers = .allocate(capacity: threads)
    for index in 0..<threads {
      (workers + index).initialize(to: Worker(shared, table: table))
    }
  }

  func free() {
    for index in 0..<threads { workers[index].free() }
    workers.deallocate()
    table.free()
  }

  mutating func run(from initialWorlds: [[UInt32]]) -> EngineResult {
    for world in initialWorlds { workers[0].enter(world) }
    while !workers[0].flush() { growTable() }
    var expanded: [Range<Int>] = []
    var level = 0..<0
    while true {
      let isComplete = shared.isStoring.load(ordering: .relaxed) && shared.reactions.failure == nil
      if isComplete { summarize(newStates: shared.arena.count - level.upperBound) }
      if let violation = leastViolation() {
        return result(.violation(path(to: violation, over: expanded)))
      }
      if let reason = shared.reactions.failure { return result(.undecided(reason)) }
      if !isComplete {
        let spentStates = shared.spentStates.load(ordering: .relaxed)
        return result(.undecided(spentStates ? .stateBudget : .byteBudget))
      }
      level = level.upperBound..<shared.arena.count
      if level.isEmpty { return result(.exhausted) }
      if expanded.count >= depthLimit { return result(.undecided(.depthBudget)) }
      expanded.append(level)
      if !expand(level, asksToGoOn: true), leastViolation() == nil {
        return result(.undecided(.cancelled))
      }
    }
  }

  private func result(_ ending: EngineResult.Ending) -> EngineResult {
    EngineResult(ending: ending, summary: summary)
  }

  // MARK: Levels

  /// Expands a level in rounds.
  /// - Returns: false if the caller did not want to go on.
  private mutating func expand(_ level: Range<Int>, asksToGoOn: Bool) -> Bool {
    var done = 0
    while done < level.count {
      let roundEnd = min(level.count, done + Self.roundStates)
      shared.cursor.store(done, ordering: .relaxed)
      let count = roundEnd - done < Self.soloStates ? 1 : threads
      while !SearchThreads.run(workers, count: count, on: level, upTo: roundEnd) { growTable() }
      done = roundEnd
      if shared.reactions.hasFailed { return true }
      shared.left.freeRetired()
      shared.right.freeRetired()
      for index in 0..<threads { workers[index].refreshIndexes() }
      guard asksToGoOn else { continue }
      largestFrontier = max(
        largestFrontier, shared.arena.count - level.lowerBound - done)
      if !progress(currentProgress(level, done)) { return false }
    }
    return true
  }

  private mutating func growTable() {
    if !table.grow() { shared.stopStoring(states: false) }
    for index in 0..<threads { workers[index].table = table }
  }

  private mutating func summarize(newStates: Int) {
    if newStates > 0 { summary.levels.append(newStates) }
    let tallies = (0..<threads).map { workers[$0].tally }
    summary.transitions = tallies.reduce(0) { $0 + $1.transitions }
    summary.deadEnds = tallies.reduce(0) { $0 + $1.deadEnds }
    summary.digest = tallies.reduce(0) { $0 &+ $1.digest }
  }

  private func currentProgress(_ level: Range<Int>, _ done: Int) -> SearchProgress {
    var now = SearchProgress()
    now.states = shared.arena.count
    now.transitions = (0..<threads).reduce(0) { $0 + workers[$1].tally.transitions }
    now.depth = summary.levels.count - 1
    now.frontier = shared.arena.count - level.lowerBound - done
    now.lookUps = (0..<threads).reduce(0) { $0 + workers[$1].tally.lookUps }
    now.bytes = shared.account.bytes
    (now.systemCalls, now.components, now.signals) = shared.reactions.figures
    (now.leftHalves, now.rightHalves) = (shared.left.count, shared.right.count)
    return now
  }

  var figures: SearchFigures {
    var figures = SearchFigures()
    figures.lookUps = (0..<threads).reduce(0) { $0 + workers[$1].tally.lookUps }
    (figures.systemCalls, figures.components, figures.signals) = shared.reactions.figures
    (figures.leftHalves, figures.rightHalves) = (shared.left.count, shared.right.count)
    figures.bytes = shared.account.peak
    figures.frontier = largestFrontier
    return figures
  }

  // MARK: Traces

  private func leastViolation() -> FoundState? {
    var least: FoundState?
    for index in 0..<threads {
      guard let found = workers[index].tally.violation else { continue }
      if let known = least, !shared.precedes(found, known) { continue }
      least = found
    }
    return least
  }

  /// The states on the way to one that was found, from a first one on: at each level the
  /// canonically least of those that lead on. Links are not stored: which of several ways was
  /// found first may depend on the threads, and expanding the levels again finds them all.
  /// - Parameter levels: those before the level of the state, in order.
  mutating func path(to state: FoundState, over levels: [Range<Int>]) -> [UInt64] {
    let tallies = (0..<threads).map { workers[$0].tally }
    var path = [state.pair]
    var target = state
    for level in levels.reversed() {
      for index in 0..<threads {
        workers[index].mode = .seek(target)
        workers[index].tally.violation = nil
      }
      _ = expand(level, asksToGoOn: false)
      guard let found = leastViolation() else { break }
      target = found
      path.append(target.pair)
    }
    for index in 0..<threads {
      workers[index].mode = .store
      workers[index].tally = tallies[index]
    }
    return path.reversed()
  }

  /// The canonical form of a world, by slot; 0 if the budget has no room for its halves.
  func canonicalPair(of components: [UInt32]) -> UInt64 {
    workers[0].canonicalPair(of: components)
  }
}
