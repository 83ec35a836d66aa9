/// Sorts 64-bit keys by their upper half, equal ones as they stood: least significant digit first,
/// 11 bits at a time, only as many digits as the keys differ in.
struct RadixSort: Sendable {
  private var other: [UInt64] = []
  private var counts: [Int32] = []

  /// Sorts by the upper 32 bits. Stable; O(n) for long arrays.
  mutating func sort(_ keys: inout [UInt64]) {
    guard keys.count > 64 else {
      sortByInsertion(&keys)
      return
    }
    var lowest = UInt64.max
    var highest: UInt64 = 0
    for key in keys {
      lowest = min(lowest, key)
      highest = max(highest, key)
    }
    lowest &= ~0xFFFF_FFFF
    var shift: UInt64 = 32
    while shift < 64, (highest - lowest) >> shift > 0 {
      pass(&keys, lowest, shift)
      shift += 11
    }
  }

  private mutating func pass(_ keys: inout [UInt64], _ lowest: UInt64, _ shift: UInt64) {
    counts.refill(0, count: 2049)
    other.refill(0, count: keys.count)
    for key in keys { counts[Int(truncatingIfNeeded: (key - lowest) >> shift & 2047) + 1] += 1 }
    for digit in 0..<2048 { counts[digit + 1] += counts[digit] }
    for key in keys {
      let digit = Int(truncatingIfNeeded: (key - lowest) >> shift & 2047)
      other[Int(counts[digit])] = key
      counts[digit] += 1
    }
    swap(&keys, &other)
  }

  private func sortByInsertion(_ keys: inout [UInt64]) {
    for index in keys.indices.dropFirst() {
      let key = keys[index]
      var place = index
      while place > 0, keys[place - 1] >> 32 > key >> 32 {
        keys[place] = keys[place - 1]
        place -= 1
      }
      keys[place] = key
    }
  }
}
