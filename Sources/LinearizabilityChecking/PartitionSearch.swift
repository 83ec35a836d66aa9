/// The search for an order that explains one partition.
///
/// It walks the events of the partition in time order and takes operations, that is, puts them
/// next in the order. At a return whose operation is untaken it must take that operation, the
/// *forced* one; any other operation open at the moment may be taken before it. So a configuration
/// is the position of the forced return, the open operations that are untaken, and the state.
///
/// - Operations that cannot change the state are taken as soon as they fit, and for good.
/// - With nothing open but the forced operation there is no choice and no record of one.
/// - Otherwise the forced operation is tried first; then one after which it would fit; then the
///   others; those of unknown outcome last, and only where they change the state.
/// - An unknown outcome is taken only where the step after it depends on it.
/// - A choice given up for good enters ``DeadConfigurations``.
///
/// Open operations live in *lanes*: the lane of an operation is free again after its return, so
/// there are as many lanes as operations open at once. Operations of unknown outcome keep theirs.
///
/// After Wing and Gong, Testing and verifying concurrent objects, JPDC 17, 1993, and Lowe, Testing
/// for linearizability, CCPE 29(4), 2017, section 4; positions and lanes replace their lists.
struct PartitionSearch<S: SequentialSpecification, G: SearchGuide>: Sendable {
  typealias Recorded = History<S.Operation, S.Response>

  /// How the search of a partition ended.
  enum Outcome {
    case explained
    case unexplained
    case limitReached
  }

  /// An operation in the order, and the event before (or at) which it takes effect.
  struct Step: Sendable {
    var operation: Int32
    var position: Int32
  }

  /// The order found, of one partition after another.
  var trail: [Step] = []
  /// Configurations tried since ``begin(limit:operationCount:)``.
  var explored = 0
  /// Choices given up since then.
  var backtracks = 0
  /// The longest explanation met in the last partition, and the operation that stopped it.
  var prefix: [Int32] = []
  var blocked = -1

  let specification: S
  var guide: G
  var limit = 0

  // The configuration.
  var state: S.State
  var position = 0
  var end = 0
  /// Lanes with an untaken operation, a bit each; those of unknown outcomes in later words.
  var available: [UInt64] = []
  /// Lanes whose operation cannot change the state.
  var readLanes: [UInt64] = []
  /// Per lane, the operation that was called in it last.
  var occupants: [Int32] = []

  // The partition.
  var events: [Int32] = []
  var isRead: [Bool] = []
  /// Per operation, its lane.
  var lanes: [Int32] = []
  /// Per operation, the previous occupant of its lane, or -1.
  var previous: [Int32] = []
  /// Words of ``available`` that belong to completed operations.
  var completedWords = 0
  var trailStart = 0
  /// Whether the last step of the trail is an unknown outcome.
  var lastIsUnknown = false
  var laneAssignment = LaneAssignment()

  // The choices open to revision.
  var choices: [Choice] = []
  var choiceStates: [S.State] = []
  /// ``available`` and ``readLanes`` at each choice.
  var choiceMasks: [UInt64] = []
  var dead = DeadConfigurations<S.State>()

  // The longest prefix: its first `prefixShared` steps are still those of the trail.
  var prefixPosition = -1
  var prefixShared = 0

  init(_ specification: S, _ guide: G) {
    self.specification = specification
    self.guide = guide
    state = specification.initialState(of: 0..<1)
  }

  /// Starts on a new history.
  mutating func begin(limit: Int, operationCount: Int) {
    self.limit = limit
    explored = 0
    backtracks = 0
    trail.removeAll(keepingCapacity: true)
    if lanes.count < operationCount {
      lanes.append(contentsOf: repeatElement(0, count: operationCount - lanes.count))
      previous.append(contentsOf: repeatElement(-1, count: operationCount - previous.count))
    }
  }

  /// Searches one partition and appends the order found to ``trail``.
  mutating func run(_ partition: HistoryPartition, _ history: Recorded) -> Outcome {
    prepare(partition)
    while let forced = advance(history) {
      let progressed: Bool
      if !lastIsUnknown, isAlone(forced) {
        switch guide.allows(forced, at: position) ? successors(of: forced, history) : .none {
        case .none:
          noteBlocked(forced)
          progressed = false
        case .one(let next):
          take(forced, next, history)
          progressed = true
        case .drawn:
          progressed = openChoice(forced, history)
        }
      } else {
        progressed = openChoice(forced, history)
      }
      if !progressed, !backtrack(history) {
        return explored >= limit ? .limitReached : .unexplained
      }
      if explored >= limit { return .limitReached }
    }
    return .explained
  }

