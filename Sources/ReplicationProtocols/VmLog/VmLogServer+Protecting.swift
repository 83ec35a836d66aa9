import SimulationKernel

/// A primary that runs alone looks for a new backup, and spare machines let themselves be found.
extension VmLog.Server {
  func recruit(_ host: inout Host<VmLog.Message>) {
    for server in 0..<settings.serverCount where server != node.index {
      host.send(.recruit(number: number, attempt: attempt), to: NodeID(server))
    }
  }

  /// Another machine runs alone. If its configuration is newer than anything that this one is part
  /// of, this one has lost, or was given up before it was entered.
  mutating func receiveRecruit(
    _ newer: Int, _ newerAttempt: Int, from sender: NodeID, _ host: inout Host<VmLog.Message>
  ) {
    switch role {
    case .primary:
      let mine = partner.map { $0.isEntered ? $0.session.number : number } ?? number
      if newer > mine { halt(&host) }
    case .backup:
      let isGivenUp =
        sender == primary.node && newer + 1 == session.number && newerAttempt > session.attempt
      if newer >= session.number {
        halt(&host)
      } else if isGivenUp {
        giveUp(&host)
      }
    default: break
    }
    guard role == .idle, newer >= number else { return }
    offer(VmLog.Session(number: newer + 1, attempt: newerAttempt), to: sender, &host)
  }

  /// The attempt to make this machine the backup has been given up before it was entered.
  mutating func giveUp(_ host: inout Host<VmLog.Message>) {
    let alone = session.number - 1
    halt(&host)
    number = alone
  }

  func offer(
    _ session: VmLog.Session, to primary: NodeID, _ host: inout Host<VmLog.Message>
  ) {
    host.send(
      .ready(number: session.number - 1, attempt: session.attempt, incarnation: incarnation),
      to: primary)
  }

  mutating func receiveReady(
    _ asked: Int, _ askedAttempt: Int, of member: VmLog.Member,
    _ host: inout Host<VmLog.Message>
  ) {
    if role == .primary, let partner, partner.member.server == member.server,
      partner.member.incarnation < member.incarnation
    {
      return suspect(&host)
    }
    guard role == .primary, partner == nil, asked == number, askedAttempt == attempt else {
      return
    }
    host.observe(.note("state transfer begun"))
    let session = VmLog.Session(number: number + 1, attempt: attempt)
    let snapshot = VmLog.Snapshot(
      session: session, primaryIncarnation: incarnation, guest: guest, sequence: sequence)
    partner = Partner(
      member: member, session: session, acknowledged: sequence, snapshot: snapshot)
    send(snapshot, to: member, &host)
    listen(&host)
    if settings.suspectsSilence {
      host.setTimer(Self.paceTimer, after: settings.heartbeatInterval)
    }
  }

  func send(
    _ snapshot: VmLog.Snapshot, to member: VmLog.Member, _ host: inout Host<VmLog.Message>
  ) {
    host.send(.state(snapshot, to: member.incarnation), to: member.node)
    host.crashPoint("state sent")
  }

  /// Asks the storage to enter the partner, which arms the test-and-set for the new pair. From now
  /// on the partner may win it.
  mutating func enter(_ host: inout Host<VmLog.Message>) {
    guard let partner else { return }
    guard settings.rearmsFlag else {
      number = partner.session.number
      return
    }
    host.send(
      .protect(number: number, incarnation: incarnation, partner.member), to: settings.storage)
    host.crashPoint("entered")
  }
}
