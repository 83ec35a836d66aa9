/// Work whose duration a scenario sets.
public enum WorkKind: Int, Hashable, Sendable, CaseIterable {
  /// Running any handler of a server.
  case handler
  /// Answering a read, on top of the handler.
  case query
  /// Computing an update where it is first executed, on top of the handler.
  case update
  /// Applying an update's result at any other replica, on top of the handler.
  case apply
  /// A file operation that changes or reads data or metadata in the cache.
  case fileOperation
  /// The fixed part of an fsync.
  case sync
  /// Each 4096-byte block, or directory entry, that an fsync still has to force.
  case syncBlock
  /// The fixed part of a call that reads a file, on top of the file operation.
  case read
  /// Each 4096-byte block that a call reads.
  case readBlock
  /// Each 4096-byte block that a call writes.
  case writeBlock
}

/// How long each kind of work keeps a node busy.
public struct CostTable: Hashable, Sendable {
  @usableFromInline var durations: [VirtualDuration]

  /// The defaults: a request costs microseconds, an fsync a millisecond.
  public init() {
    durations = WorkKind.allCases.map { kind in
      switch kind {
      case .handler: .microseconds(5)
      case .query, .update, .apply, .read, .readBlock, .writeBlock: .zero
      case .fileOperation: .microseconds(2)
      case .sync: .microseconds(500)
      case .syncBlock: .microseconds(20)
      }
    }
  }

  @inlinable
  public subscript(kind: WorkKind) -> VirtualDuration {
    get { durations[kind.rawValue] }
    set { durations[kind.rawValue] = newValue }
  }
}
