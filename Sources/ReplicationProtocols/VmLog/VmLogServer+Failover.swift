import LinearizabilityChecking
import SimulationKernel

/// What machines do when they miss each other: the test-and-set, going live, halting.
extension VmLog.Server {
  // MARK: Missing the other

  mutating func sendHeartbeat(_ host: inout Host<VmLog.Message>) {
    guard role == .primary, let partner else { return }
    host.send(.heartbeat(partner.session, released: released), to: partner.member.node)
    host.setTimer(Self.paceTimer, after: settings.heartbeatInterval)
  }

  mutating func receiveFailure(of member: VmLog.Member, _ host: inout Host<VmLog.Message>) {
    guard let otherEnd, otherEnd.server == member.server,
      otherEnd.incarnation <= member.incarnation
    else { return }
    suspect(&host)
  }

  /// The other end is dead, or silent, or cannot be reached; which of these cannot be known.
  mutating func suspect(_ host: inout Host<VmLog.Message>) {
    guard !isClaiming else { return }
    switch role {
    case .primary:
      guard let partner else { return }
      if partner.isEntered { return beginClaim(&host) }
      // It cannot win, so it is simply dropped.
      attempt += 1
      runAlone(&host)
    case .backup: beginClaim(&host)
    default: break
    }
  }

  /// The claim is noted in this step and sent in the next one, so that the machine cannot die in
  /// between unnoticed by those who judge which failures are survived
  /// (``VmLog/tolerates(failureOf:in:)``).
  private mutating func beginClaim(_ host: inout Host<VmLog.Message>) {
    claim = partner?.session.number ?? session.number
    guard settings.testsAndSets else {
      sendClaim(&host)
      return goLive(claim + 1, &host)
    }
    host.resumeLater(Self.askStorage)
  }

  func sendClaim(_ host: inout Host<VmLog.Message>) {
    host.send(.testAndSet(expected: claim, incarnation: incarnation), to: settings.storage)
    host.crashPoint("claimed")
  }

  /// What the storage says. An answer that names an older configuration than expected means that
  /// the storage has not heard of the pair yet; the claim is repeated.
  mutating func learn(
    _ configuration: VmLog.Configuration, _ host: inout Host<VmLog.Message>
  ) {
    guard role != .idle else { return }
    let isMember = configuration.members.contains(me)
    if isClaiming {
      if configuration.number > claim, configuration.primary == me {
        goLive(configuration.number, &host)
      } else if configuration.number > claim || (configuration.number == claim && !isMember) {
        halt(&host)
      }
      return
    }
    guard configuration.number > number else { return }
    if role == .primary, configuration.primary == me, configuration.backup == partner?.member {
      number = configuration.number
    } else if !isMember, settings.testsAndSets {
      halt(&host)
    }
  }

  // MARK: Going live

  /// This machine is the only one now.
  mutating func goLive(_ newNumber: Int, _ host: inout Host<VmLog.Message>) {
    claim = 0
    number = newNumber
    attempt = 0
    let wasBackup = role == .backup
    host.observe(.note(wasBackup ? "went live" : "went on alone"))
    if wasBackup { replayRest(&host) }
    let unsure = wasBackup ? outputs : []
    if wasBackup { outputs = [] }
    role = .primary
    host.observe(.adopted(role: .primary, epoch: number))
    runAlone(&host)
    if wasBackup { resume(unsure, &host) }
    host.crashPoint("live")
  }

  /// Replays all that was received, up to where the log ends.
  private mutating func replayRest(_ host: inout Host<VmLog.Message>) {
    while settings.replaysBeforeGoingLive, !unreplayed.isEmpty {
      host.work(.apply)
      replay(unreplayed.removeFirst(), &host)
    }
    unreplayed = []
  }

  /// Tells the world where the virtual machine is, puts out again what may not have left, and lets
  /// the guest go on where the log stopped.
  private mutating func resume(_ unsure: [Output], _ host: inout Host<VmLog.Message>) {
    for client in settings.clients { host.send(.live(number: number), to: client) }
    for request in guest.open { host.observe(.accepted(request, epoch: number)) }
    for output in unsure {
      guard case .reply(let request, let response) = output.action else { continue }
      host.observe(.note("output repeated"))
      answer(request, response, &host)
    }
    released = sequence
    if let outcomes = guest.wantsClock { readClock(outcomes, &host) }
    if let operation = guest.pendingDisk, operation.number != issued {
      if !settings.issuesAgain, operation.written != nil {
        give(.completion(operation.number, ""), &host)
      } else {
        host.observe(.note("disk operation issued again"))
        issue(operation, &host)
      }
    }
    release(&host)
  }

  /// Nothing is logged any more and outputs are free.
  private mutating func runAlone(_ host: inout Host<VmLog.Message>) {
    partner = nil
    log = []
    host.cancelTimer(Self.paceTimer)
    listen(&host)
    release(&host)
    drainStalled(&host)
    recruit(&host)
  }

  // MARK: Halting

  /// The virtual machine does not run here any more; the machine is a spare one.
  mutating func halt(_ host: inout Host<VmLog.Message>) {
    host.observe(.note("halted"))
    let highest = max(number, session.number)
    if isRetryArmed { host.cancelTimer(Self.retryTimer) }
    host.cancelTimer(Self.paceTimer)
    let isDue = isReplayDue
    let halted = VmLog.Server(node, settings)
    let start = incarnation
    self = halted
    incarnation = start
    isReplayDue = isDue
    number = highest
    listen(&host)
    host.observe(.adopted(role: .idle, epoch: number))
  }
}
