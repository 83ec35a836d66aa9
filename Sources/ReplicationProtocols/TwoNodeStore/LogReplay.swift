import SimulationKernel

extension TwoNodeStore {
  /// A write as the log or the other node tells it.
  public struct LoggedWrite: Hashable, Sendable, Fingerprintable {
    var id: TransactionID
    var request: RequestID
    /// One or two neighbouring blocks, in order.
    var moves: [BlockValue]

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(id)
      hasher.combine(request)
      hasher.combine(contentsOf: moves)
    }
  }

  /// What a log says: what a restarted node knows of its transactions.
  struct LogReplay: Hashable, Sendable {
    /// Committed, by the log.
    private(set) var executed = RequestSet()
    /// Begun and neither committed nor aborted, in order. Their outcome is the other node's to say.
    private(set) var unfinished: [LoggedWrite] = []
    /// Committed while the other node was down, in order, without what was overwritten since: an
    /// older pending write must not undo a newer one that the other node has.
    private(set) var pending: [LoggedWrite] = []

    init(_ records: [LogRecord], understandsPending: Bool = true) {
      var open: [(write: LoggedWrite, count: Int)] = []
      var order: [LoggedWrite] = []
      var pendingIDs: [TransactionID] = []
      for record in records {
        switch record {
        case .checkpoint(let known): executed.formUnion(known)
        case .start(let id, let request, let count):
          open.removeAll { $0.write.id == id }
          open.append((LoggedWrite(id: id, request: request, moves: []), count))
        case .move(let id, let change):
          guard let index = open.firstIndex(where: { $0.write.id == id }) else { continue }
          open[index].write.moves.append(change)
        case .replicationBegins: break
        case .pendingReplication(let id): if understandsPending { pendingIDs.append(id) }
        case .abort(let id): open.removeAll { $0.write.id == id }
        case .commit(let id):
          guard let index = open.firstIndex(where: { $0.write.id == id }) else { continue }
          let write = open.remove(at: index).write
          executed.insert(write.request)
          order.append(write)
        }
      }
      unfinished = open.filter { $0.write.moves.count == $0.count }.map(\.write)
      pending = Self.latest(order, pendingIDs)
    }

    var isEmpty: Bool { executed.members.isEmpty && unfinished.isEmpty }

    /// The pending writes, each without the blocks that a later write replaced.
    private static func latest(
      _ order: [LoggedWrite], _ pendingIDs: [TransactionID]
    ) -> [LoggedWrite] {
      var kept: [LoggedWrite] = []
      for (index, write) in order.enumerated() where pendingIDs.contains(write.id) {
        let later = order[(index + 1)...]
        var rest = write
        rest.moves.removeAll { move in
          later.contains { $0.moves.contains { $0.block == move.block } }
        }
        if !rest.moves.isEmpty { kept.append(rest) }
      }
      return kept
    }
  }
}
