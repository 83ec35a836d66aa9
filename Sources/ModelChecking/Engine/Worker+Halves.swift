/// Finding the ids of halves.
extension Worker {
  /// Finds the ids of the halves of all items or of some, those of all before the next step, so
  /// that the cache lines which each step needs are on their way together. A half that the budget
  /// has no room for stays 0.
  /// - Parameters:
  ///   - count: how many items.
  ///   - item: which they are.
  @inline(__always)
  mutating func lookUpHalves(of count: Int, _ item: (Int) -> Int) {
    batch.makeRoomForCopies(words: leftRecords.componentWords + rightRecords.componentWords)
    var seen: UInt64 = 0
    for index in 0..<count {
      let item = batch.items + item(index)
      copyChangedHalves(of: item)
      if item.pointee.leftCopy >= 0 { seen ^= leftIndex.touch(item.pointee.leftHash) }
      if item.pointee.rightCopy >= 0 { seen ^= rightIndex.touch(item.pointee.rightHash) }
    }
    for index in 0..<count {
      let item = batch.items + item(index)
      if item.pointee.leftCopy >= 0 {
        item.pointee.left = leftIndex.candidate(item.pointee.leftHash)
        seen ^= leftRecords.touch(item.pointee.left)
      }
      if item.pointee.rightCopy >= 0 {
        item.pointee.right = rightIndex.candidate(item.pointee.rightHash)
        seen ^= rightRecords.touch(item.pointee.right)
      }
    }
    sink ^= seen
    for index in 0..<count {
      findHalves(of: batch.items + item(index), isUrgent: false)
    }
  }

  /// Copies the components of the halves that an item changes, with the changes; takes the ids of
  /// the others, which are those of its source.
  @inline(__always)
  mutating func copyChangedHalves(of item: UnsafeMutablePointer<Successor>) {
    let changes = batch.changes + Int(item.pointee.changeStart)
    let count = Int(item.pointee.changeCount)
    var changesLeft = false
    var changesRight = false
    var index = 0
    while index < count {
      let isLeft = changes[index] &>> 32 < UInt64(truncatingIfNeeded: rightStart)
      changesLeft = changesLeft || isLeft
      changesRight = changesRight || !isLeft
      index &+= 1
    }
    let pair = item.pointee.sourcePair
    let sourceLeft = UInt32(truncatingIfNeeded: pair &>> 32)
    let sourceRight = UInt32(truncatingIfNeeded: pair)
    item.pointee.left = changesLeft ? 0 : sourceLeft
    item.pointee.right = changesRight ? 0 : sourceRight
    let leftCopy = batch.copyCount
    if changesLeft {
      copy(
        leftRecords.contents(sourceLeft), to: batch.copies + leftCopy, leftRecords.componentWords)
      batch.copyCount &+= leftRecords.componentWords
    }
    let rightCopy = batch.copyCount
    if changesRight {
      copy(
        rightRecords.contents(sourceRight), to: batch.copies + rightCopy,
        rightRecords.componentWords)
      batch.copyCount &+= rightRecords.componentWords
    }
    item.pointee.leftCopy = changesLeft ? Int32(truncatingIfNeeded: leftCopy) : -1
    item.pointee.rightCopy = changesRight ? Int32(truncatingIfNeeded: rightCopy) : -1
    let left = UnsafeMutableRawPointer(batch.copies + leftCopy)
      .assumingMemoryBound(to: UInt32.self)
    let right =
      UnsafeMutableRawPointer(batch.copies + rightCopy)
      .assumingMemoryBound(to: UInt32.self) - rightStart
    index = 0
    while index < count {
      let place = Int(truncatingIfNeeded: changes[index] &>> 32)
      (place < rightStart ? left : right)[place] = UInt32(truncatingIfNeeded: changes[index])
      index &+= 1
    }
  }

  /// Finds the ids of the halves that are copied; a candidate may be there already.
  @inline(__always)
  mutating func findHalves(of item: UnsafeMutablePointer<Successor>, isUrgent: Bool) {
    if item.pointee.leftCopy >= 0 {
      let words = batch.copies + Int(item.pointee.leftCopy)
      if item.pointee.left == 0 || !leftRecords.contents(item.pointee.left, equal: words) {
        item.pointee.left = internLeft(words, item.pointee.leftHash, isUrgent)
      }
    }
    if item.pointee.rightCopy >= 0 {
      let words = batch.copies + Int(item.pointee.rightCopy)
      if item.pointee.right == 0 || !rightRecords.contents(item.pointee.right, equal: words) {
        item.pointee.right = internRight(words, item.pointee.rightHash, isUrgent)
      }
    }
  }

  @inline(never)
  mutating func internLeft(_ words: Words, _ hash: UInt64, _ isUrgent: Bool) -> UInt32 {
    let known = leftIndex.find(hash, words, leftRecords)
    if known != 0 { return known }
    fillOrbit(words, hash, 0, leftRecords)
    let id = shared.left.insert(orbit, shared.group, isUrgent: isUrgent)
    leftIndex = shared.left.latestIndex(after: leftIndex)
    return id
  }

  @inline(never)
  mutating func internRight(_ words: Words, _ hash: UInt64, _ isUrgent: Bool) -> UInt32 {
    let known = rightIndex.find(hash, words, rightRecords)
    if known != 0 { return known }
    fillOrbit(words, hash, rightStart, rightRecords)
    let id = shared.right.insert(orbit, shared.group, isUrgent: isUrgent)
    rightIndex = shared.right.latestIndex(after: rightIndex)
    return id
  }

  /// Fills in the records of a half and its images.
  private mutating func fillOrbit(
    _ words: Words, _ hash: UInt64, _ start: Int, _ records: HalfRecords
  ) {
    guard permutationCount == 0 else {
      shared.reactions.fill(orbit, with: words, start: start, records, shared.group)
      return
    }
    orbit[0] = hash
    copy(words, to: orbit + records.components, records.componentWords)
    let components = UnsafeMutableRawPointer(words).assumingMemoryBound(to: UInt32.self)
    var active: UInt64 = 0
    for offset in 0..<records.slotCount {
      let key =
        UInt64(truncatingIfNeeded: start &+ offset) &<< 56 | UInt64(components[offset]) &<< 24
        | StepWord.action
      let answer = memo.find(key) ?? ask(key)
      if SharedReactions.hasOutcomes(answer) { active |= 1 &<< UInt64(offset) }
    }
    orbit[HalfRecords.activeSlots] = active
  }
}
