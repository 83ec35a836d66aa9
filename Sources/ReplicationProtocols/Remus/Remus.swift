import LinearizabilityChecking
import SimulationKernel

/// Checkpoint-based replication of a whole virtual machine: Remus (Cully et al., "Remus: high
/// availability via asynchronous virtual machine replication", NSDI 2008; the chain replication
/// lecture of 2015 retells it).
///
/// - The active host runs the guest in epochs. At the end of one it stops the guest for as long as
///   it takes to copy the changed pages and the registers, lets it run on speculatively, and sends
///   the copy. What the guest puts out is buffered until the backup has acknowledged the checkpoint
///   of its epoch; what comes in reaches the guest at once.
/// - Disk writes go through to the active host's disk, and at the same time to the backup, which
///   keeps them in memory and applies those of an epoch when it has the whole checkpoint.
/// - When the active host dies, the backup drops the incomplete checkpoint, applies all complete
///   ones to its disk, writes its activation record, and runs the guest from the last of them. When
///   the backup dies, the active host runs on unprotected.
/// - When both have failed, the disk with the latest activation record is valid; without any, that
///   of the first active host, whose writes went through.
/// - Protecting again, which the paper leaves to a full copy: a host that comes back gets the whole
///   state and writes it to its disk.
///
/// Assumptions: hosts stop and do nothing worse; a failure is detected, and never falsely (there is
/// no fencing); links are first in, first out and lose nothing between live hosts; disks lose only
/// what was not forced; one host lives, or after a failure of both, both come back.
public enum Remus: ReplicationProtocol {
  /// There is none.
  public struct Coordinator: CoordinatorNode {
    public typealias Message = Remus.Message
    public let currentView = ObservedView(number: 0, members: [])

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {}

    public func fingerprint(into hasher: inout StableHasher) {}
  }

  public typealias Request = PrimaryBackup.Request
  public typealias Client = GuestClient<Message>
  /// An update as it stands on the disk, and in the guest's order.
  typealias Update = PrimaryBackup.OrderedOperation
  typealias Memory = PrimaryBackup.Replica

  public static let name = "remus"
  public static let usesDisk = true

  public static func makeServer(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Server {
    Server(node, Settings(setting))
  }

  public static func makeCoordinator(_ setting: ProtocolSetting<Deviation>) -> Coordinator {
    Coordinator()
  }

  public static func makeClient(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Client {
    let settings = Settings(setting)
    return Client(
      node, machineCount: settings.serverCount, retry: settings.clientRetry)
  }

  /// The other host must run the guest, or hold a complete checkpoint. With the option
  /// `bothMayFail` anybody may fail: whoever assumes that lets both start again.
  public static func tolerates(
    failureOf server: NodeID, in facts: ClusterFacts<Remus>
  ) -> Bool {
    if facts.servers[server.index].settings.bothMayFail { return true }
    return facts.layout.servers.contains { other in
      other != server && facts.isUp[other.index] && facts.servers[other.index].isReplica
    }
  }
}
