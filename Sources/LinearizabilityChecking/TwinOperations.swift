/// Operations that ask for the same thing and got the same answer. Of those that are open at the
/// same time a search takes the one first that has to take effect first: an order that takes
/// another one explains as much with the two exchanged.
struct TwinOperations: SearchGuide {
  /// Per operation, its class; the members of a class by their latest moment, one class after
  /// another; and per operation its place there.
  private var classes: [Int32] = []
  private var members: [Int32] = []
  private var places: [Int32] = []
  private var classStarts: [Int32] = []
  /// Per class, the first place that may be untaken.
  private var firstOpen: [Int32] = []
  private var isDone: [Bool] = []
  /// Per operation, the position of its call among the events.
  private var openings: [Int32] = []

  /// The twins among `operations`, indices by call that are numbered by their place. Reads have
  /// none: they are taken as soon as they fit.
  init(
    _ operations: ArraySlice<Int32>, _ history: RecordedHistory, _ times: OperationTimes
  ) {
    struct Request: Hashable {
      var kind: RecordedOperation.Kind
      var key: Int32
      var argument: Int32
      var expected: Int32
      /// -2 when the operation did not return.
      var result: Int32
      var found: Int32
    }
    var numbers: [Request: Int32] = [:]
    for member in operations {
      let operation = history.operations[Int(member)]
      let isOpen = operation.outcome != .ok
      let request = Request(
        kind: operation.kind, key: operation.key, argument: operation.argument,
        expected: operation.expected, result: isOpen ? -2 : operation.result,
        found: isOpen ? -2 : operation.resultCount)
      let next = Int32(numbers.count)
      let number = operation.kind.isRead ? -1 : numbers[request, default: next]
      if number == next { numbers[request] = next }
      classes.append(number)
    }
    sortMembers(classCount: numbers.count, times)
    isDone = Array(repeating: false, count: operations.count)
    openings = Array(repeating: 0, count: operations.count)
  }

  private mutating func sortMembers(classCount: Int, _ times: OperationTimes) {
    classStarts = Array(repeating: 0, count: classCount + 1)
    for number in classes where number >= 0 { classStarts[Int(number) + 1] += 1 }
    for number in 0..<classCount { classStarts[number + 1] += classStarts[number] }
    firstOpen = classStarts
    var keys: [UInt64] = []
    for place in classes.indices where classes[place] >= 0 {
      keys.append(UInt64(times.latest[place]) << 32 | UInt64(place))
    }
    var radix = RadixSort()
    radix.sort(&keys)
    members = Array(repeating: 0, count: keys.count)
    places = Array(repeating: -1, count: classes.count)
    var next = classStarts
    for key in keys {
      let operation = Int(truncatingIfNeeded: key & 0xFFFF_FFFF)
      let number = Int(classes[operation])
      places[operation] = next[number]
      members[Int(next[number])] = Int32(operation)
      next[number] += 1
    }
  }

  mutating func begin(_ events: [Int32]) {
    for position in events.indices where events[position] >= 0 {
      openings[Int(events[position])] = Int32(position)
    }
  }

  mutating func allows(_ operation: Int, at position: Int) -> Bool {
    let number = Int(classes[operation])
    guard number >= 0 else { return true }
    var place = Int(firstOpen[number])
    while isDone[Int(members[place])], place < Int(places[operation]) { place += 1 }
    firstOpen[number] = Int32(place)
    while place < Int(places[operation]) {
      let other = Int(members[place])
      if !isDone[other], Int(openings[other]) < position { return false }
      place += 1
    }
    return true
  }

  mutating func took(_ operation: Int) {
    isDone[operation] = true
  }

  mutating func gaveBack(_ operation: Int) {
    isDone[operation] = false
    let number = Int(classes[operation])
    if number >= 0 { firstOpen[number] = min(firstOpen[number], places[operation]) }
  }

  func suggestion(before forced: Int) -> SearchSuggestion { .none }
}
