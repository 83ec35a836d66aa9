import Synchronization

/// From content hashes of halves to their ids: 32 bits of the hash and the id in a cell, at most
/// half full. Written behind the lock of its ``HalfTable``, read without.
struct HalfIndex: @unchecked Sendable {
  let cells: UnsafeMutablePointer<Atomic<UInt64>>
  let capacityBits: UInt64
  private let mask: Int
  private let shift: UInt64
  private let region: MappedRegion

  init?(capacityBits: UInt64) {
    self.capacityBits = capacityBits
    let capacity = 1 << Int(capacityBits)
    mask = capacity - 1
    shift = 64 - capacityBits
    guard let region = MappedRegion(byteCount: capacity * 8, usesHugePages: true) else {
      return nil
    }
    self.region = region
    cells = region.base.bindMemory(to: Atomic<UInt64>.self, capacity: capacity)
  }

  var capacity: Int { mask + 1 }
  var byteCount: Int { capacity * 8 }

  @inline(__always)
  func home(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash &>> shift)
  }

  /// The id of the half with these components; 0 if this index does not have it.
  @inline(__always)
  func find(_ hash: UInt64, _ components: HalfTable.Words, _ table: HalfRecords) -> UInt32 {
    var place = home(hash)
    let tag = hash &<< 32
    while true {
      let cell = cells[place].load(ordering: .acquiring)
      if cell == 0 { return 0 }
      if (cell ^ tag) &>> 32 == 0 {
        let id = UInt32(truncatingIfNeeded: cell)
        if table.contents(id, equal: components) { return id }
      }
      place = (place &+ 1) & mask
    }
  }

  /// Reads the cell where a search for the hash begins.
  @inline(__always)
  func touch(_ hash: UInt64) -> UInt64 {
    cells[home(hash)].load(ordering: .relaxed)
  }

  /// The first id whose half has the same tag, to be confirmed by its contents; 0 if there is none.
  @inline(__always)
  func candidate(_ hash: UInt64) -> UInt32 {
    var place = home(hash)
    while true {
      let cell = cells[place].load(ordering: .acquiring)
      if cell == 0 || (cell ^ (hash &<< 32)) &>> 32 == 0 {
        return UInt32(truncatingIfNeeded: cell)
      }
      place = (place &+ 1) & mask
    }
  }

  func insert(_ hash: UInt64, _ id: UInt32) {
    var place = home(hash)
    while cells[place].load(ordering: .relaxed) != 0 { place = (place + 1) & mask }
    cells[place].store(hash &<< 32 | UInt64(id), ordering: .releasing)
  }

  func free() {
    region.free()
  }
}
