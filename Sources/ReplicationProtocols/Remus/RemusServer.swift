import LinearizabilityChecking
import SimulationKernel

extension Remus {
  /// A host: active, backup, or one that has come back and has no guest yet. This file holds its
  /// memory and hands out what reaches it.
  public struct Server: ServerNode {
    /// An output that waits for the checkpoint of its epoch.
    struct Output: Hashable, Sendable {
      var epoch: Int
      var request: RequestID
      var response: Response
    }

    struct Page: Hashable, Sendable {
      var epoch: Int
      var key: Int
      var value: String
    }

    /// A disk write with the epoch in which the guest did it.
    struct DiskWrite: Hashable, Sendable {
      var epoch: Int
      var update: Update
    }

    /// What a checkpoint will contain when the guest runs on before it is copied (RM-09).
    struct Due: Hashable, Sendable {
      var registers: Registers
      var keys: [Int]
      var writeCount: Int
    }

    let settings: Settings
    let node: NodeID
    /// 0 until the process starts.
    var incarnation = 0
    public internal(set) var role = ServerRole.joining
    var session = Session(generation: 0, attempt: 0)
    /// The guest's memory; at the backup that of the last complete checkpoint.
    var memory = Memory()
    var disk = Disk()
    /// The generation in the activation record; 0 without one.
    var record = 0
    /// The start of the other host that was heard of last.
    var seen = 0

    // The active host's.
    /// The epoch in which the guest runs.
    var epochNumber = 1
    /// Whether there is a backup, or one that is being sent the state.
    var isProtected = false
    var outputs: [Output] = []
    /// The pages changed in this epoch, by key, sorted.
    var dirty: [Int] = []
    /// Disk writes of this epoch.
    var writeCount = 0
    /// Disk writes that wait for their checkpoint (RM-10).
    var heldWrites: [DiskWrite] = []
    /// The last epoch that was acknowledged while writes were held.
    var committed = 0
    var due: Due?

    // The backup's.
    /// Of checkpoints that are not complete.
    var pages: [Page] = []
    var writes: [DiskWrite] = []
    /// Of complete checkpoints, not yet on the disk.
    var unapplied: [DiskWrite] = []

    static let paceTimer = TimerID.pace()
    static let suspicionTimer = TimerID.suspicion()
    /// Continuations: apply disk writes; send a checkpoint; write what was held.
    static let apply = 1
    static let copy = 2
    static let writeHeld = 3

    init(_ node: NodeID, _ settings: Settings) {
      self.node = node
      self.settings = settings
    }

    var other: NodeID { NodeID(1 - node.index) }

    // MARK: Inputs

    /// `s1` is active at first. Later starts find out from the other host, and if both recover from
    /// the activation records, who has the valid disk.
    public mutating func start(_ host: inout Host<Message>) {
      incarnation = host.incarnation.number
      if incarnation == 1 {
        session = Session(generation: 1, attempt: 0)
        role = node.index == 0 ? .primary : .backup
        isProtected = role == .primary
        seen = 1
        host.observe(.adopted(role: role, epoch: epoch))
      } else {
        disk.open(&host)
        record = Disk.activation(&host)
        sayHello(&host)
      }
      host.setTimer(Self.paceTimer, after: settings.epoch)
      listen(&host)
    }

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {
      switch message {
      case .request(let request): receive(request, &host)
      case .diskWrite(let session, let epoch, let update):
        receive(DiskWrite(epoch: epoch, update: update), session, &host)
      case .page(let session, let epoch, let key, let value):
        receive(Page(epoch: epoch, key: key, value: value), session, &host)
      case .checkpoint(let session, let checkpoint): receive(checkpoint, session, &host)
      case .acknowledgement(let session, let epoch):
        receiveAcknowledgement(session, epoch, &host)
      case .hello(let incarnation, let record, let seen):
        receiveHello(incarnation, record, seen, &host)
      case .state(let state): receive(state, &host)
      case .probe, .reply, .refusal, .live: break
      }
      if sender == other { listen(&host) }
    }

    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
      if timer == Self.suspicionTimer { return otherFailed(&host) }
      switch role {
      case .primary: endEpoch(&host)
      case .backup: host.send(.probe, to: other)
      default: sayHello(&host)
      }
      host.setTimer(Self.paceTimer, after: settings.epoch)
    }

    public mutating func resume(_ continuation: Int, _ host: inout Host<Message>) {
      switch continuation {
      case Self.apply: applyNext(&host)
      case Self.copy: sendDue(&host)
      default: writeHeld(through: committed, &host)
      }
    }

    public mutating func peerUnavailable(_ peer: NodeID, _ host: inout Host<Message>) {
      if peer == other { otherFailed(&host) }
    }

    public func heedsUnavailability(of peer: NodeID) -> Bool { peer == other }

    private mutating func otherFailed(_ host: inout Host<Message>) {
      switch role {
      case .primary: dropProtection(&host)
      case .backup: takeOver(&host)
      default: break
      }
    }

    /// RM-11: silence is death.
    private func listen(_ host: inout Host<Message>) {
      if settings.suspectsSilence {
        host.setTimer(Self.suspicionTimer, after: settings.suspectAfter)
      }
    }

    // MARK: Projections

    public var epoch: Int { session.generation }
    public var isReplica: Bool { role != .joining }
    public var contents: [KeyedValue] { isReplica ? memory.contents : [] }
  }
}
