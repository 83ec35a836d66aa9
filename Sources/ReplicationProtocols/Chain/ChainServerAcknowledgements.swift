import SimulationKernel

/// Acknowledgements travel from the tail to the head and empty `Sent` (section 3). They are
/// cumulative: "the tail has processed every update up to this one". While anything is
/// unacknowledged, a timer watches for silence.
extension Chain.Server {
  /// An acknowledgement is true for ever, since whoever becomes tail has processed as much: it is
  /// welcome from any server and any epoch. The server behind a dead one may acknowledge to its
  /// new predecessor before that has been linked.
  mutating func receiveAcknowledgement(
    _ through: Int, from sender: NodeID, _ host: inout Host<Chain.Message>
  ) {
    guard membership == .member, !isTail else { return }
    if let copying, let cut = copying.cut, copying.joiner.node == sender, through >= cut {
      self.copying?.isTakenOver = true
      retransmission.progress += 1
    }
    acknowledge(through: through, &host)
  }

  mutating func acknowledge(through: Int, _ host: inout Host<Chain.Message>) {
    let last = inProcess.remove(through: through)
    if through > acknowledged {
      acknowledged = through
      retransmission.progress += 1
      acknowledgeUpstream(through: through, last, &host)
    }
    disarmRetransmission(&host)
  }

  func acknowledgeUpstream(
    through: Int, _ request: RequestID?, _ host: inout Host<Chain.Message>
  ) {
    guard let predecessor else { return }
    host.send(.acknowledge(through: through, epoch: epoch), to: predecessor.node)
    host.crashPoint("acknowledged", request: request)
  }
}

// MARK: - Retransmission

extension Chain.Server {
  /// Whether something is unconfirmed that this server must bring about.
  private var hasUnfinishedBusiness: Bool {
    copying != nil || (!isTail && !inProcess.isEmpty)
  }

  mutating func armRetransmission(_ host: inout Host<Chain.Message>) {
    guard !retransmission.isArmed, hasUnfinishedBusiness else { return }
    retransmission.isArmed = true
    retransmission.progressAtArming = retransmission.progress
    host.setTimer(
      Self.retransmitTimer,
      after: settings.wait(attempt: retransmission.fruitless))
  }

  mutating func disarmRetransmission(_ host: inout Host<Chain.Message>) {
    guard retransmission.isArmed, !hasUnfinishedBusiness else { return }
    retransmission.isArmed = false
    retransmission.fruitless = 0
    host.cancelTimer(Self.retransmitTimer)
  }

  /// The timer fired. As long as confirmations come in, nothing is repeated.
  mutating func retransmit(_ host: inout Host<Chain.Message>) {
    retransmission.isArmed = false
    guard hasUnfinishedBusiness else { return }
    if retransmission.progress != retransmission.progressAtArming {
      retransmission.fruitless = 0
    } else {
      retransmission.fruitless = min(retransmission.fruitless + 1, Chain.Settings.largestAttempt)
      repeatUnconfirmed(&host)
    }
    armRetransmission(&host)
  }

  private mutating func repeatUnconfirmed(_ host: inout Host<Chain.Message>) {
    if let copying, !copying.isTakenOver {
      repeatCopy(copying, &host)
    } else if let successor {
      host.send(.resend(inProcess.updates, epoch: epoch), to: successor.node)
    }
    // The neighbour may be dead and the master's news lost.
    if successor == nil || retransmission.fruitless > 1 { askMaster(&host) }
  }

  func askMaster(_ host: inout Host<Chain.Message>) {
    host.send(.whichConfiguration(epoch: epoch), to: settings.master)
  }
}
