import SimulationKernel

extension PrimaryBackup {
  /// A server: pings the view service, takes the role that the view gives to its process, and
  /// plays it. What it does as primary and as backup stands in files of their own.
  public struct Server: ServerNode {
    let settings: Settings
    let node: NodeID
    /// 0 until the process starts.
    private(set) var incarnation = 0
    private(set) var view = View.initial
    public private(set) var role = ServerRole.idle
    /// Whether this process holds a complete copy: as the first primary of all, as a backup that
    /// has installed the snapshot of the view, or as a primary that was one of these. Without it
    /// the server never serves and never acknowledges a view as primary.
    var isSynchronised = false
    /// The view that pings acknowledge.
    var acknowledged = 0
    /// The view whose other member this server has agreed to carry on without. It never takes that
    /// back: the view service may act on it at any time.
    private(set) var carriesOnFrom = 0
    var replica = Replica()
    /// Used while primary.
    var leadership = Leadership()

    /// Continuation: ping at once.
    private static let pingNow = 1

    init(_ node: NodeID, _ settings: Settings) {
      self.node = node
      self.settings = settings
    }

    var member: Member { Member(server: node.index, incarnation: incarnation) }

    // MARK: Inputs

    public mutating func start(_ host: inout Host<Message>) {
      incarnation = host.incarnation.number
      ping(&host)
      host.setTimer(.pace(), after: settings.pingInterval)
    }

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {
      switch message {
      case .view(let newer, let asked): learn(newer, asked, &host)
      case .request(let request): receive(request, &host)
      case .forward(let ordered, let view): receive(ordered, view, from: sender, &host)
      case .acknowledgement(let view, let sequence): receiveConsent(view, sequence, &host)
      case .snapshot(let snapshot): receive(snapshot, from: sender, &host)
      case .rejection(let view, let current): receiveRejection(of: view, current, &host)
      case .ping, .viewRequest, .reply, .refusal: break
      }
    }

    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
      switch timer {
      case .pace():
        ping(&host)
        host.setTimer(.pace(), after: settings.pingInterval)
      case Leadership.copyTimer: finishCopy(&host)
      case Leadership.retryTimer: sendAgain(&host)
      default: break
      }
    }

    public mutating func resume(_ continuation: Int, _ host: inout Host<Message>) {
      if continuation == Self.pingNow { ping(&host) }
    }

    public mutating func peerUnavailable(_ peer: NodeID, _ host: inout Host<Message>) {
      if settings.goesOnAloneAfterError, peer.index == view.backup?.server { goOnAlone(&host) }
    }

    public func heedsUnavailability(of peer: NodeID) -> Bool { settings.goesOnAloneAfterError }

    public func forgetting(timersThatNeverFire never: Set<TimerKind>) -> Server {
      var server = self
      if never.contains(.retry) { server.leadership.forgetRetries() }
      return server
    }

    // MARK: Views

    func ping(_ host: inout Host<Message>) {
      let ping = Ping(
        incarnation: incarnation, acknowledged: acknowledged, adopted: view.number,
        carriesOnFrom: carriesOnFrom)
      host.send(.ping(ping), to: settings.viewService)
    }

    /// Takes what the view service says. The confirmation that this server carries on is noted in
    /// this step and sent in the next one, so that the process cannot die in between unnoticed by
    /// those who judge which failures the store survives
    /// (``PrimaryBackup/tolerates(failureOf:in:)``).
    private mutating func learn(_ newer: View, _ asked: Bool, _ host: inout Host<Message>) {
      if newer.number > view.number { adopt(newer, &host) }
      if asked, newer.number == view.number, carriesOnFrom != view.number {
        carriesOnFrom = view.number
        host.resumeLater(Self.pingNow)
      }
    }

    private mutating func adopt(_ newer: View, _ host: inout Host<Message>) {
      let led = role == .primary && isSynchronised
      view = newer
      role = newer.role(of: member)
      host.observe(.adopted(role: role, epoch: newer.number))
      if role == .primary {
        lead(continuing: led, &host)
      } else {
        follow(&host)
      }
    }

    /// Drops everything that belonged to the role before: a server without a role, or one that
    /// begins as backup, has nothing until it gets a snapshot.
    private mutating func follow(_ host: inout Host<Message>) {
      host.cancelTimer(Leadership.retryTimer)
      host.cancelTimer(Leadership.copyTimer)
      isSynchronised = false
      acknowledged = view.number
      replica = Replica()
      leadership = Leadership()
    }

    // MARK: Projections

    public var epoch: Int { view.number }
    public var isReplica: Bool { isSynchronised }
    public var contents: [KeyedValue] { replica.contents }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(incarnation)
      hasher.combine(view)
      hasher.combine(UInt64(role.rawValue))
      hasher.combine(isSynchronised)
      hasher.combine(acknowledged)
      hasher.combine(carriesOnFrom)
      hasher.combine(replica)
      hasher.combine(leadership)
    }
  }
}
