import NetworkSimulation
import SimulationKernel

/// What one measured run does to its cluster: closed-loop clients, machines whose processors and
/// disks take time, and faults at fixed times. Plain data, the same for every protocol.
public struct MeasurePlan: Sendable {
  /// Mix, object, pattern and pauses; operations are drawn as long as the run lasts.
  public var workload = Workload()
  /// The last so many clients only update, and all others only read; `nil`: all draw from the mix.
  public var updaterCount: Int?
  public var latency = LatencyModel(.fixed, from: .milliseconds(1), to: .milliseconds(1))
  /// From a crash to the report of a perfect detector.
  public var detectAfter = DurationRange(.milliseconds(5), .milliseconds(20))
  /// Added to a request's way from a client to a server.
  public var dispatch = VirtualDuration.zero
  /// How long a client waits for an answer before it goes on; `nil`: for ever.
  public var giveUpAfter: VirtualDuration?

  public var warmUp = VirtualDuration.seconds(1)
  /// What is measured, after the warm-up.
  public var duration = VirtualDuration.seconds(10)
  /// Length of a bucket of the timeline; `nil`: there is none.
  public var timeline: VirtualDuration?
  public var windows: [Window] = []

  /// Replicated systems of the same kind, each with its own servers; 1...65535.
  public var volumeCount = 1
  public var hosts = HostPlan()
  public var messages = MessagePlan()
  public var faults: [MeasuredFault] = []
  /// The role of the server that a joining one is copied from; `nil`: any.
  public var copiesFrom: ServerRole?
  /// Configurations that the linearizability checker may explore, for each volume.
  public var configurations = 2_000_000

  public init() {}

  /// A stretch of the run whose throughput is told apart.
  public struct Window: Hashable, Sendable {
    public var name: String
    public var start: VirtualTime
    public var end: VirtualTime

    public init(name: String, start: VirtualTime, end: VirtualTime) {
      self.name = name
      self.start = start
      self.end = end
    }
  }

  @usableFromInline var measuresFrom: VirtualTime { .start + warmUp }
  @usableFromInline var end: VirtualTime { measuresFrom + duration }
}

/// The machines that servers run on.
public struct HostPlan: Sendable {
  public enum Placement: Sendable {
    /// Server n of volume v on host (v + n) mod hosts.
    case ring
    /// On hosts drawn for each volume, no two of its servers on one if there are enough hosts.
    case random
    /// By server, for every volume: the position of its host.
    case fixed([Int])
  }

  /// 0: each server has a host of its own.
  public var count = 0
  public var placement = Placement.ring
  /// Steps that a host runs at once, each of another server; at least 1.
  public var cores = 1
  /// What a step takes longer for each server beyond the number of cores, as a part of itself.
  public var switching = 0.0
  /// From a host's failure to when servers may be placed on it again; `nil`: never. On the other
  /// hosts, the servers that it lost are made anew in any case.
  public var rebootAfter: VirtualDuration?

  public init() {}
}

/// What messages cost beyond their latency, by kind: the first word of a message's summary.
public struct MessagePlan: Sendable {
  /// One service time.
  public struct Cost: Hashable, Sendable {
    public var kind: String
    /// `nil`: at every server.
    public var role: ServerRole?
    public var duration: VirtualDuration

    public init(kind: String, role: ServerRole?, duration: VirtualDuration) {
      self.kind = kind
      self.role = role
      self.duration = duration
    }
  }

  public var costs: [Cost] = []
  /// Bytes by kind, of messages from server to server; kinds that are not here have none.
  public var sizes: [String: Int] = [:]
  /// Bytes per second into a host, and out of it; `nil`: sizes do not matter.
  public var bandwidth: Int?

  public init() {}

  /// How long a message of this size keeps the links of its two hosts busy.
  func transferTime(bytes: Int) -> VirtualDuration {
    guard let bandwidth, bandwidth > 0 else { return .zero }
    let seconds = Double(bytes) / Double(bandwidth)
    return VirtualDuration(nanoseconds: Int64(min(seconds * 1e9, 9e18)))
  }
}

/// A fault of a measured run.
public enum MeasuredFault: Hashable, Sendable {
  /// A server of the first volume.
  case crash(ServerSelector, CrashKind, at: VirtualTime)
  case restart(NodeID, at: VirtualTime)
  /// Every server of the host crashes; the host is its position.
  case hostFailure(Int, at: VirtualTime)

  var time: VirtualTime {
    switch self {
    case .crash(_, _, let time), .restart(_, let time), .hostFailure(_, let time): time
    }
  }
}
