import LinearizabilityChecking
import SimulationKernel

extension RankedKv {
  /// A server of the correct variant. This file holds its memory and hands each input to the part
  /// that deals with it: puts, reads, succession, revival.
  ///
  /// Its rules, by which it is linearizable:
  /// - *Numbers*: the primary numbers the updates; a server takes them in order, writes each to
  ///   disk and then confirms it.
  /// - *All*: an update is committed, and answered, when every member has confirmed it.
  /// - *Members*: only a member whose process is dead leaves the membership; every change of it has
  ///   an epoch, and no update of an earlier epoch is taken after the first message of a later one.
  /// - *The longest*: a new primary takes over the table of the member that is furthest, and brings
  ///   the others to the same state before it goes on.
  /// - *Reads*: a member answers a read by itself if every update of the key in its table is known
  ///   to be committed; otherwise the read waits for that news. Whatever was answered is in the
  ///   table of every member, so no read can miss it.
  /// - *Revival*: a process that starts again serves nothing until a primary has taken it in. After
  ///   a failure of all, the members of the last epoch that any disk knows come together first.
  struct VersionedServer: Sendable {
    let settings: Settings
    let rank: Int
    /// 0 until the process starts.
    var incarnation = 0
    var file = TableFile()
    var table = Table()
    /// Updates in the table that are not on disk yet (KV-19).
    var unwritten: [Update] = []

    /// What this server has agreed to last; on disk.
    var membership: Membership
    /// Whether it takes part; otherwise it revives. A reviving server that has agreed to a
    /// membership takes part from when it hears that all have agreed: until then, a member of the
    /// membership before that knows nothing of it could go on alone.
    var isMember = false
    /// The largest epoch that it has heard of: it takes no update of an earlier one.
    var promised = 1
    /// Whose epoch that is, if it is somebody else's who asked what this server holds.
    var promisedTo: Member?
    /// Through which place every member has the updates, as far as this server knows.
    var committed = 0

    /// By rank: the latest start of the server of which something has been received.
    var heard: [Int]
    /// By rank: starts up to this one are known to be dead.
    var dead: [Int]

    // The primary's.
    var pushed: [Pushed] = []
    var awaiting: [Awaited] = []
    /// Pushes that wait for their thread (KV-02).
    var threads: [PushThread] = []
    /// The change of membership that this server is about to bring about.
    var proposal: Proposal?
    /// Reviving servers that asked to be taken in.
    var joiners: [Joiner] = []
    /// Puts that arrived while a change of membership is under way.
    var queued: [Queued] = []

    // The router's.
    var routed: [Request] = []
    var reads: [WaitingRead] = []

    // The reviving server's.
    /// By rank: what others say of themselves.
    var standings: [Standing?]

    var retry = RetrySchedule(Settings.serverRetry)
    var isRetryArmed = false

    init(_ rank: Int, _ settings: Settings) {
      self.settings = settings
      self.rank = rank
      membership = .first(settings.serverCount)
      heard = Array(repeating: 0, count: settings.serverCount)
      dead = heard
      standings = Array(repeating: nil, count: settings.serverCount)
    }

    var me: Member { Member(rank: rank, incarnation: incarnation) }
    /// Whether puts go on under this server, as far as it knows.
    var isLeading: Bool {
      isMember && membership.primary == me && proposal == nil && promised == membership.epoch
    }
  }
}

// MARK: - What it remembers

extension RankedKv {
  /// An update on its way to the other members.
  struct Pushed: Hashable, Sendable {
    var update: Update
    /// Ranks that have not confirmed it.
    var missing: [Int]
  }

  /// An update whose answer is owed to a router.
  struct Awaited: Hashable, Sendable {
    var request: RequestID
    var sequence: Int
    var router: Int
  }

  /// The thread of one put, which pushes to one server after the other.
  struct PushThread: Hashable, Sendable {
    var update: Update
    var targets: [Int]
  }

  struct Queued: Hashable, Sendable {
    var request: Request
    var router: Int
  }

  struct WaitingRead: Hashable, Sendable {
    var request: RequestID
    var key: Int
  }

  struct Joiner: Hashable, Sendable {
    var member: Member
    var since: Int
  }

  /// A change of membership under way.
  struct Proposal: Sendable {
    enum Phase: Hashable, Sendable {
      /// The others are asked what they hold.
      case collecting
      /// They are told the new membership; these ranks have not confirmed it.
      case installing(missing: [Int])
    }

    var epoch: Int
    /// The membership that is to be changed.
    var base: Membership
    /// Whether all servers were down.
    var isRecovery: Bool
    /// By rank.
    var holdings: [Holdings?]
    var phase = Phase.collecting
  }
}

// MARK: - Inputs

extension RankedKv.VersionedServer {
  static let writeLater = 1
  static let retryTimer = TimerID.retry()

  mutating func start(_ host: inout Host<RankedKv.Message>) {
    incarnation = host.incarnation.number
    dead[rank] = incarnation - 1
    let records = file.open(&host)
    for record in records ?? [] { recall(record) }
    promised = membership.epoch
    write(&host)
    if incarnation == 1, records == nil {
      isMember = true
      heard = Array(repeating: 1, count: settings.serverCount)
      host.observe(.adopted(role: role, epoch: membership.epoch))
    } else {
      committed = 0
      revive(&host)
    }
  }

