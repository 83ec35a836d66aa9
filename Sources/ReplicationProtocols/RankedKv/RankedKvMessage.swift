import LinearizabilityChecking
import SimulationKernel

extension RankedKv {
  /// Everything that nodes of the store say to each other.
  public enum Message: NodeMessage {
    public typealias Operation = LinearizabilityChecking.Operation
    public typealias Response = LinearizabilityChecking.Response

    /// Client to any server that it knows.
    case request(Request)
    /// Server to client.
    case reply(RequestID, Response)
    /// Server to client: it does not serve now.
    case refused(RequestID)
    /// Between servers of the correct variant.
    case peer(PeerMessage)
    /// Between servers of the document's designs.
    case call(Call)
    case answer(Answer)

    public var summary: String {
      switch self {
      case .request(let request):
        "Request(\(request.id.number), \(request.operation.verb))"
      case .reply(let request, let response):
        "Reply(\(request.number), \(response.brief))"
      case .refused(let request): "Refused(\(request.number))"
      case .peer(let message): message.body.summary
      case .call(let call): call.summary
      case .answer(let answer): answer.summary
      }
    }
  }

  /// A message between servers of the correct variant: which process sends it, and which processes
  /// it knows to be dead.
  public struct PeerMessage: Hashable, Sendable {
    var incarnation: Int
    /// The process that it is meant for; 0 for any of the receiver's.
    var addressee: Int
    /// By rank: processes up to this one are dead.
    var dead: [Int]
    var body: PeerBody
  }

  public enum PeerBody: Hashable, Sendable {
    /// Where the sender stands. Reviving servers say it to everybody.
    case hello(Standing, wantsAnswer: Bool)
    /// Reviving server to primary: take me in. `since` is the clock of its latest row (KV-12).
    case join(since: Int)
    /// Router to primary.
    case forward(Request)
    /// Primary to router.
    case done(RequestID, Response)
    /// Primary to everybody else: the next update, and through which all have theirs.
    case push(Update, epoch: Int, committed: Int)
    /// It is in the table; so is everything before.
    case pushed(epoch: Int, sequence: Int)
    /// Primary to everybody else: all have the updates through this one.
    case committed(epoch: Int, sequence: Int)
    /// Server to primary: a read waits for that news.
    case askCommitted
    /// A server that is to lead asks what the others hold; they take no pushes of an earlier epoch
    /// from now on.
    case collect(epoch: Int, isRecovery: Bool)
    case state(epoch: Int, Holdings)
    /// The receiver has promised itself to another epoch.
    case rejected(promised: Int)
    /// The new membership, with everything that is known.
    case install(Installation)
    case installed(epoch: Int)
  }

  /// How far a server has come.
  public struct Standing: Hashable, Sendable {
    var membership: Membership
    /// Takes part; otherwise it revives.
    var isMember: Bool
  }

  public struct Holdings: Hashable, Sendable {
    var membership: Membership
    var table: Table
  }

  public struct Installation: Hashable, Sendable {
    var membership: Membership
    var table: Table
    /// The receiver takes the table over; otherwise it only counts on from there (KV-04).
    var extent: Extent

    enum Extent: UInt8, Hashable, Sendable {
      case everything
      /// The rows are those that are missing by their clocks (KV-12).
      case laterRows
      case countOnly
    }
  }
}

extension RankedKv.PeerBody {
  var summary: String {
    switch self {
    case .hello(let standing, _):
      "Hello(\(standing.isMember ? "member" : "reviving"), \(standing.membership))"
    case .join: "Join"
    case .forward(let request):
      "Forward(\(request.id.number), \(request.operation.verb))"
    case .done(let request, let response): "Done(\(request.number), \(response.brief))"
    case .push(let update, let epoch, _): "Push(#\(update.sequence), epoch \(epoch))"
    case .pushed(let epoch, let sequence): "Pushed(#\(sequence), epoch \(epoch))"
    case .committed(let epoch, let sequence): "Committed(#\(sequence), epoch \(epoch))"
    case .askCommitted: "AskCommitted"
    case .collect(let epoch, let isRecovery):
      "Collect(epoch \(epoch)\(isRecovery ? ", all were down" : ""))"
    case .state(let epoch, let holdings):
      "State(epoch \(epoch), through #\(holdings.table.sequence) of \(holdings.membership.epoch))"
    case .rejected(let promised): "Rejected(epoch \(promised))"
    case .install(let installation):
      "Install(\(installation.membership), through #\(installation.table.sequence))"
    case .installed(let epoch): "Installed(epoch \(epoch))"
    }
  }
}
