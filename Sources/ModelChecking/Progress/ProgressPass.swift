/// Which states cannot reach a goal by allowed transitions.
///
/// Goodness goes backwards over the log: a state is good if it meets the goal or has a good
/// successor. Most transitions lead from one level to the next, so passing over the levels from the
/// last to the first settles nearly everything at once; it is repeated until nothing changes.
struct ProgressPass {
  let engine: SearchEngine
  private var good: StateSet
  /// States with an allowed transition.
  private var moving: StateSet

  /// `nil` if the budget has no room for the sets.
  init?(_ engine: SearchEngine) {
    self.engine = engine
    let account = engine.shared.account
    guard let good = StateSet(count: engine.stateCount, account: account),
      let moving = StateSet(count: engine.stateCount, account: account)
    else { return nil }
    self.good = good
    self.moving = moving
    forEachEntry { source, _ in moving.insert(source) }
  }

  func free() {
    good.free()
    moving.free()
  }

  struct Outcome {
    var stuckStates = 0
    var deadEnds = 0
    var exemptStates = 0
    /// The canonically least of those in the first level that has any, and that level.
    var first: (state: FoundState, level: Int)?
  }

  /// - Parameters:
  ///   - predicate: the goal, by its number among all predicates.
  ///   - exemptions: by their numbers; states in which one holds need not reach the goal.
  func stuckStates(predicate: Int, exemptions: Range<Int>) -> Outcome {
    let worker = engine.workers
    good.removeAll()
    for number in 0..<engine.stateCount
    where worker[0].holds(predicate, inState: engine.shared.arena.states[number]) {
      good.insert(number)
    }
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      forEachEntry { source, successors in
        guard !good.contains(source) else { return }
        if successors.contains(where: { good.contains(Int($0)) }) {
          good.insert(source)
          hasChanged = true
        }
      }
    }
    return outcome(exemptions)
  }

  private func outcome(_ exemptions: Range<Int>) -> Outcome {
    var outcome = Outcome()
    for (depth, level) in engine.ranges.enumerated() {
      for number in level where !good.contains(number) {
        let pair = engine.shared.arena.states[number]
        if exemptions.contains(where: { engine.workers[0].holds($0, inState: pair) }) {
          outcome.exemptStates += 1
          continue
        }
        outcome.stuckStates += 1
        if !moving.contains(number) { outcome.deadEnds += 1 }
        if let first = outcome.first, first.level < depth { continue }
        let state = FoundState(fingerprint: engine.shared.fingerprint(of: pair), pair: pair)
        if let first = outcome.first, !engine.shared.precedes(state, first.state) { continue }
        outcome.first = (state, depth)
      }
    }
    return outcome
  }

  private func forEachEntry(
    _ body: (_ source: Int, _ successors: UnsafeBufferPointer<UInt32>) -> Void
  ) {
    for level in engine.logMarks.indices.dropLast().reversed() {
      for worker in 0..<engine.threads {
        engine.workers[worker].log?.forEachBackwards(
          from: engine.logMarks[level][worker], to: engine.logMarks[level + 1][worker], body)
      }
    }
  }
}

/// A set of states by number, a bit each.
struct StateSet {
  private let words: UnsafeMutablePointer<UInt64>
  private let wordCount: Int
  private let account: MemoryAccount

  init?(count: Int, account: MemoryAccount) {
    wordCount = count / 64 + 1
    self.account = account
    guard account.reserve(wordCount * 8) else { return nil }
    words = .allocate(capacity: wordCount)
    words.initialize(repeating: 0, count: wordCount)
  }

  func contains(_ number: Int) -> Bool {
    words[number >> 6] & 1 << UInt64(number & 63) != 0
  }

  func insert(_ number: Int) {
    words[number >> 6] |= 1 << UInt64(number & 63)
  }

  func removeAll() {
    words.update(repeating: 0, count: wordCount)
  }

  func free() {
    words.deallocate()
    account.release(wordCount * 8)
  }
}
