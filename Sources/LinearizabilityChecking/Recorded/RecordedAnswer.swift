/// What one operation of a recorded history answered, as the specifications of ``ObjectModel`` see
/// it. Values are ids of ``RecordedHistory/values``.
public enum RecordedAnswer: Hashable, Sendable {
  /// It took effect and said nothing more.
  case done
  /// One value; for ``RecordedOperation/Kind/contains`` 1 or 0.
  case value(Int32)
  /// Several values.
  case values(ArraySlice<Int32>)
  /// There was nothing to take.
  case empty
  /// Whether a compare-and-swap replaced the value; `found` is the value that was there before, -1
  /// when the answer does not tell it.
  case swapped(Bool, found: Int32)
}

extension RecordedHistory {
  /// What operation `index` answered; `nil` when nobody knows: its outcome is not `ok`, or its
  /// answer carries no information.
  public func answer(of index: Int) -> RecordedAnswer? {
    let operation = operations[index]
    guard operation.outcome == .ok else { return nil }
    switch operation.kind {
    case .read, .contains:
      return operation.result >= 0 ? .value(operation.result) : nil
    case .append:
      return operation.result >= 0 ? .value(operation.result) : .done
    case .dequeue:
      return operation.result >= 0 ? .value(operation.result) : .empty
    case .readList, .readTwo:
      guard operation.result >= 0, operation.resultCount >= 0 else { return nil }
      let start = Int(operation.result)
      return .values(lists[start..<start + Int(operation.resultCount)])
    case .compareAndSwap:
      guard operation.result >= 0 else { return nil }
      return .swapped(operation.result == 1, found: operation.resultCount)
    case .write, .writeTwo, .enqueue, .add, .remove, .acquire, .release:
      return .done
    }
  }

  /// Whether operation `index` takes part in a check. Left out are those known to have failed, and
  /// reads that say nothing: any order that explains the rest has room for them.
  public func takesPart(_ index: Int) -> Bool {
    let operation = operations[index]
    switch operation.outcome {
    case .failed: return false
    case .unknown: return !operation.kind.isRead
    case .ok: return !operation.kind.isRead || answer(of: index) != nil
    }
  }
}

extension RecordedOperation.Kind {
  /// Whether the operation never changes anything.
  public var isRead: Bool {
    switch self {
    case .read, .readList, .readTwo, .contains: true
    default: false
    }
  }
}
