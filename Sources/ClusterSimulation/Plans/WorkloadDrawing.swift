import LinearizabilityChecking
import SimulationKernel

extension Workload {
  /// The operations of each client: scripted, or drawn from a stream. Values are unique and delimit
  /// themselves: `<c2.5>` is written by the fifth operation of the second client.
  func plan(_ stream: inout SeededStream) -> [[PlannedOperation]] {
    if let script { return script }
    return (0..<clientCount).map { client in
      (0..<operationsPerClient).map { number in
        PlannedOperation(draw(client: client, number: number, &stream))
      }
    }
  }

  /// Whether a client draws its operations from the mix.
  enum ClientRole {
    case mixed, reader, updater
  }

  func draw(
    client: Int, number: Int, as role: ClientRole = .mixed, _ stream: inout SeededStream
  ) -> Operation {
    let kind: OperationKind =
      switch role {
      case .mixed: drawKind(&stream)
      case .reader: .read
      case .updater: .write
      }
    // Nobody reads the value of a read, and making one takes longer than drawing the rest.
    let value = kind == .read ? "" : "<c\(client + 1).\(number + 1)>"
    let key = drawKey(client: client, number: number, &stream)
    guard case .blocks(let blockCount) = object else {
      return operation(kind, key: key, value: value, &stream)
    }
    let spansTwo = blockCount > 1 && stream.chance(unaligned)
    let first = spansTwo ? min(key, blockCount - 2) : key
    return kind == .read
      ? .readBlocks(first: first, count: spansTwo ? 2 : 1)
      : .writeBlocks(first: first, count: spansTwo ? 2 : 1, value: value)
  }

  private func operation(
    _ kind: OperationKind, key: Int, value: String, _ stream: inout SeededStream
  ) -> Operation {
    switch kind {
    case .read, .block: .get(key: key)
    case .write: .put(key: key, value: value)
    case .append: .append(key: key, value: value)
    case .draw: .putDrawn(key: key, value: value, outcomes: 4)
    case .swap:
      .compareAndSet(
        key: key,
        expected: stream.chance(0.5)
          ? "" : "<c\(stream.below(clientCount) + 1).\(stream.below(operationsPerClient) + 1)>",
        new: value)
    }
  }

  private func drawKind(_ stream: inout SeededStream) -> OperationKind {
    let kinds = max(0, mix.append) + max(0, mix.draw) + max(0, mix.swap)
    if kinds == 0, mix.write >= 0, mix.read >= 0, mix.write + mix.read > 0 {
      // The same draw and the same comparison as below, without a list of five.
      let draw = Double(stream.next() >> 11) * (1.0 / 9_007_199_254_740_992.0)
      return draw * (mix.write + mix.read) < mix.write ? .write : .read
    }
    let weights: [(OperationKind, Double)] = [
      (.write, mix.write), (.read, mix.read), (.append, mix.append), (.draw, mix.draw),
      (.swap, mix.swap),
    ]
    let total = weights.reduce(0) { $0 + max(0, $1.1) }
    guard total > 0 else { return .read }
    var rest = Double(stream.next() >> 11) * (1.0 / 9_007_199_254_740_992.0) * total
    for (kind, weight) in weights where weight > 0 {
      rest -= weight
      if rest < 0 { return kind }
    }
    return weights.last { $0.1 > 0 }?.0 ?? .read
  }

  private func drawKey(client: Int, number: Int, _ stream: inout SeededStream) -> Int {
    let count = max(1, object.count)
    switch pattern {
    case .uniform: return stream.below(count)
    case .hot: return stream.chance(0.9) ? 0 : stream.below(count)
    case .strided: return (client + number) % count
    }
  }

  /// One read of every key or block, for the end of a run.
  func finalReads(keyCount: Int) -> [PlannedOperation] {
    (0..<keyCount).map { key in
      switch object {
      case .keys: PlannedOperation(.get(key: key))
      case .blocks: PlannedOperation(.readBlocks(first: key, count: 1))
      }
    }
  }

  /// How many keys or blocks the planned operations can touch.
  func keyCount(of plan: [[PlannedOperation]]) -> Int {
    var count = script == nil ? object.count : 0
    for operations in plan {
      for planned in operations {
        count = max(count, planned.operation.firstKey + planned.operation.keyCount)
      }
    }
    return count
  }
}
