import SimulationKernel

/// What a server does when the master changes the chain ("Coping with Server Failures", section 3).
///
/// Any configuration tells a server its epoch, its predecessor and whether it is head or tail. A
/// new successor is another matter: it is linked by the third message of the exchange only, when
/// the successor has adopted this server and has said what it holds.
extension Chain.Server {
  /// A member of the first configuration takes its place.
  mutating func takeFirstPlace(_ host: inout Host<Chain.Message>) {
    guard let place = configuration.place(of: me) else { return }
    membership = .member
    epoch = configuration.epoch
    isHead = place == 0
    isTail = place == configuration.chain.count - 1
    predecessor = isHead ? nil : configuration.chain[place - 1]
    predecessorSince = epoch
    successor = isTail ? nil : configuration.chain[place + 1]
    host.observe(.adopted(role: role, epoch: epoch))
  }

  mutating func receiveConfiguration(
    _ new: Chain.Configuration, _ host: inout Host<Chain.Message>
  ) {
    if new.epoch > epoch {
      adopt(new, &host)
    } else if awaitsPredecessor {
      // The master asks once more: the second or the third message was lost.
      reportReception(&host)
    }
  }

  private mutating func adopt(
    _ new: Chain.Configuration, _ host: inout Host<Chain.Message>
  ) {
    guard new.epoch > epoch, membership == .member || membership == .succeeding,
      let place = new.place(of: me)
    else { return }
    configuration = new
    epoch = new.epoch
    if membership == .succeeding { endJoining(&host) }
    let wasEnd = (isHead, isTail)
    let newPredecessor = place == 0 ? nil : new.chain[place - 1]
    let isRelinked = newPredecessor != predecessor
    if isRelinked {
      predecessor = newPredecessor
      predecessorSince = epoch
      awaitsPredecessor = newPredecessor != nil
      // They came from the removed server; the new predecessor sends what is needed.
      held.removeAll()
    }
    isHead = place == 0
    if place == new.chain.count - 1 {
      takeLastPlace(&host)
    } else {
      giveUpLastPlace(before: new.chain[place + 1], &host)
    }
    host.observe(.adopted(role: role, epoch: epoch))
    if awaitsPredecessor { reportReception(&host) }
    if settings.endsTellClients, (isHead && !wasEnd.0) || (isTail && !wasEnd.1) {
      for client in settings.layout.clients { host.send(.configure(new), to: client) }
    }
  }

  /// The second message of a middle failure: S+ tells the master what it has.
  private func reportReception(_ host: inout Host<Chain.Message>) {
    guard let predecessor else { return }
    let reception = Chain.Reception(
      successor: me, predecessor: predecessor, count: replica.count, acknowledged: acknowledged,
      epoch: epoch)
    host.send(.received(reception), to: settings.master)
  }

  /// The server stands last in the chain: it is the tail, unless it has handed that role over to a
  /// server that is about to be appended.
  private mutating func takeLastPlace(_ host: inout Host<Chain.Message>) {
    if let joiner = configuration.joiner, copying?.transfer == joiner.transfer {
      if joiner.isSwitching, copying?.cut == nil { handOver(&host) }
      return
    }
    // A copy that the configuration does not name has failed with its joining server.
    if copying != nil {
      copying = nil
      if isTail { inProcess.removeAll() }
    }
    successor = nil
    if !isTail { becomeTail(&host) }
    disarmRetransmission(&host)
    if let joiner = configuration.joiner, !joiner.isSwitching { beginCopy(to: joiner, &host) }
  }

  /// "Failure of the Tail": everything in `Sent` is now processed, so it is answered and
  /// acknowledged. The old tail may have answered some of it; clients ignore what they have.
  private mutating func becomeTail(_ host: inout Host<Chain.Message>) {
    isTail = true
    wasReplaced = false
    if flaws.newTailKeepsSilent { return }
    if answersUpdates {
      for update in inProcess.updates where update.sequence > acknowledged {
        answer(update, &host)
      }
    }
    let last = inProcess.remove(through: replica.count)
    if acknowledged < replica.count {
      acknowledged = replica.count
      acknowledgeUpstream(through: acknowledged, last, &host)
    }
  }

  /// The server has a successor in the chain. A new one is not linked yet: until the third message
  /// updates are only recorded in `Sent`.
  private mutating func giveUpLastPlace(
    before next: Chain.Member, _ host: inout Host<Chain.Message>
  ) {
    isTail = false
    copying = nil
    if successor != next { successor = nil }
    armRetransmission(&host)
    disarmRetransmission(&host)
  }

  /// The third message of a middle failure. The fourth goes out before anything newer: what the
  /// new successor lacks, even if that is nothing.
  mutating func receiveLink(_ link: Chain.Link, _ host: inout Host<Chain.Message>) {
    adopt(link.configuration, &host)
    guard membership == .member, let place = configuration.place(of: me),
      place + 1 < configuration.chain.count, configuration.chain[place + 1] == link.successor,
      successor != link.successor
    else { return }
    successor = link.successor
    acknowledge(through: link.acknowledged, &host)
    let suffix = inProcess.suffix(after: link.count)
    host.send(.resend(suffix, epoch: epoch), to: link.successor.node)
    for update in suffix { host.crashPoint("resent", request: update.request) }
    if flaws.sentForgottenWhenForwarded { inProcess.removeAll() }
    armRetransmission(&host)
  }
}
