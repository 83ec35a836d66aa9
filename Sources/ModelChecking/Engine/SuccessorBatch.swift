/// The end of one transition, waiting to be looked up.
struct Successor {
  /// Content hashes of the halves, and of the state in its canonical form.
  var leftHash: UInt64
  var rightHash: UInt64
  var fingerprint: UInt64
  /// The halves of the state that it comes from, and its number.
  var sourcePair: UInt64
  var source: UInt32
  /// Where its changes begin in the batch's list, and how many there are.
  var changeStart: UInt32
  /// Where the components of the halves are copied, in words; -1 for an unchanged half.
  var leftCopy: Int32
  var rightCopy: Int32
  /// Ids of the halves; 0 as long as they are not found.
  var left: UInt32
  var right: UInt32
  var changeCount: UInt16
  /// The element of the group that makes the state canonical.
  var element: UInt8
  var tags: UInt8
}

/// Successors of a few states, looked up together: the cache lines that they will need are asked
/// for first, so that waiting for one overlaps with waiting for the others.
struct SuccessorBatch {
  private(set) var items: UnsafeMutablePointer<Successor>
  /// What the items have changed of the worlds that they come from: `place << 32 | component`.
  private(set) var changes: UnsafeMutablePointer<UInt64>
  /// The components of changed halves, during a look-up.
  private(set) var copies: UnsafeMutablePointer<UInt64>
  private var copyCapacity: Int
  /// The keys under which the items are remembered, and which of them were new.
  private(set) var keys: UnsafeMutablePointer<UInt64>
  private(set) var fresh: UnsafeMutablePointer<Int32>
  /// Places in the table, where numbers are kept.
  private(set) var places: UnsafeMutablePointer<Int>
  private(set) var capacity: Int
  private(set) var changeCapacity: Int
  var count = 0
  var changeCount = 0
  var copyCount = 0
  /// Whether the keys of all items are known: a batch that had to wait for room keeps them.
  var isKeyed = false

  /// Batches are looked up when they have so many items.
  static let fullCount = 256

  init() {
    capacity = Self.fullCount * 2
    changeCapacity = Self.fullCount * 16
    items = .allocate(capacity: capacity)
    keys = .allocate(capacity: capacity)
    fresh = .allocate(capacity: capacity)
    places = .allocate(capacity: capacity)
    changes = .allocate(capacity: changeCapacity)
    copyCapacity = 0
    copies = .allocate(capacity: 0)
  }

  var byteCount: Int {
    capacity * (MemoryLayout<Successor>.stride + 20) + (changeCapacity + copyCapacity) * 8
  }

  /// Makes room for copies of both halves, `words` together, of every item, and drops the old ones.
  @inline(__always)
  mutating func makeRoomForCopies(words: Int) {
    copyCount = 0
    if capacity &* words > copyCapacity { growCopies(words) }
  }

  @inline(never)
  private mutating func growCopies(_ words: Int) {
    copies.deallocate()
    copyCapacity = capacity * words
    copies = .allocate(capacity: copyCapacity)
  }

  /// Makes room for one more item with so many changes.
  @inline(__always)
  mutating func makeRoom(changes more: Int) {
    if count == capacity || changeCount &+ more > changeCapacity { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    if count == capacity {
      items = Self.larger(items, capacity, 2 * capacity)
      keys = Self.larger(keys, capacity, 2 * capacity)
      fresh = Self.larger(fresh, capacity, 2 * capacity)
      places = Self.larger(places, capacity, 2 * capacity)
      capacity *= 2
    }
    if changeCount + more > changeCapacity {
      let size = max(2 * changeCapacity, changeCount + more)
      changes = Self.larger(changes, changeCapacity, size)
      changeCapacity = size
    }
  }

  private static func larger<Element>(
    _ old: UnsafeMutablePointer<Element>, _ count: Int, _ capacity: Int
  ) -> UnsafeMutablePointer<Element> {
    let new = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    new.moveInitialize(from: old, count: count)
    old.deallocate()
    return new
  }

  mutating func clear() {
    count = 0
    changeCount = 0
    copyCount = 0
    isKeyed = false
  }

  func free() {
    items.deallocate()
    keys.deallocate()
    fresh.deallocate()
    places.deallocate()
    changes.deallocate()
    copies.deallocate()
  }
}
