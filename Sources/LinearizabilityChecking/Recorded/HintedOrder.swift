/// Verifies an order of updates that came with a history, in linear time: updates take effect in
/// this order and each as late as possible, reads as soon as they fit.
///
/// As late as possible is best: an update is due when it returns, or when a read returns that needs
/// a later state; waiting until then closes no possibility to anything else. So if this fails, no
/// order of all operations agrees with the given order of updates.
struct HintedOrder<S: SequentialSpecification>
where S.Operation == RecordedOperation, S.Response == RecordedAnswer {
  private let specification: S
  private let history: RecordedHistory
  private let members: ArraySlice<Int32>
  /// The updates in order, by place in the part, and how many have taken effect.
  private let updates: [Int32]
  private var count = 0
  private var state: S.State
  private var isCalled: [Bool]
  private var isTaken: [Bool]
  /// Reads that are open and have not fitted yet.
  private var waiting: [Int32] = []
  private var order: [Int32] = []

  /// - Parameter updates: places in the part, each at most once.
  init(
    _ specification: S, _ members: ArraySlice<Int32>, _ keys: Range<Int>,
    _ history: RecordedHistory, updates: [Int32]
  ) {
    self.specification = specification
    self.history = history
    self.members = members
    self.updates = updates
    state = specification.initialState(of: keys)
    isCalled = Array(repeating: false, count: members.count)
    isTaken = isCalled
  }

  /// The operations of the part in an order that agrees with the given one; `nil` if there is none.
  mutating func verified() -> [Int32]? {
    for key in moments() {
      let place = Int32(truncatingIfNeeded: key >> 1 & 0x7FFF_FFFF)
      if key & 1 == 0 {
        call(place)
      } else {
        while !isTaken[Int(place)] {
          guard takeNext() else { return nil }
        }
      }
    }
    return order
  }

  /// Calls and returns in time order: the moment above the place, whose lowest bit tells a return.
  private func moments() -> [UInt64] {
    var keys: [UInt64] = []
    keys.reserveCapacity(2 * members.count)
    for (place, member) in members.enumerated() {
      let operation = history.operations[Int(member)]
      keys.append(UInt64(operation.call) << 32 | UInt64(2 * place))
      if operation.outcome == .ok {
        keys.append(UInt64(operation.returned) << 32 | UInt64(2 * place + 1))
      }
    }
    var radix = RadixSort()
    radix.sort(&keys)
    return keys
  }

  private func member(_ place: Int32) -> Int {
    Int(members[members.startIndex + Int(place)])
  }

  private mutating func call(_ place: Int32) {
    isCalled[Int(place)] = true
    let member = member(place)
    let answer = history.answer(of: member)
    guard specification.isReadOnly(history.operations[member], answer) else { return }
    if fits(place) { take(place) } else { waiting.append(place) }
  }

  private func fits(_ place: Int32) -> Bool {
    let member = member(place)
    let answer = history.answer(of: member)
    if case .none = specification.next(state, history.operations[member], answer) { return false }
    return true
  }

  private mutating func take(_ place: Int32) {
    isTaken[Int(place)] = true
    order.append(place)
  }

  /// Lets the next update take effect, and the reads that waited for it.
  private mutating func takeNext() -> Bool {
    guard count < updates.count, isCalled[Int(updates[count])] else { return false }
    let place = updates[count]
    let member = member(place)
    guard
      case .one(let next) = specification.next(
        state, history.operations[member], history.answer(of: member))
    else { return false }
    state = next
    count += 1
    if !isTaken[Int(place)] { take(place) }
    var kept = 0
    for read in waiting {
      if fits(read) {
        take(read)
      } else {
        waiting[kept] = read
        kept += 1
      }
    }
    waiting.removeLast(waiting.count - kept)
    return true
  }
}

/// Verifies a hint with the specification of its part.
struct HintVerification: SpecificationUser {
  var members: ArraySlice<Int32>
  var keys: Range<Int>
  var history: RecordedHistory
  var updates: [Int32]

  mutating func use<S: SequentialSpecification>(_ specification: S) -> [Int32]?
  where S.Operation == RecordedOperation, S.Response == RecordedAnswer {
    var order = HintedOrder(specification, members, keys, history, updates: updates)
    return order.verified()
  }
}
