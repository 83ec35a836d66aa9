import LinearizabilityChecking
import SimulationKernel

/// A chain-replicated block store: the block store of a course project (a report with its
/// published code), and a variant of ours that keeps the promises. The documentation
/// page of this type describes roles, messages, disk layout, guarantee and assumptions.
public enum ChainStore: ReplicationProtocol {
  public static let name = "chain-store"
  public static let usesDisk = true

  public static func makeServer(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Server {
    Server(node, Settings(setting))
  }

  public static func makeCoordinator(_ setting: ProtocolSetting<Deviation>) -> Master {
    Master(Settings(setting))
  }

  public static func makeClient(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Client {
    Client(node, Settings(setting))
  }

  /// Another live member of the chain must remain, one that has adopted its place. With the option
  /// `totalFailure` none need remain: what was acknowledged is durable at whoever acknowledged it,
  /// and the chain goes on when that node is back.
  public static func tolerates(
    failureOf server: NodeID, in facts: ClusterFacts<ChainStore>
  ) -> Bool {
    guard let master = facts.coordinator else { return false }
    if master.settings.survivesTotalFailure { return true }
    return master.configuration.chain.contains { member in
      member.node != server && facts.isUp[member.node.index]
        && facts.servers[member.node.index].me == member
        && facts.servers[member.node.index].isReplica
    }
  }
}
