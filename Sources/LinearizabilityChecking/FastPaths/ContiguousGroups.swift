/// The theory of unique values: the operations of one part, in groups that must each be contiguous.
///
/// A *state* of the part is the initial one or what one update left behind. Unique values tell
/// which state a read saw and which state a chained update (a compare-and-swap, an append) started
/// from. A *group* is an update that starts from nothing (a write), the updates chained to it, and
/// the reads of all their states; the first group starts with the initial state.
///
/// Let f be the smallest return and s the largest call of a group. Group A must precede B exactly
/// when f(A) < s(B). Without a mutual conflict that implies s(A) <= f(B), so f + s grows from A to
/// B: sorted by f + s the groups stand in a possible order, or two of them conflict.
///
/// Operations are numbered by their place in the part; number ``count`` is the initial state.
struct ContiguousGroups: Sendable {
  /// What an operation is to the theory.
  enum Role: UInt8, Sendable {
    /// Dropped: an update of unknown outcome that nobody observed.
    case none
    /// Sees the state ``source``.
    case read
    /// Starts a group.
    case write
    /// Starts from the state ``source``.
    case chained
  }

  /// The number of operations.
  private(set) var count = 0
  var roles: [Role] = []
  /// Per operation, the state that it saw or started from.
  var source: [Int32] = []
  /// Per chained append, an operation whose answer shows its place; -1 for other operations.
  var viewers: [Int32] = []
  /// Moments of calls and returns; a return is `.max` when the outcome is unknown.
  private(set) var calls: [Int32] = []
  private(set) var returns: [Int32] = []

  /// The operations, state after state: the update, then the reads by call. The states of a group
  /// stand together, the initial group first.
  var sequence: [Int32] = []
  /// Where each group starts in ``sequence``, and the end.
  var groupStarts: [Int32] = []
  /// Per group, its smallest return and its largest call.
  var firstReturns: [Int32] = []
  var lastCalls: [Int32] = []
  /// Groups by f + s: the sum in the upper half, the group in the lower.
  var keys: [UInt64] = []
  var radix = RadixSort()

  /// Per state, the update chained to it, or -1.
  private var successors: [Int32] = []
  /// The states in the order of ``sequence``, and per state its place there, or -1.
  private var states: [Int32] = []
  private var ranks: [Int32] = []
  /// Per place in ``states``, where its operations go in ``sequence``.
  private var places: [Int32] = []

  /// Starts on a part: every role is ``Role/none``.
  mutating func begin(_ members: ArraySlice<Int32>, _ history: RecordedHistory) {
    count = members.count
    roles.refill(.none, count: count)
    source.refill(-1, count: count)
    viewers.refill(-1, count: count)
    calls.removeAll(keepingCapacity: true)
    returns.removeAll(keepingCapacity: true)
    for member in members {
      let isOpen = history.operations[Int(member)].outcome != .ok
      calls.append(history.operations[Int(member)].call)
      returns.append(isOpen ? .max : history.operations[Int(member)].returned)
    }
  }

  /// Orders the groups, or says why that cannot be. O(count), with a radix sort of the groups.
  mutating func arrange() -> FastPathAnswer {
    if let reason = linkStates() ?? rankStates() { return .violation(reason) }
    fillSequence()
    if let reason = measureGroups() { return .violation(reason) }
    sortGroups()
    if let reason = firstConflict() { return .violation(reason) }
    return .ordered
  }

  /// Appends the order to `order`, as operation indices of the history.
  func appendOrder(of members: ArraySlice<Int32>, to order: inout [Int32]) {
    let first = members.startIndex
    for key in keys {
      let group = Int(truncatingIfNeeded: key & 0xFFFF_FFFF)
      for place in Int(groupStarts[group])..<Int(groupStarts[group + 1]) {
        order.append(members[first + Int(sequence[place])])
      }
    }
  }

  /// Finds the successor of each state; two updates that start from one state contradict.
  private mutating func linkStates() -> ViolationCertificate.Reason? {
    successors.refill(-1, count: count + 1)
    for operation in 0..<count where roles[operation] == .chained {
      let state = Int(source[operation])
      if successors[state] >= 0 {
        return .twoSuccesses(
          write: state == count ? nil : Int32(state), first: successors[state],
          second: Int32(operation))
      }
      successors[state] = Int32(operation)
    }
    return nil
  }

  /// Lays out the states, group after group; a chain that nothing starts is a cycle.
  private mutating func rankStates() -> ViolationCertificate.Reason? {
    states.removeAll(keepingCapacity: true)
    groupStarts.removeAll(keepingCapacity: true)
    ranks.refill(-1, count: count + 1)
    rankGroup(from: count)
    for operation in 0..<count where roles[operation] == .write { rankGroup(from: operation) }
    for operation in 0..<count where roles[operation] == .chained && ranks[operation] < 0 {
      return .cycle(of: source, through: operation)
    }
    return nil
  }

  private mutating func rankGroup(from root: Int) {
    groupStarts.append(Int32(states.count))
    var state = root
    while state >= 0 {
      ranks[state] = Int32(states.count)
      states.append(Int32(state))
      state = Int(successors[state])
    }
  }

  /// A counting sort of the operations by state.
  private mutating func fillSequence() {
    places.refill(0, count: states.count + 1)
    for operation in 0..<count where roles[operation] == .read {
      places[Int(ranks[Int(source[operation])])] += 1
    }
    var total: Int32 = 0
    for rank in 0..<states.count {
      let size = places[rank] + (Int(states[rank]) == count ? 0 : 1)
      places[rank] = total
      total += size
    }
    places[states.count] = total
    groupStarts.append(Int32(states.count))
    for group in groupStarts.indices { groupStarts[group] = places[Int(groupStarts[group])] }
    sequence.refill(0, count: Int(total))
    for rank in 0..<states.count where Int(states[rank]) != count {
      sequence[Int(places[rank])] = states[rank]
      places[rank] += 1
    }
    for operation in 0..<count where roles[operation] == .read {
      let rank = Int(ranks[Int(source[operation])])
      sequence[Int(places[rank])] = Int32(operation)
      places[rank] += 1
    }
  }
}

extension Array {
  /// Makes the array hold `count` times `element`, keeping its memory.
  @inline(__always)
  mutating func refill(_ element: Element, count: Int) {
    removeAll(keepingCapacity: true)
    append(contentsOf: repeatElement(element, count: count))
  }
}
