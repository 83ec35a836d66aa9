import LinearizabilityChecking
import SimulationKernel

/// The primary's part of a write: prepare, ask the backup, commit, answer.
///
/// The order of the effects is the protocol. Data and temporary files are forced, and the log that
/// can redo the write is forced, before the backup is asked; the files are in place and their
/// directories forced before the commit record is written. The commit record itself need not be
/// forced: without it a restarted node asks for the outcome and redoes the write from the log.
extension TwoNodeStore.Server {
  public typealias Message = TwoNodeStore.Message
  typealias Transaction = TwoNodeStore.Transaction

  /// Locks the blocks and prepares the files.
  mutating func begin(
    _ operation: TwoNodeStore.WaitingOperation, _ host: inout Host<Message>
  ) {
    guard case .writeBlocks(_, _, let value) = operation.operation else {
      programmingError("a block store was given an operation on keys")
    }
    lastNumber += 1
    let write = TwoNodeStore.LoggedWrite(
      id: TwoNodeStore.TransactionID(epoch: epoch, number: lastNumber),
      request: operation.request,
      moves: operation.blocks.map { TwoNodeStore.BlockValue(block: $0, value: value) })
    host.work(.update)
    let index = enter(write, .primary)
    if settings.order == .backupFirst, peerTakesPart {
      transactions[index].phase = .asking
      advanceAsPrimary(index, &host)
      return
    }
    makeTemporaries(write, &host)
    host.resumeLater(transactions[index].serial)
  }

  /// Adds a transaction to the map, with its locks.
  mutating func enter(_ write: TwoNodeStore.LoggedWrite, _ part: Transaction.Part) -> Int {
    lastSerial += 1
    let blocks = write.moves.map(\.block)
    transactions.append(
      Transaction(
        serial: lastSerial, write: write, part: part,
        locked: settings.locksAllBlocks ? blocks : Array(blocks.suffix(1)),
        retry: RetrySchedule(settings.peerRetry)))
    return transactions.count - 1
  }

  /// Does the next step of a transaction, and ends where the next wait begins.
  mutating func advanceAsPrimary(_ index: Int, _ host: inout Host<Message>) {
    switch transactions[index].phase {
    case .recording: record(index, &host)
    case .asking: askBackup(index, &host)
    case .alone: goOnAlone(index, &host)
    case .finishing: finish(index, &host)
    case .preparing, .replicating, .prepared, .installing: break
    }
  }

  // MARK: Before the backup is asked

  private mutating func record(_ index: Int, _ host: inout Host<Message>) {
    let write = transactions[index].write
    append(start(of: write), &host)
    host.crashPoint("1.1", request: write.request)
    if settings.order == .primaryFirst {
      commitFirst(index, &host)
      return
    }
    if settings.preparesBackup, peerTakesPart {
      forceLog(&host)
      transactions[index].phase = .preparing
      host.send(.prepare(assignment, write), to: peer)
      arm(index, &host)
      return
    }
    recordReplication(index, &host)
  }

  /// Writes down that the backup is asked, or that it has to get the write later.
  private mutating func recordReplication(_ index: Int, _ host: inout Host<Message>) {
    let write = transactions[index].write
    if settings.renamesBeforeRecord {
      forceLog(&host)
      install(write, &host)
    }
    if peerTakesPart {
      append([.replicationBegins(write.id)], &host)
    } else {
      append([.pendingReplication(write.id)], &host)
      transactions[index].isPending = true
    }
    forceLog(&host)
    transactions[index].phase = .asking
    host.resumeLater(transactions[index].serial)
  }

  mutating func receivePrepared(
    _ id: TwoNodeStore.TransactionID, _ host: inout Host<Message>
  ) {
    guard let index = asked(id, .preparing) else { return }
    host.cancelTimer(.retry(transactions[index].serial))
    recordReplication(index, &host)
  }

  private mutating func askBackup(_ index: Int, _ host: inout Host<Message>) {
    let write = transactions[index].write
    guard peerTakesPart else {
      goOnAlone(index, &host)
      return
    }
    host.crashPoint("1.2", request: write.request)
    transactions[index].phase = .replicating
    host.send(.commit(assignment, write), to: peer)
    arm(index, &host)
  }

  private mutating func arm(_ index: Int, _ host: inout Host<Message>) {
    let wait = transactions[index].retry.next()
    host.setTimer(.retry(transactions[index].serial), after: wait)
  }

