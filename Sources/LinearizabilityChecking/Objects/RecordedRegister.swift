/// One register with values as ids: read, write, compare-and-swap. Splits by key, so it also serves
/// keys with get and put.
public struct RecordedRegister: SequentialSpecification {
  /// What it holds before the first write.
  public let initialValue: Int32

  /// A register, or any number of them by key, that hold `initialValue`.
  public init(initialValue: Int32) {
    self.initialValue = initialValue
  }

  public func initialState(of keys: Range<Int>) -> Int32 { initialValue }

  public func next(
    _ state: Int32, _ operation: RecordedOperation, _ answer: RecordedAnswer?
  ) -> Successors<Int32> {
    switch (operation.kind, answer) {
    case (.read, nil): return .one(state)
    case (.read, .value(let seen)): return seen == state ? .one(state) : .none
    case (.write, nil), (.write, .done): return .one(operation.argument)
    case (.compareAndSwap, nil):
      return .one(state == operation.expected ? operation.argument : state)
    case (.compareAndSwap, .swapped(let success, let found)):
      guard success == (state == operation.expected), found < 0 || found == state else {
        return .none
      }
      return .one(success ? operation.argument : state)
    default: return .none
    }
  }

  public func partitionKeys(_ operation: RecordedOperation) -> Range<Int> {
    Int(operation.key)..<Int(operation.key) + 1
  }

  public func isReadOnly(_ operation: RecordedOperation, _ answer: RecordedAnswer?) -> Bool {
    if case .swapped(false, _)? = answer { return true }
    return operation.kind.isRead
  }
}
