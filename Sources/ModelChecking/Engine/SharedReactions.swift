import SimulationKernel
import Synchronization

/// What all threads know of the system: every answer that it gave, once. A thread asks here when
/// its own memo has no answer.
///
/// An answer to a ``StepWord`` key takes `1 + groupSize` words. If there is one outcome without
/// consequences: `component << 32 | tags << 8 | 1`, and for each permutation (the identity first)
/// what the change adds to the content hash of the state. Otherwise the first word is the address
/// of a list: the number of outcomes, and for each `component << 32 | consequences << 8 | tags`,
/// the same differences, the consequences.
final class SharedReactions: @unchecked Sendable {
  let system: any NumberedSystem
  let geometry: SlotGeometry
  /// Permutations with the identity.
  let groupSize: Int
  private let account: MemoryAccount
  private let lock = Mutex<Void>(())
  private var reactions: KeyedMemo
  private var contents: KeyedMemo
  private var predicates: KeyedMemo
  private var tupleCount: UInt64 = 0
  private var lists: [UnsafeMutablePointer<UInt64>] = []
  private var wordsLeft = 0
  private var nextWord: UnsafeMutablePointer<UInt64>?
  private var listBytes = 0
  private var accountedBytes = 0
  private let componentBytes: Int
  private var calls = 0
  private let failed = Atomic<Bool>(false)
  private var reason: UndecidedReason?

  init(_ system: any NumberedSystem, account: MemoryAccount, componentBytes: Int) {
    self.system = system
    self.account = account
    self.componentBytes = componentBytes
    geometry = system.geometry
    groupSize = 1 + geometry.permutationCount
    reactions = KeyedMemo(valueWords: 1 + groupSize)
    contents = KeyedMemo(valueWords: 2)
    predicates = KeyedMemo(valueWords: 1)
  }

  /// How often the system was asked, how many components and signals it named.
  var figures: (systemCalls: Int, components: Int, signals: Int) {
    lock.withLock { _ in (calls, system.componentCount, system.signalCount) }
  }

  /// Whether answers are worth nothing from now on: see ``failure``.
  var hasFailed: Bool { failed.load(ordering: .relaxed) }

  /// Why the search cannot go on, if it cannot.
  var failure: UndecidedReason? { lock.withLock { _ in reason } }

  /// Takes what the tables have grown by from the budget; called behind the lock.
  private func settle() {
    let bytes =
      reactions.byteCount + contents.byteCount + predicates.byteCount + listBytes
      + system.componentCount * componentBytes + system.signalCount * 128
    if bytes > accountedBytes {
      if account.reserve(bytes - accountedBytes, isUrgent: true) {
        accountedBytes = bytes
      } else {
        fail(.byteBudget)
      }
    }
    if let overflow = system.overflow { fail(.tooMany(overflow)) }
    if tupleCount >= NumberedPredicate.idLimit { fail(.tooMany("combinations of components")) }
  }

  /// A thread's memo does not fit the budget.
  func failForMemory() {
    lock.withLock { _ in fail(.byteBudget) }
  }

  private func fail(_ why: UndecidedReason) {
    if reason == nil { reason = why }
    failed.store(true, ordering: .relaxed)
  }

  // MARK: Reactions

  /// Puts the answer to a key into `value`, `1 + groupSize` words.
  func answer(_ key: UInt64, into value: UnsafeMutablePointer<UInt64>) {
    lock.withLock { _ in
      value.update(from: reactions.find(key) ?? ask(key), count: 1 + groupSize)
    }
  }

  /// Asks the system, and remembers the answer.
  private func ask(_ key: UInt64) -> UnsafeMutablePointer<UInt64> {
    let place = Int(key >> 56)
    let component = UInt32(truncatingIfNeeded: key >> 24)
    let signal = key & 0xFF_FFFF
    let slot = geometry.slot(at: place)
    calls += 1
    let outcomes =
      signal == StepWord.action
      ? system.actions(of: component, in: slot)
      : system.reactions(of: component, in: slot, to: Int(signal))
    let value = reactions.insert(key)
    encode(outcomes, place, component, into: value)
    settle()
    return value
  }

  private func encode(
    _ outcomes: [NumberedReaction], _ place: Int, _ before: UInt32,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    if outcomes.count == 1, outcomes[0].consequences.isEmpty {
      value[0] = UInt64(outcomes[0].becoming) << 32 | UInt64(outcomes[0].tags) << 8 | 1
      writeDifferences(place, before, outcomes[0].becoming, to: value + 1)
      return
    }
    let size = outcomes.reduce(1) { $0 + 1 + groupSize + $1.consequences.count }
    let list = allocate(size)
    list[0] = UInt64(outcomes.count)
    var next = list + 1
    for outcome in outcomes {
      require(outcome.consequences.count < 1 << 20, "a reaction with too many consequences")
      next[0] =
        UInt64(outcome.becoming) << 32 | UInt64(outcome.consequences.count) << 8
        | UInt64(outcome.tags)
      writeDifferences(place, before, outcome.becoming, to: next + 1)
      next += 1 + groupSize
      for word in outcome.consequences {
        next[0] = word
        next += 1
      }
    }
    value[0] = UInt64(UInt(bitPattern: list))
    for index in 0..<groupSize { value[1 + index] = 0 }
  }

