/// What a client asks of a replicated store: the vocabulary that workloads, protocols, histories
/// and sequential specifications share.
///
/// Keys and blocks are small non-negative integers; their printed names belong to the workload.
/// Values are strings; a workload makes the values it writes unique, so that a read tells which
/// write it saw. A key or block that was never written reads as the empty string.
public enum Operation: Hashable, Sendable {
  /// Reads one key.
  case get(key: Int)
  /// Replaces the value of one key.
  case put(key: Int, value: String)
  /// Appends to the value of one key and answers the new value.
  case append(key: Int, value: String)
  /// A non-deterministic update: the executing server draws `k` in `0..<outcomes` and stores
  /// `"<value>#<k>"`. Replicas that execute it themselves, rather than receive its result, diverge
  /// (state forwarding: van Renesse and Schneider, OSDI 2004, section 2).
  case putDrawn(key: Int, value: String, outcomes: Int)
  /// Replaces the value of one key if it equals `expected`.
  case compareAndSet(key: Int, expected: String, new: String)
  /// Reads `count` (1 or 2) neighbouring blocks from `first` on, atomically.
  case readBlocks(first: Int, count: Int)
  /// Writes one value into `count` (1 or 2) neighbouring blocks from `first` on, atomically.
  case writeBlocks(first: Int, count: Int, value: String)

  /// Whether the operation leaves every state as it is.
  @inlinable
  public var isReadOnly: Bool {
    switch self {
    case .get, .readBlocks: true
    case .put, .append, .putDrawn, .compareAndSet, .writeBlocks: false
    }
  }

  /// The first key or block that the operation touches.
  @inlinable
  public var firstKey: Int {
    switch self {
    case .get(let key), .put(let key, _), .append(let key, _), .putDrawn(let key, _, _),
      .compareAndSet(let key, _, _):
      key
    case .readBlocks(let first, _), .writeBlocks(let first, _, _): first
    }
  }

  /// How many neighbouring keys or blocks the operation touches: 1 or 2.
  @inlinable
  public var keyCount: Int {
    switch self {
    case .readBlocks(_, let count), .writeBlocks(_, let count, _): count
    default: 1
    }
  }

  /// The unique token that the operation writes; `nil` for a read.
  @inlinable
  public var writtenValue: String? {
    switch self {
    case .get, .readBlocks: nil
    case .put(_, let value), .append(_, let value), .putDrawn(_, let value, _),
      .writeBlocks(_, _, let value):
      value
    case .compareAndSet(_, _, let new): new
    }
  }
}

/// What a store answers to an ``Operation``.
public enum Response: Hashable, Sendable {
  /// The update took effect and has nothing to say (`put`, `writeBlocks`).
  case done
  /// The value read (`get`) or left behind (`append`, `putDrawn`).
  case value(String)
  /// The blocks read, in order (`readBlocks`).
  case blocks([String])
  /// Whether a `compareAndSet` replaced the value.
  case swapped(Bool)
}
