import SimulationKernel

/// The clients, whatever they do.
public struct Clients: Hashable, Sendable {
  /// At least 1.
  public var count: Int
  /// Most operations of one client that are open at once; at least 1.
  public var openOperations: Int
  public var space: KeySpace
  public var retry: RetryPolicy
  public var finalRead: FinalRead
}

/// What operations work on.
public enum KeySpace: Hashable, Sendable {
  /// Keys 0 up to this count.
  case keys(Int)
  /// A block device with this many blocks.
  case blocks(Int)
}

/// When a client sends a request again.
public struct RetryPolicy: Hashable, Sendable {
  /// The wait before the first retry.
  public var after: VirtualDuration
  /// Each further wait is this many times as long; at least 1.
  public var factor: Int
  /// The longest wait; at least `after`.
  public var limit: VirtualDuration
}

/// Whether a run ends with a read of all keys.
public enum FinalRead: Hashable, Sendable {
  case allKeys
  case none
}

/// What the clients do.
public enum Workload: Hashable, Sendable {
  case drawn(DrawnWorkload)
  case scripted(Script)
}

/// Operations drawn from the seed.
public struct DrawnWorkload: Hashable, Sendable {
  public enum Pattern: String, Hashable, Sendable, CaseIterable {
    case uniform
    /// Most operations go to one key.
    case hot
    /// Each client goes through the keys in steps.
    case strided
  }

  /// One kind of operation and its weight.
  public struct Weight: Hashable, Sendable {
    public var kind: OperationKind
    /// 0 or more, whole or not; the sum over all kinds is more than 0.
    public var weight: Double
  }

  /// Operations per client.
  public var operationsPerClient: Int
  /// Each kind that the protocol supports, in a fixed order.
  public var mix: [Weight]
  public var pattern: Pattern
  /// The part of block operations that touch two neighbours; 0 to 1, and 0 on keys.
  public var unalignedFraction: Double
  /// Pause of a client between an answer and its next operation.
  public var think: DurationSpan
}

/// Operations written down in the scenario.
public struct Script: Hashable, Sendable {
  /// Key `n` of the operations is called `keyNames[n]`; in order of first appearance.
  public var keyNames: [String]
  public var operations: [ScriptedOperation]
  public var delays: [ScriptedDelay]
}

/// One operation of a script. Operations of one client are invoked in the order of the script.
public struct ScriptedOperation: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case put(key: Int, value: String)
    case get(key: Int)
    case append(key: Int, value: String)
    case draw(key: Int)
    case swap(key: Int, expected: String, value: String)
    /// Block numbers count from 0; `count` is 1 or 2.
    case readBlocks(first: Int, count: Int)
    case writeBlocks(first: Int, count: Int, value: String)
  }

  public enum Wait: String, Hashable, Sendable, CaseIterable {
    /// For the answers to all operations of the same client that stand before.
    case prior
    case none
  }

  /// Counts from 1, as in the name `c1`.
  public var client: Int
  public var kind: Kind
  /// Not before this time of the run.
  public var notBefore: VirtualDuration
  public var wait: Wait
}

/// A one-way link that is slow for a while.
public struct ScriptedDelay: Hashable, Sendable {
  public var sender: NodeReference
  public var receiver: NodeReference
  /// Added to the latency.
  public var by: VirtualDuration
  public var from: VirtualDuration
  /// Later than `from`; nil: to the end of the run.
  public var to: VirtualDuration?
}
