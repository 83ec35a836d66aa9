import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel

/// What a run does to its cluster, apart from what the seed draws: workload, network, faults and
/// limits. Plain data, the same for every protocol.
public struct RunPlan: Sendable {
  public var workload = Workload()
  public var network = NetworkPlan()
  public var faults = FaultPlan.drawn(DrawnFaults())
  public var limits = RunLimits()
  /// Each seed draws its own subset of fault kinds, rates and weights.
  public var isSwarm = false

  public init() {}
}

/// How parcels travel.
public struct NetworkPlan: Sendable {
  public var latency = LatencyModel(.uniform, from: .microseconds(500), to: .milliseconds(2))
  /// Probabilities for each message between live nodes; 0...1.
  public var loss = 0.0
  public var duplication = 0.0
  public var reordering = 0.0
  /// Probability that a message takes longer, and by how much.
  public var slowness = 0.0
  public var slowBy = DurationRange(.milliseconds(50), .milliseconds(200))
  /// Scripted slow links.
  public var delays: [LinkDelay] = []
  /// From a crash to the report of a perfect detector.
  public var detectAfter = DurationRange(.milliseconds(5), .milliseconds(20))

  public init() {}
}

/// A link that is slower for a while, in one direction.
public struct LinkDelay: Hashable, Sendable {
  public var from: NodeID
  public var to: NodeID
  public var extra: VirtualDuration
  public var start: VirtualTime
  public var end: VirtualTime

  public init(
    from: NodeID, to: NodeID, extra: VirtualDuration, start: VirtualTime = .start,
    end: VirtualTime = .never
  ) {
    self.from = from
    self.to = to
    self.extra = extra
    self.start = start
    self.end = end
  }
}

/// A closed range of durations to draw from.
public struct DurationRange: Hashable, Sendable {
  public var shortest: VirtualDuration
  public var longest: VirtualDuration

  @inlinable
  public init(_ shortest: VirtualDuration, _ longest: VirtualDuration) {
    self.shortest = shortest
    self.longest = longest
  }

  @inlinable
  public func draw(_ stream: inout SeededStream) -> VirtualDuration {
    stream.duration(from: shortest, to: longest)
  }
}

/// Where a run ends at the latest, and what it owes before.
public struct RunLimits: Sendable {
  /// More steps than this end a run undecided.
  public var steps = 1_000_000
  /// From the end of the fault phase until every operation must have completed.
  public var healWithin = VirtualDuration.seconds(30)
  /// Quiet time after the last operation before replicas are compared.
  public var settle = VirtualDuration.milliseconds(500)
  /// Configurations that the linearizability checker may explore.
  public var configurations = 2_000_000

  public init() {}
}

/// Which operations clients invoke.
public struct Workload: Sendable {
  /// Relative weights of the kinds of operation; not all zero.
  public struct Mix: Hashable, Sendable {
    public var write = 1.0
    public var read = 1.0
    public var append = 0.0
    public var draw = 0.0
    public var swap = 0.0

    public init() {}
  }

  public enum Object: Hashable, Sendable {
    case keys(Int)
    case blocks(Int)

    public var count: Int {
      switch self {
      case .keys(let count), .blocks(let count): count
      }
    }
  }

  public enum Pattern: String, Hashable, Sendable, CaseIterable {
    case uniform
    /// Nine operations in ten go to the first key or block.
    case hot
    /// One key or block after the other.
    case strided
  }

  public var clientCount = 2
  public var operationsPerClient = 6
  /// Operations that a client keeps open at once; 1 is a closed loop.
  public var openPerClient = 1
  public var mix = Mix()
  public var object = Object.keys(2)
  public var pattern = Pattern.uniform
  /// Share of block operations at half a block's offset, which touch two neighbours; 0...1.
  public var unaligned = 0.0
  /// Pause of a client between an answer and its next operation.
  public var think = DurationRange(.zero, .zero)
  /// Whether the run ends with a read of every key or block.
  public var readsAtEnd = true
  /// Operations by client index that take the place of drawn ones.
  public var script: [[PlannedOperation]]?

  public init() {}
}

/// An operation that a client is going to invoke.
public struct PlannedOperation: Hashable, Sendable {
  public var operation: Operation
  public var earliest: VirtualTime
  /// Whether it waits until the client has room, or is invoked at its time whatever is open.
  public var waits: Bool

  public init(_ operation: Operation, earliest: VirtualTime = .start, waits: Bool = true) {
    self.operation = operation
    self.earliest = earliest
    self.waits = waits
  }
}
