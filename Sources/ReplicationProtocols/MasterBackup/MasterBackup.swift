import LinearizabilityChecking
import SimulationKernel

/// Primary/backup as the chain replication paper compares it with chains (van Renesse and
/// Schneider, OSDI 2004, sections 3 and 4): t servers and a master that never fails. The primary
/// gives requests their order, sends updates to all backups in parallel, counts acknowledgements
/// and answers; it answers queries too, when the updates before them are acknowledged.
///
/// When the primary fails, five messages follow one another: the master suspends the backups and
/// asks how many updates they have; they say so; the master makes the one with most the primary;
/// that one sends the others what they lack, and tells the master; the master tells the clients.
/// When a backup fails, one does: the master tells the primary that no acknowledgement will come.
///
/// Made complete as the chain is here: request identities, terms, retransmission, and servers that
/// come back with empty memory and join as backups. Assumptions: fail-stop servers, failures
/// reported and never falsely, a complete member alive. Messages may be lost, duplicated, overtaken
/// or late.
public enum MasterBackup: ReplicationProtocol {
  public typealias Coordinator = Master

  /// The state machine is that of the other primary/backup store.
  typealias Replica = PrimaryBackup.Replica
  public typealias Request = PrimaryBackup.Request
  public typealias OrderedOperation = PrimaryBackup.OrderedOperation

  public static let name = "master-backup"

  public static func makeServer(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Server {
    Server(node, Settings(setting))
  }

  public static func makeCoordinator(_ setting: ProtocolSetting<Deviation>) -> Master {
    Master(Settings(setting))
  }

  public static func makeClient(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Client {
    Client(node, Settings(setting))
  }

  /// Another live member of the master's configuration must be complete. A server that joins is
  /// complete as soon as it has the primary's state.
  public static func tolerates(
    failureOf server: NodeID, in facts: ClusterFacts<MasterBackup>
  ) -> Bool {
    guard let master = facts.coordinator else { return false }
    return master.configuration.members.contains { member in
      member.server != server.index && facts.isUp[member.server]
        && facts.servers[member.server].isReplica
        && facts.servers[member.server].incarnation == member.incarnation
    }
  }
}
