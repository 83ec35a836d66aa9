import SimulationKernel

/// The backup's part of a write: it commits before its primary does.
extension TwoNodeStore.Server {
  // MARK: What the primary asks

  mutating func receiveCommit(
    _ newer: TwoNodeStore.Assignment, _ write: TwoNodeStore.LoggedWrite,
    _ host: inout Host<Message>
  ) {
    adopt(newer, &host)
    host.crashPoint("2.1", request: write.request)
    guard let isStale = staleness(of: newer) else { return }
    if let index = backupTransaction(write.id) {
      guard transactions[index].phase == .prepared else { return }
      transactions[index].phase = .installing
      host.resumeLater(transactions[index].serial)
      return
    }
    // BS-17 knows neither epochs nor requests.
    if !isStale, executed.contains(write.request) {
      host.send(.committed(write.id), to: peer)
      return
    }
    prepare(write, &host)
  }

  mutating func receivePrepare(
    _ newer: TwoNodeStore.Assignment, _ write: TwoNodeStore.LoggedWrite,
    _ host: inout Host<Message>
  ) {
    adopt(newer, &host)
    guard staleness(of: newer) == false else { return }
    if let index = backupTransaction(write.id) {
      if transactions[index].phase == .prepared { host.send(.prepared(write.id), to: peer) }
      return
    }
    prepare(write, &host)
  }

  /// Whether what the primary asks belongs to an epoch that is over; `nil` if it must be refused.
  private func staleness(of asked: TwoNodeStore.Assignment) -> Bool? {
    if asked.epoch == epoch, asked.primary == peer, assignment.primary == peer {
      if role == .backup, isCaughtUp { return false }
      return settings.refusesWritesWhilePeerRecovers ? nil : false
    }
    return settings.refusesStaleCommits ? nil : true
  }

  private func backupTransaction(_ id: TwoNodeStore.TransactionID) -> Int? {
    transactions.firstIndex { $0.write.id == id && $0.part == .backup }
  }

  private mutating func prepare(
    _ write: TwoNodeStore.LoggedWrite, _ host: inout Host<Message>
  ) {
    host.work(.apply)
    let index = enter(write, .backup)
    makeTemporaries(write, &host)
    host.resumeLater(transactions[index].serial)
  }

  // MARK: Steps

  /// Does the next step of a transaction, and ends where the next wait begins.
  mutating func advanceAsBackup(_ index: Int, _ host: inout Host<Message>) {
    let write = transactions[index].write
    switch transactions[index].phase {
    case .recording:
      append(start(of: write), &host)
      forceLog(&host)
      host.crashPoint("2.2", request: write.request)
      if settings.preparesBackup {
        transactions[index].phase = .prepared
        host.send(.prepared(write.id), to: peer)
      } else {
        transactions[index].phase = .installing
        host.resumeLater(transactions[index].serial)
      }
    case .installing:
      install(write, &host)
      transactions[index].phase = .finishing
      host.resumeLater(transactions[index].serial)
    case .finishing:
      append([.commit(write.id)], &host)
      host.crashPoint("2.3", request: write.request)
      transactions.remove(at: index)
      executed.insert(write.request)
      noteApplied(write.request, &host)
      host.send(.committed(write.id), to: peer)
      admit(&host)
      answerQuestion(&host)
    case .asking, .preparing, .replicating, .alone, .prepared: break
    }
  }

  /// A backup that becomes primary gives up what it was never told to commit.
  mutating func dropPrepared(_ host: inout Host<Message>) {
    for transaction in transactions
    where transaction.part == .backup && transaction.phase == .prepared {
      append([.abort(transaction.write.id)], &host)
      removeTemporaries(transaction.write, &host)
    }
    transactions.removeAll { $0.part == .backup && $0.phase == .prepared }
  }
}
