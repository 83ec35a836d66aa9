import Synchronization

/// What the threads of a search share beside the table of visited states.
final class SearchShared: @unchecked Sendable {
  let system: any NumberedSystem
  let geometry: SlotGeometry
  let group: SymmetryGroup
  let reactions: SharedReactions
  let left: HalfTable
  let right: HalfTable
  let arena: StateArena
  let account: MemoryAccount
  let storage: SearchOptions.Storage
  let order: SearchOptions.Order
  let stateLimit: Int
  /// By place: a bit for each invariant that reads the slot.
  let invariantsOfPlace: [UInt64]
  let invariantCount: Int

  /// The next state to be expanded, counted from the beginning of the level.
  let cursor = Atomic<Int>(0)
  /// Keys in the table, and room that batches under way have reserved.
  let reservedKeys = Atomic<Int>(0)
  /// False once the budget for states or bytes is spent. The level is still finished, so that a
  /// violation in it is found, but nothing more is kept.
  let isStoring = Atomic<Bool>(true)
  /// Set with it: whether it was the number of states.
  let spentStates = Atomic<Bool>(false)

  init?(_ system: any NumberedSystem, invariantCount: Int, options: SearchOptions) {
    self.system = system
    self.invariantCount = invariantCount
    geometry = system.geometry
    let account = MemoryAccount(limit: options.budget.bytes)
    self.account = account
    group = SymmetryGroup(
      slotCount: geometry.slotCount, destinations: geometry.destinations)
    reactions = SharedReactions(
      system, account: account, componentBytes: options.budget.componentBytes)
    storage = options.storage
    order = options.order
    stateLimit = options.budget.states
    let permutations = geometry.permutationCount
    guard
      let left = HalfTable(
        slotCount: geometry.leftCount, permutationCount: permutations, account: account),
      let right = HalfTable(
        slotCount: geometry.rightCount, permutationCount: permutations, account: account),
      let arena = StateArena(states: options.budget.states, account: account)
    else { return nil }
    self.left = left
    self.right = right
    self.arena = arena
    var masks = [UInt64](repeating: 0, count: geometry.placeCount)
    for (number, predicate) in system.predicates.prefix(invariantCount).enumerated() {
      for slot in predicate.slots { masks[geometry.place(of: slot)] |= 1 << UInt64(number) }
    }
    invariantsOfPlace = masks
  }

  /// Nothing more is stored: the budget is spent.
  func stopStoring(states: Bool) {
    if states { spentStates.store(true, ordering: .relaxed) }
    isStoring.store(false, ordering: .relaxed)
  }
}

extension SearchShared {
  /// The content hash of a state.
  func fingerprint(of pair: UInt64) -> UInt64 {
    left.records[UInt32(truncatingIfNeeded: pair >> 32)][0]
      &+ right.records[UInt32(truncatingIfNeeded: pair)][0]
  }

  /// The order of states by content: by fingerprint, and, should two have the same one, by the
  /// hashes of their components.
  func precedes(_ first: FoundState, _ second: FoundState) -> Bool {
    if first.fingerprint != second.fingerprint { return first.fingerprint < second.fingerprint }
    if first.pair == second.pair { return false }
    let hashes = [first.pair, second.pair].map { pair in
      components(of: pair).map { system.contentHash(of: $0) }
    }
    return hashes[0].lexicographicallyPrecedes(hashes[1])
  }

  /// The component ids of a state, by slot.
  func components(of pair: UInt64) -> [UInt32] {
    let halves = [
      (left.records, UInt32(truncatingIfNeeded: pair >> 32)),
      (right.records, UInt32(truncatingIfNeeded: pair)),
    ]
    return halves.flatMap { records, id in
      UnsafeMutableRawPointer(records.contents(id)).withMemoryRebound(
        to: UInt32.self, capacity: records.slotCount
      ) { Array(UnsafeBufferPointer(start: $0, count: records.slotCount)) }
    }
  }
}
