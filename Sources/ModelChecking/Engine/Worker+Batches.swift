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
      lookUpHalves(of: batch.count) { $0 }
      for index in 0..<batch.count {
        let item = items + index
        if item.pointee.left == 0 || item.pointee.right == 0 {
          shared.stopStoring(states: false)
          return
        }
        batch.keys[index] = scrambled(canonicalPair(of: item))
      }
    } else if permutationCount == 0 {
      for index in 0..<batch.count {
        // 0 marks an empty cell.
        batch.keys[index] = max(1, items[index].fingerprint)
      }
    } else {
      // The least of several hashes is small more often than not, and the table is filled by the
      // upper bits of its keys.
      for index in 0..<batch.count {
        batch.keys[index] = max(1, scrambled(items[index].fingerprint))
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

  /// How many states differ from this one by a permutation, itself among them: the size of the
  /// group by the number of its elements that leave the state as it is.
  @inline(never)
  func orbitSize(of pair: UInt64) -> Int {
    let leftID = pair &>> 32
    let rightID = pair & 0xFFFF_FFFF
    let left = leftRecords[UInt32(truncatingIfNeeded: leftID)] + leftRecords.permutedID
    let right = rightRecords[UInt32(truncatingIfNeeded: rightID)] + rightRecords.permutedID
    var fixing = 1
    for index in 0..<permutationCount where left[index] == leftID && right[index] == rightID {
      fixing += 1
    }
    return (permutationCount + 1) / fixing
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
    if log != nil { logTransitions() }
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
      if permutationCount > 0 { tally.orbitStates += orbitSize(of: pair) }
      tally.digest = tally.digest &+ scrambled(item.pointee.fingerprint)
      table.numbers?[batch.places[place]].store(
        UInt32(truncatingIfNeeded: start + index + 1), ordering: .releasing)
      if breaksInvariant(item) { found(item.pointee.fingerprint, pair) }
    }
  }

  // MARK: What was found

  /// Keeps the canonically least of the states that break an invariant.
  mutating func found(_ fingerprint: UInt64, _ pair: UInt64) {
    let state = FoundState(fingerprint: fingerprint, pair: pair)
    if let known = tally.violation, !shared.precedes(state, known) { return }
    tally.violation = state
  }

  /// Keeps the canonically least of the states that lead to the target.
  private mutating func seek(_ target: FoundState) {
    batch.makeRoomForCopies(words: leftRecords.componentWords + rightRecords.componentWords)
    for index in 0..<batch.count {
      let item = batch.items + index
      guard item.pointee.fingerprint == target.fingerprint else { continue }
      batch.copyCount = 0
      copyChangedHalves(of: item)
      findHalves(of: item, isUrgent: true)
      guard canonicalPair(of: item) == target.pair else { continue }
      let pair = shared.arena.states[Int(item.pointee.source)]
      let state = FoundState(
        fingerprint: shared.fingerprint(of: pair), pair: pair, source: item.pointee.source)
      if let known = tally.violation, !shared.precedes(state, known) { continue }
      tally.violation = state
    }
  }
}
