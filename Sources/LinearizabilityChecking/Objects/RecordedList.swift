/// Keys that hold lists, empty at first: append one element, read the whole list. Splits by key.
public struct RecordedList: SequentialSpecification {
  /// A specification; it has nothing to set.
  public init() {}

  public func initialState(of keys: Range<Int>) -> [Int32] { [] }

  public func next(
    _ state: [Int32], _ operation: RecordedOperation, _ answer: RecordedAnswer?
  ) -> Successors<[Int32]> {
    switch (operation.kind, answer) {
    case (.readList, nil): .one(state)
    case (.readList, .values(let seen)): seen.elementsEqual(state) ? .one(state) : .none
    case (.append, nil), (.append, .done): .one(state + [operation.argument])
    default: .none
    }
  }

  public func partitionKeys(_ operation: RecordedOperation) -> Range<Int> {
    Int(operation.key)..<Int(operation.key) + 1
  }

  public func isReadOnly(_ operation: RecordedOperation, _ answer: RecordedAnswer?) -> Bool {
    operation.kind.isRead
  }
}
