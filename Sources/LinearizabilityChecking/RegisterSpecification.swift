/// One register: `get`, `put`, `compareAndSet` and the other one-key operations, all on the same
/// cell whatever key they name.
public struct RegisterSpecification: SequentialSpecification {
  /// The vocabulary of stores.
  public typealias Operation = LinearizabilityChecking.Operation
  /// What stores answer.
  public typealias Response = LinearizabilityChecking.Response

  /// What the register holds before the first write.
  public let initialValue: String

  /// A register that holds `initialValue` before the first write.
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

  /// Always `0..<1`. Traps on an operation that spans two blocks.
  public func partitionKeys(_ operation: Operation) -> Range<Int> {
    guard operation.keyCount == 1 else {
      fatalError("a register has one cell, so it cannot run \(operation)")
    }
    return 0..<1
  }

  public func isReadOnly(_ operation: Operation, _ response: Response?) -> Bool {
    CellTransition.isReadOnly(operation, response)
  }
}
