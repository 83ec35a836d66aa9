import SimulationKernel

extension Chain {
  /// The master: decides who is in the chain, in which order, and tells servers and clients. It
  /// never fails (section 3: a service replicated by other means).
  public struct Master: CoordinatorNode {
    public typealias Message = Chain.Message

    let settings: Settings
    var configuration: Configuration
    /// What the current view shows: the configuration's chain, under the number of the decision.
    public internal(set) var currentView: ObservedView
    /// Servers that asked to join, in order; the configuration's joiner is not among them.
    var waiting: [Member] = []
    /// Failures reported, by server. A server starts again only after its failure was reported, so
    /// this many of its incarnations are dead.
    var failures: [Int]
    /// Every server of the chain has failed, and what it stored is lost.
    var isLost = false

    init(_ settings: Settings) {
      self.settings = settings
      configuration = settings.firstConfiguration
      currentView = configuration.view
      failures = Array(repeating: 0, count: settings.layout.serverCount)
    }

    public mutating func start(_ host: inout Host<Chain.Message>) {
      host.observe(.decided(currentView))
    }

    public mutating func receive(
      _ message: Chain.Message, from sender: NodeID, _ host: inout Host<Chain.Message>
    ) {
      switch message {
      case .whichConfiguration: answerInquiry(of: sender, &host)
      case .received(let reception): link(reception, &host)
      case .join(let incarnation, _):
        join(Member(node: sender, incarnation: incarnation), &host)
      case .copyDone(let transfer, _): switchTail(transfer, &host)
      case .tailReady(let member, let transfer, _): appendTail(member, transfer, &host)
      default: break
      }
    }

    public func heedsUnavailability(of peer: NodeID) -> Bool { false }

    func isDead(_ member: Member) -> Bool {
      member.incarnation.number <= failures[member.node.index]
    }
  }
}

extension Chain.Configuration {
  var view: ObservedView { ObservedView(number: epoch, members: chain.map(\.node)) }
}

// MARK: - Failures

extension Chain.Master {
  /// "Coping with Server Failures", section 3.
  public mutating func serverFailed(
    _ server: NodeID, _ host: inout Host<Chain.Message>
  ) {
    failures[server.index] += 1
    waiting = waiting.filter { !isDead($0) }
    if let place = configuration.chain.firstIndex(where: { isDead($0) }) {
      remove(at: place, &host)
    } else if let joiner = configuration.joiner, isDead(joiner.member) {
      // The tail ends the copy, and takes its role back if it has handed it over.
      decide(&host) { $0.joiner = nil }
      host.send(.configure(configuration), to: configuration.tail)
      beginExtension(&host)
    }
  }

  private mutating func remove(at place: Int, _ host: inout Host<Chain.Message>) {
    let old = configuration
    guard old.chain.count > 1 else {
      isLost = true
      return
    }
    decide(&host) { configuration in
      configuration.chain.remove(at: place)
      if place == old.chain.count - 1 {
        // The source of a copy is gone: the new tail goes on with it.
        configuration.joiner?.transfer = configuration.epoch
        configuration.joiner?.isSwitching = false
      }
    }
    let isMiddle = place > 0 && place < configuration.chain.count
    for index in configuration.chain.indices {
      // S+ is told first; S- hears when S+ has said what it holds.
      if isMiddle, index == place - 1 { continue }
      host.send(.configure(configuration), to: configuration.chain[index].node)
    }
    // Two broadcasts, one after the other, in the paper: the second is then the new end's.
    if !isMiddle, !settings.endsTellClients { tellClients(&host) }
  }

  /// The second message of a middle failure has come: the third goes to S-, if it still precedes
  /// S+. If not, S+ is asked anew by the configuration that removed it.
  private func link(_ reception: Chain.Reception, _ host: inout Host<Chain.Message>) {
    guard let place = configuration.place(of: reception.successor), place > 0,
      configuration.chain[place - 1] == reception.predecessor
    else { return }
    let link = Chain.Link(
      configuration: configuration, successor: reception.successor, count: reception.count,
      acknowledged: reception.acknowledged)
    host.send(.link(link), to: reception.predecessor.node)
  }

  // MARK: Telling

  /// Makes a decision: a configuration with a number of its own.
  mutating func decide(
    _ host: inout Host<Chain.Message>, _ change: (inout Chain.Configuration) -> Void
  ) {
    configuration.epoch += 1
    change(&configuration)
    currentView = configuration.view
    host.observe(.decided(currentView))
  }

  func tellClients(_ host: inout Host<Chain.Message>) {
    for client in settings.layout.clients { host.send(.configure(configuration), to: client) }
  }

  /// A client or server is not sure that it is up to date. A server may also wait for what its
  /// successor has to say, and the question to the successor may be lost.
  private func answerInquiry(of node: NodeID, _ host: inout Host<Chain.Message>) {
    host.send(.configure(configuration), to: node)
    guard let place = configuration.chain.firstIndex(where: { $0.node == node }),
      place + 1 < configuration.chain.count
    else { return }
    host.send(.configure(configuration), to: configuration.chain[place + 1].node)
  }
}

extension Chain.Master: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    hasher.combine(configuration)
    hasher.combine(contentsOf: waiting)
    for count in failures { hasher.combine(count) }
    hasher.combine(isLost)
  }
}
