import SimulationKernel

extension TwoNodeStore {
  /// A node: tells the load balancer that it lives, and is primary, backup or recovering as the
  /// load balancer's assignment says. What it does in each part stands in files of their own.
  public struct Server: ServerNode {
    let settings: Settings
    let node: NodeID
    let files: BlockFiles
    /// 0 until the process starts.
    private(set) var incarnation = 0
    private(set) var assignment = Assignment()
    /// Whether the files and the memory hold everything that was acknowledged when this process
    /// was last told that it does.
    var isCaughtUp = false

    var log = LogPosition()
    /// What is in the block files, sorted by block.
    var values: [KeyedValue] = []
    /// The directories that exist and are durable, by name.
    var directories: [String] = []
    /// Writes executed by this node, or by the other before this one recovered from it.
    var executed = RequestSet()
    /// What a restarted process found in its log without an outcome.
    var unfinished: [LoggedWrite] = []
    /// Writes that the other node has not got, in the order of commitment.
    var pending: [LoggedWrite] = []

    /// In order of beginning.
    var transactions: [Transaction] = []
    /// In order of arrival.
    var waiting: [WaitingOperation] = []
    var lastNumber = 0
    var lastSerial = 0
    /// Whether this primary takes the backup for dead on its own authority (BS-16).
    var believesPeerDead = false

    var recovery: Recovery?
    /// The epoch in which this node has caught up with the primary.
    var recoveredIn = 0
    /// What the other node asked and could not be answered yet.
    var question: Question?

    /// Continuation and timer of the recovery; transactions have numbers from 1.
    static let recoverySerial = 0

    init(_ node: NodeID, _ settings: Settings) {
      self.node = node
      self.settings = settings
      files = BlockFiles(filesPerDirectory: settings.filesPerDirectory)
    }

    var peer: NodeID { TwoNodeStore.peer(of: node) }

    // MARK: Inputs

    public mutating func start(_ host: inout Host<Message>) {
      incarnation = host.incarnation.number
      openDisk(&host)
      beat(&host)
    }

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {
      switch message {
      case .assignment(let newer): adopt(newer, &host)
      case .request(let request, let operation): receive(request, operation, &host)
      case .prepare(let newer, let write): receivePrepare(newer, write, &host)
      case .prepared(let id): receivePrepared(id, &host)
      case .commit(let newer, let write): receiveCommit(newer, write, &host)
      case .committed(let id): receiveCommitted(id, &host)
      case .getState(let newer, let writes): receiveQuestion(newer, .states(writes), &host)
      case .fetchPending(let newer): receiveQuestion(newer, .pending, &host)
      case .states(let epoch, let outcomes): receiveStates(epoch, outcomes, &host)
      case .pending(let epoch, let arrears): receiveArrears(epoch, arrears, &host)
      case .heartbeat, .reply, .refusal: break
      }
    }

    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
      if timer == .pace() {
        beat(&host)
      } else if Int(timer.tag) == Self.recoverySerial {
        askAgain(&host)
      } else if let index = index(ofSerial: Int(timer.tag)) {
        noAnswer(index, &host)
      }
    }

    /// A dead peer is the load balancer's to report. The load balancer itself never fails, so one
    /// that cannot be reached has not started yet.
    public mutating func peerUnavailable(_ peer: NodeID, _ host: inout Host<Message>) {
      guard peer == settings.loadBalancer else { return }
      host.setTimer(.pace(), after: min(settings.heartbeat, .milliseconds(1)))
    }

    public func heedsUnavailability(of peer: NodeID) -> Bool { peer == settings.loadBalancer }

    public mutating func resume(_ continuation: Int, _ host: inout Host<Message>) {
      if continuation == Self.recoverySerial {
        continueRecovery(&host)
      } else if let index = index(ofSerial: continuation) {
        switch transactions[index].part {
        case .primary: advanceAsPrimary(index, &host)
        case .backup: advanceAsBackup(index, &host)
        }
      }
    }

    private mutating func beat(_ host: inout Host<Message>) {
      host.send(
        .heartbeat(incarnation: incarnation, recovered: recoveredIn), to: settings.loadBalancer)
      host.setTimer(.pace(), after: settings.heartbeat)
    }

    /// Says at once that it has caught up.
    mutating func reportRecovery(_ host: inout Host<Message>) {
      recoveredIn = assignment.epoch
      beat(&host)
    }

    // MARK: Assignments

    /// Takes over what the load balancer decided, if it is newer and speaks of this process.
    mutating func adopt(_ newer: Assignment, _ host: inout Host<Message>) {
      guard newer.epoch > assignment.epoch, newer.incarnations[node.index] == incarnation else {
        return
      }
      assignment = newer
      host.observe(.adopted(role: role, epoch: newer.epoch))
      question = nil
      guard let primary = newer.primary else {
        recovery = nil
        return
      }
      if primary == node {
        if isCaughtUp { lead(&host) } else { recoverAlone(&host) }
      } else if newer.peer == .stable {
        isCaughtUp = true
        recovery = nil
      } else {
        recover(&host)
      }
    }

    /// Goes on as primary when the other node has come or gone.
    private mutating func lead(_ host: inout Host<Message>) {
      believesPeerDead = false
      if assignment.peer == .stable { pending.removeAll() }
      if !peerTakesPart {
        for index in transactions.indices where transactions[index].part == .primary {
          let phase = transactions[index].phase
          guard phase == .preparing || phase == .replicating else { continue }
          transactions[index].phase = .alone
          host.cancelTimer(.retry(transactions[index].serial))
          host.resumeLater(transactions[index].serial)
        }
      }
      dropPrepared(&host)
      admit(&host)
    }

    /// Whether the other node has to commit what this primary commits.
    var peerTakesPart: Bool {
      guard !believesPeerDead else { return false }
      switch assignment.peer {
      case .stable: return true
      case .recovering: return !settings.refusesWritesWhilePeerRecovers
      case .absent: return false
      }
    }

    func index(ofSerial serial: Int) -> Int? {
      transactions.firstIndex { $0.serial == serial }
    }

    // MARK: Projections

    public var role: ServerRole {
      guard let primary = assignment.primary else { return .idle }
      if primary == node { return .primary }
      return assignment.peer == .stable ? .backup : .joining
    }

    public var epoch: Int { assignment.epoch }
    public var isReplica: Bool { isCaughtUp && assignment.isStable(node) }
    public func hasApplied(_ request: RequestID) -> Bool { executed.contains(request) }
    public var contents: [KeyedValue] { values.filter { !$0.value.isEmpty } }
  }
}

extension TwoNodeStore.Server {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(incarnation)
    hasher.combine(assignment)
    hasher.combine(isCaughtUp)
    hasher.combine(log.generation)
    hasher.combine(log.end)
    for entry in values {
      hasher.combine(entry.key)
      hasher.combine(entry.value)
    }
    for directory in directories { hasher.combine(directory) }
    hasher.combine(executed)
    hasher.combine(contentsOf: unfinished)
    hasher.combine(contentsOf: pending)
    hasher.combine(contentsOf: transactions)
    for operation in waiting {
      hasher.combine(operation.request)
      hasher.combine(operation: operation.operation)
    }
    hasher.combine(waiting.count)
    hasher.combine(lastNumber)
    hasher.combine(lastSerial)
    hasher.combine(believesPeerDead)
    hasher.combine(recovery != nil)
    if let recovery { hasher.combine(recovery) }
    hasher.combine(recoveredIn)
    switch question {
    case nil: hasher.combine(0)
    case .pending: hasher.combine(1)
    case .states(let writes): hasher.combine(contentsOf: writes)
    }
  }
}
