/// One thread's part of a search: it expands states, gathers their successors in batches and looks
/// these up. Integers over unsafe memory only.
struct Worker {
  typealias Words = UnsafeMutablePointer<UInt64>

  let shared: SearchShared
  let leftRecords: HalfRecords
  let rightRecords: HalfRecords
  let rightStart: Int
  let permutationCount: Int
  let isExact: Bool

  var memo: KeyedMemo
  var predicateMemo: KeyedMemo
  var batch = SuccessorBatch()
  var table: VisitedTable
  var leftIndex: HalfIndex
  var rightIndex: HalfIndex

  // The world in work, by place, with what its step has changed so far.
  let world: UnsafeMutablePointer<UInt32>
  /// The content hashes of its halves.
  let hashes: Words
  /// The content hash of the state after each permutation beside the identity.
  let imageHashes: Words
  var tags: UInt8 = 0
  /// What the step has overwritten: `place << 32 | component`.
  let undo: Words
  var undoCount = 0
  /// What each change has added to the hashes of the images.
  let imageUndo: Words
  /// Consequences that are still to come, the next one last.
  let agenda: Words
  var reactionsLeft = 0

  // The state being expanded.
  var source: UInt32 = 0
  var sourcePair: UInt64 = 0
  var sourceLeftHash: UInt64 = 0
  var sourceRightHash: UInt64 = 0

  // A run of the level that this thread has taken.
  var next = 0
  var end = 0

  let invariantsOfPlace: Words
  /// A bit for each invariant.
  let allInvariants: UInt64
  let predicatePlaces: UnsafeMutablePointer<Int32>
  /// By predicate: where its places begin, and its first code.
  let predicateStarts: UnsafeMutablePointer<Int32>
  let predicateCodes: Words

  let orbit: Words
  var tally = WorkerTally()
  var mode = WorkerMode.store
  /// Kept if goals are asked for.
  var log: TransitionLog?
  /// Keeps reads that only warm the caches from being optimised away.
  var sink: UInt64 = 0

  /// Reactions in one step; more mean that signals chase each other.
  static let reactionLimit = 4096
  static let agendaCapacity = 1 << 16
  /// A reaction with consequences, and each of these, may change a slot.
  static let undoCapacity = 1 << 16 - 1

  init(_ shared: SearchShared, table: VisitedTable, log: TransitionLog?) {
    self.log = log
    self.shared = shared
    self.table = table
    let geometry = shared.geometry
    leftRecords = shared.left.records
    rightRecords = shared.right.records
    rightStart = geometry.rightStart
    permutationCount = geometry.permutationCount
    isExact = shared.storage == .exact
    memo = KeyedMemo(valueWords: 2 + geometry.permutationCount)
    predicateMemo = KeyedMemo(valueWords: 1)
    leftIndex = shared.left.latestIndex
    rightIndex = shared.right.latestIndex
    world = .allocate(capacity: geometry.placeCount)
    world.initialize(repeating: 0, count: geometry.placeCount)
    hashes = .allocate(capacity: 2)
    imageHashes = .allocate(capacity: max(1, permutationCount))
    undo = .allocate(capacity: Self.undoCapacity)
    imageUndo = .allocate(capacity: Self.undoCapacity * max(1, permutationCount))
    agenda = .allocate(capacity: Self.agendaCapacity)
    orbit = .allocate(
      capacity: shared.group.size * max(leftRecords.wordCount, rightRecords.wordCount))
    allInvariants = shared.invariantCount == 64 ? .max : 1 << UInt64(shared.invariantCount) - 1
    invariantsOfPlace = .allocate(capacity: geometry.placeCount)
    for place in 0..<geometry.placeCount {
      invariantsOfPlace[place] = shared.invariantsOfPlace[place]
    }
    let predicates = shared.system.predicates
    predicateStarts = .allocate(capacity: predicates.count + 1)
    predicateCodes = .allocate(capacity: predicates.count + 1)
    predicatePlaces = .allocate(capacity: predicates.reduce(1) { $0 + $1.slots.count })
    var start = 0
    for (number, predicate) in predicates.enumerated() {
      predicateStarts[number] = Int32(start)
      predicateCodes[number] = UInt64(predicate.firstCode)
      for slot in predicate.slots {
        predicatePlaces[start] = Int32(geometry.place(of: slot))
        start += 1
      }
    }
    predicateStarts[predicates.count] = Int32(start)
  }

  /// By the budget's account.
  var byteCount: Int { memo.byteCount + predicateMemo.byteCount + batch.byteCount }

  func free() {
    memo.free()
    predicateMemo.free()
    batch.free()
    world.deallocate()
    hashes.deallocate()
    imageHashes.deallocate()
    undo.deallocate()
    imageUndo.deallocate()
    agenda.deallocate()
    orbit.deallocate()
    invariantsOfPlace.deallocate()
    predicatePlaces.deallocate()
    predicateStarts.deallocate()
    predicateCodes.deallocate()
    log?.free()

  }
}

/// What a worker has counted.
struct WorkerTally {
  var transitions = 0
  var deadEnds = 0
  /// The sum of the orbits of the states kept, and of the transitions out of them; without
  /// symmetry nothing is added.
  var orbitStates = 0
  var orbitTransitions = 0
  /// Steps that ended at a signal without a reaction.
  var refusals = 0
  var lookUps = 0
  /// The sum over new states of their scrambled fingerprints.
  var digest: UInt64 = 0
  /// The canonically least state that breaks an invariant, of those seen.
  var violation: FoundState?
}

/// A state as an order-independent search names it: first by content, then by its halves.
struct FoundState: Sendable {
  var fingerprint: UInt64
  var pair: UInt64
  /// The state that it was reached from, by number.
  var source: UInt32 = 0
  var sourcePair: UInt64 = 0
}

/// What a worker does with successors.
enum WorkerMode {
  /// Remembers those that are new, and checks them.
  case store
  /// Looks for one state, and remembers the canonically least state that leads to it.
  case seek(FoundState)
}
