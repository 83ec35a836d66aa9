import LinearizabilityChecking
import SimulationKernel

extension TwoNodeStore {
  /// Everything that nodes of the store say to each other.
  public enum Message: NodeMessage {
    public typealias Operation = LinearizabilityChecking.Operation
    public typealias Response = LinearizabilityChecking.Response

    /// Node to load balancer: it lives. `recovered` is the epoch in which it has caught up with
    /// the primary, or 0.
    case heartbeat(incarnation: Int, recovered: Int)
    /// Load balancer to node, when something changed and in answer to a heartbeat.
    case assignment(Assignment)
    /// Client to load balancer, and load balancer to node.
    case request(RequestID, Operation)
    /// Node to client.
    case reply(RequestID, Response)
    /// Node to client: not now, try again.
    case refusal(RequestID)
    /// Primary to backup, where the backup prepares in a round of its own.
    case prepare(Assignment, LoggedWrite)
    case prepared(TransactionID)
    /// Primary to backup.
    case commit(Assignment, LoggedWrite)
    /// Backup to primary: it has committed.
    case committed(TransactionID)
    /// Recovering node to primary: what became of these?
    case getState(Assignment, [LoggedWrite])
    /// Primary to recovering node: by position, whether they were committed.
    case states(epoch: Int, [Bool])
    /// Recovering node to primary: what was written without it?
    case fetchPending(Assignment)
    case pending(epoch: Int, Arrears)

    public var isPeriodic: Bool {
      switch self {
      case .heartbeat, .assignment: true
      default: false
      }
    }

    public var summary: String {
      switch self {
      case .heartbeat(let incarnation, let recovered):
        return "Heartbeat(\(incarnation)\(recovered > 0 ? ", recovered in \(recovered)" : ""))"
      case .assignment(let assignment): return "Assignment(\(assignment))"
      case .request(let request, let operation):
        return "Request(\(request.number), \(operation.isReadOnly ? "read" : "write") "
          + "\(operation.firstKey)\(operation.keyCount > 1 ? "+" : ""))"
      case .reply(let request, _): return "Reply(\(request.number))"
      case .refusal(let request): return "Refused(\(request.number))"
      case .prepare(let assignment, let write): return "Prepare(\(write), \(assignment.epoch))"
      case .prepared(let id): return "Prepared(\(id))"
      case .commit(let assignment, let write): return "Commit(\(write), \(assignment.epoch))"
      case .committed(let id): return "Committed(\(id))"
      case .getState(_, let writes):
        return "GetState(\(writes.map(\.id.description).joined(separator: " ")))"
      case .states(_, let outcomes):
        return "States(\(outcomes.map { $0 ? "committed" : "unknown" }.joined(separator: " ")))"
      case .fetchPending: return "FetchPending"
      case .pending(_, let arrears):
        return "Pending(\(arrears.writes.map(\.id.description).joined(separator: " ")))"
      }
    }
  }

  /// What a recovering node has missed.
  public struct Arrears: Hashable, Sendable, Fingerprintable {
    /// In the order in which they were committed.
    var writes: [LoggedWrite]
    /// All requests that the primary has executed.
    var executed: RequestSet
    /// A checksum of every block that was ever written, sorted by block.
    var checksums: [BlockChecksum]

    public func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(contentsOf: writes)
      hasher.combine(executed)
      for entry in checksums {
        hasher.combine(entry.block)
        hasher.combine(entry.checksum)
      }
    }
  }

  struct BlockChecksum: Hashable, Sendable {
    var block: Int
    var checksum: UInt64
  }
}

extension TwoNodeStore.TransactionID: CustomStringConvertible {
  /// For example `2.7`.
  public var description: String { "\(epoch).\(number)" }
}

extension TwoNodeStore.LoggedWrite: CustomStringConvertible {
  /// For example `2.7: 0 1`.
  public var description: String {
    "\(id): \(moves.map { String($0.block) }.joined(separator: " "))"
  }
}

extension TwoNodeStore.Message: Fingerprintable {
  public func fingerprint(into hasher: inout StableHasher) {
    switch self {
    case .heartbeat(let incarnation, let recovered):
      hasher.combine(1)
      hasher.combine(incarnation)
      hasher.combine(recovered)
    case .assignment(let assignment):
      hasher.combine(2)
      hasher.combine(assignment)
    case .request(let request, let operation):
      hasher.combine(3)
      hasher.combine(request)
      hasher.combine(operation: operation)
    case .reply(let request, let response):
      hasher.combine(4)
      hasher.combine(request)
      hasher.combine(response: response)
    case .refusal(let request):
      hasher.combine(5)
      hasher.combine(request)
    case .prepare(let assignment, let write): combine(6, assignment, [write], &hasher)
    case .prepared(let id):
      hasher.combine(7)
      hasher.combine(id)
    case .commit(let assignment, let write): combine(8, assignment, [write], &hasher)
    case .committed(let id):
      hasher.combine(9)
      hasher.combine(id)
    case .getState(let assignment, let writes): combine(10, assignment, writes, &hasher)
    case .states(let epoch, let outcomes):
      hasher.combine(11)
      hasher.combine(epoch)
      for outcome in outcomes { hasher.combine(outcome) }
    case .fetchPending(let assignment): combine(12, assignment, [], &hasher)
    case .pending(let epoch, let arrears):
      hasher.combine(13)
      hasher.combine(epoch)
      hasher.combine(arrears)
    }
  }

  private func combine(
    _ kind: Int, _ assignment: TwoNodeStore.Assignment, _ writes: [TwoNodeStore.LoggedWrite],
    _ hasher: inout StableHasher
  ) {
    hasher.combine(kind)
    hasher.combine(assignment)
    hasher.combine(contentsOf: writes)
  }
}
