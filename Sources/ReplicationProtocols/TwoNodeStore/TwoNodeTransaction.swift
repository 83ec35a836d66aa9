import SimulationKernel

extension TwoNodeStore {
  /// A write under way on one node: an entry of the document's map in memory.
  struct Transaction: Sendable, Fingerprintable {
    enum Part: UInt8, Sendable {
      case primary
      case backup
    }

    /// What comes next, once what the node waits for has come.
    enum Phase: UInt8, Sendable {
      /// The temporary files are written; the log comes next.
      case recording
      /// The log is forced; the backup is asked next.
      case asking
      /// The primary waits for the backup to have prepared.
      case preparing
      /// The primary waits for the backup to have committed.
      case replicating
      /// The primary goes on without the backup.
      case alone
      /// The backup has prepared and waits for the order to commit.
      case prepared
      /// The files go into place next.
      case installing
      /// The files are in place; the commit record comes next.
      case finishing
    }

    /// Names the transaction in continuations and timers; 1 and up, never used twice.
    let serial: Int
    let write: LoggedWrite
    let part: Part
    var phase = Phase.recording
    /// The blocks that nobody else may read or write.
    var locked: [Int]
    /// Committed here before the backup was asked (approach 1).
    var isCommitted = false
    /// Committed without the other node, which gets it when it recovers.
    var isPending = false
    var retry: RetrySchedule

    func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(serial)
      hasher.combine(write)
      hasher.combine(UInt64(part.rawValue))
      hasher.combine(UInt64(phase.rawValue))
      for block in locked { hasher.combine(block) }
      hasher.combine(locked.count)
      hasher.combine(isCommitted)
      hasher.combine(isPending)
      hasher.combine(retry)
    }
  }

  /// A client's operation that waits for a lock, or for the other node's recovery.
  struct WaitingOperation: Sendable {
    var request: RequestID
    var operation: Message.Operation

    var blocks: Range<Int> {
      operation.firstKey..<(operation.firstKey + operation.keyCount)
    }
  }

  /// Where a recovering node stands.
  struct Recovery: Sendable, Fingerprintable {
    enum Phase: UInt8, Sendable {
      /// Waits for the outcomes of its unfinished transactions.
      case askingStates
      /// Finishes those that were committed.
      case redoing
      /// Waits for what was written without it.
      case fetchingPending
      /// Writes what it fetched.
      case applying
      /// Holds everything, as far as it can tell; waits for the load balancer.
      case done
    }

    /// Whether this node decides itself, because it holds everything and the other is down.
    let isAlone: Bool
    var phase: Phase
    /// What is still to be written, in order.
    var queue: [LoggedWrite] = []
    var arrears: Arrears?
    var retry: RetrySchedule

    func fingerprint(into hasher: inout StableHasher) {
      hasher.combine(isAlone)
      hasher.combine(UInt64(phase.rawValue))
      hasher.combine(contentsOf: queue)
      hasher.combine(arrears != nil)
      if let arrears { hasher.combine(arrears) }
      hasher.combine(retry)
    }
  }

  /// What a recovering node asked, while the answer has to wait for writes under way.
  enum Question: Hashable, Sendable {
    case states([LoggedWrite])
    case pending
  }
}
