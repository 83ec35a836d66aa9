import LinearizabilityChecking
import SimulationKernel

extension ChainStore {
  /// A node of the chain. This file holds its memory and hands each input to the part that deals
  /// with it: writing, committing, clients' questions, changes of mode, integration.
  public struct Server: ServerNode {
    public typealias Message = ChainStore.Message

    /// How far the node belongs to the chain; `outside` and `joining` are the mode INITIALIZE of
    /// the document.
    enum Membership: UInt8, Sendable {
      case outside
      case joining
      /// It has the old tail's sent list, and the master does not know yet.
      case succeeding
      case member
    }

    let settings: Settings
    var me: Member
    var membership = Membership.outside
    var configuration = Configuration()
    public internal(set) var epoch = 0
    var isHead = false
    var isTail = false

    var volume: Volume
    var replay = ReplayLog()
    /// Writes that wait to be written, by number: `currentSeq` is the last of them.
    var pending: [Entry] = []
    /// The last number that this node gave out as head.
    var numbered = 0
    /// Writes that are written and not committed.
    var sentList: [Entry] = []
    /// The last write that may be committed: the tail has committed it, or this is the tail.
    var committable = 0
    /// Blocking acknowledgements: the commit whose acknowledgement has not been to the head.
    var awaitedReturn: Int?
    /// CB-06: a write that has been forwarded and is not written before the successor answers.
    var forwardedUnwritten: Entry?
    var mayWriteForwarded = false

    var predecessor: Member?
    /// What was sent in an earlier epoch comes from a node that has been removed.
    var predecessorSince = Int.max
    /// Nothing has come from the predecessor since it became the predecessor.
    var awaitsPredecessor = false
    /// To whom writes are forwarded; none at the tail, and none between the loss of a successor and
    /// the link to the next.
    var successor: Member?
    /// As tail: the last write that an earlier tail may have committed. Reads wait for it.
    var servesFrom = 0
    var waitingReads: [WaitingRead] = []
    /// CB-03: the lock of mode changes is held for ever.
    var isLocked = false

    var copying: CopyTask?
    var joining = JoinState()
    var retransmission = Repetition()
    var isWriteScheduled = false
    var isCommitScheduled = false
    /// What was written, for checkers; nothing depends on it.
    var log = UpdateLog()

    init(_ node: NodeID, _ settings: Settings) {
      self.settings = settings
      me = Member(node: node, incarnation: 0)
      volume = Volume(
        settings.format(of: node), settings.volumeDesign, sectors: settings.sectorsPerBlock)
      replay.olderIsFinished = settings.olderIsAcknowledged
    }
  }

  struct WaitingRead: Hashable, Sendable {
    var request: RequestID
    var operation: Operation
  }

  /// Repetition of what is not confirmed.
  struct Repetition: Hashable, Sendable {
    var isArmed = false
    /// Repetitions in a row that brought nothing.
    var fruitless = 0
    /// Whether something was confirmed since the timer was armed.
    var hasProgressed = false
  }

  /// The tail's side of an integration.
  struct CopyTask: Hashable, Sendable {
    var joiner: Member
    var transfer: Int
    /// The state that the node is restored to; what comes later is in `recorded`.
    var through: Int
    /// What the node lacks of that state, in parts.
    var parts: [[RestoredBlock]]
    var replay: ReplayLog
    /// So many parts have arrived.
    var confirmed = 0
    /// Writes after `through`, whether or not they are committed by now.
    var recorded: [Entry] = []
    /// The role is handed over, with this much committed.
    var handedOver: Int?
  }

  /// The joining node's side.
  struct JoinState: Hashable, Sendable {
    var transfer = 0
    var parts = 0
    var blocks: [RestoredBlock] = []
    var isRestored = false
    /// What the old tail had committed at the hand-over.
    var committed = 0
    var repetition = Repetition()
  }
}

// MARK: - Inputs

extension ChainStore.Server {
  static let writeStep = 0
  static let retransmitTimer = TimerID.retry(0)
  static let joinTimer = TimerID.retry(1)
  static let commitTimer = TimerID.pace(1)

  public mutating func start(_ host: inout Host<ChainStore.Message>) {
    me = ChainStore.Member(node: host.me, incarnation: host.incarnation.number)
    volume = .open(
      settings.format(of: host.me), settings.volumeDesign, sectors: settings.sectorsPerBlock,
      &host)
    if settings.replayIsDurable { replay = ChainStore.ReplayLog(words: volume.root.replay) }
    replay.olderIsFinished = settings.olderIsAcknowledged
    committable = volume.committed
    numbered = volume.committed
    beginToJoin(&host)
  }

  public mutating func receive(
    _ message: ChainStore.Message, from sender: NodeID, _ host: inout Host<ChainStore.Message>
  ) {
    switch message {
    case .write(let asked): receiveWrite(asked, &host)
    case .ackWrite(let request, let floor): receiveAckWrite(request, floor, &host)
    case .read(let request, let operation): receiveRead(request, operation, &host)
    case .relayWrite(let entry, let epoch): receiveRelayed([entry], epoch, &host)
    case .resend(let entries, let epoch):
      receiveRelayed(entries, epoch, isRepeated: true, &host)
    case .relayAck(let through, _): receiveRelayAck(through, &host)
    case .relayed(let number): receiveReturn(number, &host)
    case .ackReturned(let through): receiveAckReturned(through, &host)
    case .ackReplayLog(let forgotten): receiveForgotten(forgotten, &host)
    case .restore(let part): receiveRestoration(part, from: sender, &host)
    case .restored(let parts, let transfer): receiveRestored(parts, transfer, &host)
    case .handOver(let handover): takeOver(handover, &host)
    case .configure(let configuration): receiveConfiguration(configuration, &host)
    case .link(let link): receiveLink(link, &host)
    case .beginChecksum: beginChecksum(&host)
    case .checksum(let round, let epoch): receiveChecksum(round, epoch, &host)
    default: break
    }
  }

  public mutating func timerFired(_ timer: TimerID, _ host: inout Host<ChainStore.Message>) {
    switch timer {
    case Self.retransmitTimer: retransmit(&host)
    case Self.joinTimer: repeatJoin(&host)
    case Self.commitTimer: commitNext(&host)
    default: break
    }
  }

  public mutating func resume(
    _ continuation: Int, _ host: inout Host<ChainStore.Message>
  ) {
    if continuation == Self.writeStep { writeNext(&host) }
  }
}

// MARK: - Projections

extension ChainStore.Server {
  public var role: ServerRole {
    switch membership {
    case .outside: .idle
    case .joining, .succeeding: .joining
    case .member: isHead ? (isTail ? .single : .head) : (isTail ? .tail : .middle)
    }
  }

  public var isReplica: Bool { membership == .member }
  public var contents: [KeyedValue] { volume.contents }
  /// A node that is back belongs to no chain, even before the master has taken its dead process
  /// out.
  public var history: UpdateLog? { membership == .member ? log : nil }
  public var sent: [UpdateLog.Entry] { sentList.map(\.logged) }
}
