import LinearizabilityChecking
import SimulationKernel

extension ChainStore {
  /// The master: decides who is in the chain, in which order, and tells nodes and clients. It never
  /// fails. Failures that the detector reports are corrected in the next round of heartbeats.
  public struct Master: CoordinatorNode {
    public typealias Message = ChainStore.Message

    let settings: Settings
    var configuration = Configuration()
    /// What the current view shows: the configuration's chain, under the number of the decision.
    public internal(set) var currentView = ObservedView(number: 0, members: [])
    /// Nodes that have registered and are not in the chain, in order; the configuration's joiner is
    /// not among them.
    var waiting: [Registration] = []
    /// Failures reported, by server: so many of its incarnations are dead.
    var failures: [Int]
    /// CB-20: members that missed a heartbeat and were dropped; and who answered since the last.
    var dropped: [Member] = []
    var answered: [NodeID] = []
    /// Members that may have acknowledged something that no other has committed: the tail that said
    /// last that it was settled, and whoever was made tail after it.
    var holders: [Member] = []
    /// The member of the chain whose failure was reported last.
    var lastFailed: Member?
    /// Rounds of heartbeats until the next checksum.
    var untilChecksum = 0

    struct Registration: Hashable, Sendable {
      var member: Member
      /// The last write that its volume had committed.
      var committed: Int
    }

    init(_ settings: Settings) {
      self.settings = settings
      failures = Array(repeating: 0, count: settings.layout.serverCount)
      untilChecksum = settings.checksumEvery
    }

    public mutating func start(_ host: inout Host<ChainStore.Message>) {
      host.setTimer(.pace(), after: settings.heartbeat)
    }

    public mutating func receive(
      _ message: ChainStore.Message, from sender: NodeID, _ host: inout Host<ChainStore.Message>
    ) {
      switch message {
      case .register(let incarnation, let committed):
        let member = Member(node: sender, incarnation: incarnation)
        register(Registration(member: member, committed: committed), &host)
      case .whichConfiguration: answerInquiry(of: sender, &host)
      case .received(let reception): link(reception, &host)
      case .restoreDone(let transfer): switchTail(transfer, &host)
      case .tailReady(let member, let transfer): appendTail(member, transfer, &host)
      case .heartbeatReply(let epoch, let isSettled):
        noteReply(of: sender, epoch, isSettled: isSettled)
      case .checksumResult(let agrees):
        host.observe(.note(agrees ? "checksums agree" : "checksums differ"))
      default: break
      }
    }

    func isDead(_ member: Member) -> Bool {
      member.incarnation <= failures[member.node.index] || dropped.contains(member)
    }
  }
}

// MARK: - Heartbeats

extension ChainStore.Master {
  public mutating func timerFired(
    _ timer: TimerID, _ host: inout Host<ChainStore.Message>
  ) {
    host.setTimer(.pace(), after: settings.heartbeat)
    if settings.dropsSilentNodes { dropSilentNodes() }
    correct(&host)
    answered.removeAll()
    for member in configuration.chain { host.send(.configure(configuration), to: member.node) }
    guard settings.checksumEvery > 0, let head = configuration.chain.first else { return }
    untilChecksum -= 1
    if untilChecksum <= 0 {
      untilChecksum = settings.checksumEvery
      host.send(.beginChecksum(epoch: configuration.epoch), to: head.node)
    }
  }

  /// The answer to a heartbeat, or news from a tail that is settled.
  private mutating func noteReply(of server: NodeID, _ epoch: Int, isSettled: Bool) {
    if settings.dropsSilentNodes, !answered.contains(server) { answered.append(server) }
    guard isSettled, epoch == configuration.epoch, let tail = configuration.chain.last,
      tail.node == server
    else { return }
    holders = [tail]
  }

  /// CB-20: one missed heartbeat is enough.
  private mutating func dropSilentNodes() {
    for member in configuration.chain
    where !answered.contains(member.node) && wasAsked(member) { dropped.append(member) }
  }

  /// Whether a member has been one for a whole round. The first answers come within the round of
  /// the first configuration.
  private func wasAsked(_ member: ChainStore.Member) -> Bool {
    !answered.isEmpty && !isDead(member)
  }

  // MARK: Telling

  /// Makes a decision: a configuration with a number of its own.
  mutating func decide(
    _ host: inout Host<ChainStore.Message>,
    _ change: (inout ChainStore.Configuration) -> Void
  ) {
    configuration.epoch += 1
    change(&configuration)
    currentView = ObservedView(
      number: configuration.epoch, members: configuration.chain.map(\.node))
    if let tail = configuration.chain.last, holders.last != tail { holders.append(tail) }
    host.observe(.decided(currentView))
  }

  func tellClients(_ host: inout Host<ChainStore.Message>) {
    guard !configuration.chain.isEmpty else { return }
    for client in settings.layout.clients { host.send(.configure(configuration), to: client) }
  }

  /// A client or node is not sure that it is up to date. A node may also wait for what its
  /// successor has to say.
  private func answerInquiry(of node: NodeID, _ host: inout Host<ChainStore.Message>) {
    guard !configuration.chain.isEmpty else { return }
    host.send(.configure(configuration), to: node)
    guard let place = configuration.chain.firstIndex(where: { $0.node == node }),
      place + 1 < configuration.chain.count
    else { return }
    host.send(.configure(configuration), to: configuration.chain[place + 1].node)
  }

  /// A node has adopted its predecessor and says what it has: the predecessor is linked to it, if
  /// it still is the predecessor.
  private func link(
    _ reception: ChainStore.Reception, _ host: inout Host<ChainStore.Message>
  ) {
    guard let place = configuration.place(of: reception.successor), place > 0,
      configuration.chain[place - 1] == reception.predecessor
    else { return }
    let link = ChainStore.Link(
      configuration: configuration, successor: reception.successor, number: reception.number,
      committed: reception.committed)
    host.send(.link(link), to: reception.predecessor.node)
  }
}

extension ChainStore.Master: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(configuration)
    for registration in waiting {
      hasher.combine(registration.member)
      hasher.combine(registration.committed)
    }
    hasher.combine(waiting.count)
    for count in failures { hasher.combine(count) }
    hasher.combine(contentsOf: dropped)
    hasher.combine(contentsOf: answered)
    hasher.combine(contentsOf: holders)
    hasher.combine(contentsOf: lastFailed.map { [$0] } ?? [])
    hasher.combine(untilChecksum)
  }
}
