import LinearizabilityChecking
import SimulationKernel

/// A host that comes back has no guest. If the other runs one, it gets the state; if the other has
/// come back too, the activation records say whose disk is valid.
extension Remus.Server {
  func sayHello(_ host: inout Host<Remus.Message>) {
    host.send(.hello(incarnation: incarnation, record: record, seen: seen), to: other)
  }

  mutating func receiveHello(
    _ start: Int, _ otherRecord: Int, _ otherSeen: Int, _ host: inout Host<Remus.Message>
  ) {
    let isNew = start > seen
    seen = max(seen, start)
    switch role {
    case .backup:
      guard isNew else { return }
      takeOver(&host)
      protect(start, &host)
    case .primary:
      guard isNew || !isProtected else { return }
      dropProtection(&host)
      protect(start, &host)
    default:
      // Before the other has heard of this start, it may still become the backup of an earlier one.
      guard otherSeen == incarnation else { return }
      let isMine = record == otherRecord ? node.index == 0 : record > otherRecord
      guard isMine else { return }
      boot(after: max(record, otherRecord, 1), &host)
      protect(start, &host)
    }
  }

  /// The guest starts from the disk, as after a loss of power.
  private mutating func boot(after generation: Int, _ host: inout Host<Remus.Message>) {
    host.observe(.note("booted from disk"))
    for update in disk.updates { _ = memory.execute(update) }
    disk.begin(disk.updates, &host)
    lead(Remus.Session(generation: generation + 1, attempt: 0), &host)
  }

  mutating func receive(_ state: Remus.State, _ host: inout Host<Remus.Message>) {
    guard role == .joining, state.addressee == incarnation else { return }
    memory = state.memory
    session = state.session
    disk.begin(state.journal, &host)
    role = .backup
    host.observe(.adopted(role: role, epoch: epoch))
    host.crashPoint("state installed")
  }
}

extension Remus.Server: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    for word in [incarnation, Int(role.rawValue), record, seen, epochNumber, writeCount, committed]
    {
      hasher.combine(word)
    }
    hasher.combine(session)
    hasher.combine(memory)
    hasher.combine(disk)
    hasher.combine(isProtected)
    for output in outputs {
      hasher.combine(output.epoch)
      hasher.combine(output.request)
      hasher.combine(response: output.response)
    }
    hasher.combine(outputs.count)
    for key in dirty { hasher.combine(key) }
    hasher.combine(due != nil)
    if let due {
      hasher.combine(due.registers)
      for key in due.keys { hasher.combine(key) }
      hasher.combine(due.writeCount)
    }
    for page in pages {
      hasher.combine(page.epoch)
      hasher.combine(page.key)
      hasher.combine(page.value)
    }
    hasher.combine(pages.count)
    for list in [heldWrites, writes, unapplied] {
      for write in list {
        hasher.combine(write.epoch)
        hasher.combine(write.update)
      }
      hasher.combine(list.count)
    }
  }
}
