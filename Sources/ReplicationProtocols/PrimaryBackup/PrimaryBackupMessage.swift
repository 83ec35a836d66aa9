import LinearizabilityChecking
import SimulationKernel

extension PrimaryBackup {
  /// Everything that nodes of the store say to each other.
  public enum Message: NodeMessage {
    public typealias Operation = LinearizabilityChecking.Operation
    public typealias Response = LinearizabilityChecking.Response

    /// Server to view service: heartbeat and acknowledgement.
    case ping(Ping)
    /// View service to server or client. `asksToCarryOn` asks a member of the view to confirm that
    /// it carries on without the other.
    case view(View, asksToCarryOn: Bool)
    /// Client to view service.
    case viewRequest
    /// Client to the server that it takes for the primary.
    case request(Request)
    /// Primary to client.
    case reply(RequestID, Response)
    /// Server to client: it does not lead in the view with this number.
    case refusal(RequestID, view: Int)
    /// Primary to backup.
    case forward(OrderedOperation, view: Int)
    /// Primary to a new backup.
    case snapshot(Snapshot)
    /// Backup to primary: in this view it holds the snapshot, and everything up to `sequence` after
    /// it.
    case acknowledgement(view: Int, sequence: Int)
    /// To a server that sent a snapshot or a forward of view `view`: the receiver is not backup
    /// there, but believes in view `current`.
    case rejection(view: Int, current: Int)

    public var isPeriodic: Bool {
      switch self {
      case .ping, .view: true
      default: false
      }
    }

    /// Clients do not ask in which view they were refused.
    public var asRead: Message {
      if case .refusal(let request, _) = self { .refusal(request, view: 0) } else { self }
    }

    public var summary: String {
      switch self {
      case .ping(let ping):
        let carriesOn = ping.carriesOnFrom == 0 ? "" : ", carries on from \(ping.carriesOnFrom)"
        return "Ping(\(ping.acknowledged), in view \(ping.adopted)\(carriesOn))"
      case .view(let view, let asked): return "View(\(view)\(asked ? ", carry on?" : ""))"
      case .viewRequest: return "GetView"
      case .request(let request): return "Request(\(request.id.number), \(request.operation.verb))"
      case .reply(let request, let response): return "Reply(\(request.number), \(response.brief))"
      case .refusal(let request, let view): return "Refused(\(request.number), view \(view))"
      case .forward(let ordered, let view):
        return "Forward(view \(view), #\(ordered.sequence) \(ordered.operation.verb))"
      case .snapshot(let snapshot):
        return "Snapshot(view \(snapshot.view), through #\(snapshot.replica.sequence))"
      case .acknowledgement(let view, let sequence): return "Ack(view \(view), #\(sequence))"
      case .rejection(let view, let current): return "Reject(view \(view), current \(current))"
      }
    }
  }

  /// What a server tells the view service each ping interval.
  public struct Ping: Hashable, Sendable {
    /// Which start of the server sends it.
    var incarnation: Int
    /// The view that the server acknowledges, as in the labs' `Ping(n)`: a primary names a view
    /// only when its backup is up to date; 0 from a server that knows no view.
    var acknowledged: Int
    /// The last view that the server has learnt of.
    var adopted: Int
    /// The view whose other member this server carries on without, if the service says so; 0 for
    /// none.
    var carriesOnFrom: Int
  }

  /// A client's operation.
  public struct Request: Hashable, Sendable {
    var id: RequestID
    var operation: Operation
    /// The lowest number that the client still waits for; it has the answers to all below.
    var lowestOpen: Int32
  }

  /// An operation with its place in the order that the primary gives.
  public struct OrderedOperation: Hashable, Sendable {
    /// 1 and up, without gaps.
    var sequence: Int
    var request: RequestID
    var operation: Operation
    /// What the primary drew for a `putDrawn`; every replica uses it (state forwarding).
    var drawn: Int
    var lowestOpen: Int32
  }

  /// The state of the primary for a new backup.
  public struct Snapshot: Hashable, Sendable {
    var view: Int
    var replica: Replica
  }
}
