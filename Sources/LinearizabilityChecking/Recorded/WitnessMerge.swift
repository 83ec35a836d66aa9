/// Merges the orders found for the parts of a history into one order of the whole.
///
/// In the order of one part an operation takes effect at the latest call up to it. These moments
/// grow along the order and lie between call and return, and different parts never share one, so
/// sorting by moment keeps every part's order and respects real time.
struct WitnessMerge {
  private var operations: [Int32] = []
  private var moments: [Int32] = []
  private var partCount = 0

  /// Adds the order of another part.
  mutating func append(_ order: some Sequence<Int32>, _ history: RecordedHistory) {
    partCount += 1
    var latestCall: Int32 = -1
    for operation in order {
      latestCall = max(latestCall, history.operations[Int(operation)].call)
      operations.append(operation)
      moments.append(latestCall)
    }
  }

  /// The order of the whole history; a counting sort. O(operations + latest moment).
  func merged() -> [Int32] {
    if partCount <= 1 { return operations }
    let highest = Int(moments.max() ?? -1)
    var starts = [Int32](repeating: 0, count: highest + 2)
    for moment in moments { starts[Int(moment) + 1] += 1 }
    for moment in 0..<highest + 1 { starts[moment + 1] += starts[moment] }
    var order = [Int32](repeating: 0, count: operations.count)
    for index in operations.indices {
      let moment = Int(moments[index])
      order[Int(starts[moment])] = operations[index]
      starts[moment] += 1
    }
    return order
  }
}