  /// The backup has not answered. Whether it is dead is the load balancer's to say, so the primary
  /// asks again; BS-16 and BS-20 know better.
  mutating func noAnswer(_ index: Int, _ host: inout Host<Message>) {
    let write = transactions[index].write
    let phase = transactions[index].phase
    guard phase == .preparing || phase == .replicating else { return }
    if settings.silenceIsDeath {
      believesPeerDead = true
      goOnAlone(index, &host)
    } else if settings.timeoutDropsTransaction {
      drop(index, &host)
    } else {
      let isPreparing = phase == .preparing
      host.send(isPreparing ? .prepare(assignment, write) : .commit(assignment, write), to: peer)
      arm(index, &host)
    }
  }

  // MARK: After the backup has committed, or died

  mutating func receiveCommitted(
    _ id: TwoNodeStore.TransactionID, _ host: inout Host<Message>
  ) {
    guard let index = asked(id, .replicating) else { return }
    let write = transactions[index].write
    host.cancelTimer(.retry(transactions[index].serial))
    host.crashPoint("3.1", request: write.request)
    if transactions[index].isCommitted {
      conclude(index, &host)
      return
    }
    if settings.order == .backupFirst {
      makeTemporaries(write, &host)
      append(start(of: write), &host)
      forceLog(&host)
    }
    installAsPrimary(index, &host)
  }

  private func asked(_ id: TwoNodeStore.TransactionID, _ phase: Transaction.Phase) -> Int? {
    transactions.firstIndex {
      $0.write.id == id && $0.part == .primary && $0.phase == phase
    }
  }

  /// The backup is dead: the primary commits by itself, and keeps the write for it. The record is
  /// not forced: a log without it makes a restarted node keep the write all the same.
  private mutating func goOnAlone(_ index: Int, _ host: inout Host<Message>) {
    host.cancelTimer(.retry(transactions[index].serial))
    if settings.order == .backupFirst, !transactions[index].isPending {
      append([.abort(transactions[index].write.id)], &host)
      forceLog(&host)
      drop(index, &host)
      return
    }
    if !transactions[index].isPending {
      append([.pendingReplication(transactions[index].write.id)], &host)
      transactions[index].isPending = true
    }
    if transactions[index].isCommitted {
      conclude(index, &host)
    } else {
      installAsPrimary(index, &host)
    }
  }

  private mutating func installAsPrimary(_ index: Int, _ host: inout Host<Message>) {
    let write = transactions[index].write
    install(write, &host)
    host.crashPoint("3.2", request: write.request)
    transactions[index].phase = .finishing
    host.resumeLater(transactions[index].serial)
  }

  private mutating func finish(_ index: Int, _ host: inout Host<Message>) {
    let write = transactions[index].write
    append([.commit(write.id)], &host)
    host.crashPoint("3.3", request: write.request)
    conclude(index, &host)
  }

  /// Answers the client, and lets go of everything the transaction held.
  private mutating func conclude(_ index: Int, _ host: inout Host<Message>) {
    let transaction = transactions.remove(at: index)
    let request = transaction.write.request
    if transaction.isPending { pending.append(transaction.write) }
    if !transaction.isCommitted { noteExecuted(request, &host) }
    answer(request, .done, &host)
    admit(&host)
    answerQuestion(&host)
  }

  func noteApplied(_ request: RequestID, _ host: inout Host<Message>) {
    host.observe(.applied(request, sequence: lastNumber))
  }

  private mutating func noteExecuted(_ request: RequestID, _ host: inout Host<Message>) {
    executed.insert(request)
    noteApplied(request, &host)
  }

  // MARK: Decision points of known bugs

  /// BS-01: the write is committed here, and everybody may see it, before the backup hears of it.
  private mutating func commitFirst(_ index: Int, _ host: inout Host<Message>) {
    let write = transactions[index].write
    if !peerTakesPart {
      append([.pendingReplication(write.id)], &host)
      transactions[index].isPending = true
    }
    forceLog(&host)
    install(write, &host)
    append([.commit(write.id)], &host)
    forceLog(&host)
    noteExecuted(write.request, &host)
    transactions[index].isCommitted = true
    transactions[index].locked = []
    if transactions[index].isPending {
      conclude(index, &host)
    } else {
      transactions[index].phase = .asking
      host.resumeLater(transactions[index].serial)
      admit(&host)
    }
  }

  /// BS-02 and BS-20: the write is given up, whatever the backup has done.
  private mutating func drop(_ index: Int, _ host: inout Host<Message>) {
    let transaction = transactions.remove(at: index)
    refuse(transaction.write.request, &host)
    admit(&host)
    answerQuestion(&host)
  }
}
