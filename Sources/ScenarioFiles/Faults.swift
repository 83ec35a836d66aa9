import SimulationKernel

/// A node as a scenario names it.
public enum NodeReference: Hashable, Sendable {
  /// Counts from 1, as in `s1`; not more than the scenario has.
  case server(Int)
  /// Counts from 1, as in `c1`; not more than the scenario has.
  case client(Int)
  /// With the name that the protocol gives to it.
  case coordinator(String)
  /// Whoever has this role at the moment, for example `head`.
  case role(String)
  /// A machine that servers share, in mode `measure`. Counts from 1, as in `h1`; not more than the
  /// scenario has.
  case host(Int)

  /// The name as it stands in files.
  public var name: String {
    switch self {
    case .server(let number): "s\(number)"
    case .client(let number): "c\(number)"
    case .coordinator(let name), .role(let name): name
    case .host(let number): "h\(number)"
    }
  }

  /// The node of a cluster; nil for a role, which depends on the moment, and
  /// for a host, which is no node.
  public func node(in layout: ClusterLayout) -> NodeID? {
    switch self {
    case .server(let number): layout.server(number - 1)
    case .client(let number): layout.client(number - 1)
    case .coordinator: layout.coordinator
    case .role, .host: nil
    }
  }
}

/// What goes wrong.
public enum Faults: Hashable, Sendable {
  /// A budget from which each seed draws.
  case drawn(DrawnFaults)
  /// In the order of the file.
  case scripted([ScriptedFault])
}

/// How many faults of each kind a seed may draw, and where and when.
public struct DrawnFaults: Hashable, Sendable {
  public var crashes: Int
  public var restarts: Int
  public var powerLosses: Int
  /// Every server loses power at once.
  public var clusterPowerLosses: Int
  public var partitions: Int
  public var oneWayCuts: Int
  public var slowLinks: Int
  /// Servers and roles that may be hit; empty: every server.
  public var nodes: [NodeReference]
  /// Faults begin within this time from the start of the run.
  public var window: VirtualDuration
  public var restartAfter: DurationSpan
  public var partitionFor: DurationSpan
  /// What a slow link adds to the delay.
  public var slowBy: DurationSpan
  /// In the order of `StorageWord.allCases`, each word at most once.
  public var storage: [DrawnStorageFault]
  /// Whether each seed draws its own subset of the kinds.
  public var variation: Variation
}

extension DrawnFaults {
  /// Whether nothing is ever drawn.
  var isEmpty: Bool {
    crashes == 0 && powerLosses == 0 && clusterPowerLosses == 0 && partitions == 0
      && oneWayCuts == 0 && slowLinks == 0 && storage.allSatisfy { $0.count == 0 }
  }
}

/// How many storage faults of a kind a seed may draw, and what they are drawn from.
public struct DrawnStorageFault: Hashable, Sendable {
  public var word: StorageWord
  public var count: Int
  /// The files that may be hit; nil for any.
  public var file: FilePattern?
  /// For failed fsyncs; not empty.
  public var pages = PageAfterError.allCases
  /// For torn sectors; not empty.
  public var remains = SectorRemains.allCases
  /// For stalls.
  public var stall = DurationSpan(min: .milliseconds(100), max: .seconds(2))

  public init(_ word: StorageWord, count: Int) {
    self.word = word
    self.count = count
  }
}

/// One fault of a script. Times count from the start of the run.
public enum ScriptedFault: Hashable, Sendable {
  public enum Cause: Hashable, Sendable {
    /// The process dies, the page cache survives.
    case crash
    /// What was not synced may be lost.
    case powerLoss
  }

  public enum Direction: Hashable, Sendable {
    case bothWays
    /// Only from the first node to the second.
    case oneWay
  }

  /// A server, or whoever has a role at the moment, fails.
  case failure(NodeReference, Cause, FaultTrigger)
  case powerLossOfAll(after: VirtualDuration)
  /// The number of the server counts from 1.
  case restart(server: Int, after: VirtualDuration)
  /// Until the time given, or until a heal; of nodes, not roles.
  case cut(
    NodeReference, NodeReference, Direction, from: VirtualDuration, to: VirtualDuration?)
  case heal(NodeReference, NodeReference, after: VirtualDuration)
  /// From every other node.
  case isolation(NodeReference, from: VirtualDuration, to: VirtualDuration?)
  /// A fault of a server's disk that strikes from a time on.
  case storage(NodeReference, StorageFaultRequest, after: VirtualDuration)
}

/// When a server of a script fails.
public enum FaultTrigger: Hashable, Sendable {
  /// At this time of the run.
  case after(VirtualDuration)
  /// When the server passes a named crash point for the n-th time, n from 1, in work for a request:
  /// its number in the run, from 1, or nil for any.
  case crashPoint(String, request: Int?, occurrence: Int)
  /// After effect k of the server's n-th step: n from 1; k from 0, which is before the first
  /// effect.
  case effect(Int, step: Int)
}

extension FaultTrigger {
  /// Whether it waits for nothing but a time.
  var isTime: Bool {
    if case .after = self { true } else { false }
  }
}
