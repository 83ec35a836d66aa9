import SimulationKernel

/// The joining server's side of "Extending a Chain" (section 3): a server outside the chain, new or
/// restarted with empty memory, asks the master to be appended.
extension Chain.Server {
  mutating func beginToJoin(_ host: inout Host<Chain.Message>) {
    let isSpare = me.incarnation == Incarnation(1)
    if isSpare, settings.joinAfter > .zero {
      joinRetry.isArmed = true
      host.setTimer(Self.joinTimer, after: settings.joinAfter)
    } else {
      askToJoin(&host)
    }
  }

  private mutating func askToJoin(_ host: inout Host<Chain.Message>) {
    if membership == .outside {
      membership = .joining
      host.observe(.adopted(role: role, epoch: epoch))
    }
    host.send(.join(me.incarnation, epoch: epoch), to: settings.master)
    armJoinTimer(&host)
  }

  private mutating func armJoinTimer(_ host: inout Host<Chain.Message>) {
    joinRetry.isArmed = true
    joinRetry.progressAtArming = joinRetry.progress
    host.setTimer(
      Self.joinTimer,
      after: settings.wait(attempt: joinRetry.fruitless))
  }

  /// Silence from the tail that copies, or from the master.
  mutating func repeatJoin(_ host: inout Host<Chain.Message>) {
    joinRetry.isArmed = false
    if membership == .outside {
      askToJoin(&host)
      return
    }
    guard membership != .member else { return }
    if joinRetry.progress != joinRetry.progressAtArming {
      joinRetry.fruitless = 0
      armJoinTimer(&host)
      return
    }
    joinRetry.fruitless = min(joinRetry.fruitless + 1, Chain.Settings.largestAttempt)
    if membership == .succeeding {
      reportReady(&host)
      armJoinTimer(&host)
    } else {
      askToJoin(&host)
    }
  }

  /// The master's configuration names this server.
  mutating func endJoining(_ host: inout Host<Chain.Message>) {
    membership = .member
    guard joinRetry.isArmed else { return }
    joinRetry.isArmed = false
    host.cancelTimer(Self.joinTimer)
  }

  // MARK: The copy

  mutating func receiveCopy(
    _ stretch: Chain.CopiedStretch, _ transfer: Int, from tail: NodeID,
    _ host: inout Host<Chain.Message>
  ) {
    guard membership == .joining || membership == .succeeding else { return }
    if transfer > self.transfer { beginTransfer(transfer) }
    guard membership == .joining else { return }
    if stretch.start == replica.count {
      replica.install(stretch)
      joinRetry.progress += 1
    }
    host.send(.copied(count: replica.count, transfer: transfer, epoch: epoch), to: tail)
  }

  /// Another tail begins a copy, since the one before it died. What this server has is a prefix of
  /// the new tail's history (update propagation), so the copy goes on from there.
  private mutating func beginTransfer(_ transfer: Int) {
    self.transfer = transfer
    membership = .joining
    isTail = false
    predecessor = nil
    predecessorSince = .max
    held.removeAll()
  }

  // MARK: The new tail

  /// Step (b): the old tail's role, and what it applied since the copy began. It answered these up
  /// to the cut.
  mutating func takeOver(_ handover: Chain.Handover, _ host: inout Host<Chain.Message>) {
    guard handover.transfer == transfer,
      membership == .joining || membership == .succeeding
    else { return }
    let isFirst = membership == .joining
    for update in handover.updates where update.sequence <= handover.cut {
      guard update.sequence == replica.count + 1 else { continue }
      host.work(.apply)
      apply(update, &host)
    }
    guard replica.count >= handover.cut else { return }
    if isFirst { becomeSuccessor(of: handover, &host) }
    for update in handover.updates where update.sequence > handover.cut {
      take(update, &host)
    }
    acknowledgeUpstream(through: acknowledged, handover.updates.last?.request, &host)
    if isFirst {
      // Step (c).
      reportReady(&host)
      armJoinTimer(&host)
    }
  }

  private mutating func becomeSuccessor(
    of handover: Chain.Handover, _ host: inout Host<Chain.Message>
  ) {
    membership = .succeeding
    configuration = handover.configuration
    epoch = handover.configuration.epoch
    isTail = true
    predecessor = handover.source
    predecessorSince = epoch
    acknowledged = replica.count
    joinRetry.progress += 1
    host.observe(.adopted(role: role, epoch: epoch))
  }

  private func reportReady(_ host: inout Host<Chain.Message>) {
    host.send(.tailReady(me, transfer: transfer, epoch: epoch), to: settings.master)
  }
}
