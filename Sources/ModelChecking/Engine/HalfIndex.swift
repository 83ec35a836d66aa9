import Synchronization

/// From content hashes of halves to their ids: 32 bits of the hash and the id in a cell, at most
/// half full. Written behind the lock of its ``HalfTable``, read without.
struct HalfIndex: @unchecked Sendable {
  let cells: UnsafeMutablePointer<Atomic<UInt64>>
  let capacityBits: UInt64
  private let region: MappedRegion

  init?(capacityBits: UInt64) {
    self.capacityBits = capacityBits
    let capacity = 1 << Int(capacityBits)
    guard let region = MappedRegion(byteCount: capacity * 8, usesHugePages: true) else {
      return nil
    }
    self.region = region
    cells = region.base.bindMemory(to: Atomic<UInt64>.self, capacity: capacity)
  }

  var capacity: Int { 1 << Int(truncatingIfNeeded: capacityBits) }
  var byteCount: Int { capacity * 8 }

  @inline(__always)
  func home(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash &>> (64 &- capacityBits))
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
      place = (place &+ 1) & (capacity &- 1)
    }
  }

  /// Reads the cell where a search for the hash begins.
  @inline(__always)
  func touch(_ hash: UInt64) -> UInt64 {
    cells[home(hash)].load(ordering: .relaxed)
  }

  /// Reads the record that a search for the hash most probably ends with.
  @inline(__always)
  func touch(_ hash: UInt64, _ table: HalfRecords) -> UInt64 {
    var place = home(hash)
    while true {
      let cell = cells[place].load(ordering: .relaxed)
      if cell == 0 { return 0 }
      if (cell ^ (hash &<< 32)) &>> 32 == 0 {
        return table.touch(UInt32(truncatingIfNeeded: cell))
      }
      place = (place &+ 1) & (capacity &- 1)
    }
  }

  func insert(_ hash: UInt64, _ id: UInt32) {
    var place = home(hash)
    while cells[place].load(ordering: .relaxed) != 0 { place = (place + 1) & (capacity - 1) }
    cells[place].store(hash &<< 32 | UInt64(id), ordering: .releasing)
  }

  func free() {
    region.free()
  }
}
