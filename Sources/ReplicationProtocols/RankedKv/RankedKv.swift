import LinearizabilityChecking
import SimulationKernel

/// A key-value store that every server holds completely: reads go to any server, puts through a
/// router to the primary, and ranks say who is primary next, (rank + 1) mod n. The document is the
/// report of a course project; its designs and its known bugs are variants
/// (``Deviation``).
///
/// The correct variant keeps that shape and is linearizable. It replaces the timestamp of the
/// primary by an epoch, the dead sets by a membership that everybody agrees to, and the time-outs
/// by a detector that is never wrong; `VersionedServer` lists its rules.
///
/// Assumptions: processes stop and do nothing worse; the death of a process is reported to whoever
/// calls it, and never falsely; links are first in, first out, and may lose messages or be cut for
/// a while; disks lose only what was not forced; a member of the current epoch lives, or after a
/// failure of all, its members come back.
public enum RankedKv: ReplicationProtocol {
  /// There is none.
  public struct Coordinator: CoordinatorNode {
    public typealias Message = RankedKv.Message
    public let currentView = ObservedView(number: 0, members: [])

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {}

    public func fingerprint(into hasher: inout StableHasher) {}
  }

  public static let name = "ranked-kv"
  public static let usesDisk = true

  public static func makeServer(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Server {
    Server(node, Settings(setting))
  }

  public static func makeCoordinator(_ setting: ProtocolSetting<Deviation>) -> Coordinator {
    Coordinator()
  }

  public static func makeClient(_ node: NodeID, _ setting: ProtocolSetting<Deviation>) -> Client {
    Client(node, Settings(setting), setting.layout)
  }
}
