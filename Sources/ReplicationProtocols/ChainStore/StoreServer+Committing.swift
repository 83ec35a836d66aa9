import SimulationKernel

/// The way of a commit up the chain: the tail commits what it has written, and every node commits
/// what its successor has. A commit is a step of its own, as the original has a
/// thread for it, and lets others in before the next one.
extension ChainStore.Server {
  /// After so long it is the committing thread's turn; whoever waited meanwhile comes before it.
  private static let turn = VirtualDuration.microseconds(1)

  mutating func scheduleCommit(_ host: inout Host<ChainStore.Message>) {
    guard !isCommitScheduled, awaitedReturn == nil, let first = sentList.first,
      first.number <= committable
    else { return }
    isCommitScheduled = true
    host.setTimer(Self.commitTimer, after: Self.turn)
  }

  mutating func commitNext(_ host: inout Host<ChainStore.Message>) {
    isCommitScheduled = false
    guard let entry = sentList.first, entry.number <= committable,
      entry.number == volume.committed + 1
    else { return }
    sentList.removeFirst()
    replay.commit(entry.request)
    replay.raiseFloor(of: entry.request.client, to: entry.floor)
    volume.commit(settings.replayIsDurable ? replay.words : [], &host)
    host.crashPoint("committed", request: entry.request)
    acknowledgeUpstream(entry.request, &host)
    if settings.waitsForAcknowledgement { waitForReturn(&host) }
    retransmission.hasProgressed = true
    disarmRetransmission(&host)
    scheduleCommit(&host)
    noteCommitted(&host)
  }

  /// What waits for commits: a hand-over, and reads of a new tail.
  mutating func noteCommitted(_ host: inout Host<ChainStore.Message>) {
    if membership == .succeeding { reportReady(&host) }
    guard isTail, volume.committed >= servesFrom else { return }
    if volume.committed == servesFrom { replyToMaster(&host) }
    let reads = waitingReads
    waitingReads.removeAll()
    for read in reads { answerRead(read.request, read.operation, &host) }
  }

  func acknowledgeUpstream(
    _ request: RequestID?, _ host: inout Host<ChainStore.Message>
  ) {
    guard let predecessor else { return }
    host.send(.relayAck(through: volume.committed, epoch: epoch), to: predecessor.node)
    host.crashPoint("acknowledged", request: request)
  }

  /// "Committed up to here" is true for ever, so it is welcome from any epoch; what is committed
  /// here already says nothing new.
  mutating func receiveRelayAck(_ through: Int, _ host: inout Host<ChainStore.Message>) {
    guard membership == .member, !isTail else { return }
    guard through > committable else {
      if through <= volume.committed { returnAcknowledgement(&host) }
      return
    }
    committable = through
    retransmission.hasProgressed = true
    scheduleCommit(&host)
  }

  // MARK: Acknowledgements that block

  /// The document's `RelayWriteAck` is a call: each node commits, calls the one before it and waits
  /// for the call to return.
  private mutating func waitForReturn(_ host: inout Host<ChainStore.Message>) {
    if predecessor == nil {
      returnAcknowledgement(&host)
    } else {
      awaitedReturn = volume.committed
    }
  }

  /// The call that this node has answered to returns to its successor.
  func returnAcknowledgement(_ host: inout Host<ChainStore.Message>) {
    guard settings.waitsForAcknowledgement, awaitedReturn == nil, !isTail, let successor else {
      return
    }
    host.send(.ackReturned(through: volume.committed), to: successor.node)
  }

  mutating func receiveAckReturned(_ through: Int, _ host: inout Host<ChainStore.Message>) {
    guard let awaited = awaitedReturn, awaited <= through else { return }
    endAcknowledgement(&host)
  }

  /// The head has committed, or a change of mode breaks the call off.
  mutating func endAcknowledgement(_ host: inout Host<ChainStore.Message>) {
    guard awaitedReturn != nil else { return }
    awaitedReturn = nil
    returnAcknowledgement(&host)
    scheduleCommit(&host)
  }

  // MARK: The replay log

  mutating func receiveForgotten(
    _ forgotten: ChainStore.Forgotten, _ host: inout Host<ChainStore.Message>
  ) {
    guard membership == .member else { return }
    forget(forgotten, &host)
  }

  /// Forgets entries here and on the way to the head.
  mutating func forget(
    _ forgotten: ChainStore.Forgotten, _ host: inout Host<ChainStore.Message>
  ) {
    switch forgotten {
    case .below(let floor, let client):
      guard replay.raiseFloor(of: client, to: floor) else { return }
    case .entry(let request, let andOlder): replay.erase(request, andOlder: andOlder)
    }
    if let predecessor { host.send(.ackReplayLog(forgotten), to: predecessor.node) }
  }
}

// MARK: - Retransmission

extension ChainStore.Server {
  private var hasUnfinishedBusiness: Bool {
    copying != nil
      || (membership == .member && !isTail
        && !(sentList.isEmpty && forwardedUnwritten == nil))
  }

  mutating func armRetransmission(_ host: inout Host<ChainStore.Message>) {
    guard !retransmission.isArmed, hasUnfinishedBusiness else { return }
    retransmission.isArmed = true
    retransmission.hasProgressed = false
    host.setTimer(
      Self.retransmitTimer, after: settings.wait(attempt: retransmission.fruitless))
  }

  mutating func disarmRetransmission(_ host: inout Host<ChainStore.Message>) {
    guard retransmission.isArmed, !hasUnfinishedBusiness else { return }
    retransmission = ChainStore.Repetition()
    host.cancelTimer(Self.retransmitTimer)
  }

  mutating func retransmit(_ host: inout Host<ChainStore.Message>) {
    retransmission.isArmed = false
    guard hasUnfinishedBusiness else { return }
    if retransmission.hasProgressed {
      retransmission.fruitless = 0
    } else {
      retransmission.fruitless = min(
        retransmission.fruitless + 1, ChainStore.Settings.largestAttempt)
      repeatUnconfirmed(&host)
    }
    armRetransmission(&host)
  }

  private mutating func repeatUnconfirmed(_ host: inout Host<ChainStore.Message>) {
    if let copying {
      repeatCopy(copying, &host)
    } else if let successor {
      let entries = sentList + (forwardedUnwritten.map { [$0] } ?? [])
      host.send(.resend(resendable(entries), epoch: epoch), to: successor.node)
    }
    // The neighbour may be dead and the master's news lost.
    if successor == nil || retransmission.fruitless > 1 {
      host.send(.whichConfiguration, to: settings.master)
    }
  }
}
