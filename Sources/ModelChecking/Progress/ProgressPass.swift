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

  /// What becomes of a state.
  enum Fate {
    /// It reaches the goal.
    case arrives
    /// It has allowed steps, and none leads to the goal.
    case goesRound
    /// It has no allowed step.
    case ends
  }

  /// Which states owe a goal, by numbers of predicates.
  struct Debt {
    /// Must hold in a state that owes it; `nil`: every state does.
    var obligation: Int?
    /// None may hold.
    var exemptions: Range<Int>
  }

  struct Outcome {
    var stuckStates = 0
    var deadEnds = 0
    var exemptStates = 0
    /// The canonically least of those in the first level that has any, and that level.
    var first: (state: FoundState, level: Int)?
  }

  /// Works out for every state whether it reaches a goal, by its number among all predicates.
  func settle(_ predicate: Int) {
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
  }

  /// Of the goal that was settled last.
  func fate(of number: Int) -> Fate {
    if good.contains(number) { return .arrives }
    return moving.contains(number) ? .goesRound : .ends
  }

  /// The states that owe the goal that was settled last and do not reach it, added to others.
  func collectWanting(_ debt: Debt, into states: StateSet) {
    for number in 0..<engine.stateCount where !good.contains(number) {
      let pair = engine.shared.arena.states[number]
      if owes(pair, debt), !isExempt(pair, debt) { states.insert(number) }
    }
  }

  private func owes(_ pair: UInt64, _ debt: Debt) -> Bool {
    debt.obligation.map { engine.workers[0].holds($0, inState: pair) } ?? true
  }

  private func isExempt(_ pair: UInt64, _ debt: Debt) -> Bool {
    debt.exemptions.contains { engine.workers[0].holds($0, inState: pair) }
  }

  /// - Parameter fate: of a state that does not reach the goal that was settled last.
  func outcome(_ debt: Debt, _ fate: (Int) -> Fate) -> Outcome {
    var outcome = Outcome()
    for (depth, level) in engine.ranges.enumerated() {
      for number in level where !good.contains(number) {
        let pair = engine.shared.arena.states[number]
        guard owes(pair, debt) else { continue }
        if isExempt(pair, debt) {
          outcome.exemptStates += 1
          continue
        }
        switch fate(number) {
        case .arrives: continue
        case .goesRound: break
        case .ends: outcome.deadEnds += 1
        }
        outcome.stuckStates += 1
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

  /// The members of `0..<count`, in order.
  func members(below count: Int) -> some Sequence<Int> {
    (0..<count).lazy.filter { contains($0) }
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
