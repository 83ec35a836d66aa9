import LinearizabilityChecking
import SimulationKernel

/// Queries: the tail answers them (section 3).
extension Chain.Server {
  mutating func receiveQuery(
    _ asked: Chain.QueryRequest, _ host: inout Host<Chain.Message>
  ) {
    if answersQuery(asked) {
      host.observe(.accepted(asked.request, epoch: epoch))
      host.crashPoint("accepted", request: asked.request)
      answer(asked, &host)
    } else if let copying, copying.cut != nil {
      // Step (a) of "Extending a Chain": queries that still come here go to the new tail, behind
      // the updates that this server processed as tail.
      host.observe(.accepted(asked.request, epoch: epoch))
      host.crashPoint("accepted", request: asked.request)
      host.send(.relay(asked, epoch: epoch), to: copying.joiner.node)
    } else {
      redirect(asked.request, clientEpoch: asked.epoch, &host)
    }
  }

  /// A tail of which the master does not know yet answers a client only if the client shows, by a
  /// later epoch, that the master has heard of it since. If the old tail is dead, another server
  /// may be tail by now, and a client may remember this server from before it crashed.
  private func answersQuery(_ asked: Chain.QueryRequest) -> Bool {
    if isTail { return membership == .member || Int(asked.epoch) > epoch }
    if flaws.oldTailAnswersQueries, wasReplaced { return true }
    if flaws.anyServerAnswersQueries, membership == .member { return true }
    return flaws.joinerAnswersTooEarly && membership == .joining
  }

  /// A query that the old tail passed on, behind all that it processed as tail. The answer may come
  /// after that tail has died and another server has taken its place: the query was accepted
  /// before, so it takes effect before what the other server processes as tail.
  mutating func receiveRelayed(
    _ asked: Chain.QueryRequest, _ host: inout Host<Chain.Message>
  ) {
    if isTail { answer(asked, &host) }
  }

  private func answer(_ asked: Chain.QueryRequest, _ host: inout Host<Chain.Message>) {
    host.work(.query)
    host.observe(.answered(asked.request, epoch: epoch))
    host.send(
      .answer(
        asked.request, replica.read(asked.operation), epoch: Int32(truncatingIfNeeded: epoch)),
      to: asked.request.client)
    host.crashPoint("replied", request: asked.request)
  }
}
