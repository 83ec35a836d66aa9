import LinearizabilityChecking
import SimulationKernel

extension MasterBackup {
  /// A server. This file holds its memory and what it does as a backup; what it does as primary
  /// stands in a file of its own.
  public struct Server: ServerNode {
    /// How far a backup has come, by its acknowledgements.
    struct Progress: Hashable, Sendable {
      var member: Member
      /// `nil` until it has the state.
      var acknowledged: Int?
    }

    /// An update that not all backups have.
    struct Pending: Hashable, Sendable {
      var request: RequestID
      var sequence: Int
      var response: Response
      var isAnswered = false
    }

    /// A query that waits for the updates before it.
    struct WaitingQuery: Hashable, Sendable {
      var request: RequestID
      var through: Int
      var response: Response
    }

    let settings: Settings
    let server: Int
    /// 0 until the process starts.
    var incarnation = 0
    /// The largest term that this server has heard of; it takes no update of an earlier one.
    var term = 1
    var isPrimary = false
    /// Whether the replica holds everything that was answered.
    var isSynchronised = false
    /// Counted, and no new primary has been heard of yet.
    var isSuspended = false
    var replica = Replica()
    /// The last updates, which some other server may lack.
    var recent: [OrderedOperation] = []
    /// Through here everybody has them.
    var acknowledged = 0

    // The primary's.
    var configuration: Configuration
    var backups: [Progress] = []
    var pending: [Pending] = []
    var queries: [WaitingQuery] = []

    var retry: RetrySchedule
    var isRetryArmed = false

    static let retryTimer = TimerID.retry()

    init(_ node: NodeID, _ settings: Settings) {
      self.settings = settings
      server = node.index
      configuration = settings.firstConfiguration
      retry = RetrySchedule(settings.serverRetry)
    }

    var me: Member { Member(server: server, incarnation: incarnation) }

    // MARK: Inputs

    public mutating func start(_ host: inout Host<Message>) {
      incarnation = host.incarnation.number
      guard configuration.members.contains(me) else {
        return host.setTimer(Self.retryTimer, after: settings.joinAfter)
      }
      isSynchronised = true
      isPrimary = configuration.primary == me
      backups = configuration.backups.map { Progress(member: $0, acknowledged: 0) }
      host.observe(.adopted(role: role, epoch: term))
    }

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {
      switch message {
      case .request(let request): receive(request, &host)
      case .forward(let ordered, let term, let addressee, let through):
        guard addressee == incarnation else { return }
        receive(ordered, term, through, from: sender, &host)
      case .acknowledgement(let term, let sequence, let incarnation):
        let member = Member(server: sender.index, incarnation: incarnation)
        receiveAcknowledgement(term, sequence, of: member, &host)
      case .state(let state): receive(state, from: sender, &host)
      case .suspend(let term): suspend(term, &host)
      case .lead(let configuration, let counts): lead(configuration, counts, &host)
      case .reply, .refusal, .whichConfiguration, .configuration, .join, .count, .resumed: break
      }
      armRetry(&host)
    }

    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
      isRetryArmed = false
      if !isSynchronised {
        host.send(.join(incarnation: incarnation), to: settings.master)
      } else if isPrimary {
        repeatForwards(&host)
        host.send(.whichConfiguration(configuration.number), to: settings.master)
      }
      armRetry(&host)
    }

    private mutating func armRetry(_ host: inout Host<Message>) {
      let isOwed =
        !isSynchronised || (isPrimary && backups.contains { lacks($0) })
      if isOwed, !isRetryArmed {
        isRetryArmed = true
        host.setTimer(Self.retryTimer, after: retry.next())
      } else if !isOwed, isRetryArmed {
        isRetryArmed = false
        host.cancelTimer(Self.retryTimer)
        retry.reset()
      }
    }

    public func forgetting(timersThatNeverFire never: Set<TimerKind>) -> Server {
      var server = self
      // Whether it is armed stays: arming it again would be one more effect to die before.
      if never.contains(.retry) { server.retry.reset() }
      return server
    }

    // MARK: The backup

    private mutating func receive(
      _ ordered: OrderedOperation, _ newTerm: Int, _ through: Int, from primary: NodeID,
      _ host: inout Host<Message>
    ) {
      guard isSynchronised, newTerm >= term, !isPrimary || newTerm > term else { return }
      follow(newTerm, &host)
      host.crashPoint("received", request: ordered.request)
      if ordered.sequence == replica.sequence + 1 {
        host.work(.apply)
        _ = execute(ordered, &host)
      }
      forget(through: min(through, replica.sequence))
      acknowledge(to: primary, &host)
      host.crashPoint("acknowledged", request: ordered.request)
    }

    private func acknowledge(to primary: NodeID, _ host: inout Host<Message>) {
      host.send(
        .acknowledgement(term: term, sequence: replica.sequence, incarnation: incarnation),
        to: primary)
    }

    private mutating func follow(_ newTerm: Int, _ host: inout Host<Message>) {
      guard newTerm > term || isSuspended else { return }
      term = newTerm
      isSuspended = false
      isPrimary = false
      host.observe(.adopted(role: role, epoch: term))
    }

    /// Executes an update, as primary or as backup.
    mutating func execute(
      _ ordered: OrderedOperation, _ host: inout Host<Message>
    ) -> Response {
      let response = replica.execute(ordered)
      recent.append(ordered)
      host.observe(.applied(ordered.request, sequence: ordered.sequence))
      return response
    }

    mutating func forget(through sequence: Int) {
      acknowledged = max(acknowledged, sequence)
      recent.removeAll { $0.sequence <= acknowledged }
    }

    /// The first message of a failover, and the second.
    private mutating func suspend(_ newTerm: Int, _ host: inout Host<Message>) {
      guard newTerm >= term, !isPrimary else { return }
      if settings.suspendsBackups {
        term = newTerm
        isSuspended = true
      }
      host.send(
        .count(
          term: newTerm, incarnation: incarnation, isSynchronised ? replica.sequence : nil),
        to: settings.master)
      host.crashPoint("suspended")
    }

    private mutating func receive(
      _ state: State, from primary: NodeID, _ host: inout Host<Message>
    ) {
      guard state.to == incarnation, state.term >= term else { return }
      if !isSynchronised {
        replica = state.replica
        recent = state.recent
        acknowledged = replica.sequence - recent.count
        isSynchronised = true
        isSuspended = true
      }
      follow(state.term, &host)
      acknowledge(to: primary, &host)
      host.crashPoint("state installed")
    }

    // MARK: Projections

    public var role: ServerRole {
      if !isSynchronised { return .joining }
      return isPrimary ? .primary : .backup
    }

    public var epoch: Int { term }
    public var isReplica: Bool { isSynchronised }
    public var contents: [KeyedValue] { replica.contents }
  }
}

extension MasterBackup.Server: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    for number in [incarnation, term, acknowledged] { hasher.combine(number) }
    for flag in [isPrimary, isSynchronised, isSuspended, isRetryArmed] { hasher.combine(flag) }
    hasher.combine(replica)
    hasher.combine(contentsOf: recent)
    hasher.combine(configuration)
    for backup in backups {
      hasher.combine(backup.member)
      hasher.combine(backup.acknowledged ?? -1)
    }
    for update in pending {
      hasher.combine(update.request)
      hasher.combine(update.sequence)
      hasher.combine(response: update.response)
      hasher.combine(update.isAnswered)
    }
    for query in queries {
      hasher.combine(query.request)
      hasher.combine(query.through)
      hasher.combine(response: query.response)
    }
    hasher.combine(retry)
  }
}
