import SimulationKernel

extension Chain {
  /// A server of the chain. This file holds its memory and hands each input to the part that deals
  /// with it: updates, queries, acknowledgements, reconfiguration, extension, joining.
  public struct Server: ServerNode {
    public typealias Message = Chain.Message

    /// How far the server belongs to the chain.
    enum Membership: UInt8, Sendable {
      /// Its process has not started, or it waits before it asks to join.
      case outside
      /// It has asked to join; its copy of the history grows.
      case joining
      /// It has the old tail's role, and the master does not know yet.
      case succeeding
      /// The master's configuration names it.
      case member
    }

    let settings: Settings
    var me: Member
    var membership = Membership.outside
    var configuration: Configuration
    public internal(set) var epoch = 0
    var isHead = false
    /// Whether the server is the one that processes requests to the end: it answers.
    var isTail = false

    var replica: Replica
    /// The last update that the tail is known to have processed; of a tail, the last applied.
    var acknowledged = 0
    /// `Sent`.
    var inProcess = SentList()
    /// Updates that came before their turn, by sequence number.
    var held: [Update] = []

    var predecessor: Member?
    /// Since which epoch the predecessor is the predecessor: what was sent in an earlier one comes
    /// from a server that has been removed.
    var predecessorSince = Int.max
    /// Nothing has come from the predecessor since it became the predecessor.
    var awaitsPredecessor = false
    /// To whom updates are forwarded; none at the tail, and none between the death of a successor
    /// and the third message of the exchange.
    var successor: Member?

    /// The copy that this server, the tail, makes for a joining server.
    var copying: CopyTask?
    /// The copy that this server, joining, receives.
    var transfer = 0

    /// Retransmission towards successor, joining server or master.
    var retransmission = RetryState()
    var joinRetry = RetryState()

    /// Whether the server once handed the tail's role over and has not got it back.
    var wasReplaced = false
    /// Updates that this server sequenced.
    var sequenced = 0

    init(_ node: NodeID, _ settings: Settings) {
      self.settings = settings
      me = Member(node: node, incarnation: Incarnation(0))
      configuration = settings.firstConfiguration
      replica = Replica(settings.layout)
    }

    var flaws: Flaws { settings.flaws }
  }

  /// Repetition of what is unanswered.
  struct RetryState: Sendable {
    var isArmed = false
    /// Repetitions in a row that brought nothing.
    var fruitless = 0
    /// Counts signs of life; a repetition waits for as long as they come.
    var progress = 0
    /// `progress` when the timer was armed.
    var progressAtArming = 0
  }

  /// The tail's side of an extension.
  struct CopyTask: Sendable {
    var joiner: Member
    var transfer: Int
    /// The history up to here is copied; what comes later is in `Sent`.
    var end: Int
    /// How much of it the joining server has confirmed.
    var confirmed = 0
    /// The role is handed over: the last update that this server processed as tail.
    var cut: Int?
    /// The joining server has confirmed that it took the role over.
    var isTakenOver = false
  }
}

// MARK: - Inputs

extension Chain.Server {
  static let retransmitTimer = TimerID.retry(0)
  static let joinTimer = TimerID.retry(1)

  public mutating func start(_ host: inout Host<Chain.Message>) {
    me = Chain.Member(node: host.me, incarnation: host.incarnation)
    if configuration.place(of: me) != nil {
      takeFirstPlace(&host)
    } else {
      beginToJoin(&host)
    }
  }

  public mutating func receive(
    _ message: Chain.Message, from sender: NodeID, _ host: inout Host<Chain.Message>
  ) {
    switch message {
    case .update(let asked): receiveUpdate(asked, &host)
    case .query(let asked): receiveQuery(asked, &host)
    case .forward(let update, let epoch): receiveForward(update, epoch, &host)
    case .acknowledge(let through, _): receiveAcknowledgement(through, from: sender, &host)
    case .resend(let updates, let epoch): receiveResent(updates, epoch, &host)
    case .replyAgain(let request, _): answerAgain(request, &host)
    case .copy(let stretch, let transfer, _):
      receiveCopy(stretch, transfer, from: sender, &host)
    case .copied(let count, let transfer, _): receiveCopied(count, transfer, &host)
    case .handOver(let handover): takeOver(handover, &host)
    case .relay(let asked, _): receiveRelayed(asked, &host)
    case .configure(let configuration): receiveConfiguration(configuration, &host)
    case .link(let link): receiveLink(link, &host)
    case .answer, .redirect, .join, .copyDone, .tailReady, .whichConfiguration, .received: break
    }
  }

  /// The master says who is dead.
  public func heedsUnavailability(of peer: NodeID) -> Bool { false }

  public func forgetting(timersThatNeverFire never: Set<TimerKind>) -> Chain.Server {
    var server = self
    // Only CR-22 looks at it.
    if !flaws.newHeadCountsAnew { server.sequenced = 0 }
    if never.contains(.retry) {
      // Whether a timer is armed stays: arming it again would be one more effect to die before.
      server.retransmission = Chain.RetryState(isArmed: retransmission.isArmed)
      server.joinRetry = Chain.RetryState(isArmed: joinRetry.isArmed)
    }
    return server
  }

  public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Chain.Message>) {
    switch timer {
    case Self.retransmitTimer: retransmit(&host)
    case Self.joinTimer: repeatJoin(&host)
    default: break
    }
  }
}

// MARK: - Projections

extension Chain.Server {
  public var role: ServerRole {
    switch membership {
    case .outside: .idle
    case .joining: .joining
    case .succeeding: .tail
    case .member: isHead ? (isTail ? .single : .head) : (isTail ? .tail : .middle)
    }
  }

  public var isReplica: Bool { membership == .member }

  public var contents: [KeyedValue] { replica.contents }
  public var history: UpdateLog? { replica.log }
  public var sent: [UpdateLog.Entry] { inProcess.entries }
}
