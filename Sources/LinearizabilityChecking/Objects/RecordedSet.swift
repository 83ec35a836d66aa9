/// Sets by key, empty at first: add and remove an element, ask whether an element is in.
///
/// Elements do not influence each other, so a partition is one element of one set: the key of an
/// operation for ``partitionKeys(_:)`` is that of the set, and ``HistoryChecker`` splits further.
public struct RecordedSet: SequentialSpecification {
  /// A specification; it has nothing to set.
  public init() {}

  public func initialState(of keys: Range<Int>) -> Set<Int32> { [] }

  public func next(
    _ state: Set<Int32>, _ operation: RecordedOperation, _ answer: RecordedAnswer?
  ) -> Successors<Set<Int32>> {
    switch (operation.kind, answer) {
    case (.add, nil), (.add, .done): return .one(state.union([operation.argument]))
    case (.remove, nil), (.remove, .done): return .one(state.subtracting([operation.argument]))
    case (.contains, nil): return .one(state)
    case (.contains, .value(let seen)):
      return (seen == 1) == state.contains(operation.argument) ? .one(state) : .none
    default: return .none
    }
  }

  public func partitionKeys(_ operation: RecordedOperation) -> Range<Int> {
    Int(operation.key)..<Int(operation.key) + 1
  }

  public func isReadOnly(_ operation: RecordedOperation, _ answer: RecordedAnswer?) -> Bool {
    operation.kind.isRead
  }
}
