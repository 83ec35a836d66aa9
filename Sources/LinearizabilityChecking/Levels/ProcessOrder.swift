/// The order in which each process of a history did things.
///
/// One operation comes before another of the same process if it had returned when that one was
/// called. So an operation of unknown outcome comes before nothing: it may take effect at any
/// later time. Operations that take no part (``RecordedHistory/takesPart(_:)``) are left out.
struct ProcessOrder {
  /// By process: the operations that returned, by return.
  private(set) var returned: [[Int32]]
  /// By process: all operations, by call.
  private(set) var called: [[Int32]]
  /// By operation: how many of ``returned`` of its process come before it; these are the first.
  private(set) var beforeCount: [Int32]
  /// By operation: its place in ``returned`` of its process; -1 if it did not return.
  private(set) var place: [Int32]

  init(_ history: RecordedHistory) {
    let count = history.operations.count
    returned = Array(repeating: [], count: history.processes.count)
    called = returned
    beforeCount = Array(repeating: 0, count: count)
    place = Array(repeating: -1, count: count)
    for index in 0..<count where history.takesPart(index) {
      let process = Int(history.operations[index].process)
      called[process].append(Int32(index))
      if history.operations[index].outcome == .ok { returned[process].append(Int32(index)) }
    }
    for process in returned.indices {
      returned[process].sort {
        history.operations[Int($0)].returned < history.operations[Int($1)].returned
      }
      for (number, index) in returned[process].enumerated() { place[Int(index)] = Int32(number) }
      // Calls and the returns before them grow together.
      var behind = 0
      for index in called[process] {
        let call = history.operations[Int(index)].call
        while behind < returned[process].count,
          history.operations[Int(returned[process][behind])].returned < call
        {
          behind += 1
        }
        beforeCount[Int(index)] = Int32(behind)
      }
    }
  }

  /// The operations of the same process that come before `index`.
  func before(_ index: Int, _ history: RecordedHistory) -> ArraySlice<Int32> {
    returned[Int(history.operations[index].process)].prefix(Int(beforeCount[index]))
  }
}
