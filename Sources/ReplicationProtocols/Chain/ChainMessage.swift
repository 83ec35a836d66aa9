import LinearizabilityChecking
import SimulationKernel

extension Chain {
  /// Everything that travels in a chain. Every message carries the sender's epoch, or the
  /// configuration itself.
  public enum Message: NodeMessage {
    public typealias Operation = LinearizabilityChecking.Operation
    public typealias Response = LinearizabilityChecking.Response

    // Clients and servers.
    case update(UpdateRequest)
    case query(QueryRequest)
    case answer(RequestID, Response, epoch: Int32)
    /// The server asked is not the one for this request.
    case redirect(RequestID, epoch: Int32)

    // Down the chain.
    case forward(Update, epoch: Int)
    /// Updates that the successor may lack: the fourth message of a middle failure, and
    /// retransmissions.
    case resend([Update], epoch: Int)
    /// A client repeats an update that the tail has processed: give the answer again.
    case replyAgain(RequestID, epoch: Int)

    // Up the chain.
    /// The tail has processed every update up to this one.
    case acknowledge(through: Int, epoch: Int)

    // Between the tail and a joining server.
    indirect case copy(CopiedStretch, transfer: Int, epoch: Int)
    case copied(count: Int, transfer: Int, epoch: Int)
    indirect case handOver(Handover)
    indirect case relay(QueryRequest, epoch: Int)

    // To the master.
    case join(Incarnation, epoch: Int)
    case copyDone(transfer: Int, epoch: Int)
    case tailReady(Member, transfer: Int, epoch: Int)
    case whichConfiguration(epoch: Int)
    indirect case received(Reception)

    // From the master.
    indirect case configure(Configuration)
    indirect case link(Link)
  }

  public struct UpdateRequest: Sendable {
    var request: RequestID
    var operation: Operation
    /// The epoch of the client's configuration.
    var epoch: Int32
    /// The client's lowest request that is not finished.
    var floor: Int32
  }

  public struct QueryRequest: Sendable {
    var request: RequestID
    var operation: Operation
    /// The epoch of the client's configuration.
    var epoch: Int32
  }

  /// What a tail gives to its successor together with its role: steps (a) and (b) of "Extending a
  /// Chain", section 3.
  public struct Handover: Sendable {
    var source: Member
    var transfer: Int
    var configuration: Configuration
    /// `Sent` of the old tail: what it applied since the copy began.
    var updates: [Update]
    /// The last update that the old tail processed as tail; it answered all up to here.
    var cut: Int
  }

  /// The second message of a middle failure: S+ has adopted its new predecessor.
  public struct Reception: Sendable {
    var successor: Member
    var predecessor: Member
    /// The last update that S+ has: `sn` of figure 3.
    var count: Int
    /// The last update that S+ knows the tail has processed. Acknowledgements that died with S are
    /// made good by it.
    var acknowledged: Int
    var epoch: Int
  }

  /// The third message of a middle failure: S- has a new successor.
  public struct Link: Sendable {
    var configuration: Configuration
    var successor: Member
    var count: Int
    var acknowledged: Int
  }
}

extension Chain.Message {
  /// An answer, a question to the master, what travels up the chain or tells of a copy is true in
  /// every epoch, so nobody looks at the sender's.
  public var asRead: Chain.Message {
    switch self {
    case .answer(let request, let response, _): .answer(request, response, epoch: 0)
    case .replyAgain(let request, _): .replyAgain(request, epoch: 0)
    case .acknowledge(let through, _): .acknowledge(through: through, epoch: 0)
    case .copy(let stretch, let transfer, _): .copy(stretch, transfer: transfer, epoch: 0)
    case .copied(let count, let transfer, _): .copied(count: count, transfer: transfer, epoch: 0)
    case .relay(let asked, _): .relay(asked, epoch: 0)
    case .join(let incarnation, _): .join(incarnation, epoch: 0)
    case .copyDone(let transfer, _): .copyDone(transfer: transfer, epoch: 0)
    case .tailReady(let member, let transfer, _):
      .tailReady(member, transfer: transfer, epoch: 0)
    case .whichConfiguration: .whichConfiguration(epoch: 0)
    case .received(let reception):
      .received(
        Chain.Reception(
          successor: reception.successor, predecessor: reception.predecessor,
          count: reception.count, acknowledged: reception.acknowledged, epoch: 0))
    case .update, .query, .redirect, .forward, .resend, .handOver, .configure, .link: self
    }
  }
}
