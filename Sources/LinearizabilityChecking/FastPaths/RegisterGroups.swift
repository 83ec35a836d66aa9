/// Which state each operation on a register saw or started from: reads, writes and
/// compare-and-swaps of values that only one operation wrote. The same for the keys of a store with
/// get and put.
///
/// Not covered: a value that several operations may have written and somebody observed; a
/// compare-and-swap that says only that it found something else, or nothing at all.
struct RegisterGroups: Sendable {
  private var writers = ValueWriters()
  /// Updates of unknown outcome that took effect, since somebody saw their values.
  private var observed: [Int32] = []

  /// Starts on a history.
  mutating func begin(_ history: RecordedHistory) {
    writers.begin(valueCount: history.values.count)
  }

  /// Fills in roles and sources of `groups`, which has begun with the same part; `nil` if the
  /// theory covers them. O(count).
  mutating func fill(
    _ groups: inout ContiguousGroups, _ members: ArraySlice<Int32>, _ history: RecordedHistory
  ) -> FastPathAnswer? {
    writers.beginPart()
    observed.removeAll(keepingCapacity: true)
    writers.note(history.initialValue, by: Int32(groups.count))
    for (index, member) in members.enumerated() {
      let operation = history.operations[Int(member)]
      switch operation.kind {
      case .write: writers.note(operation.argument, by: Int32(index))
      case .compareAndSwap where operation.mayReplace:
        writers.note(operation.argument, by: Int32(index))
      case .read, .compareAndSwap: break
      default: return .notCovered
      }
    }
    var answer: FastPathAnswer?
    for (index, member) in members.enumerated() {
      let problem = assign(Int32(index), history.operations[Int(member)], &groups, members, history)
      if case .violation? = problem { return problem }
      answer = answer ?? problem
    }
    return answer ?? settleUnknown(&groups, members, history)
  }

  private mutating func assign(
    _ index: Int32, _ operation: RecordedOperation, _ groups: inout ContiguousGroups,
    _ members: ArraySlice<Int32>, _ history: RecordedHistory
  ) -> FastPathAnswer? {
    switch operation.kind {
    case .write:
      if operation.outcome == .ok { groups.roles[Int(index)] = .write }
      return nil
    case .compareAndSwap where operation.outcome == .unknown: return nil
    case .compareAndSwap:
      if operation.contradictsItself { return .violation(.impossibleAnswer(index)) }
      if operation.result < 0 { return .notCovered }
      if operation.result == 1 {
        groups.roles[Int(index)] = operation.mayReplace ? .chained : .read
        return attach(index, to: operation.expected, &groups, members, history)
      }
      if operation.resultCount < 0 { return .notCovered }
      groups.roles[Int(index)] = .read
      return attach(index, to: operation.resultCount, &groups, members, history)
    default:
      groups.roles[Int(index)] = .read
      return attach(index, to: operation.result, &groups, members, history)
    }
  }

  /// Notes that operation `index` saw `value`.
  private mutating func attach(
    _ index: Int32, to value: Int32, _ groups: inout ContiguousGroups,
    _ members: ArraySlice<Int32>, _ history: RecordedHistory
  ) -> FastPathAnswer? {
    switch writers.origin(of: value) {
    case .nobody: return .violation(.neverWritten(read: index))
    case .several: return .notCovered
    case .only(let writer):
      groups.source[Int(index)] = writer
      if Int(writer) < groups.count, groups.roles[Int(writer)] == .none,
        history.operations[Int(members[members.startIndex + Int(writer)])].outcome == .unknown
      {
        groups.roles[Int(writer)] = .write
        observed.append(writer)
      }
      return nil
    }
  }

  /// A compare-and-swap of unknown outcome whose value was seen did replace what it expected.
  private mutating func settleUnknown(
    _ groups: inout ContiguousGroups, _ members: ArraySlice<Int32>, _ history: RecordedHistory
  ) -> FastPathAnswer? {
    while let index = observed.popLast() {
      let operation = history.operations[Int(members[members.startIndex + Int(index)])]
      guard operation.kind == .compareAndSwap else { continue }
      groups.roles[Int(index)] = .chained
      if let problem = attach(index, to: operation.expected, &groups, members, history) {
        return problem
      }
    }
    return nil
  }
}

extension RecordedOperation {
  /// Whether a compare-and-swap can change the value: it asks for a change and did not fail.
  var mayReplace: Bool { expected != argument && (outcome == .unknown || result != 0) }

  /// Whether the answer of a compare-and-swap is impossible in every state.
  var contradictsItself: Bool {
    outcome == .ok && result >= 0 && resultCount >= 0 && (result == 1) != (resultCount == expected)
  }
}
