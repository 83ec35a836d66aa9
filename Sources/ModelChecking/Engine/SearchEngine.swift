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
  var refusals = 0
  var digest: UInt64 = 0
  /// States and transitions as they would be without symmetry.
  var orbitStates = 0
  var orbitTransitions = 0
  /// New states by level.
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
  /// The states of each level, by number.
  private(set) var ranges: [Range<Int>] = []
  /// By level, and behind the last one, and by thread: where the transitions of its states begin.
  private(set) var logMarks: [[TransitionLog.Mark]] = []

  /// States expanded between two looks at the progress.
  static let roundStates = 1 << 16
  /// A round with fewer states is not worth a second thread.
  static let soloStates = 256

  init?(
    _ shared: SearchShared, options: SearchOptions,
    progress: @escaping (SearchProgress) -> Bool
  ) {
    self.shared = shared
    self.progress = progress
    threads = min(64, max(1, options.threads))
    depthLimit = options.budget.depth
    let log = options.progress.map {
      TransitionLog(excluded: $0.excluded.rawValue, account: shared.account)
    }
    guard let table = VisitedTable(keepsNumbers: log != nil, account: shared.account) else {
      return nil
    }
    self.table = table
    workers = .allocate(capacity: threads)
    for index in 0..<threads {
      (workers + index).initialize(to: Worker(shared, table: table, log: log))
      if !shared.account.reserve(workers[index].byteCount) {
        shared.stopStoring(states: false)
      }
    }
  }

  func free() {
    for index in 0..<threads { workers[index].free() }
    workers.deinitialize(count: threads)
    workers.deallocate()
    table.free()
  }

  mutating func run(from initialWorlds: [[UInt32]]) -> EngineResult {
    for world in initialWorlds {
      workers[0].enter(world)
      if workers[0].isFull { while !workers[0].flush() { growTable() } }
    }
    while !workers[0].flush() { growTable() }
    while true {
      let isComplete = shared.isStoring.load(ordering: .relaxed) && shared.reactions.failure == nil
      let found = ranges.last?.upperBound ?? 0
      let level = found..<(isComplete ? shared.arena.count : found)
      if isComplete { summarize(level) }
      if let ending = ending(isComplete) { return EngineResult(ending: ending, summary: summary) }
      if level.isEmpty { return EngineResult(ending: .exhausted, summary: summary) }
      ranges.append(level)
      if ranges.count > depthLimit {
        return EngineResult(ending: .undecided(.depthBudget), summary: summary)
      }
      if !expand(level, asksToGoOn: true), leastViolation() == nil {
        return EngineResult(ending: .undecided(.cancelled), summary: summary)
      }
    }
  }

  /// Why the search is at its end after the states of the last range were expanded, if it is.
  private mutating func ending(_ isComplete: Bool) -> EngineResult.Ending? {
    let failure = shared.reactions.failure
    if case .tooMany = failure { return failure.map { .undecided($0) } }
    if let violation = leastViolation() {
      return .violation(path(to: violation, over: ranges[...]))
    }
    if let failure { return .undecided(failure) }
    if isComplete { return nil }
    let spentStates = shared.spentStates.load(ordering: .relaxed)
    return .undecided(spentStates ? .stateBudget : .byteBudget)
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
      if !progress(currentProgress(level, done)) { return false }
    }
    return true
  }

  private mutating func growTable() {
    if !table.grow() { shared.stopStoring(states: false) }
    for index in 0..<threads { workers[index].table = table }
  }

  private mutating func summarize(_ level: Range<Int>) {
    if !level.isEmpty { summary.levels.append(level.count) }
    logMarks.append((0..<threads).map { workers[$0].log?.end ?? TransitionLog.Mark() })
    let tallies = (0..<threads).map { workers[$0].tally }
    summary.transitions = tallies.reduce(0) { $0 + $1.transitions }
    summary.deadEnds = tallies.reduce(0) { $0 + $1.deadEnds }
    summary.refusals = tallies.reduce(0) { $0 + $1.refusals }
    summary.digest = tallies.reduce(0) { $0 &+ $1.digest }
    summary.orbitStates = tallies.reduce(0) { $0 + $1.orbitStates }
    summary.orbitTransitions = tallies.reduce(0) { $0 + $1.orbitTransitions }
  }

  private func currentProgress(_ level: Range<Int>, _ done: Int) -> SearchProgress {
    var now = SearchProgress()
    now.states = shared.arena.count
    now.transitions = (0..<threads).reduce(0) { $0 + workers[$1].tally.transitions }
    now.depth = summary.levels.count
    now.frontier = shared.arena.count - level.lowerBound - done
    now.lookUps = (0..<threads).reduce(0) { $0 + workers[$1].tally.lookUps }
    now.bytes = shared.account.bytes
    (now.systemCalls, now.components, now.signals) = shared.reactions.figures
    (now.leftHalves, now.rightHalves) = (shared.left.count, shared.right.count)
    return now
  }

  var stateCount: Int { ranges.last?.upperBound ?? 0 }

  /// Whether the transitions of all states are in the logs.
  var hasWholeLog: Bool {
    (0..<threads).allSatisfy { workers[$0].log?.isWhole ?? false }
  }

  var figures: SearchFigures {
    var figures = SearchFigures()
    figures.lookUps = (0..<threads).reduce(0) { $0 + workers[$1].tally.lookUps }
    (figures.systemCalls, figures.components, figures.signals) = shared.reactions.figures
    (figures.leftHalves, figures.rightHalves) = (shared.left.count, shared.right.count)
    figures.bytes = shared.account.peak
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
  /// - Returns: the pairs of the states, from the first on.
  mutating func path(to state: FoundState, over levels: ArraySlice<Range<Int>>) -> [UInt64] {
    shared.liftBudget()
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
