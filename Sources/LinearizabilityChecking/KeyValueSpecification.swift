/// A key-value store: `get`, `put`, `append`, `putDrawn` and `compareAndSet`, each on one key.
/// It splits by key, so a state is the value of one key.
public struct KeyValueSpecification: SequentialSpecification {
  /// The vocabulary of stores.
  public typealias Operation = LinearizabilityChecking.Operation
  /// What stores answer.
  public typealias Response = LinearizabilityChecking.Response

  /// What a key that was never written reads as.
  public let initialValue: String

  /// A store whose keys all hold `initialValue` before the first write.
  public init(initialValue: String = "") {
    self.initialValue = initialValue
  }

  public func initialState(of keys: Range<Int>) -> String { initialValue }

  public func next(
    _ state: String, _ operation: Operation, _ response: Response?
  ) -> Successors<String> {
    CellTransition.next(state, operation, response)
  }

  public func successor(
    _ draw: Int, of state: String, _ operation: Operation, _ response: Response?
  ) -> String {
    CellTransition.successor(draw, operation)
  }

  /// The one key. Traps on a block operation.
  public func partitionKeys(_ operation: Operation) -> Range<Int> {
    switch operation {
    case .readBlocks, .writeBlocks:
      fatalError("a key-value store has no blocks, so it cannot run \(operation)")
    default:
      return operation.firstKey..<operation.firstKey + 1
    }
  }

  public func isReadOnly(_ operation: Operation, _ response: Response?) -> Bool {
    CellTransition.isReadOnly(operation, response)
  }
}
