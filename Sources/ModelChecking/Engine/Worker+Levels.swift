import Synchronization

/// Taking a thread's share of a level.
extension Worker {
  /// States that a thread takes at a time.
  static let share = 64

  /// Expands states of a level until none is left of the round.
  /// - Parameters:
  ///   - level: numbers of its states.
  ///   - roundEnd: how many of them are to be expanded by the end of the round.
  /// - Returns: false if the table has to grow before the work can go on.
  mutating func work(on level: Range<Int>, upTo roundEnd: Int) -> Bool {
    if batch.count >= SuccessorBatch.fullCount || batch.isKeyed {
      guard flush() else { return false }
    }
    while !shared.reactions.hasFailed {
      if next == end, !takeShare(of: level, upTo: roundEnd) { return flush() }
      while next < end {
        let number = number(of: next, in: level)
        next += 1
        expand(UInt32(truncatingIfNeeded: number), shared.arena.states[number])
        if batch.count >= SuccessorBatch.fullCount {
          guard flush() else { return false }
        }
      }
    }
    batch.clear()
    next = end
    return true
  }

  @inline(__always)
  private func number(of position: Int, in level: Range<Int>) -> Int {
    shared.order == .forward ? level.lowerBound + position : level.upperBound - 1 - position
  }

  /// Takes the next states of the round, and asks for their halves' cache lines.
  private mutating func takeShare(of level: Range<Int>, upTo roundEnd: Int) -> Bool {
    let taken = shared.cursor.wrappingAdd(Self.share, ordering: .relaxed).oldValue
    guard taken < roundEnd else { return false }
    next = taken
    end = min(taken + Self.share, roundEnd)
    var seen: UInt64 = 0
    for position in next..<end {
      let pair = shared.arena.states[number(of: position, in: level)]
      seen ^= leftRecords.touch(UInt32(truncatingIfNeeded: pair >> 32))
      seen ^= rightRecords.touch(UInt32(truncatingIfNeeded: pair))
    }
    sink ^= seen
    return true
  }

  /// Between rounds: looks at the indexes as they are now.
  mutating func refreshIndexes() {
    leftIndex = shared.left.latestIndex
    rightIndex = shared.right.latestIndex
  }

  var isFull: Bool { batch.count >= SuccessorBatch.fullCount }

  /// Puts an initial world, by slot, into the batch.
  mutating func enter(_ components: [UInt32]) {
    guard makeWorld(components) else {
      shared.stopStoring(states: false)
      return
    }
    emit()
    tally.transitions -= 1
  }

  /// The canonical form of a world, by slot; 0 if the budget has no room for its halves.
  mutating func canonicalPair(of components: [UInt32]) -> UInt64 {
    guard makeWorld(components) else { return 0 }
    batch.clear()
    emit()
    tally.transitions -= 1
    defer { batch.clear() }
    copyChangedHalves(of: batch.items)
    return canonicalPair(of: batch.items)
  }

  private mutating func makeWorld(_ components: [UInt32]) -> Bool {
    for slot in components.indices {
      world[shared.geometry.place(of: slot)] = components[slot]
    }
    let words = UnsafeMutableRawPointer(world).assumingMemoryBound(to: UInt64.self)
    let rightWords = words + rightStart / 2
    let left = internLeft(words, contentHash(world, leftRecords, 0), true)
    let right = internRight(
      rightWords, contentHash(world + rightStart, rightRecords, rightStart), true)
    guard left != 0, right != 0 else { return false }
    load(0, UInt64(left) << 32 | UInt64(right), leftRecords[left], rightRecords[right])
    return true
  }

  private func contentHash(
    _ components: UnsafeMutablePointer<UInt32>, _ records: HalfRecords, _ start: Int
  ) -> UInt64 {
    (0..<records.slotCount).reduce(0) { sum, offset in
      sum &+ shared.reactions.contentHash(of: components[offset], at: start + offset)
    }
  }
}