  private mutating func recall(_ record: RankedKv.TableRecord) {
    switch record {
    case .membership(let newer): membership = newer
    case .table(let whole): table = whole
    case .update(let update) where update.sequence == table.sequence + 1: table.take(update)
    case .update, .row, .leader, .seal: break
    }
  }

  /// Writes everything anew.
  mutating func write(_ host: inout Host<RankedKv.Message>) {
    unwritten = []
    file.begin([.membership(membership), .table(table)], &host)
  }

  mutating func receive(
    _ message: RankedKv.Message, from sender: NodeID, _ host: inout Host<RankedKv.Message>
  ) {
    switch message {
    case .request(let request): receive(request, &host)
    case .peer(let peer): receive(peer, from: sender.index, &host)
    case .reply, .refused, .call, .answer: break
    }
    armRetry(&host)
  }

  private mutating func receive(
    _ message: RankedKv.PeerMessage, from sender: Int, _ host: inout Host<RankedKv.Message>
  ) {
    // The last words of a process that has been followed by another.
    guard message.incarnation >= heard[sender] else { return }
    if message.incarnation > heard[sender] {
      heard[sender] = message.incarnation
      standings[sender] = nil
    }
    dead[sender] = max(dead[sender], message.incarnation - 1)
    for other in dead.indices where message.dead.indices.contains(other) {
      if other != rank { dead[other] = max(dead[other], message.dead[other]) }
    }
    if message.addressee != 0, message.addressee != incarnation {
      // Meant for an earlier process of this server; the sender learns that it is dead.
      send(.hello(standing, wantsAnswer: false), to: sender, &host)
    } else {
      receive(message.body, from: sender, &host)
    }
    reconsider(&host)
  }

  private mutating func receive(
    _ body: RankedKv.PeerBody, from sender: Int, _ host: inout Host<RankedKv.Message>
  ) {
    switch body {
    case .hello(let standing, let wantsAnswer):
      receive(standing, wantsAnswer, from: sender, &host)
    case .join(let since): receiveJoin(since, from: sender, &host)
    case .forward(let request): receiveForward(request, from: sender, &host)
    case .done(let request, let response): finish(request, response, &host)
    case .push(let update, let epoch, let through):
      receivePush(update, epoch, through, from: sender, &host)
    case .pushed(let epoch, let sequence): receivePushed(epoch, sequence, from: sender, &host)
    case .committed(let epoch, let sequence): receiveCommitted(epoch, sequence, &host)
    case .askCommitted: receiveQuestion(from: sender, &host)
    case .collect(let epoch, let isRecovery):
      receiveCollect(epoch, isRecovery, from: sender, &host)
    case .state(let epoch, let holdings): receiveState(epoch, holdings, from: sender, &host)
    case .rejected(let promised): receiveRejection(promised, &host)
    case .install(let installation): receiveInstall(installation, from: sender, &host)
    case .installed(let epoch): receiveInstalled(epoch, from: sender, &host)
    }
  }

  /// A call failed because the other process is dead. It comes behind all that the process sent, so
  /// it is about the last one that was heard of.
  mutating func peerUnavailable(_ peer: NodeID, _ host: inout Host<RankedKv.Message>) {
    guard heard.indices.contains(peer.index) else { return }
    declareDead(peer.index)
    reconsider(&host)
    armRetry(&host)
  }

  mutating func declareDead(_ other: Int) {
    dead[other] = max(dead[other], heard[other])
    standings[other] = nil
  }

  mutating func timerFired(_ timer: TimerID, _ host: inout Host<RankedKv.Message>) {
    switch timer {
    case Self.retryTimer:
      isRetryArmed = false
      repeatEverything(&host)
    case Self.threadsRun: runThreads(&host)
    case Self.pushDeadline: pushesAreLate(&host)
    case Self.forwardDeadline: forwardsAreLate(&host)
    default: break
    }
    armRetry(&host)
  }

  mutating func resume(_ continuation: Int, _ host: inout Host<RankedKv.Message>) {
    if continuation == Self.writeLater { writeUnwritten(&host) }
  }

  // MARK: Sending

  func send(
    _ body: RankedKv.PeerBody, to other: Int, _ host: inout Host<RankedKv.Message>
  ) {
    send(body, to: other, addressee: 0, &host)
  }

  func send(
    _ body: RankedKv.PeerBody, to other: Int, addressee: Int,
    _ host: inout Host<RankedKv.Message>
  ) {
    let message = RankedKv.PeerMessage(
      incarnation: incarnation, addressee: addressee, dead: dead, body: body)
    host.send(.peer(message), to: NodeID(other))
  }

  // MARK: Repeating

  private var owesAnything: Bool {
    if !isMember || proposal != nil { return true }
    return !pushed.isEmpty || !routed.isEmpty || !reads.isEmpty
  }

  mutating func armRetry(_ host: inout Host<RankedKv.Message>) {
    if !owesAnything {
      if isRetryArmed { host.cancelTimer(Self.retryTimer) }
      isRetryArmed = false
      retry.reset()
    } else if !isRetryArmed {
      isRetryArmed = true
      host.setTimer(Self.retryTimer, after: retry.next())
    }
  }

  private mutating func repeatEverything(_ host: inout Host<RankedKv.Message>) {
    if proposal != nil { repeatProposal(&host) }
    if !isMember, proposal == nil { callOut(&host) }
    if isLeading { repeatPushes(&host) }
    for request in routed { forward(request, &host) }
    if !reads.isEmpty { ask(&host) }
    reconsider(&host)
  }
}
