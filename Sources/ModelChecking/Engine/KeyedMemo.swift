/// A table from 64-bit keys to a fixed number of words, for one thread: open addressing over
/// unsafe memory, at most half full.
struct KeyedMemo {
  /// Words of an entry: the key, then the value.
  let stride: Int
  private(set) var count = 0
  private var base: UnsafeMutablePointer<UInt64>
  private var mask: Int
  private var shift: UInt64

  init(valueWords: Int, capacityBits: UInt64 = 8) {
    stride = 1 + valueWords
    mask = (1 << Int(capacityBits)) - 1
    shift = 64 - capacityBits
    base = .allocate(capacity: (mask + 1) * stride)
    base.initialize(repeating: 0, count: (mask + 1) * stride)
  }

  var byteCount: Int { (mask + 1) * stride * 8 }

  /// The value of a key that is not 0; `nil` if there is none. Valid until the next insertion.
  @inline(__always)
  func find(_ key: UInt64) -> UnsafeMutablePointer<UInt64>? {
    var index = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> shift)
    while true {
      let entry = base + index &* stride
      if entry[0] == key { return entry + 1 }
      if entry[0] == 0 { return nil }
      index = (index &+ 1) & mask
    }
  }

  /// Room for the value of a key that is not in the table.
  mutating func insert(_ key: UInt64) -> UnsafeMutablePointer<UInt64> {
    if (count + 1) * 2 > mask + 1 { grow() }
    count += 1
    let entry = freeEntry(for: key)
    entry[0] = key
    return entry + 1
  }

  private func freeEntry(for key: UInt64) -> UnsafeMutablePointer<UInt64> {
    var index = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> shift)
    while base[index * stride] != 0 { index = (index + 1) & mask }
    return base + index * stride
  }

  private mutating func grow() {
    let old = base
    let oldCapacity = mask + 1
    mask = oldCapacity * 2 - 1
    shift -= 1
    base = .allocate(capacity: (mask + 1) * stride)
    base.initialize(repeating: 0, count: (mask + 1) * stride)
    for index in 0..<oldCapacity where old[index * stride] != 0 {
      freeEntry(for: old[index * stride]).update(from: old + index * stride, count: stride)
    }
    old.deallocate()
  }

  func free() {
    base.deallocate()
  }
}
