import SimulationKernel

/// How the replicas of volumes are spread over servers, after section 5.4 of van Renesse and
/// Schneider, "Chain Replication for Supporting High Throughput and Availability", OSDI 2004.
public enum VolumePlacement: String, Hashable, Sendable, CaseIterable {
  /// On consecutive servers of a ring; a failed server's volumes return to its place, at most as
  /// many at a time as there are replicas.
  case ring
  /// On random servers; all volumes of a failed server are copied at the same time.
  case rndpar
  /// On random servers; at most as many volumes of a failed server at a time as there are replicas.
  case rndseq
}

/// What is simulated to find the mean time between unavailability (MTBU): how long it takes until
/// all replicas of some volume are lost, counted from a system in which every replica is there.
///
/// Servers fail independently, at exponential times. A failed server has lost its replicas, and an
/// empty one stands in its place at once. Each lost replica is copied from a remaining one.
public struct PlacementPlan: Hashable, Sendable {
  public let placement: VolumePlacement
  /// At least as many as ``replicas``.
  public let servers: Int
  /// Of each volume; at least 1.
  public let replicas: Int
  public var seed: UInt64 = 1
  /// Replicas that an average server holds.
  public var replicasPerServer = 100
  public var meanTimeBetweenFailures = VirtualDuration.seconds(24 * 3600)
  /// How long it takes to copy all that an average server holds, one volume after the other.
  public var serverCopy = VirtualDuration.seconds(4 * 3600)
  /// No copy of a volume is faster.
  public var shortestCopy = VirtualDuration.seconds(10)
  /// Copies at a time for one failed server, of the number of servers; rounded up.
  public var parallelPercent = 40
  /// The measurement ends when its standard error is at most this part of the mean.
  public var relativeError = 0.05
  /// Failures and copies to simulate at most.
  public var eventLimit = 4_000_000

  /// - Returns: `nil` unless 1 <= `replicas` <= `servers` <= 10,000.
  public init?(_ placement: VolumePlacement, servers: Int, replicas: Int) {
    guard replicas >= 1, servers >= replicas, servers <= 10_000 else { return nil }
    self.placement = placement
    self.servers = servers
    self.replicas = replicas
  }

  /// At least one.
  var volumes: Int { max(1, servers * max(1, min(replicasPerServer, 10_000)) / replicas) }

  /// How long the copy of one volume takes. Where more copies are allowed than a server has
  /// replicas, each is divided.
  var volumeCopy: VirtualDuration {
    let parts = Int64(max(1, replicasPerServer, copyLimit))
    return max(shortestCopy, VirtualDuration(nanoseconds: serverCopy.nanoseconds / parts))
  }

  /// Copies at a time for one failed server.
  var copyLimit: Int {
    let share = max(1, (servers * parallelPercent + 99) / 100)
    return placement == .rndpar ? share : min(replicas, share)
  }
}
