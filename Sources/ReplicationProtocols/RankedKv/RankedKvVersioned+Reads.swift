import LinearizabilityChecking
import SimulationKernel

/// Reads: anywhere, and without a message where nothing is under way.
///
/// A member's table holds every committed update, since an update is committed only when every
/// member has it and no living process leaves the membership. So a read may be answered at once if
/// the key's last update is known to be committed. If it is not, the new value must not be shown
/// (it may still get lost) and the old one must not either (the new one may have been read
/// elsewhere): the read waits for the primary's word. This is what linearizable reads cost here:
/// nothing while nobody writes the key, else up to one broadcast.
extension RankedKv.VersionedServer {
  mutating func read(
    _ request: RequestID, _ key: Int, _ host: inout Host<RankedKv.Message>
  ) {
    guard isClean(key) else {
      reads.removeAll { $0.request == request }
      reads.append(RankedKv.WaitingRead(request: request, key: key))
      return
    }
    answerRead(request, key, &host)
  }

  private func isClean(_ key: Int) -> Bool {
    settings.readsLocally || (table.row(of: key)?.number ?? 0) <= committed
  }

  private func answerRead(
    _ request: RequestID, _ key: Int, _ host: inout Host<RankedKv.Message>
  ) {
    host.work(.query)
    host.send(.reply(request, .value(table.value(of: key))), to: request.client)
  }

  mutating func serveReads(_ host: inout Host<RankedKv.Message>) {
    guard !reads.isEmpty else { return }
    let ready = reads.filter { isClean($0.key) }
    reads = reads.filter { !isClean($0.key) }
    for read in ready { answerRead(read.request, read.key, &host) }
  }

  /// A read has waited for long.
  func ask(_ host: inout Host<RankedKv.Message>) {
    guard let leader, leader != rank else { return }
    send(.askCommitted, to: leader, &host)
  }

  func receiveQuestion(from other: Int, _ host: inout Host<RankedKv.Message>) {
    guard isLeading else { return }
    send(.committed(epoch: membership.epoch, sequence: committed), to: other, &host)
  }
}
