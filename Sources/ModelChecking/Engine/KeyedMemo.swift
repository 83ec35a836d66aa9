/// A table from 64-bit keys to a fixed number of words, for one thread: open addressing over
/// unsafe memory. A small table is kept at most a quarter full, so that most look-ups end at once.
struct KeyedMemo {
  /// Words of an entry: the key, then the value; rounded up to a power of two so that an entry of
  /// up to eight words lies in one cache line.
  private let strideBits: Int
  private var stride: Int { 1 &<< strideBits }
  private(set) var count = 0
  private var base: UnsafeMutablePointer<UInt64>
  private var mask: Int
  private var shift: UInt64

  init(valueWords: Int, capacityBits: UInt64 = 8) {
    strideBits = Int.bitWidth - valueWords.leadingZeroBitCount
    mask = (1 << Int(capacityBits)) - 1
    shift = 64 - capacityBits
    base = Self.allocate((mask + 1) << strideBits)
  }

  private static func allocate(_ words: Int) -> UnsafeMutablePointer<UInt64> {
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: words * 8, alignment: 64)
    let base = bytes.bindMemory(to: UInt64.self, capacity: words)
    base.initialize(repeating: 0, count: words)
    return base
  }

  var byteCount: Int { (mask + 1) * stride * 8 }

  /// The value of a key that is not 0; `nil` if there is none. Valid until the next insertion.
  @inline(__always)
  func find(_ key: UInt64) -> UnsafeMutablePointer<UInt64>? {
    var index = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> shift)
    while true {
      let entry = base + index &<< strideBits
      if entry[0] == key { return entry + 1 }
      if entry[0] == 0 { return nil }
      index = (index &+ 1) & mask
    }
  }

  /// Room for the value of a key that is not in the table.
  mutating func insert(_ key: UInt64) -> UnsafeMutablePointer<UInt64> {
    let isSmall = mask < 1 << 16
    if (count + 1) * (isSmall ? 4 : 2) > mask + 1 { grow() }
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
    base = Self.allocate((mask + 1) << strideBits)
    for index in 0..<oldCapacity where old[index * stride] != 0 {
      freeEntry(for: old[index * stride]).update(from: old + index * stride, count: stride)
    }
    old.deallocate()
  }

  func free() {
    base.deallocate()
  }
}
