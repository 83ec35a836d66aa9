/// A system as the engine sees it: components, signals and conditions are numbers. Typed code
/// stands behind it and is called on misses only, one call at a time.
protocol NumberedSystem: AnyObject, Sendable {
  var geometry: SlotGeometry { get }
  var predicates: [NumberedPredicate] { get }
  var componentCount: Int { get }
  var signalCount: Int { get }
  /// Set for good when a number would not fit its field.
  var overflow: String? { get }
  var limits: NumberLimits { get }

  /// Stable content hash of a component.
  func contentHash(of component: UInt32) -> UInt64
  func actions(of component: UInt32, in slot: Int) -> [NumberedReaction]
  func reactions(of component: UInt32, in slot: Int, to signal: Int) -> [NumberedReaction]
  /// - Parameter permutation: position among the permutations beside the identity.
  func permuted(_ component: UInt32, in slot: Int, by permutation: Int) -> UInt32
  func holds(predicate: Int, for components: [UInt32]) -> Bool
}

/// A reaction in numbers.
struct NumberedReaction {
  var becoming: UInt32
  var tags: UInt8
  /// As ``StepWord`` packs them.
  var consequences: [UInt64]
}

/// A condition on worlds: an invariant, a guard or a goal, numbered in this order.
struct NumberedPredicate: Sendable {
  var slots: [Int]
  /// Keys of 64 bits for what a predicate has read: 12 bits for the predicate and how many slots it
  /// has read, 26 for those read before (a component or the number of a tuple), 26 for the last.
  var firstCode: Int

  static let codeLimit = 1 << 12

  /// How many codes it needs.
  static func codes(slotCount: Int) -> Int { max(1, slotCount - 1) }
}

/// How many things the fields of keys have numbers for; with more the search ends undecided.
struct NumberLimits: Sendable {
  /// Distinct components, and combinations of them that predicates read.
  var components = 1 << 26
  var combinations = 1 << 26
  var signals = 1 << 24 - StepWord.firstSignal
}

/// Keys of 64 bits for what happens in one place of the world: 8 bits of place, 32 of component,
/// 24 of signal. A consequence is such a key whose component is left open.
enum StepWord {
  /// In the place of a signal: the component acts of its own accord.
  static let action: UInt64 = 1
  static let firstSignal = 2
  /// In the place of a place: the rest is the number of a predicate that must hold.
  static let guardPlace: UInt64 = 255

  static func signal(_ signal: Int, place: Int) -> UInt64 {
    UInt64(place) << 56 | UInt64(signal)
  }

  static func guardWord(predicate: Int) -> UInt64 {
    guardPlace << 56 | UInt64(predicate)
  }
}

/// Where slots are in the working vector: the left half from place 0 on, the right half behind it,
/// each rounded up to whole groups of four.
struct SlotGeometry: Sendable {
  let slotCount: Int
  let leftCount: Int
  /// The first place of the right half.
  let rightStart: Int
  let placeCount: Int
  /// For each permutation beside the identity, where the component of each slot goes.
  let destinations: [[Int]]

  init(slotCount: Int, leftCount: Int, destinations: [[Int]]) {
    self.slotCount = slotCount
    self.leftCount = leftCount
    rightStart = (leftCount + 3) / 4 * 4
    placeCount = rightStart + (slotCount - leftCount + 3) / 4 * 4
    self.destinations = destinations
  }

  var permutationCount: Int { destinations.count }
  var rightCount: Int { slotCount - leftCount }

  func place(of slot: Int) -> Int {
    slot < leftCount ? slot : slot - leftCount + rightStart
  }

  func slot(at place: Int) -> Int {
    place < rightStart ? place : place - rightStart + leftCount
  }

  /// The places that hold a slot.
  var places: [Int] { (0..<slotCount).map { place(of: $0) } }
}
