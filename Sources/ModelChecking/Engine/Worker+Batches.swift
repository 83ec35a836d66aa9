import Synchronization

/// Looking successors up, many at a time.
extension Worker {
  /// Works through the batch.
  /// - Returns: false, with the batch kept, if the table of states has to grow first.
  mutating func flush() -> Bool {
    if case .seek(let target) = mode {
      seek(target)
    } else if shared.isStoring.load(ordering: .relaxed) {
      if !batch.isKeyed { makeKeys() }
      // A key that could not be made has ended storing.
      if shared.isStoring.load(ordering: .relaxed) {
        guard store() else { return false }
      } else {
        checkOnly()
      }
    } else {
      checkOnly()
    }
    batch.clear()
    return true
  }

  /// Finds the key of each item: its fingerprint, or, exactly, the pair of its halves.
  private mutating func makeKeys() {
    let items = batch.items
    if isExact {
      lookUpHalves { $0 }
      for index in 0..<batch.count {
        let item = items + index
        if item.pointee.left == 0 || item.pointee.right == 0 {
          shared.stopStoring(states: false)
          return
        }
        batch.keys[index] = scrambled(canonicalPair(of: item))
      }
    } else {
      for index in 0..<batch.count {
        // 0 marks an empty cell.
        batch.keys[index] = max(1, items[index].fingerprint)
      }
    }
    batch.isKeyed = true
  }

  /// The halves of a state in its canonical form.
  @inline(__always)
  func canonicalPair(of item: UnsafeMutablePointer<Successor>) -> UInt64 {
    let element = Int(item.pointee.element)
    if element == 0 {
      return UInt64(item.pointee.left) &<< 32 | UInt64(item.pointee.right)
    }
    let left = leftRecords[item.pointee.left]
    let right = rightRecords[item.pointee.right]
    return left[leftRecords.permutedID + element - 1] &<< 32
      | right[rightRecords.permutedID + element - 1]
  }

  // MARK: Halves

  /// Finds the ids of changed halves, those of all items or of the new ones. One that the budget
  /// has no room for stays 0.
  @inline(__always)
  mutating func lookUpHalves(_ item: (Int) -> Int) {
    lookUpHalves(of: batch.count, item)
  }

  /// - Parameters:
  ///   - count: how many items.
  ///   - item: which they are.
  @inline(__always)
  mutating func lookUpHalves(of count: Int, _ item: (Int) -> Int) {
    var seen: UInt64 = 0
    for index in 0..<count {
      let successor = (batch.items + item(index)).pointee
      if successor.left == 0 { seen ^= leftIndex.touch(successor.leftHash) }
      if successor.right == 0 { seen ^= rightIndex.touch(successor.rightHash) }
    }
    for index in 0..<count {
      let successor = (batch.items + item(index)).pointee
      if successor.left == 0 { seen ^= leftIndex.touch(successor.leftHash, leftRecords) }
      if successor.right == 0 { seen ^= rightIndex.touch(successor.rightHash, rightRecords) }
    }
    sink ^= seen
    for index in 0..<count {
      lookUpHalves(of: batch.items + item(index), isUrgent: false)
    }
  }

  @inline(__always)
  mutating func lookUpHalves(
    of item: UnsafeMutablePointer<Successor>, isUrgent: Bool
  ) {
    if item.pointee.left == 0 {
      let words = batch.copies + Int(item.pointee.leftCopy)
      let hash = item.pointee.leftHash
      let id = leftIndex.find(hash, words, leftRecords)
      item.pointee.left = id != 0 ? id : internLeft(words, hash, isUrgent)
    }
    if item.pointee.right == 0 {
      let words = batch.copies + Int(item.pointee.rightCopy)
      let hash = item.pointee.rightHash
      let id = rightIndex.find(hash, words, rightRecords)
      item.pointee.right = id != 0 ? id : internRight(words, hash, isUrgent)
    }
  }

  @inline(never)
  mutating func internLeft(_ words: Words, _ hash: UInt64, _ isUrgent: Bool) -> UInt32 {
    fillOrbit(words, hash, 0, leftRecords)
    let id = shared.left.insert(orbit, shared.group, isUrgent: isUrgent)
    leftIndex = shared.left.latestIndex(after: leftIndex)
    return id
  }

