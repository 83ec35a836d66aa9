import SimulationKernel

/// How a world was at some point of a step.
struct StepMark {
  var undoCount: Int
  var leftHash: UInt64
  var rightHash: UInt64
  var changes: UInt32
  var invariants: UInt64
  var tags: UInt8
  var reactionsLeft: Int

  @inline(__always)
  init(_ worker: borrowing Worker) {
    undoCount = worker.undoCount
    leftHash = worker.leftHash
    rightHash = worker.rightHash
    changes = worker.changes
    invariants = worker.invariants
    tags = worker.tags
    reactionsLeft = worker.reactionsLeft
  }
}

/// Changing the world in work, and taking changes back.
extension Worker {
  /// Applies an answer with one outcome and no consequences.
  @inline(__always)
  mutating func apply(_ answer: Words, at place: Int) {
    tags |= UInt8(truncatingIfNeeded: answer[0] &>> 8)
    change(at: place, to: UInt32(truncatingIfNeeded: answer[0] &>> 32), answer + 1)
  }

  /// - Parameter differences: what the change adds to the content hash, for each group element.
  @inline(__always)
  mutating func change(at place: Int, to component: UInt32, _ differences: Words) {
    let old = world[place]
    guard old != component else { return }
    world[place] = component
    let entry = undo + undoCount &* (1 &+ permutationCount)
    entry[0] = UInt64(truncatingIfNeeded: place) &<< 32 | UInt64(old)
    undoCount &+= 1
    if place < rightStart {
      leftHash = leftHash &+ differences[0]
      changes |= 1
    } else {
      rightHash = rightHash &+ differences[0]
      changes |= 2
    }
    invariants |= invariantsOfPlace[place]
    var index = 0
    while index < permutationCount {
      imageHashes[index] = imageHashes[index] &+ differences[index &+ 1]
      index &+= 1
      entry[index] = differences[index]
    }
  }

  @inline(__always)
  mutating func takeBack(to mark: StepMark) {
    while undoCount > mark.undoCount {
      undoCount &-= 1
      let entry = undo + undoCount &* (1 &+ permutationCount)
      world[Int(truncatingIfNeeded: entry[0] &>> 32)] = UInt32(truncatingIfNeeded: entry[0])
      var index = 0
      while index < permutationCount {
        imageHashes[index] = imageHashes[index] &- entry[index &+ 1]
        index &+= 1
      }
    }
    leftHash = mark.leftHash
    rightHash = mark.rightHash
    changes = mark.changes
    invariants = mark.invariants
    tags = mark.tags
    reactionsLeft = mark.reactionsLeft
  }

  /// Puts the world in work into the batch.
  @inline(__always)
  mutating func emit() {
    tally.transitions &+= 1
    batch.makeRoom(words: leftRecords.componentWords &+ rightRecords.componentWords)
    let words = UnsafeMutableRawPointer(world).assumingMemoryBound(to: UInt64.self)
    var leftCopy: Int32 = -1
    var rightCopy: Int32 = -1
    if changes & 1 != 0 {
      leftCopy = Int32(truncatingIfNeeded: batch.copyCount)
      copy(words, to: batch.copies + batch.copyCount, leftRecords.componentWords)
      batch.copyCount &+= leftRecords.componentWords
    }
    if changes & 2 != 0 {
      rightCopy = Int32(truncatingIfNeeded: batch.copyCount)
      copy(
        words + rightStart / 2, to: batch.copies + batch.copyCount, rightRecords.componentWords)
      batch.copyCount &+= rightRecords.componentWords
    }
    var fingerprint = leftHash &+ rightHash
    var element: UInt8 = 0
    var index = 0
    while index < permutationCount {
      let image = imageHashes[index]
      index &+= 1
      if image < fingerprint {
        fingerprint = image
        element = UInt8(truncatingIfNeeded: index)
      }
    }
    (batch.items + batch.count).initialize(
      to: Successor(
        leftHash: leftHash, rightHash: rightHash, fingerprint: fingerprint,
        invariants: invariants, left: leftCopy < 0 ? sourceLeft : 0,
        right: rightCopy < 0 ? sourceRight : 0, leftCopy: leftCopy, rightCopy: rightCopy,
        source: source, element: element, tags: tags))
    batch.count &+= 1
  }

  // MARK: Look-ups

  /// The answer to a ``StepWord`` key; valid until the next look-up.
  @inline(__always)
  mutating func look(up key: UInt64) -> Words {
    tally.lookUps &+= 1
    if let known = memo.find(key) { return known }
    return ask(key)
  }

  @inline(never)
  private mutating func ask(_ key: UInt64) -> Words {
    let before = memo.byteCount
    let value = memo.insert(key)
    if memo.byteCount > before { settle(memo.byteCount - before) }
    shared.reactions.answer(key, into: value)
    return value
  }

  /// Takes what a memo has grown by from the budget.
  func settle(_ bytes: Int) {
    if !shared.account.reserve(bytes, isUrgent: true) { shared.reactions.failForMemory() }
  }
}
