import SimulationKernel

/// How a world was at some point of a step.
struct StepMark {
  var undoCount: Int
  var leftHash: UInt64
  var rightHash: UInt64
  var tags: UInt8
  var reactionsLeft: Int

  @inline(__always)
  init(_ worker: borrowing Worker) {
    undoCount = worker.undoCount
    leftHash = worker.hashes[0]
    rightHash = worker.hashes[1]
    tags = worker.tags
    reactionsLeft = worker.reactionsLeft
  }
}

/// Changing the world in work, and taking changes back.
extension Worker {
  /// Without branches: whether a component really changes, and in which half, is as good as random.
  /// - Parameter differences: what the change adds to the content hash, for each group element; 0
  ///   if there is none.
  @inline(__always)
  mutating func change(at place: Int, to component: UInt32, _ differences: Words) {
    let old = world[place]
    world[place] = component
    undo[undoCount] = UInt64(truncatingIfNeeded: place) &<< 32 | UInt64(old)
    let isChange = old != component ? 1 : 0
    undoCount &+= isChange
    let half = place < rightStart ? 0 : 1
    hashes[half] = hashes[half] &+ differences[0]
    if permutationCount > 0, isChange != 0 { changeImages(differences + 1) }
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
    hashes[0] = sourceLeftHash
    hashes[1] = sourceRightHash
    tags = 0
  }

  @inline(__always)
  mutating func takeBack(to mark: StepMark) {
    takeBackChanges(to: mark.undoCount)
    hashes[0] = mark.leftHash
    hashes[1] = mark.rightHash
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
    batch.makeRoom(changes: undoCount)
    let changes = batch.changes + batch.changeCount
    var index = 0
    while index < undoCount {
      let place = undo[index] &>> 32
      changes[index] = place &<< 32 | UInt64(world[Int(truncatingIfNeeded: place)])
      index &+= 1
    }
    var fingerprint = hashes[0] &+ hashes[1]
    var element: UInt8 = 0
    if permutationCount > 0 { (fingerprint, element) = leastImage(fingerprint) }
    (batch.items + batch.count).initialize(
      to: Successor(
        leftHash: hashes[0], rightHash: hashes[1], fingerprint: fingerprint,
        sourcePair: sourcePair, source: source,
        changeStart: UInt32(truncatingIfNeeded: batch.changeCount), leftCopy: -1, rightCopy: -1,
        left: 0, right: 0,
        changeCount: UInt16(truncatingIfNeeded: undoCount), element: element, tags: tags))
    batch.count &+= 1
    batch.changeCount &+= undoCount
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
