import LinearizabilityChecking
import SimulationKernel

/// Reads and puts as the document has them: a read is answered from memory, a put goes from its
/// router to the primary, which pushes the row to one server after the other.
extension RankedKv.DocumentServer {
  mutating func receive(
    _ request: RankedKv.Request, _ host: inout Host<RankedKv.Message>
  ) {
    // The document's server listens before it has caught up.
    if isReviving, !document.saysHelloOnce {
      return host.send(.refused(request.id), to: request.id.client)
    }
    if case .get(let key) = request.operation {
      host.work(.query)
      host.send(.reply(request.id, .value(table.value(of: key))), to: request.id.client)
      return
    }
    lastNumber += 1
    threads.append(PutThread(number: lastNumber, request: request))
    route(threads.count - 1, &host)
  }

  private func index(of thread: Int) -> Int? { threads.firstIndex { $0.number == thread } }

  // MARK: The router

  private mutating func route(_ index: Int, _ host: inout Host<RankedKv.Message>) {
    if leader.rank == rank { return lead(index, &host) }
    var deadline = settings.forwardDeadline
    if !document.routersElectBusyPrimary {
      deadline = deadline + settings.pushDeadline * Int64(settings.serverCount)
    }
    call(
      .put(threads[index].request, leader, dead: dead), of: leader.rank,
      .put(thread: threads[index].number), within: deadline, &host)
  }

  mutating func putAnswered(
    _ thread: Int, _ answer: RankedKv.AnswerBody, _ host: inout Host<RankedKv.Message>
  ) {
    guard let index = index(of: thread) else { return }
    switch answer {
    case .done(let response):
      // The document's router writes what its client has put once more.
      if document.routerWritesAgain,
        case .put(let key, let value) = threads[index].request.operation,
        var row = table.row(of: key)
      {
        row.value = value
        table.set(row)
      }
      finish(index, response, &host)
    case .leads(let other):
      if other.stamp > leader.stamp { follow(other, &host) }
      route(index, &host)
    case .pushed, .rows: break
    }
  }

  /// The primary does not answer: it is dead, and the next rank leads from now on.
  mutating func putFailed(
    _ thread: Int, at receiver: Int, _ host: inout Host<RankedKv.Message>
  ) {
    guard let index = index(of: thread) else { return }
    dead[receiver] = known[receiver]
    if leader.rank == receiver {
      let stamp =
        document.electsByClock
        ? settings.stamp(host.localClock, rank: rank) : leader.stamp + 1
      follow(
        RankedKv.Leader(rank: (receiver + 1) % settings.serverCount, stamp: stamp), &host)
    }
    route(index, &host)
  }

  private mutating func finish(
    _ index: Int, _ response: Response, _ host: inout Host<RankedKv.Message>
  ) {
    let thread = threads[index]
    guard !thread.isAnswered else { return }
    threads[index].isAnswered = true
    if thread.row != nil {
      host.observe(.answered(thread.request.id, epoch: leader.stamp))
    }
    if let caller = thread.caller {
      let answer = RankedKv.Answer(
        token: caller.token, incarnation: caller.incarnation, body: .done(response))
      host.send(.answer(answer), to: NodeID(caller.rank))
    } else {
      host.send(.reply(thread.request.id, response), to: thread.request.id.client)
    }
    host.crashPoint("answered", request: thread.request.id)
    if thread.targets.isEmpty { threads.removeAll { $0.number == thread.number } }
  }

  // MARK: The primary

  mutating func receivePut(
    _ request: RankedKv.Request, _ claim: RankedKv.Leader, _ theirs: [Int],
    _ caller: PutThread.Caller, _ host: inout Host<RankedKv.Message>
  ) {
    if !document.believesRouters, claim.stamp < leader.stamp {
      let answer = RankedKv.Answer(
        token: caller.token, incarnation: caller.incarnation, body: .leads(leader))
      return host.send(.answer(answer), to: NodeID(caller.rank))
    }
    follow(RankedKv.Leader(rank: rank, stamp: claim.stamp), &host)
    learnDead(theirs)
    lastNumber += 1
    threads.append(PutThread(number: lastNumber, request: request, caller: caller))
    lead(threads.count - 1, &host)
  }

  private mutating func learnDead(_ theirs: [Int]) {
    for other in dead.indices where other != rank && theirs.indices.contains(other) {
      if document.replacesDeadSets {
        dead[other] = theirs[other] == 0 ? 0 : known[other]
      } else {
        dead[other] = max(dead[other], theirs[other])
      }
    }
  }

