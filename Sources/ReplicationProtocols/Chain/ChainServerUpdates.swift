import LinearizabilityChecking
import SimulationKernel

/// The way of an update: accepted and worked out by the head, applied and passed on by every
/// server, answered by the tail (section 3, "Protocol Details").
extension Chain.Server {
  // MARK: At the head

  mutating func receiveUpdate(
    _ asked: Chain.UpdateRequest, _ host: inout Host<Chain.Message>
  ) {
    guard isHead else {
      redirect(asked.request, clientEpoch: asked.epoch, &host)
      return
    }
    switch replica.standing(of: asked.request) {
    case .new: accept(asked, &host)
    case .applied(let update): receiveAgain(update, clientEpoch: asked.epoch, &host)
    case .finished: break
    }
  }

  private mutating func accept(
    _ asked: Chain.UpdateRequest, _ host: inout Host<Chain.Message>
  ) {
    host.observe(.accepted(asked.request, epoch: epoch))
    host.crashPoint("accepted", request: asked.request)
    host.work(.update)
    // The counter continues what was relayed before this server became head.
    let last = flaws.newHeadCountsAnew ? sequenced : replica.count
    sequenced += 1
    process(replica.execute(asked, sequence: last + 1, &host), &host)
  }

  /// A client repeats an update that has been applied here. If the tail has not processed it, the
  /// tail will answer when it does, and this server retransmits until then. If it has, the answer
  /// was lost, or died with the tail that gave it: the present tail gives it again.
  private mutating func receiveAgain(
    _ update: Chain.Update, clientEpoch: Int32, _ host: inout Host<Chain.Message>
  ) {
    guard update.sequence <= acknowledged else { return }
    if isTail {
      answer(update, &host)
    } else {
      let tail = copying?.joiner.node ?? configuration.tail
      host.send(.replyAgain(update.request, epoch: epoch), to: tail)
      if Int(clientEpoch) > epoch { askMaster(&host) }
    }
  }

  // MARK: Along the chain

  mutating func receiveForward(
    _ update: Chain.Update, _ senderEpoch: Int, _ host: inout Host<Chain.Message>
  ) {
    // Stale epochs are rejected: a predecessor that was removed may have sequenced updates that
    // the new head never saw.
    guard senderEpoch >= predecessorSince else { return }
    awaitsPredecessor = false
    take(update, &host)
  }

  mutating func receiveResent(
    _ updates: [Chain.Update], _ senderEpoch: Int, _ host: inout Host<Chain.Message>
  ) {
    guard senderEpoch >= predecessorSince else { return }
    awaitsPredecessor = false
    for update in updates { take(update, &host) }
  }

  /// Applies an update if it is the next one. One that comes too early is held, one that comes
  /// again is ignored; if the tail has processed it, the acknowledgement was lost.
  mutating func take(_ update: Chain.Update, _ host: inout Host<Chain.Message>) {
    let next = replica.count + 1
    if update.sequence == next || shouldApplyOutOfTurn(update) {
      host.work(.apply)
      process(update, &host)
      if !held.isEmpty { takeHeld(&host) }
    } else if update.sequence > next {
      hold(update)
    } else if update.sequence <= acknowledged {
      acknowledgeUpstream(through: acknowledged, update.request, &host)
    }
  }

  /// The decision point of CR-12 and CR-14; never in the correct variant.
  private func shouldApplyOutOfTurn(_ update: Chain.Update) -> Bool {
    if flaws.duplicatesApplied, update.sequence <= replica.count { return true }
    guard flaws.updatesAppliedAsTheyArrive, case .new = replica.standing(of: update.request)
    else { return false }
    return true
  }

  private mutating func hold(_ update: Chain.Update) {
    let index = held.firstIndex { $0.sequence >= update.sequence } ?? held.count
    if index < held.count, held[index].sequence == update.sequence { return }
    held.insert(update, at: index)
  }

  private mutating func takeHeld(_ host: inout Host<Chain.Message>) {
    while let first = held.first, first.sequence <= replica.count + 1 {
      held.removeFirst()
      guard first.sequence == replica.count + 1 else { continue }
      host.work(.apply)
      process(first, &host)
    }
  }

  /// Applies an update and passes it on, or completes it at the tail.
  mutating func process(_ update: Chain.Update, _ host: inout Host<Chain.Message>) {
    apply(update, &host)
    if isTail {
      if copying != nil { inProcess.append(update) }
      acknowledged = replica.count
      if answersUpdates { answer(update, &host) }
      acknowledgeUpstream(through: acknowledged, update.request, &host)
    } else {
      if answersUpdates { answer(update, &host) }
      inProcess.append(update)
      forward(update, &host)
    }
  }

  mutating func apply(_ update: Chain.Update, _ host: inout Host<Chain.Message>) {
    replica.apply(update)
    host.observe(.applied(update.request, sequence: replica.count))
    host.crashPoint("applied", request: update.request)
  }

  private mutating func forward(_ update: Chain.Update, _ host: inout Host<Chain.Message>) {
    if let successor {
      host.send(.forward(update, epoch: epoch), to: successor.node)
      host.crashPoint("forwarded", request: update.request)
      if flaws.sentForgottenWhenForwarded { inProcess.remove(through: update.sequence) }
    }
    armRetransmission(&host)
  }

  // MARK: Answers

  /// Whether this server answers the updates that it applies: the tail does.
  var answersUpdates: Bool {
    if flaws.headAnswersUpdates { return isHead }
    return isTail || (flaws.oldTailAnswersUpdates && wasReplaced)
  }

  func answer(_ update: Chain.Update, _ host: inout Host<Chain.Message>) {
    host.observe(.answered(update.request, epoch: epoch))
    host.send(
      .answer(update.request, update.reply, epoch: Int32(truncatingIfNeeded: epoch)),
      to: update.request.client)
    host.crashPoint("replied", request: update.request)
  }

  /// The head asks for an answer to be given again.
  func answerAgain(_ request: RequestID, _ host: inout Host<Chain.Message>) {
    guard isTail, case .applied(let update) = replica.standing(of: request) else { return }
    answer(update, &host)
  }

  /// This is not the server for the request. The client's configuration is out of date, or this
  /// server's is.
  func redirect(
    _ request: RequestID, clientEpoch: Int32, _ host: inout Host<Chain.Message>
  ) {
    host.send(
      .redirect(request, epoch: Int32(truncatingIfNeeded: epoch)), to: request.client)
    if Int(clientEpoch) > epoch, membership == .member { askMaster(&host) }
  }
}
