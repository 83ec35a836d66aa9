/// A block device: `readBlocks` and `writeBlocks`, each atomic over the blocks that it spans.
///
/// It splits into connected components: two blocks belong together when some operation spans
/// both. Components are runs of neighbouring blocks.
public struct BlockDeviceSpecification: SequentialSpecification {
  /// The vocabulary of stores.
  public typealias Operation = LinearizabilityChecking.Operation
  /// What stores answer.
  public typealias Response = LinearizabilityChecking.Response

  private let store: StoreSpecification

  /// What a block that was never written reads as.
  public var initialValue: String { store.initialValue }

  /// A device whose blocks all hold `initialValue` before the first write.
  public init(initialValue: String = "") {
    store = StoreSpecification(initialValue: initialValue)
  }

  public func initialState(of keys: Range<Int>) -> CellValues { store.initialState(of: keys) }

  public func next(
    _ state: CellValues, _ operation: Operation, _ response: Response?
  ) -> Successors<CellValues> {
    store.next(state, operation, response)
  }

  /// The blocks spanned. Traps on a key-value operation.
  public func partitionKeys(_ operation: Operation) -> Range<Int> {
    switch operation {
    case .readBlocks, .writeBlocks:
      return store.partitionKeys(operation)
    default:
      fatalError("a block device has no keys, so it cannot run \(operation)")
    }
  }

  public func isReadOnly(_ operation: Operation, _ response: Response?) -> Bool {
    store.isReadOnly(operation, response)
  }
}
