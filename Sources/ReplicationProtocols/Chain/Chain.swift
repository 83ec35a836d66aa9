import LinearizabilityChecking
import SimulationKernel

/// Chain replication as published (van Renesse and Schneider, "Chain Replication for Supporting
/// High Throughput and Availability", OSDI 2004), made complete: request identities, configuration
/// epochs and retransmission, which the paper leaves to its assumptions.
///
/// Updates enter at the head, which computes each result once and sends the result down the chain;
/// queries are answered by the tail, and so is every update. A master that never fails tells the
/// servers their neighbours. Stated assumptions: fail-stop servers, failures reported and never
/// falsely, at least one server of the current chain alive. FIFO links are assumed by the paper
/// only: this one stays safe when messages are lost, duplicated, overtaken or late.
public enum Chain: ReplicationProtocol {
  public typealias Coordinator = Master

  public static let name = "chain"

  public static func makeServer(
    _ node: NodeID, _ setting: ProtocolSetting<Deviation>
  ) -> Server {
    Server(node, Settings(setting))
  }

  public static func makeCoordinator(_ setting: ProtocolSetting<Deviation>) -> Master {
    Master(Settings(setting))
  }

  public static func makeClient(
    _ node: NodeID, _ setting: ProtocolSetting<Deviation>
  ) -> Client {
    Client(node, Settings(setting))
  }

  /// Another live server of the master's current chain must remain. A server that is still joining
  /// does not count: the master has not appended it. Every member that lives is complete, so one is
  /// enough, whatever reconfiguration is under way.
  public static func tolerates(
    failureOf server: NodeID, in facts: ClusterFacts<Chain>
  ) -> Bool {
    guard let master = facts.coordinator else { return false }
    return master.currentView.members.contains { member in
      member != server && facts.isUp[member.index] && facts.servers[member.index].isReplica
    }
  }
}
