import Synchronization

/// The set of states found, as well-mixed 64-bit keys, shared by all threads.
///
/// Lines of eight cells, a cache line each, filled from the front; a key that finds its line full
/// goes to the next. The line of a key is given by its upper bits, so that a larger table is filled
/// in the order of the smaller one, page by page, and the pages that were read are given back. A
/// thread reserves room for a batch before it inserts it; when there is none left the threads stop
/// and one of them lets the table grow.
struct VisitedTable {
  private(set) var cells: UnsafeMutablePointer<Atomic<UInt64>>
  /// State number + 1 of the key in the same place, if numbers are kept.
  private(set) var numbers: UnsafeMutablePointer<Atomic<UInt32>>?
  private(set) var capacityBits: UInt64
  private var region: MappedRegion
  private var numberRegion: MappedRegion?
  private let account: MemoryAccount

  init?(capacityBits: UInt64 = 13, keepsNumbers: Bool, account: MemoryAccount) {
    self.account = account
    self.capacityBits = capacityBits
    let capacity = 1 << Int(capacityBits)
    guard account.reserve(Self.bytes(capacity, keepsNumbers)),
      let region = MappedRegion(byteCount: capacity * 8)
    else { return nil }
    self.region = region
    cells = region.base.bindMemory(to: Atomic<UInt64>.self, capacity: capacity)
    guard keepsNumbers else { return }
    guard let numberRegion = MappedRegion(byteCount: capacity * 4) else { return nil }
    self.numberRegion = numberRegion
    numbers = numberRegion.base.bindMemory(to: Atomic<UInt32>.self, capacity: capacity)
  }

  var capacity: Int { 1 << Int(truncatingIfNeeded: capacityBits) }

  /// The first cell of the line of a key.
  @inline(__always)
  func home(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: key &>> (67 &- capacityBits)) &<< 3
  }
  /// How many keys the table takes before it has to grow.
  var roomForKeys: Int { capacity / 16 * 13 }

  /// Puts a key in, unless it is there.
  /// - Returns: its cell, and whether it is new.
  @inline(__always)
  func insert(_ key: UInt64) -> (place: Int, isNew: Bool) {
    var place = home(key)
    while true {
      let found = cells[place].load(ordering: .relaxed)
      if found == key { return (place, false) }
      if found == 0 {
        let attempt = cells[place].compareExchange(expected: 0, desired: key, ordering: .relaxed)
        if attempt.exchanged { return (place, true) }
        if attempt.original == key { return (place, false) }
      }
      place = (place &+ 1) & (capacity &- 1)
    }
  }

  private static func bytes(_ capacity: Int, _ keepsNumbers: Bool) -> Int {
    capacity * (keepsNumbers ? 12 : 8)
  }

  /// Twice the capacity; false, with nothing changed, if the budget does not have it.
  mutating func grow() -> Bool {
    let keepsNumbers = numbers != nil
    // Pages are given back while they are read, so the two tables never stand side by side.
    let extra = Self.bytes(capacity, keepsNumbers)
    guard capacityBits < 40, account.reserve(extra) else { return false }
    let newCapacity = capacity * 2
    guard let newRegion = MappedRegion(byteCount: newCapacity * 8, usesHugePages: true) else {
      account.release(extra)
      return false
    }
    var newNumberRegion: MappedRegion?
    if keepsNumbers {
      newNumberRegion = MappedRegion(byteCount: newCapacity * 4, usesHugePages: true)
      if newNumberRegion == nil {
        newRegion.free()
        account.release(extra)
        return false
      }
    }
    move(to: newRegion, newNumberRegion)
    region.free()
    numberRegion?.free()
    region = newRegion
    numberRegion = newNumberRegion
    capacityBits += 1
    cells = newRegion.base.assumingMemoryBound(to: Atomic<UInt64>.self)
    numbers = newNumberRegion?.base.assumingMemoryBound(to: Atomic<UInt32>.self)
    return true
  }

  private func move(to newRegion: MappedRegion, _ newNumberRegion: MappedRegion?) {
    let newCapacity = capacity * 2
    let mask = newCapacity - 1
    let shift = 66 - capacityBits
    let old = region.base.assumingMemoryBound(to: UInt64.self)
    let new = newRegion.base.bindMemory(to: UInt64.self, capacity: newCapacity)
    let oldNumbers = numberRegion?.base.assumingMemoryBound(to: UInt32.self)
    let newNumbers = newNumberRegion?.base.bindMemory(to: UInt32.self, capacity: newCapacity)
    let stretch = 1 << 17
    var start = 0
    while start < capacity {
      let end = min(capacity, start + stretch)
      for index in start..<end where old[index] != 0 {
        var place = Int(truncatingIfNeeded: old[index] &>> shift) &<< 3
        while new[place] != 0 { place = (place &+ 1) & mask }
        new[place] = old[index]
        if let oldNumbers, let newNumbers { newNumbers[place] = oldNumbers[index] }
      }
      region.discard(from: start * 8, to: end * 8)
      numberRegion?.discard(from: start * 4, to: end * 4)
      start = end
    }
  }

  func free() {
    region.free()
    numberRegion?.free()
    account.release(Self.bytes(capacity, numbers != nil))
  }
}

/// Scrambles a word so that every bit of it reaches the upper bits, without losing anything: two
/// different words stay different (the finalizer of MurmurHash3, which is a bijection).
@inline(__always)
func scrambled(_ word: UInt64) -> UInt64 {
  var mixed = word
  mixed = (mixed ^ (mixed &>> 33)) &* 0xFF51_AFD7_ED55_8CCD
  mixed = (mixed ^ (mixed &>> 33)) &* 0xC4CE_B9FE_1A85_EC53
  return mixed ^ (mixed &>> 33)
}
