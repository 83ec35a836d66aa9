/// Why a bound is what it is: each tightened bound names the bounds that it follows from, so that a
/// contradiction can name the operations behind it. The first premise is the one with the same
/// moment.
struct BoundReasons: Sendable {
  private struct Step: Sendable {
    var operation: Int32
    var premises: (Int32, Int32, Int32)
  }

  private var operationCount = 0
  private var steps: [Step] = []
  /// Per operation, the step that gave its bound; below 0 for its own call or return.
  private var earliest: [Int32] = []
  private var latest: [Int32] = []

  mutating func reset(operationCount: Int) {
    self.operationCount = operationCount
    steps.removeAll(keepingCapacity: true)
    earliest.removeAll(keepingCapacity: true)
    for operation in 0..<operationCount { earliest.append(~Int32(operation)) }
    latest = earliest
  }

  /// Why an operation takes effect no earlier, or no later, than its bound.
  func ofEarliest(_ operation: Int) -> Int32 { earliest[operation] }
  func ofLatest(_ operation: Int) -> Int32 { latest[operation] }

  mutating func raised(_ operation: Int, _ first: Int32, _ second: Int32, _ third: Int32) {
    earliest[operation] = Int32(steps.count)
    steps.append(Step(operation: Int32(operation), premises: (first, second, third)))
  }

  mutating func lowered(_ operation: Int, _ first: Int32, _ second: Int32, _ third: Int32) {
    latest[operation] = Int32(steps.count)
    steps.append(Step(operation: Int32(operation), premises: (first, second, third)))
  }

  /// The operation whose call or return is the moment of a bound.
  func origin(of step: Int32) -> Int32 {
    var step = step
    while step >= 0 { step = steps[Int(step)].premises.0 }
    return ~step
  }

  /// The operations that these steps rest on, ascending. The initial state is left out.
  func operations(behind roots: [Int32]) -> [Int32] {
    var isSeen = Set<Int32>()
    var found = Set<Int32>()
    var pending = roots
    while let step = pending.popLast() {
      guard isSeen.insert(step).inserted else { continue }
      guard step >= 0 else {
        found.insert(~step)
        continue
      }
      found.insert(steps[Int(step)].operation)
      let premises = steps[Int(step)].premises
      pending.append(contentsOf: [premises.0, premises.1, premises.2])
    }
    return found.filter { $0 < operationCount - 1 }.sorted()
  }
}

extension CellBounds {
  /// Notes that one operation comes before another.
  mutating func order(
    _ first: Int, before second: Int, _ part: CellPart
  ) -> ViolationCertificate.Reason? {
    if earliest[first] > earliest[second] {
      let why = reasons.ofEarliest(first)
      setEarliest(second, earliest[first], part)
      reasons.raised(second, why, why, why)
    }
    if latest[second] < latest[first] {
      let why = reasons.ofLatest(second)
      setLatest(first, latest[second], part)
      reasons.lowered(first, why, why, why)
    }
    return contradiction(at: first, part) ?? contradiction(at: second, part)
  }

  /// Raises a write to the end of a group that must precede its own.
  mutating func raise(
    _ write: Int, to last: Int, because earlier: Int, precedes later: Int, _ part: CellPart
  ) {
    setEarliest(write, groups[earlier].earliestEnd, part)
    reasons.raised(
      write, reasons.ofEarliest(last), reasons.ofLatest(Int(groups[earlier].write)),
      reasons.ofEarliest(Int(groups[later].last)))
  }

  /// Lowers a member of a group to the write of one that its group must precede.
  mutating func lower(
    _ member: Int, because earlier: Int, precedes later: Int, _ part: CellPart
  ) {
    setLatest(member, groups[later].latestWrite, part)
    reasons.lowered(
      member, reasons.ofLatest(Int(groups[later].write)),
      reasons.ofLatest(Int(groups[earlier].write)), reasons.ofEarliest(Int(groups[later].last)))
  }
}

extension CellBounds {
  /// What is wrong with an operation that would have to take effect later than is possible.
  mutating func contradiction(
    at operation: Int, _ part: CellPart
  ) -> ViolationCertificate.Reason? {
    guard earliest[operation] > latest[operation] else { return nil }
    contradicting = [reasons.ofEarliest(operation), reasons.ofLatest(operation)]
    let called = reasons.origin(of: reasons.ofEarliest(operation))
    let returned = reasons.origin(of: reasons.ofLatest(operation))
    if Int(returned) == operation, needs(operation, of: Int(called), part) {
      return .readBeforeWrite(read: Int32(operation), write: called)
    }
    var cycle: [Int32] = []
    for member in [called, Int32(operation), returned] where cycle.last != member {
      cycle.append(member)
    }
    var why = cycle.map { _ in ViolationCertificate.Precedence.implied }
    why[why.count - 1] = .realTime
    return .cycle(cycle, why: why)
  }

  /// Two groups of one cell, each of which must precede the other.
  mutating func conflict(
    _ one: Int, _ other: Int, _ part: CellPart
  ) -> ViolationCertificate.Reason {
    for group in [groups[one], groups[other]] {
      contradicting.append(reasons.ofLatest(Int(group.write)))
      contradicting.append(reasons.ofEarliest(Int(group.last)))
    }
    if let first = conflicting(one, part), let second = conflicting(other, part) {
      return .mutualConflict(first, second)
    }
    var cycle: [Int32] = []
    for member in [groups[one].write, groups[one].last, groups[other].write, groups[other].last]
    where Int(member) < part.count && !cycle.contains(member) {
      cycle.append(member)
    }
    return .cycle(cycle, why: cycle.map { _ in .implied })
  }

  /// The group with the operations whose call and return are its bounds; `nil` if these are not
  /// members, but operations from which the bounds were derived.
  private func conflicting(
    _ group: Int, _ part: CellPart
  ) -> ViolationCertificate.ConflictingGroup? {
    let write = groups[group].write
    let last = groups[group].last
    let called = reasons.origin(of: reasons.ofEarliest(Int(last)))
    if Int(write) == part.count {
      guard called == last else { return nil }
      return ViolationCertificate.ConflictingGroup(
        write: nil, firstReturned: nil, lastCalled: last)
    }
    let returned = reasons.origin(of: reasons.ofLatest(Int(write)))
    let isMember = returned == write || needs(Int(returned), of: Int(write), part)
    guard called == last, isMember else { return nil }
    return ViolationCertificate.ConflictingGroup(
      write: write, firstReturned: returned, lastCalled: last)
  }

  private func needs(_ operation: Int, of write: Int, _ part: CellPart) -> Bool {
    guard operation < part.count, write < part.count else { return false }
    return part.needed[2 * operation...2 * operation + 1].contains { site in
      site >= 0 && part.written[2 * write...2 * write + 1].contains(site)
    }
  }

  /// The operations behind the last contradiction.
  func support() -> [Int32] { reasons.operations(behind: contradicting) }
}
