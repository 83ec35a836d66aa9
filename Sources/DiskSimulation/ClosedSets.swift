/// All closed subsets of a list of things of which later ones require earlier ones: every subset
/// that contains whatever its members require. They are visited or counted, never all in memory.
public struct ClosedSets: Sendable {
  /// For each place, the earlier places that it requires.
  let requirements: [[Int]]

  /// - Parameter requirements: for each place the places that it requires; those that are not
  ///   earlier places are ignored.
  public init(requirements: [[Int]]) {
    self.requirements = requirements.enumerated().map { place, needs in
      needs.filter { $0 >= 0 && $0 < place }
    }
  }

  /// How many things there are.
  public var elementCount: Int { requirements.count }

  /// Visits every closed set once, as ascending places, the empty one first; stops when `body`
  /// answers false. The time is proportional to the sets that are visited.
  /// - Returns: whether all sets were visited.
  @discardableResult
  public func visit(_ body: ([Int]) throws -> Bool) rethrows -> Bool {
    var isIn = [Bool](repeating: false, count: elementCount)
    var kept: [Int] = []
    while true {
      guard try body(kept) else { return false }
      // The next set in the order of binary numbers whose lowest bit is the last place: drop the
      // members from the end on until one can be put in.
      var place = elementCount - 1
      while place >= 0 {
        if isIn[place] {
          isIn[place] = false
          kept.removeLast()
        } else if requirements[place].allSatisfy({ isIn[$0] }) {
          break
        }
        place -= 1
      }
      if place < 0 { return true }
      isIn[place] = true
      kept.append(place)
    }
  }

  /// The number of closed sets, without visiting them.
  /// - Parameter limit: the largest number of intermediate cases; what it cuts is undecided.
  /// - Returns: nil if the limit was met or the number exceeds 2^63 - 1.
  public func count(limit: Int = 1 << 20) -> Int? {
    let blocking = Blocking(self)
    var layer = [PlaceSet(): 1]
    for place in 0..<elementCount {
      var next: [PlaceSet: Int] = [:]
      for (blocked, sets) in layer {
        let isBlocked = blocked.contains(place)
        let cases = isBlocked ? [blocked] : [blocked, blocking.lost(place, after: blocked)]
        for blocked in cases {
          let (sum, overflows) = next[blocked.above(place), default: 0].addingReportingOverflow(
            sets)
          if overflows { return nil }
          next[blocked.above(place)] = sum
        }
      }
      if next.count > limit { return nil }
      layer = next
    }
    return layer[PlaceSet()]
  }
}

/// A set of places.
struct PlaceSet: Hashable, Sendable {
  /// 64 places a word; the last word is not 0, so that equal sets are equal values.
  private(set) var words: [UInt64] = []

  func contains(_ place: Int) -> Bool {
    place / 64 < words.count && words[place / 64] & (1 << UInt64(place % 64)) != 0
  }

  mutating func insert(_ place: Int) {
    while words.count <= place / 64 { words.append(0) }
    words[place / 64] |= 1 << UInt64(place % 64)
  }

  mutating func formUnion(_ other: PlaceSet) {
    while words.count < other.words.count { words.append(0) }
    for index in other.words.indices { words[index] |= other.words[index] }
  }

  /// Without the places up to this one.
  func above(_ place: Int) -> PlaceSet {
    var copy = self
    let word = place / 64
    for index in copy.words.indices where index < word { copy.words[index] = 0 }
    if word < copy.words.count {
      // Two shifts, as 64 at once would be too far for the last place of a word.
      copy.words[word] &= (UInt64.max << UInt64(place % 64)) << 1
    }
    while copy.words.last == 0 { copy.words.removeLast() }
    return copy
  }
}

/// What cannot be kept once something is lost.
struct Blocking: Sendable {
  /// For each place everything later that requires it, directly or not.
  private var dependents: [PlaceSet]

  init(_ sets: ClosedSets) {
    dependents = Array(repeating: PlaceSet(), count: sets.elementCount)
    for place in sets.requirements.indices.reversed() {
      for needed in sets.requirements[place] {
        dependents[needed].insert(place)
        dependents[needed].formUnion(dependents[place])
      }
    }
  }

  func lost(_ place: Int, after blocked: PlaceSet) -> PlaceSet {
    var union = blocked
    union.formUnion(dependents[place])
    return union
  }
}

extension VirtualDisk {
  /// What a power loss may keep: places of ``pendingMicroOperations``.
  public var closedSets: ClosedSets {
    let pending = pendingMicroOperations
    var places: [Int: Int] = [:]
    for (place, operation) in pending.enumerated() { places[operation.serial] = place }
    return ClosedSets(requirements: pending.map { $0.requires.compactMap { places[$0] } })
  }

  /// Every disk that a power loss now may leave.
  /// - Parameter limit: the largest number of closed sets to try.
  /// - Returns: the different disks in the order in which they were met, and how many closed sets
  ///   there are; nil if there are more than the limit, which leaves the question undecided.
  public func crashImages(limit: Int) -> (closedSets: Int, images: [VirtualDisk])? {
    var tried = 0
    var images: [VirtualDisk] = []
    var known = Set<VirtualDisk>()
    let isComplete = closedSets.visit { places in
      if tried == limit { return false }
      tried += 1
      var crashed = self
      guard (try? crashed.losePower(keeping: places)) != nil else { return false }
      if known.insert(crashed).inserted { images.append(crashed) }
      return true
    }
    return isComplete ? (tried, images) : nil
  }

  /// How many different disks a power loss now may leave: as many as ``crashImages(limit:)`` finds,
  /// told apart by their hashes.
  /// - Returns: nil if there are more closed sets than the limit.
  public func crashImageCount(limit: Int) -> Int? {
    var tried = 0
    var known = Set<UInt64>()
    let isComplete = closedSets.visit { places in
      if tried == limit { return false }
      tried += 1
      var crashed = self
      guard (try? crashed.losePower(keeping: places)) != nil else { return false }
      // Nothing is pending then, and the durable state is numbered afresh.
      known.insert(crashed.isOpen ? crashed.fingerprint : crashed.state.durable.fingerprint)
      return true
    }
    return isComplete ? known.count : nil
  }
}
