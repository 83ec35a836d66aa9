import LinearizabilityChecking
import SimulationKernel

/// Puts: from the router to the primary, from there to every member, and back.
extension RankedKv.VersionedServer {
  static let pushDeadline = TimerID.suspicion(1)
  static let forwardDeadline = TimerID.suspicion(2)

  // MARK: The router

  mutating func receive(
    _ request: RankedKv.Request, _ host: inout Host<RankedKv.Message>
  ) {
    guard isMember else { return host.send(.refused(request.id), to: request.id.client) }
    if case .get(let key) = request.operation { return read(request.id, key, &host) }
    routed.removeAll { $0.id == request.id }
    routed.append(request)
    forward(request, &host)
    if settings.routersSuspect {
      host.setTimer(Self.forwardDeadline, after: settings.forwardDeadline)
    }
  }

  /// Hands a put on to the server that leads, or is about to.
  mutating func forward(
    _ request: RankedKv.Request, _ host: inout Host<RankedKv.Message>
  ) {
    guard let leader else { return }
    if leader != rank {
      send(.forward(request), to: leader, &host)
    } else if isLeading {
      order(request, router: rank, &host)
    } else {
      queue(request, router: rank)
    }
  }

  /// The primary answers: so does the router.
  mutating func finish(
    _ id: RequestID, _ response: Response, _ host: inout Host<RankedKv.Message>
  ) {
    guard let index = routed.firstIndex(where: { $0.id == id }) else { return }
    let request = routed.remove(at: index)
    host.send(.reply(id, response), to: id.client)
    if routed.isEmpty, settings.routersSuspect { host.cancelTimer(Self.forwardDeadline) }
    // KV-03: the code puts the client's value into its map once more.
    if settings.routerWritesAfterwards, case .put(let key, let value) = request.operation,
      var row = table.row(of: key)
    {
      row.value = value
      table.set(row)
    }
  }

  /// KV-09: whoever does not answer is dead, and the next one is asked.
  mutating func forwardsAreLate(_ host: inout Host<RankedKv.Message>) {
    guard let leader, leader != rank, !routed.isEmpty else { return }
    declareDead(leader)
    reconsider(&host)
    for request in routed { forward(request, &host) }
    host.setTimer(Self.forwardDeadline, after: settings.forwardDeadline)
  }

  // MARK: The primary

  mutating func receiveForward(
    _ request: RankedKv.Request, from router: Int, _ host: inout Host<RankedKv.Message>
  ) {
    if settings.succeedsByRank, !isMember { leadUnprepared(&host) }
    if isLeading {
      order(request, router: router, &host)
    } else if membership.primary == me || leader == rank {
      queue(request, router: router)
    }
  }

  mutating func queue(_ request: RankedKv.Request, router: Int) {
    queued.removeAll { $0.request.id == request.id }
    queued.append(RankedKv.Queued(request: request, router: router))
  }

  /// Gives a put its place, or answers it as before.
  mutating func order(
    _ request: RankedKv.Request, router: Int, _ host: inout Host<RankedKv.Message>
  ) {
    if settings.knowsRetries {
      switch table.outcomes.standing(of: request.id) {
      // The client has its answer; the router need not ask again.
      case .finished: return answer(request.id, .done, to: router, &host)
      case .executed(let outcome):
        owe(request.id, outcome.sequence, to: router)
        return answerCommitted(&host)
      case .new: break
      }
    }
    host.observe(.accepted(request.id, epoch: membership.epoch))
    host.work(.update)
    let update = execute(request, &host)
    host.crashPoint("ordered", request: request.id)
    take(update, &host)
    let others = membership.members.map(\.rank).filter { $0 != rank }
    pushed.append(RankedKv.Pushed(update: update, missing: others))
    owe(request.id, update.sequence, to: router)
    if settings.broadcastsInterleave {
      if threads.isEmpty { host.setTimer(Self.threadsRun, after: Self.threadDelay) }
      threads.append(RankedKv.PushThread(update: update, targets: others))
    } else {
      for other in others { push(update, to: other, &host) }
    }
    if settings.slowMeansDead { host.setTimer(Self.pushDeadline, after: settings.pushDeadline) }
    advance(&host)
  }

  private mutating func execute(
    _ request: RankedKv.Request, _ host: inout Host<RankedKv.Message>
  ) -> RankedKv.Update {
    var drawn = 0
    if case .putDrawn(_, _, let outcomes) = request.operation { drawn = host.choose(outcomes) }
    let outcome = table.outcome(of: request.operation, drawn: drawn)
    let sequence = table.sequence + 1
    let row = outcome.value.map {
      RankedKv.Row(
        key: request.operation.firstKey, value: $0, number: sequence,
        stamp: settings.stamp(host.localClock, rank: rank), writer: rank)
    }
    return RankedKv.Update(
      sequence: sequence, request: request.id, lowestOpen: request.lowestOpen, row: row,
      response: outcome.response)
  }

  private mutating func owe(_ request: RequestID, _ sequence: Int, to router: Int) {
    awaiting.removeAll { $0.request == request }
    awaiting.append(RankedKv.Awaited(request: request, sequence: sequence, router: router))
  }

  private func push(
    _ update: RankedKv.Update, to other: Int, _ host: inout Host<RankedKv.Message>
  ) {
    var sent = update
    if let stamp = update.row?.stamp { sent.row?.stamp = settings.pushedStamp(stamp) }
    send(.push(sent, epoch: membership.epoch, committed: committed), to: other, &host)
    host.crashPoint("pushed", request: update.request)
  }

