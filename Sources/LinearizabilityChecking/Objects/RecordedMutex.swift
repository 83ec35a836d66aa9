/// Locks by key, free at first: acquire one that is free, release one that is taken.
///
/// A lock does not remember who took it: any process may release it.
public struct RecordedMutex: SequentialSpecification {
  /// A specification; it has nothing to set.
  public init() {}

  public func initialState(of keys: Range<Int>) -> Bool { false }

  public func next(
    _ isTaken: Bool, _ operation: RecordedOperation, _ answer: RecordedAnswer?
  ) -> Successors<Bool> {
    switch operation.kind {
    case .acquire: isTaken ? .none : .one(true)
    case .release: isTaken ? .one(false) : .none
    default: .none
    }
  }

  public func partitionKeys(_ operation: RecordedOperation) -> Range<Int> {
    Int(operation.key)..<Int(operation.key) + 1
  }

  public func isReadOnly(_ operation: RecordedOperation, _ answer: RecordedAnswer?) -> Bool {
    false
  }
}
