import SimulationKernel

/// What becomes of one call of a step under a mutation.
enum CallOrder: Sendable {
  /// Nothing is done.
  case skipping
  /// Another operation is done in its place.
  case performing(FileOperation)
  /// The operation is done, and the disk before it is kept for the read that follows.
  case keepingBefore
  /// A read is answered from the disk that was kept, that is, before this operation.
  case readingBefore(FileOperation)
  /// A read is answered after the operation that follows it.
  case readingAfter(FileOperation)
  /// The operation was done with the read before it.
  case isDone
  /// A read is answered as it was without the mutation.
  case answering(FileCall.Answer)
  /// The operation is done, and then one that was put off in an earlier step.
  case performingBefore(FileOperation)
}

/// The calls of a step that a mutation changes, by position; the others are as they are.
typealias CallOrders = [Int: CallOrder]

extension FileMutation {
  /// - Parameter calls: those of the step without the mutation.
  func orders(for calls: [FileCall]) -> CallOrders {
    var orders: CallOrders = [:]
    switch self {
    case .drop(let site):
      for (index, call) in calls.enumerated()
      where call.site == site && call.operation?.isSync == true {
        orders[index] = .skipping
      }
    case .swap(let first, let second):
      var index = 0
      while index < calls.count {
        if calls[index].site == first, let partner = Self.partner(second, of: index, in: calls),
          Self.exchange(index, partner, in: calls, &orders)
        {
          index = partner
        }
        index += 1
      }
    case .swapLines(let first, let second):
      for index in calls.indices.dropLast()
      where calls[index].site.isUnder(first) && calls[index + 1].site.isUnder(second) {
        let (left, right) = Self.groups(first, second, around: index, in: calls)
        Self.exchange(left, right, in: calls, &orders)
      }
    case .delay: break
    }
    return orders
  }

  private static func partner(
    _ site: CallSite, of index: Int, in calls: [FileCall]
  ) -> Int? {
    partners(of: index, in: calls).first {
      calls[$0].site == site && calls[$0].kind != calls[index].kind
    }
  }

  /// - Returns: false if a read between the two decides something, and so cannot be answered twice.
  private static func exchange(
    _ first: Int, _ second: Int, in calls: [FileCall], _ orders: inout CallOrders
  ) -> Bool {
    switch (calls[first].operation, calls[second].operation) {
    case (let left?, let right?):
      guard answer(first..<second, in: calls, &orders) else { return false }
      orders[first] = .performing(right)
      orders[second] = .performing(left)
    case (let left?, nil):
      orders[first] = .keepingBefore
      orders[second] = .readingBefore(left)
    case (nil, let right?):
      orders[first] = .readingAfter(right)
      orders[second] = .isDone
    case (nil, nil): return false
    }
    return true
  }

  private static func exchange(
    _ left: Range<Int>, _ right: Range<Int>, in calls: [FileCall], _ orders: inout CallOrders
  ) {
    let range = left.lowerBound..<right.upperBound
    guard answer(range, in: calls, &orders) else { return }
    let operations = (Array(right) + Array(left)).compactMap { calls[$0].operation }
    let positions = range.filter { !calls[$0].isRead }
    for (position, operation) in zip(positions, operations) {
      orders[position] = .performing(operation)
    }
  }

  /// Lets the reads of a range keep their answers.
  static func answer(
    _ range: Range<Int>, in calls: [FileCall], _ orders: inout CallOrders
  ) -> Bool {
    guard !range.contains(where: { calls[$0].isDecision }) else { return false }
    for index in range {
      if let answer = calls[index].answer { orders[index] = .answering(answer) }
    }
    return true
  }
}
