import Synchronization

/// Where the words of a half's record are, and where the records are.
struct HalfRecords: @unchecked Sendable {
  typealias Words = UnsafeMutablePointer<UInt64>

  /// Slots of the half.
  let slotCount: Int
  /// Words that hold the component ids, two to a word, rounded up to whole pairs of words.
  let componentWords: Int
  /// Permutations beside the identity.
  let permutationCount: Int
  let wordCount: Int
  /// Word 0 of the record of id 0, which is never used.
  let base: Words

  /// Word 0: the content hash. Word 1: a bit for each slot whose component has actions.
  static let activeSlots = 1
  /// From word 2 on: the content hash of the half after each permutation.
  static let permutedHash = 2
  /// Then the id of the half after each permutation.
  var permutedID: Int { 2 &+ permutationCount }
  var components: Int { 2 &+ 2 &* permutationCount }

  init(slotCount: Int, permutationCount: Int, base: UnsafeMutableRawPointer, byteCount: Int) {
    self.slotCount = slotCount
    self.permutationCount = permutationCount
    componentWords = Self.componentWords(slotCount)
    wordCount = Self.wordCount(slotCount, permutationCount)
    self.base = base.bindMemory(to: UInt64.self, capacity: byteCount / 8)
  }

  static func componentWords(_ slotCount: Int) -> Int { (slotCount + 3) / 4 * 2 }

  static func wordCount(_ slotCount: Int, _ permutationCount: Int) -> Int {
    2 + 2 * permutationCount + componentWords(slotCount)
  }

  @inline(__always)
  subscript(id: UInt32) -> Words { base + Int(id) &* wordCount }

  /// Reads the ends of a record, which is all its cache lines if it has two.
  @inline(__always)
  func touch(_ id: UInt32) -> UInt64 {
    let record = self[id]
    return record[0] ^ record[wordCount &- 1]
  }

  @inline(__always)
  func contents(_ id: UInt32) -> Words { self[id] + components }

  @inline(__always)
  func contents(_ id: UInt32, equal other: Words) -> Bool {
    equal(contents(id), other)
  }

  @inline(__always)
  func equal(_ mine: Words, _ other: Words) -> Bool {
    var difference: UInt64 = 0
    var word = 0
    while word < componentWords {
      difference |= mine[word] ^ other[word]
      word &+= 1
    }
    return difference == 0
  }
}

/// The distinct halves of all states, shared by all threads: a record for each, and an index from
/// content hashes to ids. Readers take no lock; a new half is put in behind one.
///
/// Ids begin with 1. Records never move.
final class HalfTable: @unchecked Sendable {
  typealias Words = HalfRecords.Words

  let records: HalfRecords
  private let region: MappedRegion
  private let capacity: Int
  private let account: MemoryAccount
  private let lock = Mutex<Void>(())
  private let published = Atomic<Int>(0)
  private let indexBits: Atomic<UInt64>
  private var reservedBytes = 0
  private var index: HalfIndex
  /// Indexes that readers may still be looking at.
  private var retired: [HalfIndex] = []

  init?(slotCount: Int, permutationCount: Int, account: MemoryAccount) {
    self.account = account
    let recordBytes = HalfRecords.wordCount(slotCount, permutationCount) * 8
    let most = min(account.limit, (Int(UInt32.max) - 1) * recordBytes)
    guard let index = HalfIndex(capacityBits: 13), account.reserve(index.byteCount),
      let region = MappedRegion.growing(upTo: most)
    else {
      return nil
    }
    self.index = index
    indexBits = Atomic(index.capacityBits)
    self.region = region
    capacity = region.byteCount / recordBytes
    records = HalfRecords(
      slotCount: slotCount, permutationCount: permutationCount, base: region.base,
      byteCount: region.byteCount)
  }

  var count: Int { published.load(ordering: .relaxed) }

  /// What readers look at; one with an old index finds less, and then asks behind the lock.
  func latestIndex(after known: HalfIndex) -> HalfIndex {
    let bits = indexBits.load(ordering: .acquiring)
    return bits == known.capacityBits ? known : lock.withLock { _ in index }
  }

  var latestIndex: HalfIndex { lock.withLock { _ in index } }

  /// The id of a half, which is put in, together with its permuted images, if it is new.
  ///
  /// The set of halves is closed under permutation, so that it does not depend on which of several
  /// like states was met first.
  /// - Parameters:
  ///   - orbit: a record for each element of the group, the half's own first, filled in but for the
  ///     ids of images.
  ///   - group: what follows what.
  /// - Returns: 0 if the budget does not have room.
  func insert(_ orbit: Words, _ group: SymmetryGroup, isUrgent: Bool) -> UInt32 {
    lock.withLock { _ in
      let known = index.find(orbit[0], orbit + records.components, records)
      if known != 0 { return known }
      let size = group.size
      guard makeRoom(for: size, isUrgent) else { return 0 }
      if size == 1 {
        let id = UInt32(count + 1)
        records[id].update(from: orbit, count: records.wordCount)
        index.insert(orbit[0], id)
        published.store(count + 1, ordering: .relaxed)
        return id
      }
      return insertOrbit(orbit, group)
    }
  }

  private func insertOrbit(_ orbit: Words, _ group: SymmetryGroup) -> UInt32 {
    let size = group.size
    var ids: [UInt32] = []
    var fresh: [Int] = []
    for element in 0..<size {
      let same = (0..<element).first { earlier in
        records.equal(
          orbit + earlier * records.wordCount + records.components,
          orbit + element * records.wordCount + records.components)
      }
      ids.append(same.map { ids[$0] } ?? UInt32(count + 1 + fresh.count))
      if same == nil { fresh.append(element) }
    }
    for element in fresh {
      let record = orbit + element * records.wordCount
      for permutation in 1..<size {
        record[records.permutedID + permutation - 1] = UInt64(
          ids[group.product(permutation, after: element)])
      }
      records[ids[element]].update(from: record, count: records.wordCount)
    }
    for element in fresh { index.insert(orbit[element * records.wordCount], ids[element]) }
    published.store(count + fresh.count, ordering: .relaxed)
    return ids[0]
  }

  private func makeRoom(for more: Int, _ isUrgent: Bool) -> Bool {
    guard count + more < capacity else { return false }
    while (count + more + 1) * records.wordCount * 8 > reservedBytes {
      guard account.reserve(MappedRegion.pageBytes, isUrgent: isUrgent) else { return false }
      reservedBytes += MappedRegion.pageBytes
    }
    while (count + more) * 2 > index.capacity {
      guard account.reserve(index.byteCount * 2, isUrgent: isUrgent),
        let larger = HalfIndex(capacityBits: index.capacityBits + 1)
      else { return false }
      for id in 0..<count {
        larger.insert(records[UInt32(id + 1)][0], UInt32(id + 1))
      }
      retired.append(index)
      index = larger
      indexBits.store(larger.capacityBits, ordering: .releasing)
    }
    return true
  }

  /// Frees what no reader looks at any more; called while no thread searches.
  func freeRetired() {
    for old in retired {
      account.release(old.byteCount)
      old.free()
    }
    retired.removeAll()
  }

  deinit {
    freeRetired()
    account.release(index.byteCount + reservedBytes)
    index.free()
    region.free()
  }
}
