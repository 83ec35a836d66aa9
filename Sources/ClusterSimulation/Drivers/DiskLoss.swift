import DiskSimulation
import SimulationKernel

/// What a power loss could leave on the disk of the server that it struck, in numbers.
public struct DiskLoss: Hashable, Sendable {
  /// The sets of unsynced micro-operations that the disk may have kept; `nil` if there are more
  /// than 2^63 - 1.
  public var closedSets: Int? = 0
  /// The different disks that these leave; `nil` if there were more closed sets than are tried one
  /// by one.
  public var images: Int? = 0
  /// Runs that differ in nothing but what was read from the disk: the lazy leaves.
  public var leaves = 0

  public init() {}
}

/// Counts what power losses could leave. Neighbouring boundaries mostly find the same disk, so the
/// last one is remembered.
struct DiskLossCounter {
  /// Closed sets that are tried one by one to find the different disks.
  static let imageLimit = 1 << 14

  private var last: (fingerprint: UInt64, loss: DiskLoss)?

  /// - Parameters:
  ///   - fork: about to take the step of the crash point.
  mutating func count<Subject>(
    at point: CrashPoint, in fork: CrashPointDriver<Subject>.Fork,
    _ driver: CrashPointDriver<Subject>
  ) -> DiskLoss {
    // A crash of the process leaves everything pending that a power loss may lose.
    var fork = fork
    fork.crash = CrashRequest(kind: .process, place: .afterEffect(point.effectCount))
    var run = fork.run
    driver.take(fork, in: &run)
    let disk = run.cluster.disks.disks[point.node.index]
    let fingerprint = disk.fingerprint
    if let last, last.fingerprint == fingerprint { return last.loss }
    var loss = DiskLoss()
    loss.closedSets = disk.closedSets.count()
    loss.images = disk.crashImageCount(limit: Self.imageLimit)
    last = (fingerprint, loss)
    return loss
  }
}
