import SimulationKernel

/// The joining node's side of "Integration" in the report: new, or back with what its disk holds,
/// it registers with the master and catches up from the tail.
extension ChainStore.Server {
  mutating func beginToJoin(_ host: inout Host<ChainStore.Message>) {
    let isSpare = me.incarnation == 1 && me.node.index >= settings.initialChain
    if isSpare, settings.joinAfter > .zero {
      joining.repetition.isArmed = true
      host.setTimer(Self.joinTimer, after: settings.joinAfter)
    } else {
      register(&host)
    }
  }

  private mutating func register(_ host: inout Host<ChainStore.Message>) {
    if membership == .outside {
      membership = .joining
      host.observe(.adopted(role: role, epoch: epoch))
    }
    host.send(
      .register(incarnation: me.incarnation, committed: volume.committed), to: settings.master)
    armJoinTimer(&host)
  }

  private mutating func armJoinTimer(_ host: inout Host<ChainStore.Message>) {
    joining.repetition.isArmed = true
    joining.repetition.hasProgressed = false
    host.setTimer(
      Self.joinTimer, after: settings.wait(attempt: joining.repetition.fruitless))
  }

  /// Silence from the tail, or from the master.
  mutating func repeatJoin(_ host: inout Host<ChainStore.Message>) {
    joining.repetition.isArmed = false
    switch membership {
    case .member: return
    case .outside:
      register(&host)
      return
    case .joining, .succeeding: break
    }
    if joining.repetition.hasProgressed {
      joining.repetition.fruitless = 0
      armJoinTimer(&host)
      return
    }
    joining.repetition.fruitless = min(
      joining.repetition.fruitless + 1, ChainStore.Settings.largestAttempt)
    if membership == .succeeding {
      reportReady(&host)
      armJoinTimer(&host)
    } else {
      register(&host)
    }
  }

  /// The master's configuration names this node.
  mutating func endJoining(_ host: inout Host<ChainStore.Message>) {
    membership = .member
    if joining.repetition.isArmed { host.cancelTimer(Self.joinTimer) }
    joining = ChainStore.JoinState(transfer: joining.transfer)
  }

  // MARK: Restoring

  mutating func receiveRestoration(
    _ part: ChainStore.Restoration, from tail: NodeID, _ host: inout Host<ChainStore.Message>
  ) {
    guard membership != .member else { return }
    if part.transfer > joining.transfer { beginTransfer(part.transfer, &host) }
    guard membership == .joining, part.transfer == joining.transfer else { return }
    if part.part == joining.parts, !joining.isRestored {
      joining.blocks += part.blocks
      joining.parts += 1
      joining.repetition.hasProgressed = true
      if joining.parts == part.parts { restore(part, &host) }
    }
    host.send(.restored(parts: joining.parts, transfer: part.transfer), to: tail)
  }

  /// All parts are there. They become valid together: a node that stops before has what it had.
  private mutating func restore(
    _ part: ChainStore.Restoration, _ host: inout Host<ChainStore.Message>
  ) {
    volume.restore(
      joining.blocks, through: part.through, settings.replayIsDurable ? part.replay.words : [],
      &host)
    host.crashPoint("restored")
    joining.blocks.removeAll()
    joining.isRestored = true
    replay = part.replay
    replay.olderIsFinished = settings.olderIsAcknowledged
    log = part.history
    committable = part.through
    numbered = part.through
  }

  /// Another tail begins a copy, since the one before it failed. What this node has committed the
  /// new tail has, too; what it has only written it may get again.
  private mutating func beginTransfer(
    _ transfer: Int, _ host: inout Host<ChainStore.Message>
  ) {
    joining = ChainStore.JoinState(transfer: transfer, repetition: joining.repetition)
    membership = .joining
    predecessor = nil
    predecessorSince = .max
    awaitsPredecessor = false
    awaitedReturn = nil
    pending.removeAll()
    sentList.removeAll()
    guard !volume.writes.isEmpty else { return }
    volume = .open(
      settings.format(of: host.me), settings.volumeDesign, sectors: settings.sectorsPerBlock,
      &host)
  }

  // MARK: The new tail

  mutating func takeOver(
    _ handover: ChainStore.Handover, _ host: inout Host<ChainStore.Message>
  ) {
    guard handover.transfer == joining.transfer, joining.isRestored,
      membership == .joining || membership == .succeeding
    else { return }
    if membership == .joining {
      membership = .succeeding
      configuration = handover.configuration
      epoch = handover.configuration.epoch
      predecessor = handover.source
      predecessorSince = epoch
      joining.committed = handover.committed
      joining.repetition.hasProgressed = true
    }
    for entry in handover.sent {
      take(entry, addsToReplay: settings.replaysWhatIsHandedOver, &host)
    }
    // What the old tail has committed may have been acknowledged; more is not committed before
    // this node is a member, so that it never has what the chain has not.
    committable = max(committable, handover.committed)
    scheduleCommit(&host)
    reportReady(&host)
  }

  func reportReady(_ host: inout Host<ChainStore.Message>) {
    guard volume.committed >= joining.committed else { return }
    host.send(.tailReady(me, transfer: joining.transfer), to: settings.master)
  }
}
