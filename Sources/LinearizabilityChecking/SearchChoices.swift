/// The choices of the search: which open operation to take before the forced one.
extension PartitionSearch {
  /// What to try next at a choice.
  enum Stage: Sendable {
    case forced
    case preferred
    case others
  }

  /// A configuration with more than one continuation, and how far these have been tried.
  struct Choice: Sendable {
    /// Position of the forced return.
    var position: Int32
    /// Length of the trail.
    var trailCount: Int32
    var forced: Int32
    var stage = Stage.forced
    /// The lane whose operation is being tried.
    var lane: Int32 = 0
    /// The successor of that operation to try next.
    var draw = 0
    /// The operation, and its successor, after which the forced one fits; -1 for none.
    var preferred: Int32 = -1
    var preferredDraw = 0
    /// Whether the step before was an unknown outcome, taken at the choice before, that nothing
    /// has observed so far.
    var followsUnknown = false
  }

  /// Enters a configuration with choices and takes the first of them; false if none helps.
  mutating func openChoice(_ forced: Int, _ history: Recorded) -> Bool {
    if position <= dead.farthestPosition,
      dead.contains(position: position, state: state, bits: available)
    {
      return false
    }
    choices.append(
      Choice(
        position: Int32(truncatingIfNeeded: position),
        trailCount: Int32(truncatingIfNeeded: trail.count),
        forced: Int32(truncatingIfNeeded: forced), followsUnknown: lastIsUnknown))
    choiceStates.append(state)
    for word in 0..<available.count { choiceMasks.append(available[word]) }
    for word in 0..<available.count { choiceMasks.append(readLanes[word]) }
    return tryNext(history)
  }

  /// Revises the latest choice that has an untried continuation; false if there is none, or the
  /// limit was reached.
  mutating func backtrack(_ history: Recorded) -> Bool {
    while !choices.isEmpty {
      backtracks += 1
      restore()
      if tryNext(history) { return true }
      if explored >= limit { return false }
      dead.insert(position: position, state: state, bits: available)
      choices.removeLast()
      choiceStates.removeLast()
      choiceMasks.removeLast(2 * available.count)
    }
    return false
  }

  /// Goes back to the configuration of the latest choice.
  private mutating func restore() {
    let choice = choices[choices.count - 1]
    // Lanes passed on since then get their former occupants back, latest first.
    var index = position
    while index > Int(choice.position) {
      index -= 1
      let event = events[index]
      if event >= 0 { occupants[Int(lanes[Int(event)])] = previous[Int(event)] }
    }
    position = Int(choice.position)
    while trail.count > Int(choice.trailCount) {
      guide.gaveBack(Int(trail[trail.count - 1].operation))
      trail.removeLast()
    }
    prefixShared = min(prefixShared, trail.count - trailStart)
    state = choiceStates[choiceStates.count - 1]
    let words = available.count
    let base = choiceMasks.count - 2 * words
    for word in 0..<words { available[word] = choiceMasks[base + word] }
    for word in 0..<words { readLanes[word] = choiceMasks[base + words + word] }
  }

  /// Takes the next untried continuation of the latest choice; false if there is none, or the
  /// limit was reached.
  private mutating func tryNext(_ history: Recorded) -> Bool {
    let top = choices.count - 1
    let forced = Int(choices[top].forced)
    while explored < limit {
      switch choices[top].stage {
      case .forced:
        let draw = choices[top].draw
        choices[top].draw += 1
        if guide.allows(forced, at: position), let next = successor(draw, of: forced, history) {
          if isIndependent(top, forced, draw, next, history) { continue }
          take(forced, next, history)
          return true
        }
        choices[top].stage = .others
        choices[top].draw = 0
        if draw == 0 {
          noteBlocked(forced)
          switch guide.suggestion(before: forced) {
          case .hopeless: return false
          case .operation(let operation):
            choices[top].preferred = Int32(truncatingIfNeeded: operation)
            choices[top].stage = .preferred
          case .none:
            if findPreferred(forced, history) { choices[top].stage = .preferred }
          }
        }
      case .preferred:
        choices[top].stage = .others
        let operation = Int(choices[top].preferred)
        let draw = choices[top].preferredDraw
        if let next = successor(draw, of: operation, history) {
          if isIndependent(top, operation, draw, next, history) { continue }
          takeCandidate(operation, next, history)
          return true
        }
      case .others:
        guard let operation = nextCandidate(top, forced) else { return false }
        let draw = choices[top].draw
        choices[top].draw += 1
        guard let next = successor(draw, of: operation, history) else {
          choices[top].lane += 1
          choices[top].draw = 0
          continue
        }
        if operation == Int(choices[top].preferred), draw == choices[top].preferredDraw {
          continue
        }
        // Taking effect without effect gains nothing over never taking effect.
        if Int(choices[top].lane) >= 64 * completedWords, next == state { continue }
        if isIndependent(top, operation, draw, next, history) { continue }
        takeCandidate(operation, next, history)
        return true
      }
    }
    return false
  }