  static let threadsRun = TimerID.pace(1)
  private static let threadDelay = VirtualDuration.milliseconds(1)

  /// KV-02: one of the threads pushes to its next server, whichever runs; then the next.
  mutating func runThreads(_ host: inout Host<RankedKv.Message>) {
    while true {
      threads.removeAll { $0.targets.isEmpty }
      guard !threads.isEmpty else { return }
      let index = host.choose(threads.count)
      push(threads[index].update, to: threads[index].targets.removeFirst(), &host)
    }
  }

  mutating func repeatPushes(_ host: inout Host<RankedKv.Message>) {
    for item in pushed {
      for other in item.missing { push(item.update, to: other, &host) }
    }
  }

  mutating func receivePushed(
    _ epoch: Int, _ sequence: Int, from other: Int, _ host: inout Host<RankedKv.Message>
  ) {
    guard isLeading, epoch == membership.epoch else { return }
    for index in pushed.indices {
      let place = pushed[index].update.sequence
      // Whoever confirms a place has everything before it, but for KV-02.
      guard settings.broadcastsInterleave ? place == sequence : place <= sequence else { continue }
      pushed[index].missing.removeAll { $0 == other }
    }
    advance(&host)
  }

  /// Commits what everybody has, in order.
  mutating func advance(_ host: inout Host<RankedKv.Message>) {
    let before = committed
    while let first = pushed.first, first.missing.isEmpty {
      committed = first.update.sequence
      host.crashPoint("committed", request: first.update.request)
      pushed.removeFirst()
    }
    guard committed > before else { return }
    if pushed.isEmpty, settings.slowMeansDead { host.cancelTimer(Self.pushDeadline) }
    retry.reset()
    answerCommitted(&host)
    announce(&host)
    serveReads(&host)
  }

  func announce(_ host: inout Host<RankedKv.Message>) {
    for member in membership.members where member.rank != rank {
      send(.committed(epoch: membership.epoch, sequence: committed), to: member.rank, &host)
    }
  }

  /// Answers the puts that are committed.
  mutating func answerCommitted(_ host: inout Host<RankedKv.Message>) {
    let ready = awaiting.filter { $0.sequence <= committed }
    awaiting.removeAll { $0.sequence <= committed }
    for item in ready {
      guard let response = response(to: item) else { continue }
      host.observe(.answered(item.request, epoch: membership.epoch))
      answer(item.request, response, to: item.router, &host)
      host.crashPoint("answered", request: item.request)
    }
  }

  private mutating func answer(
    _ request: RequestID, _ response: Response, to router: Int,
    _ host: inout Host<RankedKv.Message>
  ) {
    if router == rank {
      finish(request, response, &host)
    } else {
      send(.done(request, response), to: router, &host)
    }
  }

  private func response(to item: RankedKv.Awaited) -> Response? {
    guard case .executed(let outcome) = table.outcomes.standing(of: item.request) else {
      return nil
    }
    return outcome.response
  }

  /// KV-06: whoever has not confirmed is dead.
  mutating func pushesAreLate(_ host: inout Host<RankedKv.Message>) {
    for other in Set(pushed.flatMap(\.missing)).sorted() { declareDead(other) }
    reconsider(&host)
  }

  // MARK: The others

  mutating func receivePush(
    _ update: RankedKv.Update, _ epoch: Int, _ through: Int, from primary: Int,
    _ host: inout Host<RankedKv.Message>
  ) {
    guard epoch == membership.epoch, promised == epoch, membership.contains(me) else { return }
    takePart(&host)
    host.crashPoint("received", request: update.request)
    if settings.broadcastsInterleave {
      if case .new = table.outcomes.standing(of: update.request) { take(update, &host) }
      send(.pushed(epoch: epoch, sequence: update.sequence), to: primary, &host)
    } else {
      if update.sequence == table.sequence + 1 {
        host.work(.apply)
        take(update, &host)
      }
      send(.pushed(epoch: epoch, sequence: table.sequence), to: primary, &host)
    }
    host.crashPoint("confirmed", request: update.request)
    receiveCommitted(epoch, through, &host)
  }

  /// Takes an update into the table, and onto the disk.
  private mutating func take(
    _ update: RankedKv.Update, _ host: inout Host<RankedKv.Message>
  ) {
    table.take(update)
    host.observe(.applied(update.request, sequence: update.sequence))
    guard settings.writesBeforeAcknowledging else {
      unwritten.append(update)
      return host.resumeLater(Self.writeLater)
    }
    persist(update, &host)
    host.crashPoint("written", request: update.request)
  }

  private mutating func persist(
    _ update: RankedKv.Update, _ host: inout Host<RankedKv.Message>
  ) {
    if file.tail >= RankedKv.TableFile.largestTail {
      write(&host)
    } else {
      file.append(.update(update), &host)
    }
  }

  /// KV-19: the database comes after the answer.
  mutating func writeUnwritten(_ host: inout Host<RankedKv.Message>) {
    guard !unwritten.isEmpty else { return }
    persist(unwritten.removeFirst(), &host)
  }

  mutating func receiveCommitted(
    _ epoch: Int, _ through: Int, _ host: inout Host<RankedKv.Message>
  ) {
    // What was sent to an earlier process of this server says nothing of this one.
    guard epoch == membership.epoch, membership.contains(me) else { return }
    takePart(&host)
    committed = max(committed, min(through, table.sequence))
    serveReads(&host)
  }
}
