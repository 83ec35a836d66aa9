import LinearizabilityChecking
import SimulationKernel

/// The primary: orders operations, forwards them, and answers with the backup's consent.
///
/// An operation is executed here only when the backup has executed it (R1), so what a demoted
/// primary has executed was executed by its successor too. There is one exception: a primary that
/// enters a view executes what it had ordered before, so that the snapshot contains it (R6). That
/// is safe, because nobody can take its place before the backup has that snapshot. The answers wait
/// for the backup in any case.
extension PrimaryBackup.Server {
  private var leads: Bool { role == .primary && isSynchronised }

  // MARK: Taking the lead

  /// - Parameter continuing: whether this process led the view before.
  mutating func lead(continuing: Bool, _ host: inout Host<PrimaryBackup.Message>) {
    // Only the first primary of all begins without a snapshot.
    if view.number == 1 || settings.believesViews { isSynchronised = true }
    guard isSynchronised else { return }
    if !continuing {
      leadership = PrimaryBackup.Leadership()
      leadership.lastOrdered = replica.sequence
    }
    leadership.retry.reset()
    leadership.isRetryArmed = false
    host.cancelTimer(PrimaryBackup.Leadership.retryTimer)
    host.cancelTimer(PrimaryBackup.Leadership.copyTimer)
    for pending in leadership.pending {
      host.observe(.accepted(pending.ordered.request, epoch: view.number))
    }
    if view.backup == nil {
      leadership.transfer = .notNeeded
      acknowledged = view.number
      consent(through: leadership.lastOrdered, &host)
    } else {
      if settings.acknowledgesBeforeTransfer { acknowledged = view.number }
      beginTransfer(&host)
    }
  }

  // MARK: Operations

  mutating func receive(
    _ request: PrimaryBackup.Request, _ host: inout Host<PrimaryBackup.Message>
  ) {
    let id = request.id
    guard leads else {
      // R4.
      if settings.backupAnswersReads, role == .backup, case .get(let key) = request.operation {
        answer(id, .value(replica.value(of: key)), &host)
      } else {
        host.send(.refusal(id, view: view.number), to: id.client)
      }
      return
    }
    if leadership.isPending(id) { return }
    if replica.table.contains(id) {
      // Executed with the backup's consent, here or by a predecessor. Without a stored answer the
      // client has it, and this is an old copy of the request.
      if let response = replica.table.answer(to: id) { answer(id, response, &host) }
      return
    }
    host.observe(.accepted(id, epoch: view.number))
    if settings.readsWithoutBackup, case .get(let key) = request.operation {
      host.work(.query)
      answer(id, .value(replica.value(of: key)), &host)
      return
    }
    order(request, &host)
  }

  /// Gives the operation its place and asks the backup for its consent; Gets too, because only the
  /// backup knows whether this server still leads.
  private mutating func order(
    _ request: PrimaryBackup.Request, _ host: inout Host<PrimaryBackup.Message>
  ) {
    var drawn = 0
    if case .putDrawn(_, _, let outcomes) = request.operation { drawn = host.choose(outcomes) }
    leadership.lastOrdered += 1
    let ordered = PrimaryBackup.OrderedOperation(
      sequence: leadership.lastOrdered, request: request.id, operation: request.operation,
      drawn: drawn, lowestOpen: request.lowestOpen)
    leadership.pending.append(PrimaryBackup.Leadership.Pending(ordered: ordered))
    host.crashPoint("ordered", request: request.id)
    switch leadership.transfer {
    case .notNeeded:
      consent(through: ordered.sequence, &host)
      return
    case .copying: return
    case .sent, .installed:
      forward(ordered, &host)
      armRetry(&host)
    }
    if settings.answersBeforeBackup { answerBeforeBackup(&host) }
  }

  func forward(
    _ ordered: PrimaryBackup.OrderedOperation, _ host: inout Host<PrimaryBackup.Message>
  ) {
    guard let backup = view.backup else { return }
    host.send(.forward(ordered, view: view.number), to: NodeID(backup.server))
    host.crashPoint("forwarded", request: ordered.request)
  }

  // MARK: Consent

  /// The backup holds the snapshot and everything through `sequence`.
  mutating func receiveConsent(
    _ number: Int, _ sequence: Int, _ host: inout Host<PrimaryBackup.Message>
  ) {
    guard leads, number == view.number, leadership.transfer != .notNeeded,
      leadership.transfer != .copying
    else { return }
    if leadership.transfer == .sent {
      leadership.transfer = .installed
      leadership.retry.reset()
      acknowledged = view.number
    }
    if sequence > leadership.consent { leadership.retry.reset() }
    consent(through: min(sequence, leadership.lastOrdered), &host)
  }

  /// Executes and answers, in order, what the backup has consented to.
  private mutating func consent(
    through sequence: Int, _ host: inout Host<PrimaryBackup.Message>
  ) {
    guard sequence > leadership.consent else { return }
    leadership.consent = sequence
    var count = 0
    while count < leadership.pending.count,
      leadership.pending[count].ordered.sequence <= sequence
    {
      let request = leadership.pending[count].ordered.request
      if view.backup != nil { host.crashPoint("acknowledged", request: request) }
      let response = executePending(count, &host)
      if !leadership.pending[count].isAnswered { answer(request, response, &host) }
      count += 1
    }
    leadership.pending.removeFirst(count)
  }

  /// Executes all that is ordered, without answering: before a snapshot.
  mutating func executeAllPending(_ host: inout Host<PrimaryBackup.Message>) {
    for index in leadership.pending.indices { _ = executePending(index, &host) }
  }

  private mutating func executePending(
    _ index: Int, _ host: inout Host<PrimaryBackup.Message>
  ) -> Response {
    if let response = leadership.pending[index].response { return response }
    let ordered = leadership.pending[index].ordered
    host.work(ordered.operation.isReadOnly ? .query : .update)
    let response = execute(ordered, &host)
    leadership.pending[index].response = response
    return response
  }

  /// Executes an operation on the replica, as primary or as backup.
  mutating func execute(
    _ ordered: PrimaryBackup.OrderedOperation, _ host: inout Host<PrimaryBackup.Message>
  ) -> Response {
    let response = replica.execute(ordered)
    if !ordered.operation.isReadOnly {
      host.observe(.applied(ordered.request, sequence: ordered.sequence))
    }
    host.crashPoint("applied", request: ordered.request)
    return response
  }

  private func answer(
    _ request: RequestID, _ response: Response, _ host: inout Host<PrimaryBackup.Message>
  ) {
    host.send(.reply(request, response), to: request.client)
    host.observe(.answered(request, epoch: view.number))
    host.crashPoint("answered", request: request)
  }

  // MARK: Decision points of known bugs

  /// PB-01: the forwards are on their way, which is taken for enough.
  private mutating func answerBeforeBackup(_ host: inout Host<PrimaryBackup.Message>) {
    for index in leadership.pending.indices where !leadership.pending[index].isAnswered {
      let response = executePending(index, &host)
      leadership.pending[index].isAnswered = true
      answer(leadership.pending[index].ordered.request, response, &host)
    }
  }

  /// PB-03: the backup must be dead, so its consent is not needed.
  mutating func goOnAlone(_ host: inout Host<PrimaryBackup.Message>) {
    guard leads, leadership.transfer == .installed else { return }
    consent(through: leadership.lastOrdered, &host)
  }
}