  /// Takes an operation that is not the forced one.
  private mutating func takeCandidate(
    _ operation: Int, _ next: S.State, _ history: Recorded
  ) {
    let length = trail.count
    take(operation, next, history)
    lastIsUnknown = trail.count == length + 1 && history.storage[operation].returned == nil
  }

  /// Whether `operation` gains nothing from the unknown outcome taken just before it.
  ///
  /// Two cases, both of which are tried from the choice before:
  /// - It leads to `next` without the unknown outcome too, which stays available.
  /// - Both lead to `next` in the other order, so the unknown outcome can wait. Of two unknown
  ///   outcomes, the one in the lower lane goes first.
  ///
  /// So an unknown outcome is taken only where the next step depends on it.
  private func isIndependent(
    _ top: Int, _ operation: Int, _ draw: Int, _ next: S.State, _ history: Recorded
  ) -> Bool {
    guard choices[top].followsUnknown else { return false }
    let before = choiceStates[top - 1]
    let entry = history.storage[operation]
    let other: S.State
    switch specification.next(before, entry.operation, entry.response) {
    case .none: return false
    case .one(let only): other = only
    case .drawn(let count):
      guard draw < count else { return false }
      other = specification.successor(draw, of: before, entry.operation, entry.response)
    }
    if other == next { return true }
    let unknown = Int(trail[Int(choices[top].trailCount) - 1].operation)
    if entry.returned == nil, lanes[operation] > lanes[unknown] { return false }
    if case .one(let both) = specification.next(other, history.storage[unknown].operation, nil) {
      return both == next
    }
    return false
  }

  /// Looks for an operation after which the forced one fits; false if there is none.
  private mutating func findPreferred(_ forced: Int, _ history: Recorded) -> Bool {
    let top = choices.count - 1
    while let operation = nextCandidate(top, forced) {
      let draw = choices[top].draw
      guard explored < limit, let next = successor(draw, of: operation, history) else {
        if explored >= limit { break }
        choices[top].draw = 0
        choices[top].lane += 1
        continue
      }
      choices[top].draw += 1
      let answer = specification.next(
        next, history.storage[forced].operation, history.storage[forced].response)
      if case .none = answer { continue }
      choices[top].preferred = Int32(truncatingIfNeeded: operation)
      choices[top].preferredDraw = draw
      break
    }
    choices[top].lane = 0
    choices[top].draw = 0
    return choices[top].preferred >= 0
  }

  /// The candidate in the first lane from the current one on, which it moves to. Reads are none:
  /// those that fit were taken.
  private mutating func nextCandidate(_ top: Int, _ forced: Int) -> Int? {
    var lane = Int(choices[top].lane)
    let forcedLane = Int(lanes[forced])
    while lane < 64 * available.count {
      let word = lane >> 6
      let bits = (available[word] & ~readLanes[word]) >> UInt64(lane & 63)
      if bits == 0 {
        lane = 64 * (word + 1)
      } else {
        lane += bits.trailingZeroBitCount
        if lane != forcedLane, guide.allows(Int(occupants[lane]), at: position) {
          if lane != Int(choices[top].lane) { choices[top].draw = 0 }
          choices[top].lane = Int32(truncatingIfNeeded: lane)
          return Int(occupants[lane])
        }
        lane += 1
      }
    }
    choices[top].lane = Int32(truncatingIfNeeded: lane)
    return nil
  }

  /// Successor number `draw` of taking `operation` now; `nil` if there are fewer.
  private mutating func successor(
    _ draw: Int, of operation: Int, _ history: Recorded
  ) -> S.State? {
    switch successors(of: operation, history) {
    case .none: return nil
    case .one(let next): return draw == 0 ? next : nil
    case .drawn(let count):
      guard draw < count else { return nil }
      return specification.successor(
        draw, of: state, history.storage[operation].operation,
        history.storage[operation].response)
    }
  }
}
