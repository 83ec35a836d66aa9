/// Which state each operation on a text saw or started from: put, append, get, where values are
/// concatenations. A value taken apart says which put it began with and which appends followed.
///
/// Not covered: pieces of which one begins with another (equal ones, empty ones), since then values
/// may be taken apart in several ways; compare-and-swaps.
struct TextGroups: Sendable {
  /// A value that somebody saw.
  private struct Sighting: Sendable {
    var value: Int32
    /// Its length in bytes.
    var length: Int
    /// The first operation that saw it.
    var viewer: Int32
    /// The state that it begins with.
    var root: Int32
  }

  private var pieces = TextPieces()
  /// Per value, its number among the sightings; then the state that it shows.
  private var numbers = ValueWriters()
  private var states = ValueWriters()
  private var sightings: [Sighting] = []
  /// Per operation, whether it replaces the value.
  private var isWrite: [Bool] = []
  /// Where the pieces of the longest value end, and the updates that they stem from.
  private var ends: [Int] = []
  private var chain: [Int32] = []

  /// Starts on a history.
  mutating func begin(_ history: RecordedHistory) {
    numbers.begin(valueCount: history.values.count)
    states.begin(valueCount: history.values.count)
  }

  /// Fills in roles and sources of `groups`, which has begun with the same part; `nil` if the
  /// theory covers them. Linear in the bytes of the distinct values that were seen.
  mutating func fill(
    _ groups: inout ContiguousGroups, _ members: ArraySlice<Int32>, _ history: RecordedHistory
  ) -> FastPathAnswer? {
    numbers.beginPart()
    states.beginPart()
    guard collect(&groups, members, history) else { return .notCovered }
    if let problem = findRoots(groups, history) { return problem }
    sightings.sort { ($0.root, -$0.length) < ($1.root, -$1.length) }
    var longest = 0
    for number in sightings.indices {
      if number == 0 || sightings[number].root != sightings[longest].root {
        longest = number
        if let problem = takeApart(sightings[number], &groups, history) { return problem }
      }
      if let problem = place(number, longest, groups, history) { return problem }
    }
    return assignReads(&groups, members, history)
  }

  /// Gathers pieces and sightings; false if values cannot be taken apart safely.
  private mutating func collect(
    _ groups: inout ContiguousGroups, _ members: ArraySlice<Int32>, _ history: RecordedHistory
  ) -> Bool {
    pieces.removeAll()
    sightings.removeAll(keepingCapacity: true)
    isWrite.refill(false, count: members.count)
    history.values[history.initialValue].withBytes {
      if !$0.isEmpty { pieces.insert($0, number: Int32(groups.count)) }
    }
    for (index, member) in members.enumerated() {
      let operation = history.operations[Int(member)]
      switch operation.kind {
      case .write, .append:
        isWrite[index] = operation.kind == .write
        history.values[operation.argument].withBytes { pieces.insert($0, number: Int32(index)) }
        // An append that nobody saw came when nobody looked any more: like a write.
        if operation.outcome == .ok { groups.roles[index] = .write }
        if operation.outcome == .ok, operation.result >= 0 {
          see(operation.result, Int32(index), history)
        }
      case .read:
        groups.roles[index] = .read
        see(operation.result, Int32(index), history)
      default: return false
      }
    }
    return pieces.isUnambiguous
  }

  private mutating func see(_ value: Int32, _ viewer: Int32, _ history: RecordedHistory) {
    guard numbers.origin(of: value) == .nobody else { return }
    numbers.note(value, by: Int32(sightings.count))
    sightings.append(
      Sighting(
        value: value, length: history.values[value].utf8.count, viewer: viewer, root: -1))
  }

  /// Finds the state that each value begins with: a put, or the initial one.
  private mutating func findRoots(
    _ groups: ContiguousGroups, _ history: RecordedHistory
  ) -> FastPathAnswer? {
    let initial = Int32(groups.count)
    let startsEmpty = history.values[history.initialValue].isEmpty
    for number in sightings.indices {
      let first: Int32? = history.values[sightings[number].value].withBytes { bytes in
        var offset = 0
        if bytes.isEmpty { return startsEmpty ? initial : nil }
        guard let piece = pieces.next(in: bytes, &offset) else { return nil }
        if piece == initial || isWrite[Int(piece)] { return piece }
        return startsEmpty ? initial : nil
      }
      guard let first else { return .violation(.neverWritten(read: sightings[number].viewer)) }
      sightings[number].root = first
    }
    return nil
  }

  /// Chains the appends of a value that no longer one begins with.
  private mutating func takeApart(
    _ sighting: Sighting, _ groups: inout ContiguousGroups, _ history: RecordedHistory
  ) -> FastPathAnswer? {
    ends.removeAll(keepingCapacity: true)
    chain.removeAll(keepingCapacity: true)
    let isWhole = history.values[sighting.value].withBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        guard let piece = pieces.next(in: bytes, &offset) else { return false }
        chain.append(piece)
        ends.append(offset)
      }
      return true
    }
    guard isWhole else { return .violation(.neverWritten(read: sighting.viewer)) }
    var state = sighting.root
    for (place, piece) in chain.enumerated() {
      if place == 0, piece == sighting.root { continue }
      if Int(piece) == groups.count || isWrite[Int(piece)] {
        return .violation(.neverWritten(read: sighting.viewer))
      }
      if groups.roles[Int(piece)] == .chained {
        return .violation(
          .observedTwice(
            update: piece, first: groups.viewers[Int(piece)], second: sighting.viewer))
      }
      groups.roles[Int(piece)] = .chained
      groups.source[Int(piece)] = state
      groups.viewers[Int(piece)] = sighting.viewer
      state = piece
    }
    if Int(sighting.root) < groups.count { groups.roles[Int(sighting.root)] = .write }
    return nil
  }

  /// Finds the state that a value shows: the longest value that begins alike must continue it.
  private mutating func place(
    _ number: Int, _ longest: Int, _ groups: ContiguousGroups, _ history: RecordedHistory
  ) -> FastPathAnswer? {
    let sighting = sightings[number]
    let isContinued =
      number == longest
      || history.values[sighting.value].withBytes { bytes in
        history.values[sightings[longest].value].withBytes { bytes.isPrefix(of: $0) }
      }
    guard isContinued else {
      return .violation(
        .divergentReads(
          write: Int(sighting.root) == groups.count ? nil : sighting.root,
          first: sighting.viewer, second: sightings[longest].viewer))
    }
    if sighting.length == 0 {
      states.note(sighting.value, by: Int32(groups.count))
      return nil
    }
    var low = 0
    var high = ends.count
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] < sighting.length { low = middle + 1 } else { high = middle }
    }
    guard low < ends.count, ends[low] == sighting.length else {
      return .violation(.neverWritten(read: sighting.viewer))
    }
    states.note(sighting.value, by: chain[low])
    return nil
  }

  /// Attaches reads to the states that they saw. An append that tells what it left behind must
  /// have left its own state.
  private func assignReads(
    _ groups: inout ContiguousGroups, _ members: ArraySlice<Int32>, _ history: RecordedHistory
  ) -> FastPathAnswer? {
    for (index, member) in members.enumerated() {
      let operation = history.operations[Int(member)]
      guard operation.outcome == .ok, operation.kind != .write, operation.result >= 0,
        case .only(let state) = states.origin(of: operation.result)
      else { continue }
      if operation.kind == .read {
        groups.source[index] = state
      } else if state != Int32(index) {
        return .violation(.impossibleAnswer(Int32(index)))
      }
    }
    return nil
  }
}
