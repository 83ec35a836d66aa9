import LinearizabilityChecking
import SimulationKernel

/// The active host: runs the guest, holds what it puts out, and sends checkpoints.
extension Remus.Server {
  // MARK: The guest

  /// What comes in reaches the guest at once.
  mutating func receive(_ request: Remus.Request, _ host: inout Host<Remus.Message>) {
    let id = request.id
    guard role == .primary else { return host.send(.refusal(id), to: id.client) }
    if outputs.contains(where: { $0.request == id }) { return }
    if memory.table.contains(id) {
      if let response = memory.table.answer(to: id) { hold(id, response, &host) }
      return
    }
    host.observe(.accepted(id, epoch: epoch))
    host.work(request.operation.isReadOnly ? .query : .update)
    var drawn = 0
    if case .putDrawn(_, _, let outcomes) = request.operation { drawn = host.choose(outcomes) }
    let update = Remus.Update(
      sequence: memory.sequence + 1, request: id, operation: request.operation, drawn: drawn,
      lowestOpen: request.lowestOpen)
    let response = memory.execute(update)
    if !request.operation.isReadOnly {
      host.observe(.applied(id, sequence: update.sequence))
      host.crashPoint("executed", request: id)
      touch(request.operation.firstKey)
      write(update, &host)
    }
    hold(id, response, &host)
  }

  private mutating func touch(_ key: Int) {
    guard !dirty.contains(key) else { return }
    dirty.append(key)
    dirty.sort()
  }

  /// Writes go through to the disk here, and to the backup's memory.
  private mutating func write(_ update: Remus.Update, _ host: inout Host<Remus.Message>) {
    if isProtected {
      host.send(.diskWrite(session, epoch: epochNumber, update), to: other)
      writeCount += 1
    }
    if settings.writesThrough || !isProtected {
      disk.append(update, &host)
      host.crashPoint("written through", request: update.request)
    } else {
      heldWrites.append(DiskWrite(epoch: epochNumber, update: update))
    }
  }

  // MARK: Outputs

  private mutating func hold(
    _ request: RequestID, _ response: Response, _ host: inout Host<Remus.Message>
  ) {
    guard isProtected else { return answer(request, response, &host) }
    outputs.append(Output(epoch: epochNumber, request: request, response: response))
  }

  private mutating func release(through last: Int, _ host: inout Host<Remus.Message>) {
    while let output = outputs.first, output.epoch <= last {
      outputs.removeFirst()
      answer(output.request, output.response, &host)
    }
  }

  private func answer(
    _ request: RequestID, _ response: Response, _ host: inout Host<Remus.Message>
  ) {
    host.send(.reply(request, response), to: request.client)
    host.observe(.answered(request, epoch: epoch))
    host.crashPoint("answered", request: request)
  }

  // MARK: Checkpoints

  /// The guest stops, its changed pages and its registers are copied, and it runs on.
  mutating func endEpoch(_ host: inout Host<Remus.Message>) {
    guard isProtected else { return }
    guard due == nil, !dirty.isEmpty || outputs.contains(where: { $0.epoch == epochNumber })
    else { return host.send(.probe, to: other) }
    due = Due(
      registers: Remus.Registers(table: memory.table, sequence: memory.sequence), keys: dirty,
      writeCount: writeCount)
    epochNumber += 1
    dirty = []
    writeCount = 0
    if settings.copiesBeforeResuming { sendDue(&host) } else { host.resumeLater(Self.copy) }
  }

  mutating func sendDue(_ host: inout Host<Remus.Message>) {
    guard role == .primary, isProtected, let copied = due else { return }
    due = nil
    let ended = epochNumber - 1
    for key in copied.keys {
      host.send(
        .page(session, epoch: ended, key: key, value: memory.value(of: key)), to: other)
      host.crashPoint("page sent")
    }
    host.send(
      .checkpoint(
        session,
        Remus.Checkpoint(
          epoch: ended, registers: copied.registers, pageCount: copied.keys.count,
          writeCount: copied.writeCount)), to: other)
    host.crashPoint("checkpoint sent")
    if settings.releasesOnSend { release(through: ended, &host) }
  }

  mutating func receiveAcknowledgement(
    _ session: Remus.Session, _ epoch: Int, _ host: inout Host<Remus.Message>
  ) {
    guard role == .primary, isProtected, session == self.session else { return }
    host.crashPoint("acknowledged")
    release(through: settings.releasesLaterEpochs ? epochNumber : epoch, &host)
    if heldWrites.contains(where: { $0.epoch <= epoch }) {
      committed = epoch
      host.resumeLater(Self.writeHeld)
    }
  }

  /// RM-10: what was held until its checkpoint was acknowledged.
  mutating func writeHeld(through last: Int, _ host: inout Host<Remus.Message>) {
    guard role == .primary else { return }
    while let held = heldWrites.first, held.epoch <= last {
      heldWrites.removeFirst()
      disk.append(held.update, &host)
    }
  }

  // MARK: The backup fails, and comes back

  /// The guest runs on without a backup.
  mutating func dropProtection(_ host: inout Host<Remus.Message>) {
    guard isProtected else { return }
    host.observe(.note("protection dropped"))
    isProtected = false
    due = nil
    dirty = []
    writeCount = 0
    writeHeld(through: .max, &host)
    release(through: .max, &host)
  }

  /// Everything the guest has put out so far is in the state; what follows waits for checkpoints.
  mutating func protect(_ incarnation: Int, _ host: inout Host<Remus.Message>) {
    host.observe(.note("state transfer begun"))
    session.attempt += 1
    isProtected = true
    let state = Remus.State(
      session: session, addressee: incarnation, epoch: epochNumber, memory: memory,
      journal: disk.readBack(&host))
    epochNumber += 1
    host.send(.state(state), to: other)
    host.crashPoint("state sent")
  }
}
