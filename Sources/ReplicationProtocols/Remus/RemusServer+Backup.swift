import LinearizabilityChecking
import SimulationKernel

/// The backup: keeps checkpoints until they are complete, and takes over.
extension Remus.Server {
  private func follows(_ session: Remus.Session) -> Bool {
    role == .backup && session == self.session
  }

  mutating func receive(
    _ write: DiskWrite, _ session: Remus.Session, _ host: inout Host<Remus.Message>
  ) {
    guard follows(session) else { return }
    writes.append(write)
    // RM-03.
    if !settings.buffersDiskWrites { disk.append(write.update, &host) }
  }

  mutating func receive(
    _ page: Page, _ session: Remus.Session, _ host: inout Host<Remus.Message>
  ) {
    guard follows(session) else { return }
    // RM-04.
    if !settings.acknowledgesWhole, !pages.contains(where: { $0.epoch == page.epoch }) {
      host.send(.acknowledgement(session, epoch: page.epoch), to: other)
    }
    pages.append(page)
  }

  mutating func receive(
    _ checkpoint: Remus.Checkpoint, _ session: Remus.Session, _ host: inout Host<Remus.Message>
  ) {
    guard follows(session) else { return }
    let copied = pages.filter { $0.epoch == checkpoint.epoch }
    let written = writes.filter { $0.epoch == checkpoint.epoch }
    guard copied.count == checkpoint.pageCount, written.count == checkpoint.writeCount else {
      return
    }
    memory = Remus.Memory(
      contents: contents(with: copied), table: checkpoint.registers.table,
      sequence: checkpoint.registers.sequence)
    pages.removeAll { $0.epoch <= checkpoint.epoch }
    writes.removeAll { $0.epoch <= checkpoint.epoch }
    host.work(.apply)
    host.crashPoint("checkpoint complete")
    if settings.acknowledgesWhole || checkpoint.pageCount == 0 {
      host.send(.acknowledgement(session, epoch: checkpoint.epoch), to: other)
    }
    guard settings.buffersDiskWrites, !written.isEmpty else { return }
    unapplied += written
    host.resumeLater(Self.apply)
  }

  private func contents(with pages: [Page]) -> [KeyedValue] {
    var contents = memory.contents.filter { item in !pages.contains { $0.key == item.key } }
    contents += pages.filter { !$0.value.isEmpty }.map { KeyedValue(key: $0.key, value: $0.value) }
    return contents.sorted { $0.key < $1.key }
  }

  /// Applies the disk writes of the complete checkpoints.
  mutating func applyNext(_ host: inout Host<Remus.Message>) {
    disk.append(checking: unapplied.map(\.update), &host)
    unapplied = []
    host.crashPoint("applied to disk")
  }

  // MARK: Taking over

  /// First the disk, then the record that makes it the valid one, then the guest.
  mutating func takeOver(_ host: inout Host<Remus.Message>) {
    guard role == .backup else { return }
    host.observe(.note("took over"))
    if !settings.dropsIncomplete {
      memory = Remus.Memory(
        contents: contents(with: pages), table: memory.table, sequence: memory.sequence)
    }
    pages = []
    writes = []
    applyNext(&host)
    host.crashPoint("flushed")
    lead(Remus.Session(generation: session.generation + 1, attempt: 0), &host)
  }

  /// The guest runs here from now on, without a backup.
  mutating func lead(_ new: Remus.Session, _ host: inout Host<Remus.Message>) {
    session = new
    if settings.writesActivation {
      record = new.generation
      Remus.Disk.activate(record, &host)
    }
    host.crashPoint("activated")
    role = .primary
    isProtected = false
    host.observe(.adopted(role: role, epoch: epoch))
    for client in settings.clients { host.send(.live(generation: epoch), to: client) }
  }
}
