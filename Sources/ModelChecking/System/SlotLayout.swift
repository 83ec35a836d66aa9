/// The slots of a world, in two halves.
///
/// The search keeps each distinct half once and a state as a pair of halves, so a state is small
/// when halves repeat. Slots that change in the same steps belong in the same half (servers and the
/// channels between them on the left, clients and their channels on the right), and a permutation
/// keeps each half to itself.
public struct SlotLayout: Hashable, Sendable {
  /// Names for traces, by slot; for example `s1` or `c1->s1`.
  public let names: [String]
  /// How many slots are in the left half.
  public let leftCount: Int

  public static let largestSlotCount = 128
  public static let largestHalf = 64
  public static let largestPredicateCount = 64

  /// - Parameter leftCount: in `1..<names.count`; by default half of the slots.
  public init(names: [String], leftCount: Int? = nil) {
    self.names = names
    self.leftCount = leftCount ?? (names.count + 1) / 2
  }

  public var count: Int { names.count }
}

/// Slots that change places.
public struct SlotPermutation: Hashable, Sendable {
  /// By slot: where its component goes. Each half is mapped onto itself.
  public var destinations: [Int]

  public init(destinations: [Int]) {
    self.destinations = destinations
  }

  /// Exchanges like slots in pairs; the others stay.
  public init(exchanging pairs: [(Int, Int)], among slotCount: Int) {
    destinations = Array(0..<slotCount)
    for (first, second) in pairs { destinations.swapAt(first, second) }
  }
}
