import LinearizabilityChecking
import SimulationKernel

/// Which requests a replica has executed, and what it answered to those that their client may
/// still ask about: the duplicate table of a replicated state machine.
///
/// A client may have several requests open at once, so a high-water mark would not do: the table
/// knows exactly what was executed, as ranges of request numbers, which stay few because clients
/// number their requests without gaps. Answers are kept until the client declares, with a later
/// request, that it has them.
struct AtMostOnceTable: Hashable, Sendable, Fingerprintable {
  fileprivate struct Answer: Hashable, Sendable {
    var number: Int32
    var response: Response
  }

  fileprivate struct Record: Hashable, Sendable {
    /// Executed request numbers; sorted, disjoint, not adjacent.
    var executed: [ClosedRange<Int32>] = []
    /// Sorted by number.
    var answers: [Answer] = []
  }

  /// By node index of the client, up to the largest seen.
  private var records: [Record] = []

  /// Whether the request was executed here, or at the replica that this table was copied from.
  func contains(_ request: RequestID) -> Bool {
    guard records.indices.contains(request.client.index) else { return false }
    return records[request.client.index].executed.contains { $0.contains(request.number) }
  }

  /// The answer given to an executed request; `nil` if the client has declared that it has it.
  func answer(to request: RequestID) -> Response? {
    guard records.indices.contains(request.client.index) else { return nil }
    return records[request.client.index].answers.first { $0.number == request.number }?.response
  }

  /// Enters an executed request.
  /// - Parameter lowestOpen: the lowest number that the client still waits for, by its own word;
  ///   answers below it are dropped.
  mutating func record(_ request: RequestID, _ response: Response, lowestOpen: Int32) {
    while records.count <= request.client.index { records.append(Record()) }
    records[request.client.index].note(request.number, response, lowestOpen)
  }

  func fingerprint(into hasher: inout StableHasher) {
    for record in records {
      for range in record.executed {
        hasher.combine(Int(range.lowerBound))
        hasher.combine(Int(range.upperBound))
      }
      hasher.combine(record.executed.count)
      for answer in record.answers {
        hasher.combine(Int(answer.number))
        hasher.combine(response: answer.response)
      }
      hasher.combine(record.answers.count)
    }
    hasher.combine(records.count)
  }
}

extension AtMostOnceTable: ClientRenamable {
  /// The table ends with the last client that it knows, whoever that is after the renaming.
  func renamed(by renaming: ClientRenaming) -> AtMostOnceTable {
    var table = AtMostOnceTable()
    for (index, old) in records.enumerated() where !old.executed.isEmpty {
      let target = renaming.node(NodeID(index)).index
      while table.records.count <= target { table.records.append(Record()) }
      table.records[target] = Record(
        executed: old.executed,
        answers: old.answers.map {
          Answer(number: $0.number, response: $0.response.renamed(by: renaming))
        })
    }
    return table
  }
}

extension AtMostOnceTable.Record {
  fileprivate mutating func note(_ number: Int32, _ response: Response, _ lowestOpen: Int32) {
    insert(number)
    let position = answers.firstIndex { $0.number >= number } ?? answers.count
    let answer = AtMostOnceTable.Answer(number: number, response: response)
    if position < answers.count, answers[position].number == number {
      answers[position] = answer
    } else {
      answers.insert(answer, at: position)
    }
    if let first = answers.first, first.number < lowestOpen {
      answers.removeAll { $0.number < lowestOpen }
    }
  }

  /// Adds a number to the ranges and joins neighbours.
  private mutating func insert(_ number: Int32) {
    if let last = executed.last, last.upperBound + 1 == number {
      executed[executed.count - 1] = last.lowerBound...number
      return
    }
    let position = executed.firstIndex { $0.upperBound >= number } ?? executed.count
    if position < executed.count, executed[position].contains(number) { return }
    var range = number...number
    var replaced = position..<position
    if position < executed.count, executed[position].lowerBound == number + 1 {
      range = number...executed[position].upperBound
      replaced = position..<(position + 1)
    }
    if position > 0, executed[position - 1].upperBound + 1 == number {
      range = executed[position - 1].lowerBound...range.upperBound
      replaced = (position - 1)..<replaced.upperBound
    }
    executed.replaceSubrange(replaced, with: [range])
  }
}