  private mutating func prepare(_ partition: HistoryPartition) {
    position = partition.events.lowerBound
    end = partition.events.upperBound
    state = specification.initialState(of: partition.keys)
    trailStart = trail.count
    let (completed, unknown) = laneAssignment.assign(
      events: events, in: partition.events, lanes: &lanes, previous: &previous)
    completedWords = (completed + 63) / 64
    let words = completedWords + (unknown + 63) / 64
    if available.count != words {
      available = Array(repeating: 0, count: words)
      readLanes = available
      occupants = Array(repeating: -1, count: 64 * words)
    } else {
      for word in 0..<words { available[word] = 0 }
      for word in 0..<words { readLanes[word] = 0 }
    }
    choices.removeAll(keepingCapacity: true)
    choiceStates.removeAll(keepingCapacity: true)
    choiceMasks.removeAll(keepingCapacity: true)
    dead.reset(dutyWords: completedWords, possibilityWords: words - completedWords)
    prefix.removeAll(keepingCapacity: true)
    prefixPosition = -1
    prefixShared = 0
    blocked = -1
    lastIsUnknown = false
  }

  /// Walks on to the next return of an untaken operation, which it answers; `nil` at the end.
  private mutating func advance(_ history: Recorded) -> Int? {
    while position < end {
      let event = events[position]
      if event >= 0 {
        open(Int(event), history)
      } else {
        let operation = Int(~event)
        let lane = Int(lanes[operation])
        if available[lane >> 6] & (1 << UInt64(lane & 63)) != 0 { return operation }
      }
      position += 1
    }
    return nil
  }

  /// Passes a call: the operation becomes available, or is taken at once if it is a read that fits.
  private mutating func open(_ operation: Int, _ history: Recorded) {
    let lane = Int(lanes[operation])
    let bit: UInt64 = 1 << UInt64(lane & 63)
    occupants[lane] = Int32(truncatingIfNeeded: operation)
    guard isRead[operation] else {
      available[lane >> 6] |= bit
      readLanes[lane >> 6] &= ~bit
      return
    }
    readLanes[lane >> 6] |= bit
    if fits(operation, history) {
      record(operation)
    } else {
      available[lane >> 6] |= bit
    }
  }

  private func isAlone(_ operation: Int) -> Bool {
    let lane = Int(lanes[operation])
    for word in 0..<available.count {
      let bits = available[word]
      if word == lane >> 6 {
        if bits & (bits &- 1) != 0 { return false }
      } else if bits != 0 {
        return false
      }
    }
    return true
  }
}

extension PartitionSearch {
  /// What can follow when `operation` is taken now. Counts as a configuration explored.
  mutating func successors(of operation: Int, _ history: Recorded) -> Successors<S.State> {
    explored += 1
    return specification.next(
      state, history.storage[operation].operation, history.storage[operation].response)
  }

  /// Whether a read answers what the state says.
  mutating func fits(_ operation: Int, _ history: Recorded) -> Bool {
    if case .none = successors(of: operation, history) { return false }
    return true
  }

  /// Puts an operation next in the order, moves to `next`, and takes the reads that now fit.
  mutating func take(_ operation: Int, _ next: S.State, _ history: Recorded) {
    let lane = Int(lanes[operation])
    available[lane >> 6] &= ~(1 << UInt64(lane & 63))
    record(operation)
    lastIsUnknown = false
    state = next
    for word in 0..<completedWords {
      var reads = available[word] & readLanes[word]
      while reads != 0 {
        let bit = reads & (~reads &+ 1)
        reads &= ~bit
        let read = Int(occupants[64 * word + bit.trailingZeroBitCount])
        if fits(read, history) {
          available[word] &= ~bit
          record(read)
        }
      }
    }
  }

  private mutating func record(_ operation: Int) {
    trail.append(
      Step(
        operation: Int32(truncatingIfNeeded: operation),
        position: Int32(truncatingIfNeeded: position)))
    guide.took(operation)
  }

  /// Notes that the forced operation does not fit: the search got this far.
  mutating func noteBlocked(_ operation: Int) {
    guard position > prefixPosition else { return }
    prefixPosition = position
    blocked = operation
    prefix.removeSubrange(prefixShared...)
    for index in (trailStart + prefixShared)..<trail.count {
      prefix.append(trail[index].operation)
    }
    prefixShared = prefix.count
  }
}
