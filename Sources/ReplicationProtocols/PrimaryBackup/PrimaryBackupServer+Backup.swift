import SimulationKernel

/// The backup: installs the snapshot of its view once, then executes what the primary forwards, in
/// the primary's order, and says how far it has come.
extension PrimaryBackup.Server {
  mutating func receive(
    _ snapshot: PrimaryBackup.Snapshot, from primary: NodeID,
    _ host: inout Host<PrimaryBackup.Message>
  ) {
    guard role == .backup, snapshot.view == view.number else {
      reject(snapshot.view, primary, &host)
      return
    }
    // A copy that comes late must not undo what was forwarded since.
    if !isSynchronised {
      host.work(.apply)
      if settings.appliesBeforeSnapshot {
        replica.overwrite(with: snapshot.replica)
      } else {
        replica = snapshot.replica
      }
      isSynchronised = true
      host.crashPoint("snapshot installed")
    }
    acknowledge(snapshot.view, primary, &host)
  }

  /// R2: only as backup of the sender's view. R6: only after the snapshot.
  mutating func receive(
    _ ordered: PrimaryBackup.OrderedOperation, _ number: Int, from primary: NodeID,
    _ host: inout Host<PrimaryBackup.Message>
  ) {
    let isOfMyView = role == .backup && number == view.number
    guard isOfMyView || settings.acceptsForeignForwards else {
      reject(number, primary, &host)
      return
    }
    guard isSynchronised || settings.appliesBeforeSnapshot else { return }
    if isNext(ordered) {
      host.work(.apply)
      _ = execute(ordered, &host)
    }
    acknowledge(number, primary, &host)
    host.crashPoint("acknowledged", request: ordered.request)
  }

  /// An operation is executed in its place. One that came before is a copy, and gets the same
  /// acknowledgement; one that overtook another comes again.
  private func isNext(_ ordered: PrimaryBackup.OrderedOperation) -> Bool {
    if settings.appliesInArrivalOrder { return !replica.table.contains(ordered.request) }
    if settings.appliesBeforeSnapshot, !isSynchronised {
      return ordered.sequence > replica.sequence
    }
    return ordered.sequence == replica.sequence + 1
  }

  private func acknowledge(
    _ number: Int, _ primary: NodeID, _ host: inout Host<PrimaryBackup.Message>
  ) {
    host.send(.acknowledgement(view: number, sequence: replica.sequence), to: primary)
  }

  /// Says that this server is not backup in that view; if the view is news, asks for it.
  private func reject(
    _ number: Int, _ primary: NodeID, _ host: inout Host<PrimaryBackup.Message>
  ) {
    host.send(.rejection(view: number, current: view.number), to: primary)
    if number > view.number { ping(&host) }
  }
}
