/// Numbers for pairs of 32-bit integers, from 0 in the order in which they were first met: open
/// addressing, at most half full.
struct PairTable: Sendable {
  private var slots: [Int32] = []
  private var pairs: [UInt64] = []

  /// How many distinct pairs there are.
  var count: Int { pairs.count }

  /// Forgets all pairs and makes room for about `capacity`.
  mutating func reset(capacity: Int) {
    pairs.removeAll(keepingCapacity: true)
    var size = 16
    while size < 2 * capacity { size *= 2 }
    slots.refill(-1, count: size)
  }

  /// The number of a pair, a new one if it is new.
  mutating func number(_ first: Int32, _ second: Int32) -> Int32 {
    if 2 * (pairs.count + 1) > slots.count { grow() }
    let pair = UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
    let slot = slot(of: pair)
    if slots[slot] < 0 {
      slots[slot] = Int32(pairs.count)
      pairs.append(pair)
    }
    return slots[slot]
  }

  /// The pair with this number.
  func pair(_ number: Int32) -> (first: Int32, second: Int32) {
    let pair = pairs[Int(number)]
    return (
      Int32(truncatingIfNeeded: pair >> 32), Int32(truncatingIfNeeded: pair & 0xFFFF_FFFF)
    )
  }

  private func slot(of pair: UInt64) -> Int {
    var hash = pair &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 32
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0, pairs[Int(slots[slot])] != pair { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    slots.refill(-1, count: 2 * slots.count)
    for number in pairs.indices { slots[slot(of: pairs[number])] = Int32(number) }
  }
}
