import LinearizabilityChecking
import SimulationKernel

/// The primary: gives updates their order, sends them to all backups at once, and answers when all
/// have acknowledged.
extension MasterBackup.Server {
  // MARK: Requests

  mutating func receive(
    _ request: MasterBackup.Request, _ host: inout Host<MasterBackup.Message>
  ) {
    if case .get(let key) = request.operation, isSynchronised,
      isPrimary || settings.anyServerAnswersQueries
    {
      return query(request.id, key, &host)
    }
    guard isPrimary else { return host.send(.refusal(request.id), to: request.id.client) }
    if settings.knowsRetries, replica.table.contains(request.id) {
      // Answered when it is acknowledged, if it is not.
      guard !pending.contains(where: { $0.request == request.id }) else { return }
      if let response = replica.table.answer(to: request.id) { answer(request.id, response, &host) }
      return
    }
    update(request, &host)
  }

  /// The value is that of now; the answer waits until nothing of it can get lost.
  private mutating func query(
    _ id: RequestID, _ key: Int, _ host: inout Host<MasterBackup.Message>
  ) {
    host.work(.query)
    let response = Response.value(replica.value(of: key))
    guard isPrimary, settings.queriesWait else {
      return host.send(.reply(id, response), to: id.client)
    }
    host.observe(.accepted(id, epoch: term))
    queries.removeAll { $0.request == id }
    queries.append(
      WaitingQuery(request: id, through: replica.sequence, response: response))
    advance(&host)
  }

  private mutating func update(
    _ request: MasterBackup.Request, _ host: inout Host<MasterBackup.Message>
  ) {
    host.observe(.accepted(request.id, epoch: term))
    host.work(.update)
    var drawn = 0
    if case .putDrawn(_, _, let outcomes) = request.operation { drawn = host.choose(outcomes) }
    let ordered = MasterBackup.OrderedOperation(
      sequence: replica.sequence + 1, request: request.id, operation: request.operation,
      drawn: drawn, lowestOpen: request.lowestOpen)
    let response = execute(ordered, &host)
    host.crashPoint("ordered", request: request.id)
    pending.append(
      Pending(request: request.id, sequence: ordered.sequence, response: response))
    for backup in backups where backup.acknowledged != nil { forward(ordered, to: backup, &host) }
    if !settings.waitsForAcknowledgements {
      pending[pending.count - 1].isAnswered = true
      answer(request.id, response, &host)
    }
    advance(&host)
  }

  private func forward(
    _ ordered: MasterBackup.OrderedOperation, to backup: Progress,
    _ host: inout Host<MasterBackup.Message>
  ) {
    host.send(
      .forward(
        ordered, term: term, to: backup.member.incarnation, acknowledged: acknowledged),
      to: backup.member.node)
    host.crashPoint("forwarded", request: ordered.request)
  }

  private func answer(
    _ request: RequestID, _ response: Response, _ host: inout Host<MasterBackup.Message>
  ) {
    host.send(.reply(request, response), to: request.client)
    host.observe(.answered(request, epoch: term))
    host.crashPoint("answered", request: request)
  }

  // MARK: Acknowledgements

  mutating func receiveAcknowledgement(
    _ term: Int, _ sequence: Int, of member: MasterBackup.Member,
    _ host: inout Host<MasterBackup.Message>
  ) {
    guard isPrimary, term == self.term,
      let index = backups.firstIndex(where: { $0.member == member })
    else { return }
    let isFirst = backups[index].acknowledged == nil
    backups[index].acknowledged = max(backups[index].acknowledged ?? 0, sequence)
    // What was ordered while the state was on its way.
    if isFirst { sendMissing(to: backups[index], &host) }
    advance(&host)
  }

  /// Through which update enough backups have acknowledged.
  private var committed: Int {
    let counts = backups.map { $0.acknowledged ?? -1 }
    if !settings.waitsForAll {
      // With this server, half of the others make a majority.
      let needed = (backups.count + 1) / 2
      let sorted = counts.sorted(by: >)
      return needed == 0 ? replica.sequence : sorted[needed - 1]
    }
    return min(counts.min() ?? replica.sequence, replica.sequence)
  }

  mutating func advance(_ host: inout Host<MasterBackup.Message>) {
    let through = committed
    for update in pending where update.sequence <= through && !update.isAnswered {
      answer(update.request, update.response, &host)
    }
    pending.removeAll { $0.sequence <= through }
    for query in queries where query.through <= through {
      answer(query.request, query.response, &host)
    }
    queries.removeAll { $0.through <= through }
    let everywhere = backups.map { $0.acknowledged ?? 0 }.min() ?? replica.sequence
    forget(through: min(everywhere, replica.sequence))
  }

  func lacks(_ backup: Progress) -> Bool {
    (backup.acknowledged ?? -1) < replica.sequence
  }

  private func sendMissing(
    to backup: Progress, _ host: inout Host<MasterBackup.Message>
  ) {
    guard let through = backup.acknowledged else {
      host.send(
        .state(
          MasterBackup.State(
            term: term, to: backup.member.incarnation, replica: replica,
            recent: recent)),
        to: backup.member.node)
      return host.crashPoint("state sent")
    }
    for ordered in recent where ordered.sequence > through { forward(ordered, to: backup, &host) }
  }

  func repeatForwards(_ host: inout Host<MasterBackup.Message>) {
    for backup in backups where lacks(backup) { sendMissing(to: backup, &host) }
  }

  // MARK: What the master says

  /// This server becomes the primary, or the set of its backups changes.
  mutating func lead(
    _ new: MasterBackup.Configuration, _ counts: [Int?],
    _ host: inout Host<MasterBackup.Message>
  ) {
    guard isSynchronised, new.primary == me, new.term >= term else { return }
    if isPrimary, new.term == term {
      if new.number > configuration.number { changeBackups(to: new, &host) }
    } else {
      takeOver(new, counts, &host)
    }
    if new.term == term { host.send(.resumed(term: term), to: settings.master) }
  }

  private mutating func changeBackups(
    to new: MasterBackup.Configuration, _ host: inout Host<MasterBackup.Message>
  ) {
    configuration = new
    backups.removeAll { !new.backups.contains($0.member) }
    for member in new.backups where !backups.contains(where: { $0.member == member }) {
      let joiner = Progress(member: member, acknowledged: nil)
      backups.append(joiner)
      sendMissing(to: joiner, &host)
    }
    advance(&host)
  }

  /// The fourth message of a failover: the others get what they lack.
  private mutating func takeOver(
    _ new: MasterBackup.Configuration, _ counts: [Int?],
    _ host: inout Host<MasterBackup.Message>
  ) {
    configuration = new
    term = new.term
    isPrimary = true
    isSuspended = false
    backups = new.backups.map { member in
      let count = counts.indices.contains(member.server) ? counts[member.server] : nil
      return Progress(
        member: member,
        acknowledged: settings.bringsOthersUpToDate ? count : replica.sequence)
    }
    host.observe(.adopted(role: role, epoch: term))
    host.crashPoint("promoted")
    queries = []
    pending = recent.compactMap { ordered in
      replica.table.answer(to: ordered.request).map {
        Pending(request: ordered.request, sequence: ordered.sequence, response: $0)
      }
    }
    for backup in backups where lacks(backup) { sendMissing(to: backup, &host) }
    advance(&host)
  }
}
