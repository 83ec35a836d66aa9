import SimulationKernel

/// What a restarted node does before it serves: it learns the outcome of what it had begun, gets
/// what it has missed, and begins a new log.
///
/// The old log stays until the new one is forced, so a node that dies on the way starts over with
/// the same questions.
extension TwoNodeStore.Server {
  typealias Recovery = TwoNodeStore.Recovery

  // MARK: With the other node

  /// Begins, or begins again, to recover from the primary.
  mutating func recover(_ host: inout Host<Message>) {
    isCaughtUp = false
    pending = []
    recovery = Recovery(
      isAlone: false, phase: unfinished.isEmpty ? .fetchingPending : .askingStates,
      retry: RetrySchedule(settings.peerRetry))
    ask(&host)
  }

  private mutating func ask(_ host: inout Host<Message>) {
    guard let phase = recovery?.phase, let wait = recovery?.retry.next() else { return }
    switch phase {
    case .askingStates: host.send(.getState(assignment, unfinished), to: peer)
    case .fetchingPending: host.send(.fetchPending(assignment), to: peer)
    case .redoing, .applying, .done: return
    }
    host.setTimer(.retry(Self.recoverySerial), after: wait)
  }

  mutating func askAgain(_ host: inout Host<Message>) {
    ask(&host)
  }

  mutating func receiveStates(
    _ epoch: Int, _ outcomes: [Bool], _ host: inout Host<Message>
  ) {
    guard epoch == self.epoch, recovery?.phase == .askingStates,
      outcomes.count == unfinished.count
    else { return }
    host.cancelTimer(.retry(Self.recoverySerial))
    let committed = zip(unfinished, outcomes).filter(\.1).map(\.0)
    for write in committed { executed.insert(write.request) }
    recovery?.phase = .redoing
    recovery?.queue = committed
    continueRecovery(&host)
  }

  mutating func receiveArrears(
    _ epoch: Int, _ arrears: TwoNodeStore.Arrears, _ host: inout Host<Message>
  ) {
    guard epoch == self.epoch, recovery?.phase == .fetchingPending else { return }
    host.cancelTimer(.retry(Self.recoverySerial))
    host.crashPoint("pending received")
    recovery?.phase = .applying
    recovery?.queue = arrears.writes
    recovery?.arrears = arrears
    continueRecovery(&host)
  }

  // MARK: Alone

  /// This node holds everything and the other one is down: it decides by itself, and finishes what
  /// it had begun, since nobody was told that it failed.
  mutating func recoverAlone(_ host: inout Host<Message>) {
    guard recovery?.isAlone != true else { return }
    recovery = Recovery(
      isAlone: true, phase: .redoing, queue: unfinished,
      retry: RetrySchedule(settings.peerRetry))
    continueRecovery(&host)
  }

  private mutating func finishAlone(_ host: inout Host<Message>) {
    for write in unfinished { executed.insert(write.request) }
    pending += unfinished
    unfinished = []
    recovery = nil
    isCaughtUp = true
    removeAllTemporaries(&host)
    replaceLog(&host)
    admit(&host)
    answerQuestion(&host)
  }

  // MARK: Steps

  /// Writes the next thing that is to be written, one in a step.
  mutating func continueRecovery(_ host: inout Host<Message>) {
    guard let current = recovery else { return }
    guard current.phase == .redoing || current.phase == .applying else { return }
    guard let write = current.queue.first else {
      finishPhase(current, &host)
      return
    }
    recovery?.queue.removeFirst()
    if current.phase == .redoing, !settings.redoesFromLog {
      finishFromTemporaries(write, &host)
    } else {
      makeTemporaries(write, &host)
      install(write, &host)
    }
    host.resumeLater(Self.recoverySerial)
  }

  private mutating func finishPhase(_ current: Recovery, _ host: inout Host<Message>) {
    if current.isAlone {
      finishAlone(&host)
    } else if current.phase == .redoing {
      recovery?.phase = .fetchingPending
      ask(&host)
    } else {
      finishRecovery(current, &host)
    }
  }

  private mutating func finishRecovery(_ current: Recovery, _ host: inout Host<Message>) {
    guard let arrears = current.arrears else { return }
    // The process ends, so that the load balancer stops counting on it and lets the other go on.
    if settings.comparesContents, checksums != arrears.checksums {
      return host.abort("contents differ after recovery")
    }
    host.crashPoint("pending applied")
    executed.formUnion(arrears.executed)
    unfinished = []
    removeAllTemporaries(&host)
    replaceLog(&host)
    host.crashPoint("log replaced")
    recovery?.phase = .done
    reportRecovery(&host)
  }

  /// The documents' recovery: whatever temporary files are left are moved into place.
  private mutating func finishFromTemporaries(
    _ write: TwoNodeStore.LoggedWrite, _ host: inout Host<Message>
  ) {
    install(write, &host)
    for move in write.moves {
      note(
        TwoNodeStore.BlockValue(
          block: move.block, value: storedValue(of: move.block, &host)))
    }
  }

  // MARK: The primary's answers

  /// A recovering node asks. The answer waits until no write is under way and this node has
  /// recovered itself; new writes do not begin meanwhile.
  mutating func receiveQuestion(
    _ newer: TwoNodeStore.Assignment, _ asked: TwoNodeStore.Question,
    _ host: inout Host<Message>
  ) {
    adopt(newer, &host)
    guard newer.epoch == epoch, role == .primary, assignment.peer == .recovering else { return }
    question = asked
    answerQuestion(&host)
  }

  mutating func answerQuestion(_ host: inout Host<Message>) {
    guard let asked = question, isCaughtUp else { return }
    guard transactions.isEmpty || !settings.refusesWritesWhilePeerRecovers else { return }
    question = nil
    switch asked {
    case .states(let writes):
      host.send(.states(epoch: epoch, writes.map { isCommitted($0) }), to: peer)
    case .pending:
      let arrears = TwoNodeStore.Arrears(
        writes: settings.transfersAllPending ? pending : Array(pending.prefix(1)),
        executed: executed, checksums: checksums)
      host.send(.pending(epoch: epoch, arrears), to: peer)
    }
  }

  /// The outcome of a transaction of the other node: by request, because what it did not finish
  /// may have been executed here when the client asked again.
  private func isCommitted(_ write: TwoNodeStore.LoggedWrite) -> Bool {
    settings.remembersOutcomes
      ? executed.contains(write.request)
      : transactions.contains { $0.write.request == write.request }
  }
}
