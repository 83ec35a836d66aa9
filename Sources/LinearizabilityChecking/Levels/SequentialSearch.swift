/// Looks for one order of all operations of a history in which each process keeps its order and
/// every answer is right: sequential consistency.
///
/// It takes operations one after another, those that must come first according to
/// ``OrderSaturation`` before the others. An operation that cannot change the state and may come
/// next is taken as soon as it fits, and never given back: everything else can as well come after
/// it. Configurations that led nowhere are remembered. Unknown outcomes need not be taken.
///
/// The keys of a history cannot be checked apart: sequential consistency is not a local property
/// (Herlihy and Wing 1990, section 3.3). The problem is NP-complete (Gibbons and Korach, SIAM J.
/// Computing 26(4), 1997), so the search has a limit.
struct SequentialSearch<S: SequentialSpecification>
where S.Operation == RecordedOperation, S.Response == RecordedAnswer {
  enum Outcome {
    case explained([Int32])
    /// The longest order found, and an operation that no process could do next.
    case unexplained(longest: [Int32], blocked: Int32)
    case limitReached
  }

  private let specification: S
  private let history: RecordedHistory
  private let order: ProcessOrder
  private let saturation: OrderSaturation
  private var attemptsLeft: Int

  /// By operation: its part of the keys; -1 if it takes no part.
  private var partOf: [Int32]
  /// By operation: whether it leaves every state as it is.
  private var isRead: [Bool]
  private var mustTake = 0

  // The configuration.
  private var taken: [UInt64]
  private var states: [S.State] = []
  /// By process: how many operations of ``ProcessOrder/called`` need not be looked at any more.
  private var firstOpen: [Int32]
  /// By process: how many operations of ``ProcessOrder/returned`` were taken, without a gap.
  private var takenReturned: [Int32]
  private var takenCount = 0
  private var trail: [Int32] = []

  private var choices: [Choice] = []
  private var dead: Set<Configuration> = []
  private var longest: [Int32] = []
  private var blocked: Int32 = -1

  private struct Configuration: Hashable {
    var taken: [UInt64]
    var states: [S.State]
  }

  /// A configuration with its candidates, and how many of them were tried.
  private struct Choice {
    var configuration: Configuration
    var firstOpen: [Int32]
    var takenReturned: [Int32]
    var takenCount: Int
    var trailCount: Int
    var candidates: [(operation: Int32, draw: Int)]
    var next = 0
  }

  /// - Parameter limit: how many configurations may be looked at.
  init(
    _ specification: S, _ history: RecordedHistory, _ order: ProcessOrder,
    _ saturation: OrderSaturation, limit: Int
  ) {
    self.specification = specification
    self.history = history
    self.order = order
    self.saturation = saturation
    attemptsLeft = limit
    partOf = Array(repeating: -1, count: history.operations.count)
    isRead = Array(repeating: false, count: history.operations.count)
    taken = Array(repeating: 0, count: saturation.words)
    firstOpen = Array(repeating: 0, count: order.called.count)
    takenReturned = firstOpen
    var partitioning = RecordedPartitioning()
    partitioning.split(history)
    for (number, part) in partitioning.parts.enumerated() {
      states.append(specification.initialState(of: part.keys))
      for member in partitioning.members[part.members].map(Int.init) {
        partOf[member] = Int32(number)
        isRead[member] = specification.isReadOnly(
          history.operations[member], history.answer(of: member))
        if history.operations[member].outcome == .ok { mustTake += 1 }
      }
    }
  }

  /// Runs the search.
  mutating func run() -> Outcome {
    if !enter() { return finish() }
    while let last = choices.indices.last {
      if takenCount == mustTake { return .explained(trail) }
      guard attemptsLeft > 0 else { return .limitReached }
      restore(last)
      if choices[last].next == choices[last].candidates.count {
        dead.insert(choices[last].configuration)
        choices.removeLast()
        continue
      }
      let candidate = choices[last].candidates[choices[last].next]
      choices[last].next += 1
      guard let state = state(after: candidate.operation, candidate.draw) else { continue }
      states[Int(partOf[Int(candidate.operation)])] = state
      record(candidate.operation)
      _ = enter()
    }
    return finish()
  }

  private func finish() -> Outcome {
    if takenCount == mustTake { return .explained(trail) }
    return attemptsLeft > 0
      ? .unexplained(longest: longest, blocked: blocked) : .limitReached
  }

  /// Takes the reads that fit, and opens a choice unless the configuration is over or known to
  /// lead nowhere.
  private mutating func enter() -> Bool {
    attemptsLeft -= 1
    while takeReads() {}
    if takenCount == mustTake { return false }
    let configuration = Configuration(taken: taken, states: states)
    if dead.contains(configuration) { return false }
    var candidates: [(operation: Int32, draw: Int)] = []
    var unknown: [(operation: Int32, draw: Int)] = []
    var refused: Int32 = -1
    forEachNext { operation in
      if isRead[Int(operation)] {
        if refused < 0 { refused = operation }
        return
      }
      let count = drawCount(operation)
      if count == 0, refused < 0 { refused = operation }
      let isKnown = history.operations[Int(operation)].outcome == .ok
      for draw in 0..<count {
        if isKnown {
          candidates.append((operation, draw))
        } else if state(after: operation, draw) != states[Int(partOf[Int(operation)])] {
          // Taking effect without effect gains nothing over never taking effect.
          unknown.append((operation, draw))
        }
      }
    }
    if trail.count > longest.count || longest.isEmpty {
      longest = trail
      blocked = refused >= 0 ? refused : firstUntaken
    }
    candidates.sort {
      (history.operations[Int($0.operation)].call, $0.draw)
        < (history.operations[Int($1.operation)].call, $1.draw)
    }
    choices.append(
      Choice(
        configuration: configuration, firstOpen: firstOpen, takenReturned: takenReturned,
        takenCount: takenCount, trailCount: trail.count, candidates: candidates + unknown))
    return true
  }

  /// What is left to do, if nothing that may come next is refused: it waits for an operation of
  /// unknown outcome that cannot have had an effect.
  private var firstUntaken: Int32 {
    let left = history.operations.indices.first {
      partOf[$0] >= 0 && history.operations[$0].outcome == .ok && !isTaken(Int32($0))
    }
    return Int32(left ?? -1)
  }

  private mutating func restore(_ number: Int) {
    taken = choices[number].configuration.taken
    states = choices[number].configuration.states
    firstOpen = choices[number].firstOpen
    takenReturned = choices[number].takenReturned
    takenCount = choices[number].takenCount
    trail.removeLast(trail.count - choices[number].trailCount)
  }

  private mutating func takeReads() -> Bool {
    var fitting: [Int32] = []
    forEachNext { operation in
      if isRead[Int(operation)], drawCount(operation) > 0 { fitting.append(operation) }
    }
    for operation in fitting { record(operation) }
    return !fitting.isEmpty
  }

  /// Visits the operations that may come next.
  private func forEachNext(_ body: (Int32) -> Void) {
    for process in order.called.indices {
      for place in Int(firstOpen[process])..<order.called[process].count {
        let operation = order.called[process][place]
        // Those called later have at least as many operations before them.
        if order.beforeCount[Int(operation)] > takenReturned[process] { break }
        if !isTaken(operation), isAllowed(operation) { body(operation) }
      }
    }
  }

  private func isTaken(_ operation: Int32) -> Bool {
    taken[Int(operation) >> 6] & 1 << UInt64(operation & 63) != 0
  }

  /// Whether everything that must come before it was taken.
  private func isAllowed(_ operation: Int32) -> Bool {
    let row = Int(operation) * saturation.words
    for word in 0..<saturation.words where saturation.before[row + word] & ~taken[word] != 0 {
      return false
    }
    return true
  }

  private func drawCount(_ operation: Int32) -> Int {
    let index = Int(operation)
    switch specification.next(
      states[Int(partOf[index])], history.operations[index], history.answer(of: index))
    {
    case .none: return 0
    case .one: return 1
    case .drawn(let count): return count
    }
  }

  private func state(after operation: Int32, _ draw: Int) -> S.State? {
    let index = Int(operation)
    let state = states[Int(partOf[index])]
    switch specification.next(state, history.operations[index], history.answer(of: index)) {
    case .none: return nil
    case .one(let next): return next
    case .drawn:
      return specification.successor(
        draw, of: state, history.operations[index], history.answer(of: index))
    }
  }

  private mutating func record(_ operation: Int32) {
    let index = Int(operation)
    let process = Int(history.operations[index].process)
    trail.append(operation)
    taken[index >> 6] |= 1 << UInt64(index & 63)
    if history.operations[index].outcome == .ok { takenCount += 1 }
    let returned = order.returned[process]
    while takenReturned[process] < returned.count,
      isTaken(returned[Int(takenReturned[process])])
    {
      takenReturned[process] += 1
    }
    let called = order.called[process]
    while firstOpen[process] < called.count, isTaken(called[Int(firstOpen[process])]) {
      firstOpen[process] += 1
    }
  }
}
