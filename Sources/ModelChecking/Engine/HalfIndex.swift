import Synchronization

/// From content hashes of halves to their ids: 32 bits of the hash and the id in a cell, at most
/// half full. Written behind the lock of its ``HalfTable``, read without.
struct HalfIndex: @unchecked Sendable {
  let cells: UnsafeMutablePointer<Atomic<UInt64>>
  let capacityBits: UInt64

  init(capacityBits: UInt64) {
    self.capacityBits = capacityBits
    let words = UnsafeMutablePointer<UInt64>.allocate(capacity: 1 << Int(capacityBits))
    words.initialize(repeating: 0, count: 1 << Int(capacityBits))
    cells = UnsafeMutableRawPointer(words).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  var capacity: Int { 1 << Int(capacityBits) }
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

  func insert(_ hash: UInt64, _ id: UInt32) {
    var place = home(hash)
    while cells[place].load(ordering: .relaxed) != 0 { place = (place + 1) & (capacity - 1) }
    cells[place].store(hash &<< 32 | UInt64(id), ordering: .releasing)
  }

  func free() {
    cells.deallocate()
  }
}