  private func writeDifferences(
    _ place: Int, _ before: UInt32, _ after: UInt32, to words: UnsafeMutablePointer<UInt64>
  ) {
    for element in 0..<groupSize {
      words[element] =
        content(place, after, element).hash &- content(place, before, element).hash
    }
  }

  /// Memory for lists, which never moves.
  private func allocate(_ words: Int) -> UnsafeMutablePointer<UInt64> {
    if words > wordsLeft || nextWord == nil {
      let size = max(words, 8192)
      let chunk = UnsafeMutablePointer<UInt64>.allocate(capacity: size)
      lists.append(chunk)
      listBytes += size * 8
      nextWord = chunk
      wordsLeft = size
    }
    guard let start = nextWord else { programmingError("no memory for a list of reactions") }
    nextWord = start + words
    wordsLeft -= words
    return start
  }

  // MARK: Contents

  /// The component after a group element (0: the identity), and what it then adds to the content
  /// hash of its state.
  private func content(
    _ place: Int, _ component: UInt32, _ element: Int
  ) -> (component: UInt32, hash: UInt64) {
    let key = UInt64(place) << 56 | UInt64(component) << 24 | UInt64(element + 1)
    if let known = contents.find(key) { return (UInt32(truncatingIfNeeded: known[0]), known[1]) }
    var translated = component
    var slot = geometry.slot(at: place)
    if element > 0 {
      translated = system.permuted(component, in: slot, by: element - 1)
      slot = geometry.destinations[element - 1][slot]
    }
    var hasher = StableHasher(seed: UInt64(slot + 1))
    hasher.combine(system.contentHash(of: translated))
    let value = contents.insert(key)
    value[0] = UInt64(translated)
    value[1] = hasher.finalize()
    return (translated, value[1])
  }

  /// What a component adds to the content hash of its state.
  func contentHash(of component: UInt32, at place: Int) -> UInt64 {
    lock.withLock { _ in content(place, component, 0).hash }
  }

  /// Fills in the records of a half and its images, but for the ids of images.
  /// - Parameters:
  ///   - orbit: room for a record for each element of the group.
  ///   - components: as the records keep them.
  ///   - start: the place of the first.
  func fill(
    _ orbit: HalfRecords.Words, with components: HalfRecords.Words, start: Int,
    _ records: HalfRecords, _ group: SymmetryGroup
  ) {
    orbit.update(repeating: 0, count: group.size * records.wordCount)
    lock.withLock { _ in
      for element in 0..<group.size {
        fill(orbit + element * records.wordCount, with: components, start, records, element)
      }
    }
    for element in 0..<group.size {
      for permutation in 1..<group.size {
        let image = group.product(permutation, after: element)
        orbit[element * records.wordCount + HalfRecords.permutedHash + permutation - 1] =
          orbit[image * records.wordCount]
      }
    }
  }

  private func fill(
    _ record: HalfRecords.Words, with components: HalfRecords.Words, _ start: Int,
    _ records: HalfRecords, _ element: Int
  ) {
    let source = UnsafeMutableRawPointer(components).assumingMemoryBound(to: UInt32.self)
    let target = UnsafeMutableRawPointer(record + records.components)
      .assumingMemoryBound(to: UInt32.self)
    for offset in 0..<records.slotCount {
      let place = start + offset
      let moved = content(place, source[offset], element)
      var destination = place
      if element > 0 {
        let slot = geometry.destinations[element - 1][geometry.slot(at: place)]
        destination = geometry.place(of: slot)
      }
      target[destination - start] = moved.component
      record[0] &+= moved.hash
    }
    for offset in 0..<records.slotCount where hasActions(start + offset, target[offset]) {
      record[HalfRecords.activeSlots] |= 1 << UInt64(offset)
    }
  }

  private func hasActions(_ place: Int, _ component: UInt32) -> Bool {
    let key = UInt64(place) << 56 | UInt64(component) << 24 | StepWord.action
    return Self.hasOutcomes(reactions.find(key) ?? ask(key))
  }

  /// Whether an answer has any outcome.
  static func hasOutcomes(_ answer: UnsafeMutablePointer<UInt64>) -> Bool {
    guard answer[0] & 1 == 0, let list = UnsafePointer<UInt64>(bitPattern: UInt(answer[0])) else {
      return true
    }
    return list[0] > 0
  }

  // MARK: Predicates

  /// Whether a predicate holds: 1, or 2 for no.
  func predicateValue(_ key: UInt64, _ predicate: Int, _ components: [UInt32]) -> UInt64 {
    lock.withLock { _ in
      if let known = predicates.find(key) { return known[0] }
      calls += 1
      let value: UInt64 = system.holds(predicate: predicate, for: components) ? 1 : 2
      predicates.insert(key)[0] = value
      settle()
      return value
    }
  }

  /// A number for the components that a predicate has read so far.
  func tupleNumber(_ key: UInt64) -> UInt64 {
    lock.withLock { _ in
      if let known = predicates.find(key) { return known[0] }
      let number = tupleCount
      tupleCount += 1
      predicates.insert(key)[0] = number
      settle()
      return number
    }
  }

  deinit {
    reactions.free()
    contents.free()
    predicates.free()
    for list in lists { list.deallocate() }
    account.release(accountedBytes)
  }
}
