import SimulationKernel

/// Which faults a run suffers.
public enum FaultPlan: Sendable {
  /// Drawn from the seed, within a budget and within the protocol's assumptions.
  case drawn(DrawnFaults)
  /// Written in the scenario; they may break assumptions.
  case scripted([ScriptedFault])
}

/// A server by name, or whichever has a role when the fault strikes.
public enum ServerSelector: Hashable, Sendable {
  case server(NodeID)
  case role(ServerRole)
}

/// Budgets of drawn faults. Every fault of a kind strikes at a time drawn from the window.
public struct DrawnFaults: Sendable {
  public var crashes = 0
  /// Crashed servers that start again within the fault phase; with none, they stay down for ever.
  public var restarts = 0
  public var powerLosses = 0
  public var clusterPowerLosses = 0
  /// A server, or a client, cut off from everybody else for a while.
  public var partitions = 0
  /// One direction of one link cut for a while.
  public var oneWayCuts = 0
  public var slowLinks = 0
  /// Faults of the servers' disks, a kind once.
  public var storage: [DrawnStorageFaults] = []
  /// Which servers may crash; empty means all.
  public var targets: [ServerSelector] = []
  /// Servers that may be down at once.
  public var largestDown = Int.max
  public var window = VirtualDuration.milliseconds(100)
  public var restartAfter = DurationRange(.milliseconds(10), .milliseconds(200))
  public var partitionFor = DurationRange(.milliseconds(50), .milliseconds(1500))
  public var slowBy = DurationRange(.milliseconds(5), .milliseconds(200))
  /// Each seed draws its own subset of the kinds and counts.
  public var drawsSubset = false

  public init() {}

  public var isEmpty: Bool {
    crashes + restarts + powerLosses + clusterPowerLosses + partitions + oneWayCuts + slowLinks
      == 0 && storage.allSatisfy { $0.count == 0 }
  }
}

/// One fault of a script.
public enum ScriptedFault: Sendable {
  case crash(ServerSelector, CrashKind, at: VirtualTime)
  /// When the server reaches the named crash point for the `occurrence`-th time (from 1).
  case crashAtLabel(ServerSelector, CrashKind, LabelTrigger, occurrence: Int)
  /// After the `effect`-th effect of the `step`-th step (from 1) of the server's processes.
  case crashInStep(ServerSelector, CrashKind, step: Int, effect: Int)
  case clusterPowerLoss(at: VirtualTime)
  case restart(NodeID, at: VirtualTime)
  case cut(from: NodeID, to: NodeID, oneWay: Bool, start: VirtualTime, end: VirtualTime)
  case heal(NodeID, NodeID, at: VirtualTime)
  /// Cuts a node off from every other.
  case isolate(NodeID, start: VirtualTime, end: VirtualTime)
  /// Arms a fault of a server's disk.
  case storage(ServerSelector, StorageFaultRequest, at: VirtualTime)

  /// The last instant at which the fault does something by the clock; `nil` if it waits for an
  /// event instead.
  var lastTime: VirtualTime? {
    switch self {
    case .crash(_, _, let time), .clusterPowerLoss(let time), .restart(_, let time),
      .heal(_, _, let time), .storage(_, _, let time):
      time
    case .cut(_, _, _, let start, let end), .isolate(_, let start, let end):
      end == .never ? start : end
    case .crashAtLabel, .crashInStep: nil
    }
  }
}
