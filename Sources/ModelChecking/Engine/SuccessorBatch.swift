/// The end of one transition, waiting to be looked up.
struct Successor {
  /// Content hashes of the halves, and of the state in its canonical form.
  var leftHash: UInt64
  var rightHash: UInt64
  var fingerprint: UInt64
  /// A bit for each invariant that reads something that changed.
  var invariants: UInt64
  /// Ids of the halves; 0 as long as they are not looked up.
  var left: UInt32
  var right: UInt32
  /// Where the components of a changed half are copied, in words of the batch's copies; for an
  /// unchanged one the id is known.
  var leftCopy: Int32
  var rightCopy: Int32
  /// The number of the state it comes from.
  var source: UInt32
  /// The element of the group that makes the state canonical.
  var element: UInt8
  var tags: UInt8
}

/// Successors of a few states, looked up together: the cache lines that they will need are asked
/// for first, so that waiting for one overlaps with waiting for the others.
struct SuccessorBatch {
  private(set) var items: UnsafeMutablePointer<Successor>
  private(set) var copies: UnsafeMutablePointer<UInt64>
  /// The keys under which the items are remembered, and which of them were new.
  private(set) var keys: UnsafeMutablePointer<UInt64>
  private(set) var fresh: UnsafeMutablePointer<Int32>
  /// Places in the table, where numbers are kept.
  private(set) var places: UnsafeMutablePointer<Int>
  private(set) var capacity: Int
  private(set) var copyCapacity: Int
  var count = 0
  var copyCount = 0
  /// Whether the keys of all items are known: a batch that had to wait for room keeps them.
  var isKeyed = false

  /// Batches are looked up when they have so many items.
  static let fullCount = 256

  init() {
    capacity = Self.fullCount * 2
    copyCapacity = Self.fullCount * 64
    items = .allocate(capacity: capacity)
    keys = .allocate(capacity: capacity)
    fresh = .allocate(capacity: capacity)
    places = .allocate(capacity: capacity)
    copies = .allocate(capacity: copyCapacity)
  }

  var byteCount: Int {
    capacity * (MemoryLayout<Successor>.stride + 20) + copyCapacity * 8
  }

  /// Makes room for one more item with `words` words of copies.
  @inline(__always)
  mutating func makeRoom(words: Int) {
    if count == capacity || copyCount &+ words > copyCapacity { grow() }
  }

  private mutating func grow() {
    items = Self.larger(items, capacity)
    keys = Self.larger(keys, capacity)
    fresh = Self.larger(fresh, capacity)
    places = Self.larger(places, capacity)
    copies = Self.larger(copies, copyCapacity)
    capacity *= 2
    copyCapacity *= 2
  }

  private static func larger<Element>(
    _ old: UnsafeMutablePointer<Element>, _ count: Int
  ) -> UnsafeMutablePointer<Element> {
    let new = UnsafeMutablePointer<Element>.allocate(capacity: count * 2)
    new.moveInitialize(from: old, count: count)
    old.deallocate()
    return new
  }

  mutating func clear() {
    count = 0
    copyCount = 0
    isKeyed = false
  }

  func free() {
    items.deallocate()
    keys.deallocate()
    fresh.deallocate()
    places.deallocate()
    copies.deallocate()
  }
}
