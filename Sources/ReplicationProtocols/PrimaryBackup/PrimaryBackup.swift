import SimulationKernel

/// A key-value store on a primary and a backup, with a view service that says who they are: lab 2
/// of the MIT course 6.824, as the primary/backup lecture of 2013 to 2015 asks for it.
///
/// Six rules make it correct (the numbers are used throughout):
/// - R1: the primary answers a client only after the backup has executed the operation;
/// - R2: the backup accepts what is forwarded only in the view that it believes in itself;
/// - R3: the primary of view n + 1 was primary or backup of view n;
/// - R4: a server that is not primary rejects clients;
/// - R5: the view service does not begin view n + 1 before the primary has acknowledged view n;
/// - R6: every operation is entirely before or entirely after the transfer of the state.
///
/// Two rules are added to the lecture's, because the fault model here is harsher. *Incarnations*:
/// view members are processes, not machines, so that a server that comes back empty holds no role.
/// *The survivor confirms*: see `ViewServiceRules.survivorConfirms`.
///
/// Servers keep everything in memory. The network may lose, duplicate, reorder, delay and cut
/// anything between any two nodes; time-outs may be wrong.
public enum PrimaryBackup: ReplicationProtocol {
  public static let name = "primary-backup"

  public static func makeServer(
    _ node: NodeID, _ setting: ProtocolSetting<Deviation>
  ) -> Server {
    Server(node, Settings(setting))
  }

  public static func makeCoordinator(_ setting: ProtocolSetting<Deviation>) -> Coordinator {
    Coordinator(Settings(setting))
  }

  public static func makeClient(
    _ node: NodeID, _ setting: ProtocolSetting<Deviation>
  ) -> Client {
    Client(node, Settings(setting))
  }
}
