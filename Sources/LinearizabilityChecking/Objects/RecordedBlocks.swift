/// Numbered blocks: reads and writes of one block, or of two neighbours at once. Splits into runs of
/// blocks that operations tie together.
public struct RecordedBlocks: SequentialSpecification {
  /// The values of a run of blocks.
  public struct Run: Hashable, Sendable {
    /// The number of the first block.
    public var first: Int
    /// The value of each block from ``first`` on.
    public var values: [Int32]
  }

  /// What a block holds before the first write.
  public let initialValue: Int32

  /// A device whose blocks hold `initialValue`.
  public init(initialValue: Int32) {
    self.initialValue = initialValue
  }

  public func initialState(of keys: Range<Int>) -> Run {
    Run(first: keys.lowerBound, values: Array(repeating: initialValue, count: keys.count))
  }

  public func next(
    _ state: Run, _ operation: RecordedOperation, _ answer: RecordedAnswer?
  ) -> Successors<Run> {
    let place = Int(operation.key) - state.first
    switch (operation.kind, answer) {
    case (.read, nil), (.readTwo, nil): return .one(state)
    case (.read, .value(let seen)): return state.values[place] == seen ? .one(state) : .none
    case (.readTwo, .values(let seen)):
      return seen.elementsEqual(state.values[place...place + 1]) ? .one(state) : .none
    case (.write, nil), (.write, .done), (.writeTwo, nil), (.writeTwo, .done):
      var next = state
      next.values[place] = operation.argument
      if operation.kind == .writeTwo { next.values[place + 1] = operation.argument }
      return .one(next)
    default: return .none
    }
  }

  public func partitionKeys(_ operation: RecordedOperation) -> Range<Int> {
    let first = Int(operation.key)
    return first..<first + (operation.kind == .readTwo || operation.kind == .writeTwo ? 2 : 1)
  }

  public func isReadOnly(_ operation: RecordedOperation, _ answer: RecordedAnswer?) -> Bool {
    operation.kind.isRead
  }
}
