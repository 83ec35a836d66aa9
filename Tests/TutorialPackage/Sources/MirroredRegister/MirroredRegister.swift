import LinearizabilityChecking
import SimulationKernel

/// Registers that are mirrored on two servers with disks, without a primary and without locks: the
/// client reads and writes both mirrors itself.
///
/// A write asks both mirrors for their stamps and stores its value under a higher one on both. A
/// read asks both and returns the newer value; a later read asks the same mirrors, so it does not
/// return an older one (Attiya, Bar-Noy and Dolev, "Sharing memory robustly in message-passing
/// systems", JACM 42(1), 1995, with both mirrors as the only quorum, so that reads need not write).
/// A mirror that is down delays everything until it is back.
public enum MirroredRegister: ReplicationProtocol {
  public static let name = "mirrored-register"
  public static let usesDisk = true

  public static let summary = ProtocolSummary(
    headline: "two mirrors with disks, written and read by the clients themselves",
    source: "Attiya, Bar-Noy and Dolev, JACM 42(1), 1995",
    coordinatorName: nil, servers: 2...2, defaultServers: 2, operations: [.read, .write],
    checks: ["linearizability", "durability", "convergence", "progress"],
    network: [.fifo, .lossy, .duplicating, .reordering, .slow], detectors: [.timeouts],
    diskProfiles: ["default+atomic-dir", "paper-default/4096", "ext4-o"],
    crashPoints: ["written", "forced", "renamed", "durable"],
    messages: ["Ask", "Held", "Store", "Stored"],
    typicalOperation: .milliseconds(6), typicalFailover: .milliseconds(100))

  public static func makeServer(
    _ node: NodeID, _ setting: ProtocolSetting<Deviation>
  ) -> Mirror {
    Mirror(deviations: setting.deviations)
  }

  public static func makeCoordinator(_ setting: ProtocolSetting<Deviation>) -> NoCoordinator {
    NoCoordinator()
  }

  public static func makeClient(
    _ node: NodeID, _ setting: ProtocolSetting<Deviation>
  ) -> Client {
    Client(me: node, deviations: setting.deviations, retryAfter: setting.retry.after)
  }

  /// Any mirror may fail at any time: what it has confirmed is on its disk.
  public static func tolerates(
    failureOf server: NodeID, in facts: ClusterFacts<MirroredRegister>
  ) -> Bool { true }
}

extension MirroredRegister {
  /// What one could get wrong.
  public enum Deviation: String, ProtocolDeviation {
    case readsTrustOneMirror = "MR-01"
    case directoryNotForced = "MR-02"
    case lastToArriveWins = "MR-03"

    public var change: String {
      switch self {
      case .readsTrustOneMirror: "a read returns what the first mirror answers"
      case .directoryNotForced: "a mirror confirms before its rename is forced"
      case .lastToArriveWins: "a mirror takes what arrives, whatever its stamp"
      }
    }
  }

  /// The protocol has none; the type is never used.
  public struct NoCoordinator: CoordinatorNode {
    public let currentView = ObservedView(number: 0, members: [])
    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {}
    public func fingerprint(into hasher: inout StableHasher) {}
  }
}
