/// Keys that hold text: get, put, append. Splits by key.
public struct RecordedText: SequentialSpecification {
  let values: InternedTexts
  private let initialValue: Int32

  /// Keys that hold `initialValue`; ids are those of `values`.
  public init(values: InternedTexts, initialValue: Int32) {
    self.values = values
    self.initialValue = initialValue
  }

  public func initialState(of keys: Range<Int>) -> String { values[initialValue] }

  public func next(
    _ state: String, _ operation: RecordedOperation, _ answer: RecordedAnswer?
  ) -> Successors<String> {
    switch (operation.kind, answer) {
    case (.read, nil): return .one(state)
    case (.read, .value(let seen)): return values[seen] == state ? .one(state) : .none
    case (.write, nil), (.write, .done): return .one(values[operation.argument])
    case (.append, nil), (.append, .done): return .one(state + values[operation.argument])
    case (.append, .value(let seen)):
      let longer = state + values[operation.argument]
      return values[seen] == longer ? .one(longer) : .none
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
