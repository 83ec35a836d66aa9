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
      let successor = batch.items + item(index)
      if successor.pointee.left == 0 {
        let home = leftIndex.home(successor.pointee.leftHash)
        seen ^= leftIndex.cells[home].load(ordering: .relaxed)
      }
      if successor.pointee.right == 0 {
        let home = rightIndex.home(successor.pointee.rightHash)
        seen ^= rightIndex.cells[home].load(ordering: .relaxed)
      }
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
      let id = leftIndex.find(item.pointee.leftHash, words, leftRecords)
      item.pointee.left = id != 0 ? id : internLeft(words, isUrgent)
    }
    if item.pointee.right == 0 {
      let words = batch.copies + Int(item.pointee.rightCopy)
      let id = rightIndex.find(item.pointee.rightHash, words, rightRecords)
      item.pointee.right = id != 0 ? id : internRight(words, isUrgent)
    }
  }

  @inline(never)
  mutating func internLeft(_ words: Words, _ isUrgent: Bool) -> UInt32 {
    shared.reactions.fill(orbit, with: words, start: 0, leftRecords, shared.group)
    let id = shared.left.insert(orbit, shared.group, isUrgent: isUrgent)
    leftIndex = shared.left.currentIndex
    return id
  }

  @inline(never)
  mutating func internRight(_ words: Words, _ isUrgent: Bool) -> UInt32 {
    shared.reactions.fill(orbit, with: words, start: rightStart, rightRecords, shared.group)
    let id = shared.right.insert(orbit, shared.group, isUrgent: isUrgent)
    rightIndex = shared.right.currentIndex
    return id
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
    let count = batch.count
    let keys = batch.keys
    let cells = table.cells
    let shift = table.shift
    let mask = table.capacity &- 1
    var seen: UInt64 = 0
    for index in 0..<count {
      seen ^= cells[Int(truncatingIfNeeded: keys[index] &>> shift)].load(ordering: .relaxed)
    }
    sink ^= seen
    var freshCount = 0
    for index in 0..<count {
      let key = keys[index]
      var place = Int(truncatingIfNeeded: key &>> shift)
      while true {
        let found = cells[place].load(ordering: .relaxed)
        if found == key { break }
        if found == 0 {
          let attempt = cells[place].compareExchange(
            expected: 0, desired: key, ordering: .relaxed)
          if attempt.exchanged {
            batch.fresh[freshCount] = Int32(truncatingIfNeeded: index)
            freshCount &+= 1
            break
          }
          if attempt.original == key { break }
        }
        place = (place &+ 1) & mask
      }
      batch.places[index] = place
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
