/// Which state each operation on a list saw or started from: appends of elements that only one
/// operation appended, and reads of the whole list. All reads must be prefixes of the longest one,
/// which says in which order the elements came.
///
/// Not covered: an element that several operations may have appended and somebody saw.
struct ListGroups: Sendable {
  private var writers = ValueWriters()

  /// Starts on a history.
  mutating func begin(_ history: RecordedHistory) {
    writers.begin(valueCount: history.values.count)
  }

  /// Fills in roles and sources of `groups`, which has begun with the same part; `nil` if the
  /// theory covers them. O(count + elements read).
  mutating func fill(
    _ groups: inout ContiguousGroups, _ members: ArraySlice<Int32>, _ history: RecordedHistory
  ) -> FastPathAnswer? {
    writers.beginPart()
    var longest = -1
    var elements = history.lists[0..<0]
    for (index, member) in members.enumerated() {
      let operation = history.operations[Int(member)]
      switch operation.kind {
      case .append:
        writers.note(operation.argument, by: Int32(index))
        // Elements that nobody saw come after those that somebody saw.
        if operation.outcome == .ok { groups.roles[index] = .write }
      case .readList:
        let seen = history.elements(of: operation)
        if longest < 0 || seen.count > elements.count {
          longest = index
          elements = seen
        }
      default: return .notCovered
      }
    }
    for (index, member) in members.enumerated() {
      let operation = history.operations[Int(member)]
      guard operation.kind == .readList else { continue }
      let seen = history.elements(of: operation)
      guard elements.starts(with: seen) else {
        return .violation(
          .divergentReads(write: nil, first: Int32(index), second: Int32(longest)))
      }
      groups.roles[index] = .read
    }
    return link(elements, longest, &groups)
      ?? attachReads(elements, &groups, members, history)
  }

  /// Chains the appends of the elements.
  private func link(
    _ elements: ArraySlice<Int32>, _ longest: Int, _ groups: inout ContiguousGroups
  ) -> FastPathAnswer? {
    var state = Int32(groups.count)
    var answer: FastPathAnswer?
    for element in elements {
      switch writers.origin(of: element) {
      case .nobody: return .violation(.neverWritten(read: Int32(longest)))
      case .several: answer = .notCovered
      case .only(let writer):
        if groups.roles[Int(writer)] == .chained {
          return .violation(
            .observedTwice(update: writer, first: Int32(longest), second: Int32(longest)))
        }
        groups.roles[Int(writer)] = .chained
        groups.source[Int(writer)] = state
        groups.viewers[Int(writer)] = Int32(longest)
        state = writer
      }
    }
    return answer
  }

  private func attachReads(
    _ elements: ArraySlice<Int32>, _ groups: inout ContiguousGroups, _ members: ArraySlice<Int32>,
    _ history: RecordedHistory
  ) -> FastPathAnswer? {
    for (index, member) in members.enumerated() where groups.roles[index] == .read {
      let length = Int(history.operations[Int(member)].resultCount)
      groups.source[index] = Int32(groups.count)
      if length > 0,
        case .only(let writer) = writers.origin(of: elements[elements.startIndex + length - 1])
      {
        groups.source[index] = writer
      }
    }
    return nil
  }
}

extension RecordedHistory {
  /// The values of an answer that consists of several.
  func elements(of operation: RecordedOperation) -> ArraySlice<Int32> {
    lists[Int(operation.result)..<Int(operation.result) + Int(operation.resultCount)]
  }
}
