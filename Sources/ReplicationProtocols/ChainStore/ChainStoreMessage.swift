import LinearizabilityChecking
import SimulationKernel

extension ChainStore {
  /// Everything that nodes of the store say to each other. Messages between servers carry the
  /// sender's epoch.
  public enum Message: NodeMessage {
    public typealias Operation = LinearizabilityChecking.Operation
    public typealias Response = LinearizabilityChecking.Response

    // Client and head.
    indirect case write(WriteRequest)
    /// The head has queued the write, or has had it before.
    case queued(RequestID)
    // Client and tail.
    case ackWrite(RequestID, floor: Int32)
    case ackStatus(RequestID, isCommitted: Bool)
    indirect case read(RequestID, Operation)
    indirect case answer(RequestID, Response)
    /// The server asked is not the one for this request.
    case redirect(RequestID, epoch: Int)

    // Down the chain.
    indirect case relayWrite(Entry, epoch: Int)
    /// What the successor may lack, in order: after a failure, and retransmissions.
    indirect case resend([Entry], epoch: Int)
    indirect case checksum(ChecksumRound, epoch: Int)

    // Up the chain.
    /// The tail has committed every write up to this one.
    case relayAck(through: Int, epoch: Int)
    /// The head has committed so far: the nested calls of an acknowledgement return.
    case ackReturned(through: Int)
    case ackReplayLog(Forgotten)
    /// CB-06: the call that relays a write returns.
    case relayed(number: Int)

    // Between the tail and a joining node.
    indirect case restore(Restoration)
    /// So many parts have arrived.
    case restored(parts: Int, transfer: Int)
    indirect case handOver(Handover)

    // To the master.
    case register(incarnation: Int, committed: Int)
    case restoreDone(transfer: Int)
    case tailReady(Member, transfer: Int)
    indirect case received(Reception)
    case heartbeatReply(epoch: Int, isSettled: Bool)
    case whichConfiguration
    case checksumResult(agrees: Bool)

    // From the master.
    /// The configuration, and at the same time the heartbeat.
    indirect case configure(Configuration)
    indirect case link(Link)
    case beginChecksum(epoch: Int)

    public var isPeriodic: Bool {
      switch self {
      case .configure, .heartbeatReply, .beginChecksum: true
      default: false
      }
    }
  }

  public struct WriteRequest: Hashable, Sendable {
    var request: RequestID
    var operation: Operation
    /// The client's lowest request that it still waits for.
    var floor: Int32
    /// When the client made the request, by its clock.
    var stamp: VirtualTime
  }

  /// What leaves the replay log on the way up.
  public enum Forgotten: Hashable, Sendable {
    /// The client waits for nothing below.
    case below(Int32, client: NodeID)
    /// The document: an acknowledged entry.
    case entry(RequestID, andOlder: Bool)
  }

  /// A part of what a joining node has missed.
  public struct Restoration: Sendable {
    var transfer: Int
    /// Counted from 0.
    var part: Int
    var parts: Int
    var blocks: [RestoredBlock]
    /// The state that all parts together bring the node to.
    var through: Int
    var replay: ReplayLog
    /// Only checkers look at it.
    var history: UpdateLog
  }

  /// What a tail gives to its successor together with its role.
  public struct Handover: Sendable {
    var source: Member
    var transfer: Int
    var configuration: Configuration
    /// Everything after the restored state.
    var sent: [Entry]
    /// The last write that the old tail has committed.
    var committed: Int
  }

  /// A server says what it has of a new predecessor's writes.
  public struct Reception: Hashable, Sendable {
    var successor: Member
    var predecessor: Member
    var number: Int
    var committed: Int
    var epoch: Int
  }

  /// A server has a new successor, which has this much.
  public struct Link: Hashable, Sendable {
    var configuration: Configuration
    var successor: Member
    var number: Int
    var committed: Int
  }

  /// Checksums of the committed contents, collected on the way down.
  public struct ChecksumRound: Hashable, Sendable {
    /// The state that they speak of.
    var committed: Int
    var sums: [UInt64]
  }
}
