import SimulationKernel

extension MasterBackup {
  /// The master: says who is primary and who are backups. It never fails.
  public struct Master: CoordinatorNode {
    enum Phase: Hashable, Sendable {
      case serving
      /// The backups are asked how many updates they have.
      case counting
      /// A new primary brings the others up to date.
      case resuming
    }

    let settings: Settings
    public private(set) var currentView: ObservedView
    var configuration: Configuration
    private(set) var phase = Phase.serving
    /// The term that is being prepared, or the present one.
    private var term = 1
    /// By server: what backups have said in this term; `.some(nil)` from one without the state.
    private var counts: [Int??]
    /// Servers that asked to join while there was no primary.
    private var waiting: [Member] = []
    /// By server: failures reported, and so the starts of it that are dead.
    private var failures: [Int]
    private var retry: RetrySchedule

    init(_ settings: Settings) {
      self.settings = settings
      configuration = settings.firstConfiguration
      currentView = configuration.view
      counts = Array(repeating: nil, count: settings.serverCount)
      failures = Array(repeating: 0, count: settings.serverCount)
      retry = RetrySchedule(settings.serverRetry)
    }

    public mutating func start(_ host: inout Host<Message>) {
      host.observe(.decided(currentView))
    }

    public mutating func receive(
      _ message: Message, from sender: NodeID, _ host: inout Host<Message>
    ) {
      switch message {
      case .whichConfiguration(let number): answerInquiry(of: sender, number, &host)
      case .join(let incarnation):
        join(Member(server: sender.index, incarnation: incarnation), &host)
      case .count(let term, let incarnation, let count):
        let member = Member(server: sender.index, incarnation: incarnation)
        guard phase == .counting, term == self.term, configuration.backups.contains(member) else {
          return
        }
        counts[sender.index] = .some(count)
        promoteIfCounted(&host)
      case .resumed(let term):
        guard phase == .resuming, term == self.term else { return }
        phase = .serving
        host.cancelTimer(.retry())
        tellClients(&host)
        admitWaiting(&host)
      default: break
      }
    }

    public mutating func timerFired(_ timer: TimerID, _ host: inout Host<Message>) {
      switch phase {
      case .serving: return
      case .counting: suspend(&host)
      case .resuming: lead(&host)
      }
      host.setTimer(.retry(), after: retry.next())
    }

    public func forgetting(timersThatNeverFire never: Set<TimerKind>) -> Master {
      var master = self
      if never.contains(.retry) { master.retry.reset() }
      return master
    }

    // MARK: Failures

    public mutating func serverFailed(_ server: NodeID, _ host: inout Host<Message>) {
      failures[server.index] += 1
      waiting = waiting.filter { !isDead($0) }
      let remaining = configuration.backups.filter { !isDead($0) }
      let lostBackup = remaining.count < configuration.backups.count
      configuration.backups = remaining
      if isDead(configuration.primary) {
        if phase == .counting {
          promoteIfCounted(&host)
        } else {
          beginCount(&host)
        }
      } else if lostBackup {
        decide(configuration, &host)
        lead(&host)
      }
    }

    private func isDead(_ member: Member) -> Bool {
      member.incarnation <= failures[member.server]
    }

    /// The first message of a failover.
    private mutating func beginCount(_ host: inout Host<Message>) {
      phase = .counting
      term += 1
      counts = counts.map { _ in nil }
      retry.reset()
      suspend(&host)
      host.setTimer(.retry(), after: retry.next())
    }

    private func suspend(_ host: inout Host<Message>) {
      for backup in configuration.backups where counts[backup.server] == nil {
        host.send(.suspend(term: term), to: backup.node)
      }
    }

    /// The third message: the backup with most updates is the primary.
    private mutating func promoteIfCounted(_ host: inout Host<Message>) {
      let backups = configuration.backups
      guard backups.allSatisfy({ counts[$0.server] != nil }) else { return }
      var best: (member: Member, count: Int)?
      for backup in backups {
        guard case .some(.some(let count)) = counts[backup.server] else { continue }
        if best == nil || (settings.promotesLongest && count > (best?.count ?? 0)) {
          best = (backup, count)
        }
      }
      guard let best else {
        // Whatever was stored is lost.
        return host.cancelTimer(.retry())
      }
      phase = .resuming
      var new = configuration
      new.term = term
      new.primary = best.member
      new.backups = backups.filter { $0 != best.member }
      decide(new, &host)
      lead(&host)
    }

    private mutating func decide(_ new: Configuration, _ host: inout Host<Message>) {
      configuration = new
      configuration.number += 1
      currentView = configuration.view
      host.observe(.decided(currentView))
    }

    /// Tells the primary what there is.
    private func lead(_ host: inout Host<Message>) {
      host.send(
        .lead(configuration, counts: counts.map { $0 ?? nil }), to: configuration.primary.node)
    }

    // MARK: Joining

    private mutating func join(_ member: Member, _ host: inout Host<Message>) {
      guard !isDead(member), !configuration.members.contains(member) else { return }
      if !waiting.contains(member) { waiting.append(member) }
      admitWaiting(&host)
    }

    private mutating func admitWaiting(_ host: inout Host<Message>) {
      guard phase == .serving, !waiting.isEmpty else { return }
      configuration.backups += waiting
      waiting = []
      decide(configuration, &host)
      lead(&host)
    }

    // MARK: Telling

    private func tellClients(_ host: inout Host<Message>) {
      for client in settings.clients { host.send(.configuration(configuration), to: client) }
    }

    private func answerInquiry(of node: NodeID, _ number: Int, _ host: inout Host<Message>) {
      if node == configuration.primary.node {
        if phase != .counting { lead(&host) }
      } else if phase == .serving {
        host.send(.configuration(configuration), to: node)
      }
    }

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(configuration)
      switch phase {
      case .serving: hasher.combine(1)
      case .counting: hasher.combine(2)
      case .resuming: hasher.combine(3)
      }
      hasher.combine(term)
      for count in counts {
        switch count {
        case nil: hasher.combine(-2)
        case .some(let said): hasher.combine(said ?? -1)
        }
      }
      hasher.combine(contentsOf: waiting)
      hasher.combine(waiting.count)
      for failure in failures { hasher.combine(failure) }
      hasher.combine(retry)
    }
  }
}
