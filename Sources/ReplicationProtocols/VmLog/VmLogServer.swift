import LinearizabilityChecking
import SimulationKernel

extension VmLog {
  /// A machine: spare, backup, or the one on which the virtual machine is live. This file holds its
  /// memory and hands out what reaches it; what it does in each role stands in files of their own.
  public struct Server: ServerNode {
    /// Something that waits for the output rule at the primary; at the backup, what the primary may
    /// not have let out.
    struct Output: Hashable, Sendable {
      /// The entry that the backup must have; unknown at the backup until that entry is replayed.
      var entry: Int
      var action: GuestAction

      static let unknown = Int.max
    }

    /// The other end of the primary's logging channel.
    struct Partner: Hashable, Sendable {
      var member: Member
      var session: Session
      /// The last entry that it has.
      var acknowledged: Int
      /// Sent until it is there; `nil` from then on.
      var snapshot: Snapshot?
      /// Whether the storage was asked to enter it, so that it may win a test-and-set.
      var isEntered = false
    }

    let settings: Settings
    let node: NodeID
    /// 0 until the process starts.
    var incarnation = 0
    public internal(set) var role = ServerRole.idle
    /// The configuration in which this machine believes; a backup, the one of its channel.
    var number = 0
    var guest = Guest()
    /// The last entry logged, or received.
    var sequence = 0
    var outputs: [Output] = []
    /// Through this entry all outputs have left the primary.
    var released = 0
    /// The configuration that this machine's test-and-set expects; 0 without one.
    var claim = 0

    // The primary's.
    var partner: Partner?
    /// Entries that the backup has not acknowledged.
    var log: [Entry] = []
    /// Inputs that wait until there is room for their entries.
    var stalled: [GuestInput] = []
    /// Counts the partners that were given up before they were entered.
    var attempt = 0
    /// The last disk operation that was issued.
    var issued = 0

    // The backup's.
    var session = Session(number: 0, attempt: 0)
    var primary = Member(server: 0, incarnation: 0)
    /// Entries received and not replayed.
    var unreplayed: [Entry] = []
    var isReplayDue = false

    var retry: RetrySchedule
    var isRetryArmed = false

    static let retryTimer = TimerID.retry()
    static let suspicionTimer = TimerID.suspicion()
    static let paceTimer = TimerID.pace()
    static let lagTimer = TimerID.pace(1)
    /// Continuations: replay an entry; send the test-and-set.
    static let replay = 1
    static let askStorage = 2

    init(_ node: NodeID, _ settings: Settings) {
      self.node = node
      self.settings = settings
      retry = RetrySchedule(settings.serverRetry)
    }

    var me: Member { Member(server: node.index, incarnation: incarnation) }
    var isClaiming: Bool { claim > 0 }

    // MARK: Inputs

    public mutating func start(_ host: inout Host<Message>) {
      incarnation = host.incarnation.number
      let first = settings.firstConfiguration
      guard first.members.contains(me) else { return }
      number = first.number
      session = Session(number: first.number, attempt: 0)
      primary = first.primary
      role = primary == me ? .primary : .backup
      if role == .primary, let backup = first.backup {
        partner = Partner(member: backup, session: session, acknowledged: 0, isEntered: true)
      }
      host.observe(.adopted(role: role, epoch: number))
      listen(&host)
      if partner != nil, settings.suspectsSilence {
        host.setTimer(Self.paceTimer, after: settings.heartbeatInterval)
      }
    }

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {
      switch message {
      case .request(let request): receive(request, &host)
      case .completion(let number, let value): receiveCompletion(of: number, value, &host)
      case .log(let session, let entry, let released):
        receive(entry, session, released, from: sender, &host)
      case .heartbeat(let session, let released):
        receiveHeartbeat(session, released, from: sender, &host)
      case .acknowledgement(let session, let sequence):
        receiveAcknowledgement(session, sequence, from: sender, &host)
      case .recruit(let number, let attempt): receiveRecruit(number, attempt, from: sender, &host)
      case .ready(let number, let attempt, let incarnation):
        let member = Member(server: sender.index, incarnation: incarnation)
        receiveReady(number, attempt, of: member, &host)
      case .state(let snapshot, let incarnation):
        receive(snapshot, to: incarnation, from: sender, &host)
      case .configuration(let configuration): learn(configuration, &host)
      case .failed(let member): receiveFailure(of: member, &host)
      case .reply, .refusal, .live, .testAndSet, .protect, .disk: break
      }
      armRetry(&host)
    }

    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
      switch timer {
      case Self.suspicionTimer: suspect(&host)
      case Self.paceTimer: sendHeartbeat(&host)
      case Self.lagTimer: replayIfDue(&host)
      default:
        isRetryArmed = false
        sendAgain(&host)
      }
      armRetry(&host)
    }

    public mutating func resume(_ continuation: Int, _ host: inout Host<Message>) {
      if continuation == Self.replay {
        replayIfDue(&host)
      } else if isClaiming {
        sendClaim(&host)
      }
      armRetry(&host)
    }

    public mutating func peerUnavailable(_ peer: NodeID, _ host: inout Host<Message>) {
      if peer == otherEnd?.node { suspect(&host) }
      armRetry(&host)
    }

    public func heedsUnavailability(of peer: NodeID) -> Bool {
      peer.index < settings.serverCount
    }

    /// The machine at the other end of the logging channel.
    var otherEnd: Member? {
      switch role {
      case .primary: partner?.member
      case .backup: primary
      default: nil
      }
    }

    // MARK: Timers

    /// The other end was heard, or is to be listened to from now on.
    func listen(_ host: inout Host<Message>) {
      guard settings.suspectsSilence else { return }
      if otherEnd == nil {
        host.cancelTimer(Self.suspicionTimer)
      } else {
        host.setTimer(Self.suspicionTimer, after: settings.suspectAfter)
      }
    }

    private mutating func armRetry(_ host: inout Host<Message>) {
      if isOwedSomething, !isRetryArmed {
        isRetryArmed = true
        host.setTimer(Self.retryTimer, after: retry.next())
      } else if !isOwedSomething, isRetryArmed {
        isRetryArmed = false
        host.cancelTimer(Self.retryTimer)
        retry.reset()
      }
    }

    private var isOwedSomething: Bool {
      if isClaiming { return true }
      guard role == .primary else { return false }
      guard let partner else { return settings.serverCount > 1 || isDiskUnderWay }
      return partner.snapshot != nil || !log.isEmpty || number != partner.session.number
        || isDiskUnderWay
    }

    private mutating func sendAgain(_ host: inout Host<Message>) {
      if isClaiming { sendClaim(&host) }
      guard role == .primary else { return }
      if isDiskUnderWay, let operation = guest.pendingDisk { issue(operation, &host) }
      guard let partner else { return recruit(&host) }
      if let snapshot = partner.snapshot { send(snapshot, to: partner.member, &host) }
      for entry in log { send(entry, to: partner, &host) }
      if partner.isEntered, number != partner.session.number, !isClaiming { enter(&host) }
    }

    // MARK: Projections

    public var epoch: Int { number }
    public var isReplica: Bool { role != .idle }
    public var contents: [KeyedValue] { guest.memory.contents }
  }
}
