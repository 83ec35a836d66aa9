import SimulationKernel

/// A block store on two nodes with a load balancer: the replicated block storage of a course
/// project (CloudLab measurements; approaches 1 to 3 of its slides), and a variant of ours that
/// keeps the promises.
///
/// The load balancer never fails. It says who is primary and whether the other node holds
/// everything (``Assignment``); reads go to both, writes to the primary. The primary prepares a
/// write, the backup commits it, the primary commits it and answers. A node that restarts asks the
/// other what became of its unfinished transactions, fetches what was written without it, compares
/// contents, and only then serves again; meanwhile the other one refuses writes.
///
/// Assumptions, as the document states them: processes stop and do nothing worse; disks lose only
/// what was not forced; messages between live nodes arrive, in order; one node is always up and
/// holds everything; no failure during a recovery.
///
/// What the correct variant adds to the document:
/// - directories are forced after a rename, so that a committed file cannot disappear;
/// - the log carries the data with a checksum, so that a write of two blocks, or a rename that the
///   file system tears, is finished from the log; the scan ends at the first record that is torn;
/// - messages between the nodes carry the load balancer's epoch, so that the Commit of a dead
///   primary is refused by its successor;
/// - a block is locked on each node from before the first copy changes until the node's own copy
///   has, so that no read goes back in time;
/// - a retry keeps its request's identity, and what was executed is remembered through restarts;
/// - outcomes stay known until the other node has them, and contents are compared by checksum
///   before a node serves again;
/// - a node whose disk fails a call, or answers something else than the node remembers, ends its
///   process and recovers from the other when it starts again.
///
/// What the document excludes, "no disk corruption", it survives in part: every failed call, a full
/// disk, stalls, torn sectors, damage that a read or the comparison finds while the other node
/// holds everything. It does not survive damage to the only node that holds everything: nothing on
/// its disk says what a block should hold, and a log is believed up to its first damaged record, as
/// if that had been torn by a power loss (Alagappan et al., "Protocol-Aware Recovery for
/// Consensus-Based Storage", FAST 2018, tell the two apart).
public enum TwoNodeStore: ReplicationProtocol {
  public static let name = "two-node-store"
  public static let usesDisk = true

  public static func makeServer(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Server {
    Server(node, Settings(setting))
  }

  public static func makeCoordinator(_ setting: ProtocolSetting<Deviation>) -> Coordinator {
    Coordinator(Settings(setting))
  }

  public static func makeClient(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Client {
    Client(node, Settings(setting))
  }

  /// The other of the two nodes.
  static func peer(of node: NodeID) -> NodeID { NodeID(1 - node.index) }
}
