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
    undo[undoCount] = UInt64(truncatingIfNeeded: place) &<< 32 | UInt64(old)
    undoCount &+= 1
    if place < rightStart {
      leftHash = leftHash &+ differences[0]
      changes |= 1
    } else {
      rightHash = rightHash &+ differences[0]
      changes |= 2
    }
    invariants |= invariantsOfPlace[place]
    if permutationCount > 0 { changeImages(differences + 1) }
  }

  @inline(never)
  private mutating func changeImages(_ differences: Words) {
    let start = (undoCount - 1) * permutationCount
    for index in 0..<permutationCount {
      imageHashes[index] = imageHashes[index] &+ differences[index]
      imageUndo[start + index] = differences[index]
    }
  }

  /// Back to how the world was before the step.
  @inline(__always)
  mutating func takeBackStep() {
    takeBackChanges(to: 0)
    leftHash = sourceLeftHash
    rightHash = sourceRightHash
    changes = 0
    invariants = 0
    tags = 0
  }

  @inline(__always)
  mutating func takeBack(to mark: StepMark) {
    takeBackChanges(to: mark.undoCount)
    leftHash = mark.leftHash
    rightHash = mark.rightHash
    changes = mark.changes
    invariants = mark.invariants
    tags = mark.tags
    reactionsLeft = mark.reactionsLeft
  }

  @inline(__always)
  private mutating func takeBackChanges(to count: Int) {
    if permutationCount > 0 { takeBackImages(to: count) }
    var left = undoCount
    while left > count {
      left &-= 1
      let entry = undo[left]
      world[Int(truncatingIfNeeded: entry &>> 32)] = UInt32(truncatingIfNeeded: entry)
    }
    undoCount = left
  }

  @inline(never)
  private mutating func takeBackImages(to count: Int) {
    for change in count..<undoCount {
      for index in 0..<permutationCount {
        imageHashes[index] =
          imageHashes[index] &- imageUndo[change * permutationCount + index]
      }
    }
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
    if permutationCount > 0 { (fingerprint, element) = leastImage(fingerprint) }
    (batch.items + batch.count).initialize(
      to: Successor(
        leftHash: leftHash, rightHash: rightHash, fingerprint: fingerprint,
        invariants: invariants, left: leftCopy < 0 ? sourceLeft : 0,
        right: rightCopy < 0 ? sourceRight : 0, leftCopy: leftCopy, rightCopy: rightCopy,
        source: source, element: element, tags: tags))
    batch.count &+= 1
  }

  /// The least content hash of the world and its images, and which of them has it.
  @inline(never)
  private func leastImage(_ own: UInt64) -> (UInt64, UInt8) {
    var least = (own, 0 as UInt8)
    for index in 0..<permutationCount where imageHashes[index] < least.0 {
      least = (imageHashes[index], UInt8(truncatingIfNeeded: index + 1))
    }
    return least
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
  mutating func ask(_ key: UInt64) -> Words {
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
