/// Checking invariants of successors.
extension Worker {
  /// Checks all successors and keeps none: what is left to do when the budget is spent.
  mutating func checkOnly() {
    batch.makeRoomForCopies(words: leftRecords.componentWords + rightRecords.componentWords)
    for index in 0..<batch.count {
      let item = batch.items + index
      batch.copyCount = 0
      copyChangedHalves(of: item)
      guard breaksInvariant(item) else { continue }
      findHalves(of: item, isUrgent: true)
      if item.pointee.left == 0 || item.pointee.right == 0 {
        shared.reactions.failForMemory()
        return
      }
      found(item.pointee.fingerprint, canonicalPair(of: item))
    }
  }

  /// Whether an invariant that reads something that has changed does not hold.
  @inline(__always)
  mutating func breaksInvariant(_ item: UnsafeMutablePointer<Successor>) -> Bool {
    let changes = batch.changes + Int(item.pointee.changeStart)
    var wanted: UInt64 = item.pointee.changeCount == 0 ? allInvariants : 0
    for index in 0..<Int(item.pointee.changeCount) {
      wanted |= invariantsOfPlace[Int(truncatingIfNeeded: changes[index] &>> 32)]
    }
    return wanted != 0 && breaksOne(of: wanted, item)
  }

  private mutating func breaksOne(
    of invariants: UInt64, _ item: UnsafeMutablePointer<Successor>
  ) -> Bool {
    let left =
      item.pointee.leftCopy < 0
      ? leftRecords.contents(item.pointee.left) : batch.copies + Int(item.pointee.leftCopy)
    let right =
      item.pointee.rightCopy < 0
      ? rightRecords.contents(item.pointee.right) : batch.copies + Int(item.pointee.rightCopy)
    let leftComponents = UnsafeMutableRawPointer(left).assumingMemoryBound(to: UInt32.self)
    let rightComponents = UnsafeMutableRawPointer(right).assumingMemoryBound(to: UInt32.self)
    var wanted = invariants
    while wanted != 0 {
      let predicate = wanted.trailingZeroBitCount
      if !holds(predicate, left: leftComponents, right: rightComponents) { return true }
      wanted &= wanted &- 1
    }
    return false
  }
}