  @inline(never)
  mutating func internRight(_ words: Words, _ hash: UInt64, _ isUrgent: Bool) -> UInt32 {
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

  // MARK: Storing

  /// Puts the keys into the table, and what was new among them into the arena.
  private mutating func store() -> Bool {
    let count = batch.count
    let reserved = shared.reservedKeys.wrappingAdd(count, ordering: .relaxed).newValue
    guard reserved <= table.roomForKeys else {
      shared.reservedKeys.wrappingSubtract(count, ordering: .relaxed)
      return false
    }
    let freshCount = insertKeys()
    shared.reservedKeys.wrappingSubtract(count - freshCount, ordering: .relaxed)
    if !isExact {
      let fresh = batch.fresh
      lookUpHalves(of: freshCount) { Int(fresh[$0]) }
    }
    if freshCount > 0 { keep(freshCount) }

    return true
  }

  /// - Returns: how many keys were new; ``SuccessorBatch/fresh`` says which.
  @inline(__always)
  private mutating func insertKeys() -> Int {
    let table = table
    let count = batch.count
    let keys = batch.keys
    let fresh = batch.fresh
    var seen: UInt64 = 0
    for index in 0..<count {
      seen ^= table.cells[table.home(keys[index])].load(ordering: .relaxed)
    }
    sink ^= seen
    var freshCount = 0
    for index in 0..<count {
      let key = keys[index]
      let line = table.cells + table.home(key)
      // All eight at once: which cell a key is in cannot be predicted, that it is there can.
      var isThere = line[0].load(ordering: .relaxed) == key
      for cell in 1..<8 {
        isThere = (line[cell].load(ordering: .relaxed) == key) != isThere
      }
      if isThere, table.numbers == nil { continue }
      let (place, isNew) = table.insert(key)
      batch.places[index] = place
      if isNew {
        fresh[freshCount] = Int32(truncatingIfNeeded: index)
        freshCount &+= 1
      }
    }
    return freshCount
  }

  /// Numbers the new states, checks them and adds them to the digest.
  private mutating func keep(_ freshCount: Int) {
    guard let start = shared.arena.append(freshCount) else {
      shared.stopStoring(states: false)
      checkOnly()
      return
    }
    if start + freshCount > shared.stateLimit { shared.stopStoring(states: true) }
    let states = shared.arena.states + start
    for index in 0..<freshCount {
      let place = Int(batch.fresh[index])
      let item = batch.items + place
      if item.pointee.left == 0 || item.pointee.right == 0 {
        shared.stopStoring(states: false)
        checkOnly()
        return
      }
      let pair = canonicalPair(of: item)
      states[index] = pair
      tally.digest = tally.digest &+ scrambled(item.pointee.fingerprint)
      table.numbers?[batch.places[place]].store(
        UInt32(truncatingIfNeeded: start + index + 1), ordering: .releasing)
      if item.pointee.invariants != 0, breaksInvariant(item) {
        found(item.pointee.fingerprint, pair)
      }
    }
  }

  /// Checks all successors and keeps none: what is left to do when the budget is spent.
  private mutating func checkOnly() {
    for index in 0..<batch.count {
      let item = batch.items + index
      guard item.pointee.invariants != 0, breaksInvariant(item) else { continue }
      lookUpHalves(of: item, isUrgent: true)
      if item.pointee.left == 0 || item.pointee.right == 0 {
        shared.reactions.failForMemory()
        return
      }
      found(item.pointee.fingerprint, canonicalPair(of: item))
    }
  }

  private mutating func breaksInvariant(_ item: UnsafeMutablePointer<Successor>) -> Bool {
    let left = components(item.pointee.left, item.pointee.leftCopy, leftRecords)
    let right = components(item.pointee.right, item.pointee.rightCopy, rightRecords)
    var wanted = item.pointee.invariants
    while wanted != 0 {
      if !holds(wanted.trailingZeroBitCount, left: left, right: right) { return true }
      wanted &= wanted &- 1
    }
    return false
  }

  private func components(
    _ id: UInt32, _ copy: Int32, _ records: HalfRecords
  ) -> UnsafeMutablePointer<UInt32> {
    UnsafeMutableRawPointer(
      id == 0 ? batch.copies + Int(copy) : records.contents(id)
    ).assumingMemoryBound(to: UInt32.self)
  }

  // MARK: What was found

  /// Keeps the canonically least of the states that break an invariant.
  private mutating func found(_ fingerprint: UInt64, _ pair: UInt64) {
    let state = FoundState(fingerprint: fingerprint, pair: pair)
    if let known = tally.violation, !shared.precedes(state, known) { return }
    tally.violation = state
  }

  /// Keeps the canonically least of the states that lead to the target.
  private mutating func seek(_ target: FoundState) {
    for index in 0..<batch.count {
      let item = batch.items + index
      guard item.pointee.fingerprint == target.fingerprint else { continue }
      lookUpHalves(of: item, isUrgent: true)
      guard canonicalPair(of: item) == target.pair else { continue }
      let pair = shared.arena.states[Int(item.pointee.source)]
      let state = FoundState(
        fingerprint: shared.fingerprint(of: pair), pair: pair, source: item.pointee.source)
      if let known = tally.violation, !shared.precedes(state, known) { continue }
      tally.violation = state
    }
  }
}
