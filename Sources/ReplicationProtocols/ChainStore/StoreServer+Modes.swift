import SimulationKernel

/// Changes of mode ("Failure" in the report). A configuration tells a node its epoch, its
/// predecessor and whether it is head or tail; a new successor is linked when the master has heard
/// from it what it holds.
extension ChainStore.Server {
  mutating func receiveConfiguration(
    _ new: ChainStore.Configuration, _ host: inout Host<ChainStore.Message>
  ) {
    if !isLocked {
      if new.epoch > epoch {
        adopt(new, &host)
      } else if awaitsPredecessor {
        // The master asks once more: something was lost.
        reportReception(&host)
      }
    }
    replyToMaster(&host)
  }

  func replyToMaster(_ host: inout Host<ChainStore.Message>) {
    guard membership == .member else { return }
    host.send(.heartbeatReply(epoch: epoch, isSettled: isSettled), to: settings.master)
  }

  /// Whether this node, the tail, has committed all that may have been acknowledged.
  private var isSettled: Bool { isTail && volume.committed >= servesFrom }

  private mutating func adopt(
    _ new: ChainStore.Configuration, _ host: inout Host<ChainStore.Message>
  ) {
    guard new.epoch > epoch, let place = new.place(of: me) else { return }
    switch membership {
    case .member: break
    case .succeeding: endJoining(&host)
    case .outside, .joining:
      guard new.founders.contains(me) else { return }
      endJoining(&host)
    }
    configuration = new
    epoch = new.epoch
    writeForwarded(&host)
    let newPredecessor = place == 0 ? nil : new.chain[place - 1]
    if newPredecessor != predecessor || predecessorSince == .max {
      predecessor = newPredecessor
      predecessorSince = epoch
      awaitsPredecessor = newPredecessor != nil
      dropPending()
    }
    isHead = place == 0
    endAcknowledgement(&host)
    if place == new.chain.count - 1 {
      takeLastPlace(&host)
    } else {
      giveUpLastPlace(before: new.chain[place + 1], &host)
    }
    host.observe(.adopted(role: role, epoch: epoch))
    if awaitsPredecessor { reportReception(&host) }
  }

  private func reportReception(_ host: inout Host<ChainStore.Message>) {
    guard let predecessor else { return }
    let reception = ChainStore.Reception(
      successor: me, predecessor: predecessor, number: volume.written,
      committed: volume.committed, epoch: epoch)
    host.send(.received(reception), to: settings.master)
  }

  // MARK: The end of the chain

  /// The node stands last: it is the tail, unless it has handed that role over to a node that is
  /// about to be appended.
  private mutating func takeLastPlace(_ host: inout Host<ChainStore.Message>) {
    if let joiner = configuration.joiner, copying?.transfer == joiner.transfer {
      if joiner.isSwitching, copying?.handedOver == nil { handOver(&host) }
      return
    }
    // A copy that the configuration does not name has failed with its joining node.
    copying = nil
    successor = nil
    if !isTail { becomeTail(&host) }
    disarmRetransmission(&host)
    if let joiner = configuration.joiner, !joiner.isSwitching { beginCopy(to: joiner, &host) }
  }

  /// The new tail commits its sent list.
  private mutating func becomeTail(_ host: inout Host<ChainStore.Message>) {
    isTail = true
    servesFrom = volume.written
    committable = max(committable, volume.written)
    scheduleCommit(&host)
  }

  /// The node has a successor. A new one is not linked yet: until then writes are only entered in
  /// the sent list.
  private mutating func giveUpLastPlace(
    before next: ChainStore.Member, _ host: inout Host<ChainStore.Message>
  ) {
    isTail = false
    copying = nil
    redirectWaitingReads(&host)
    if successor != next { successor = nil }
    armRetransmission(&host)
    disarmRetransmission(&host)
  }

  /// The new successor has said what it has: it gets the rest before anything newer, even if that
  /// is nothing.
  mutating func receiveLink(
    _ link: ChainStore.Link, _ host: inout Host<ChainStore.Message>
  ) {
    if isLocked { return }
    adopt(link.configuration, &host)
    guard membership == .member, let place = configuration.place(of: me),
      place + 1 < configuration.chain.count, configuration.chain[place + 1] == link.successor,
      successor != link.successor
    else { return }
    let missing = sentList.filter { $0.number > link.number }
    if settings.emptyResendLocks, missing.isEmpty, !sentList.isEmpty {
      isLocked = true
      return
    }
    successor = link.successor
    host.send(.resend(resendable(missing), epoch: epoch), to: link.successor.node)
    for entry in missing { host.crashPoint("resent", request: entry.request) }
    if link.committed > committable {
      committable = link.committed
      scheduleCommit(&host)
    }
    armRetransmission(&host)
  }
}
