/// Queues by key, empty at first: enqueue an element, dequeue the oldest (nothing when empty).
public struct RecordedQueue: SequentialSpecification {
  /// A specification; it has nothing to set.
  public init() {}

  public func initialState(of keys: Range<Int>) -> [Int32] { [] }

  public func next(
    _ state: [Int32], _ operation: RecordedOperation, _ answer: RecordedAnswer?
  ) -> Successors<[Int32]> {
    switch (operation.kind, answer) {
    case (.enqueue, nil), (.enqueue, .done): .one(state + [operation.argument])
    case (.dequeue, nil): .one(Array(state.dropFirst()))
    case (.dequeue, .empty): state.isEmpty ? .one(state) : .none
    case (.dequeue, .value(let taken)):
      state.first == taken ? .one(Array(state.dropFirst())) : .none
    default: .none
    }
  }

  public func partitionKeys(_ operation: RecordedOperation) -> Range<Int> {
    Int(operation.key)..<Int(operation.key) + 1
  }

  public func isReadOnly(_ operation: RecordedOperation, _ answer: RecordedAnswer?) -> Bool {
    operation.kind == .dequeue && answer == .empty
  }
}