  private func isDead(_ other: Int) -> Bool { dead[other] >= known[other] }

  /// Applies the put here, then pushes it to the others.
  private mutating func lead(_ index: Int, _ host: inout Host<RankedKv.Message>) {
    let request = threads[index].request
    host.observe(.accepted(request.id, epoch: leader.stamp))
    host.work(.update)
    var drawn = 0
    if case .putDrawn(_, _, let outcomes) = request.operation { drawn = host.choose(outcomes) }
    let outcome = table.outcome(of: request.operation, drawn: drawn)
    host.crashPoint("ordered", request: request.id)
    threads[index].response = outcome.response
    guard let value = outcome.value else { return finish(index, outcome.response, &host) }
    let key = request.operation.firstKey
    let row = RankedKv.Row(
      key: key, value: value, number: (table.row(of: key)?.number ?? 0) + 1,
      stamp: settings.stamp(host.localClock, rank: rank), writer: rank)
    store(row, &host)
    host.observe(.applied(request.id, sequence: 0))
    host.crashPoint("written", request: request.id)
    threads[index].row = row
    threads[index].targets = (0..<settings.serverCount).filter { $0 != rank && !isDead($0) }
    let number = threads[index].number
    switch document.answering {
    case .afterBroadcast: pushNext(number, &host)
    case .beforeBroadcast:
      finish(index, outcome.response, &host)
      pushNext(number, &host)
    case .duringBroadcast:
      host.resumeLater(number)
      finish(index, outcome.response, &host)
    }
  }

  /// Pushes to the next server, or answers when there is none.
  private mutating func pushNext(_ thread: Int, _ host: inout Host<RankedKv.Message>) {
    guard let index = index(of: thread), let row = threads[index].row else { return }
    while let target = threads[index].targets.first {
      if isDead(target) {
        threads[index].targets.removeFirst()
        continue
      }
      return push(row, thread, to: target, &host)
    }
    if threads[index].isAnswered {
      threads.remove(at: index)
    } else {
      finish(index, threads[index].response ?? .done, &host)
    }
  }

  private mutating func push(
    _ row: RankedKv.Row, _ thread: Int, to target: Int, _ host: inout Host<RankedKv.Message>
  ) {
    guard let index = index(of: thread) else { return }
    let request = threads[index].request.id
    call(
      .push(row, request, leader, dead: dead), of: target, .push(thread: thread),
      within: settings.pushDeadline, &host)
    host.crashPoint("pushed", request: request)
  }

  /// The asynchronous broadcast: all at once, and nobody waits.
  mutating func pushToAll(_ thread: Int, _ host: inout Host<RankedKv.Message>) {
    guard let index = index(of: thread), let row = threads[index].row else { return }
    for target in threads[index].targets { push(row, thread, to: target, &host) }
  }

  mutating func pushAnswered(
    _ thread: Int, _ answer: RankedKv.AnswerBody, _ host: inout Host<RankedKv.Message>
  ) {
    if case .leads(let other) = answer, other.stamp > leader.stamp {
      follow(other, &host)
      guard let index = index(of: thread), !threads[index].isAnswered else { return }
      threads[index].targets = []
      threads[index].row = nil
      return route(index, &host)
    }
    goOn(thread, &host)
  }

  mutating func pushFailed(
    _ thread: Int, at receiver: Int, _ host: inout Host<RankedKv.Message>
  ) {
    dead[receiver] = known[receiver]
    goOn(thread, &host)
  }

  private mutating func goOn(_ thread: Int, _ host: inout Host<RankedKv.Message>) {
    guard let index = index(of: thread) else { return }
    if document.answering == .duringBroadcast {
      let isOver = !calls.contains { $0.purpose == .push(thread: thread) }
      if isOver { threads.remove(at: index) }
    } else {
      if !threads[index].targets.isEmpty { threads[index].targets.removeFirst() }
      pushNext(thread, &host)
    }
  }

  // MARK: The others

  mutating func receivePush(
    _ row: RankedKv.Row, _ request: RequestID, _ claim: RankedKv.Leader, _ theirs: [Int],
    _ host: inout Host<RankedKv.Message>
  ) -> RankedKv.AnswerBody {
    host.crashPoint("received", request: request)
    if !document.believesRouters, claim.stamp < leader.stamp { return .leads(leader) }
    follow(claim, &host)
    learnDead(theirs)
    host.work(.apply)
    merge([row], &host)
    host.observe(.applied(request, sequence: 0))
    return .pushed
  }
}
