/// The values of one cell, or of a run of neighbouring cells.
public enum CellValues: Hashable, Sendable {
  /// One cell.
  case one(String)
  /// Two or more cells: the number of the first one, and their values in order.
  case several(first: Int, values: [String])
}

/// Any store that speaks ``Operation``: keys and blocks are cells of one numbered space (key 3 and
/// block 3 are the same cell), and each operation is atomic over the cells that it spans. Splits
/// into connected runs of cells; for a key-value store these are its keys.
public struct StoreSpecification: SequentialSpecification {
  /// The vocabulary of stores.
  public typealias Operation = LinearizabilityChecking.Operation
  /// What stores answer.
  public typealias Response = LinearizabilityChecking.Response

  /// What a cell that was never written reads as.
  public let initialValue: String

  /// A store whose cells all hold `initialValue` before the first write.
  public init(initialValue: String = "") {
    self.initialValue = initialValue
  }

  public func initialState(of keys: Range<Int>) -> CellValues {
    keys.count == 1
      ? .one(initialValue)
      : .several(
        first: keys.lowerBound, values: Array(repeating: initialValue, count: keys.count))
  }

  public func next(
    _ state: CellValues, _ operation: Operation, _ response: Response?
  ) -> Successors<CellValues> {
    switch state {
    case .one(let value):
      return CellTransition.next(value, operation, response).map { .one($0) }
    case .several(let first, let values):
      if operation.keyCount > 1 { return nextRun(first, values, operation, response) }
      let offset = operation.firstKey - first
      if operation.isReadOnly {
        return CellTransition.next(values[offset], operation, response).map { _ in state }
      }
      return CellTransition.next(values[offset], operation, response).map {
        .several(first: first, values: Self.writing($0, at: offset, count: 1, in: values))
      }
    }
  }

  public func successor(
    _ draw: Int, of state: CellValues, _ operation: Operation, _ response: Response?
  ) -> CellValues {
    let value = CellTransition.successor(draw, operation)
    switch state {
    case .one:
      return .one(value)
    case .several(let first, let values):
      let offset = operation.firstKey - first
      return .several(
        first: first, values: Self.writing(value, at: offset, count: 1, in: values))
    }
  }

  /// The cells spanned. Traps on a span of no cells.
  public func partitionKeys(_ operation: Operation) -> Range<Int> {
    let first = operation.firstKey
    let count = operation.keyCount
    guard count > 0 else { fatalError("an operation spans at least one cell, not \(operation)") }
    return first..<first + count
  }

  public func isReadOnly(_ operation: Operation, _ response: Response?) -> Bool {
    CellTransition.isReadOnly(operation, response)
  }

  /// Block operations over more than one cell.
  private func nextRun(
    _ first: Int, _ values: [String], _ operation: Operation, _ response: Response?
  ) -> Successors<CellValues> {
    let offset = operation.firstKey - first
    let count = operation.keyCount
    switch (operation, response) {
    case (.readBlocks, .blocks(let seen)):
      guard seen.count == count else { return .none }
      for index in 0..<count where seen[index] != values[offset + index] { return .none }
      return .one(.several(first: first, values: values))
    case (.readBlocks, nil):
      return .one(.several(first: first, values: values))
    case (.writeBlocks(_, _, let value), nil), (.writeBlocks(_, _, let value), .done):
      return .one(
        .several(
          first: first, values: Self.writing(value, at: offset, count: count, in: values)))
    default:
      return .none
    }
  }

  private static func writing(
    _ value: String, at offset: Int, count: Int, in values: [String]
  ) -> [String] {
    var values = values
    for index in offset..<offset + count { values[index] = value }
    return values
  }
}
