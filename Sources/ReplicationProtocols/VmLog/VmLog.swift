import LinearizabilityChecking
import SimulationKernel

/// Log-based replication of a virtual machine: a primary and a backup run the same deterministic
/// guest, and everything that could make them differ goes through a log (Scales, Nelson and
/// Venkitachalam, "The design of a practical system for fault-tolerant virtual machines", 2010; the
/// primary/backup lecture retells it).
///
/// - Logging: what the primary's guest is given, at which instruction, and what its clock read,
///   are numbered entries of a channel; the backup replays them behind the primary.
/// - Output rule: nothing leaves the primary, to clients or to the shared disk, before the backup
///   has acknowledged the entry of that output. The primary runs on meanwhile, until its buffer of
///   entries is full.
/// - Going live: a machine that misses the other does a test-and-set on the shared storage. One
///   wins; the other's virtual machine halts. A backup first replays all that it has received.
///   Outputs that may have been lost are let out again, a disk operation without a completion is
///   issued again.
/// - Protecting again: a machine that runs alone sends its state to a spare one, which becomes the
///   backup when the storage has entered it, and that arms the test-and-set for the new pair.
///
/// Assumptions: machines stop and do nothing worse; the shared storage never fails, and is waited
/// for while it cannot be reached; one machine of the pair lives, and none fails while its
/// test-and-set is under way. Silence may be taken for a failure wrongly, and messages may be lost,
/// duplicated, overtaken or late.
public enum VmLog: ReplicationProtocol {
  public typealias Coordinator = Storage

  /// A start of a machine: one that comes back is a new, empty one.
  public typealias Member = MasterBackup.Member
  public typealias Request = PrimaryBackup.Request
  public typealias Client = GuestClient<Message>

  public static let name = "vm-log"

  public static func makeServer(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Server {
    Server(node, Settings(setting))
  }

  public static func makeCoordinator(_ setting: ProtocolSetting<Deviation>) -> Storage {
    Storage(Settings(setting))
  }

  public static func makeClient(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Client {
    let settings = Settings(setting)
    return Client(
      node, machineCount: settings.serverCount, retry: settings.clientRetry,
      knowsRepeatedOutputs: settings.knowsRepeatedOutputs)
  }

  /// The other machine of the pair that the storage knows must run the guest. A machine whose
  /// test-and-set is under way may not fail: it may have won, and the other would halt.
  public static func tolerates(
    failureOf server: NodeID, in facts: ClusterFacts<VmLog>
  ) -> Bool {
    guard let storage = facts.coordinator else { return false }
    let victim = facts.servers[server.index]
    if victim.isClaiming { return false }
    let members = storage.configuration.members
    guard members.contains(victim.me) else { return true }
    return members.contains { member in
      member != victim.me && facts.isUp[member.server]
        && facts.servers[member.server].me == member && facts.servers[member.server].isReplica
    }
  }
}
