import SimulationKernel

/// The primary's side of a transfer, and what it sends again until the backup has it.
extension PrimaryBackup.Server {
  /// Prepares a snapshot for the backup of the view. It takes as long as the scenario says; the
  /// server either goes on with other work meanwhile, or does nothing else.
  mutating func beginTransfer(_ host: inout Host<PrimaryBackup.Message>) {
    leadership.transfer = .copying
    host.observe(.note("state transfer begun"))
    if settings.transferTime > .zero, settings.pingsWhileTransferring {
      host.setTimer(PrimaryBackup.Leadership.copyTimer, after: settings.transferTime)
    } else {
      host.work(lasting: settings.transferTime)
      finishCopy(&host)
    }
  }

  /// Sends the snapshot. All operations ordered so far are executed before, so each operation is
  /// entirely in the snapshot or entirely after it (R6).
  mutating func finishCopy(_ host: inout Host<PrimaryBackup.Message>) {
    guard role == .primary, isSynchronised, leadership.transfer == .copying else { return }
    executeAllPending(&host)
    leadership.transfer = .sent
    leadership.transferredThrough = replica.sequence
    sendSnapshot(&host)
    armRetry(&host)
  }

  /// Until the backup has installed the snapshot nothing more is executed, so sending it again
  /// sends the same.
  private func sendSnapshot(_ host: inout Host<PrimaryBackup.Message>) {
    guard let backup = view.backup else { return }
    let snapshot = PrimaryBackup.Snapshot(
      view: view.number, replica: settings.transfersTable ? replica : replica.withoutTable)
    host.send(.snapshot(snapshot), to: NodeID(backup.server))
    host.crashPoint("snapshot sent")
  }

  // MARK: Sending again

  mutating func armRetry(_ host: inout Host<PrimaryBackup.Message>) {
    guard !leadership.isRetryArmed else { return }
    leadership.isRetryArmed = true
    leadership.retryThrough = leadership.lastOrdered
    host.setTimer(PrimaryBackup.Leadership.retryTimer, after: leadership.retry.next())
  }

  /// Sends everything again, in order, that has waited for a whole retry interval. The primary does
  /// so until the view changes; it never gives up by itself.
  mutating func sendAgain(_ host: inout Host<PrimaryBackup.Message>) {
    leadership.isRetryArmed = false
    guard role == .primary, isSynchronised, view.backup != nil else { return }
    let isWaiting = leadership.transfer == .sent || !leadership.pending.isEmpty
    guard isWaiting, leadership.transfer != .copying else {
      leadership.retry.reset()
      return
    }
    if settings.goesOnAloneAfterError, leadership.retry.attempts >= 3 { goOnAlone(&host) }
    if leadership.transfer == .sent { sendSnapshot(&host) }
    for pending in leadership.pending
    where pending.ordered.sequence > leadership.transferredThrough
      && pending.ordered.sequence <= leadership.retryThrough
    {
      forward(pending.ordered, &host)
    }
    armRetry(&host)
  }

  /// The backup of this view is not backup in its own: it lags, or this server has been replaced.
  /// Then there is no answer to give; the view service knows more.
  mutating func receiveRejection(
    of number: Int, _ current: Int, _ host: inout Host<PrimaryBackup.Message>
  ) {
    guard role == .primary, number == view.number else { return }
    if settings.goesOnAloneAfterError { goOnAlone(&host) }
    if current > view.number { ping(&host) }
  }
}
