import LinearizabilityChecking
import SimulationKernel

/// The backup: receives the log, acknowledges it, and replays it behind the primary.
extension VmLog.Server {
  /// A new backup begins with the primary's state.
  mutating func receive(
    _ snapshot: VmLog.Snapshot, to addressee: Int, from sender: NodeID,
    _ host: inout Host<VmLog.Message>
  ) {
    guard addressee == incarnation else {
      // Meant for an earlier start of this machine, of whose end the primary has not heard.
      if addressee < incarnation { offer(snapshot.session, to: sender, &host) }
      return
    }
    if role == .backup, sender == primary.node, snapshot.session.number == session.number,
      snapshot.session.attempt > session.attempt
    {
      giveUp(&host)
    }
    if role == .idle, snapshot.session.number > number {
      role = .backup
      number = snapshot.session.number
      session = snapshot.session
      guest = snapshot.guest
      sequence = snapshot.sequence
      released = snapshot.sequence
      primary = VmLog.Member(server: sender.index, incarnation: snapshot.primaryIncarnation)
      host.observe(.adopted(role: role, epoch: number))
      host.crashPoint("state installed")
    }
    guard role == .backup, session == snapshot.session, sender == primary.node else { return }
    listen(&host)
    acknowledge(&host)
  }

  mutating func receive(
    _ entry: VmLog.Entry, _ session: VmLog.Session, _ released: Int, from sender: NodeID,
    _ host: inout Host<VmLog.Message>
  ) {
    guard role == .backup, session == self.session, sender == primary.node else { return }
    listen(&host)
    if entry.sequence == sequence + 1 {
      sequence = entry.sequence
      unreplayed.append(entry)
      host.crashPoint("received")
      replayLater(&host)
    }
    note(released)
    if settings.acknowledgesReceipt || entry.sequence <= replayed { acknowledge(&host) }
  }

  mutating func receiveHeartbeat(
    _ session: VmLog.Session, _ released: Int, from sender: NodeID,
    _ host: inout Host<VmLog.Message>
  ) {
    guard role == .backup, session == self.session, sender == primary.node else { return }
    listen(&host)
    note(released)
    acknowledge(&host)
  }

  private func acknowledge(_ host: inout Host<VmLog.Message>) {
    let through = settings.acknowledgesReceipt ? sequence : replayed
    host.send(.acknowledgement(session, through), to: primary.node)
  }

  private var replayed: Int { unreplayed.first.map { $0.sequence - 1 } ?? sequence }

  /// All outputs through an entry have left the primary.
  private mutating func note(_ newer: Int) {
    guard newer > released else { return }
    released = newer
    outputs.removeAll { $0.entry <= newer }
  }

  // MARK: Replay

  private mutating func replayLater(_ host: inout Host<VmLog.Message>) {
    guard !isReplayDue, !unreplayed.isEmpty else { return }
    isReplayDue = true
    if settings.replayLag > .zero {
      host.setTimer(Self.lagTimer, after: settings.replayLag)
    } else {
      host.resumeLater(Self.replay)
    }
  }

  mutating func replayIfDue(_ host: inout Host<VmLog.Message>) {
    isReplayDue = false
    if role == .backup { replayNext(&host) }
  }

  /// Replays one entry. The guest stops when there is none.
  private mutating func replayNext(_ host: inout Host<VmLog.Message>) {
    guard !unreplayed.isEmpty else { return }
    host.work(.apply)
    replay(unreplayed.removeFirst(), &host)
    if !settings.acknowledgesReceipt { acknowledge(&host) }
    replayLater(&host)
  }

  mutating func replay(_ entry: VmLog.Entry, _ host: inout Host<VmLog.Message>) {
    switch entry.kind {
    case .output:
      // What the guest has put out stands here already.
      if let index = outputs.firstIndex(where: { $0.entry == Output.unknown }) {
        outputs[index].entry = entry.sequence
        outputs.removeAll { $0.entry <= released }
      }
    case .input(let input, let logged):
      let instruction = settings.deliversAtInstruction ? logged : guest.instructions + 1
      suppress(guest.deliver(input, at: instruction), &host)
    }
  }

  /// What the guest puts out stays here.
  private mutating func suppress(
    _ actions: [VmLog.GuestAction], _ host: inout Host<VmLog.Message>
  ) {
    for action in actions {
      switch action {
      case .readClock(let outcomes) where !settings.logsClock:
        let input = VmLog.GuestInput.clock(host.choose(outcomes))
        suppress(guest.deliver(input, at: guest.instructions + 1), &host)
      case .applied(let request, let place):
        host.observe(.applied(request, sequence: place))
      case .disk(let operation) where operation.written != nil:
        outputs.append(Output(entry: Output.unknown, action: action))
      case .reply: outputs.append(Output(entry: Output.unknown, action: action))
      case .readClock, .disk: break
      }
    }
  }
}
