import LinearizabilityChecking
import SimulationKernel

extension PrimaryBackup {
  /// What a primary keeps beside the replica: the operations on their way, and how far the backup
  /// of the current view has come.
  struct Leadership: Sendable, Fingerprintable {
    /// An operation without the backup's consent.
    struct Pending: Sendable {
      var ordered: OrderedOperation
      /// The answer, once the operation is executed here.
      var response: Response?
      /// Whether the client has been answered already (PB-01).
      var isAnswered = false
    }

    /// Where the transfer of the state to a new backup stands.
    enum Transfer: UInt8, Sendable {
      case notNeeded
      /// The snapshot is being prepared.
      case copying
      case sent
      case installed
    }

    static let retryTimer = TimerID.retry()
    /// Servers are near each other and answer within milliseconds.
    private static let retryTiming = RetryTiming(
      after: .milliseconds(20), limit: .milliseconds(160))
    static let copyTimer = TimerID.pace(1)

    /// In order of sequence, without gaps.
    var pending: [Pending] = []
    /// The place of the last operation ordered.
    var lastOrdered = 0
    /// Through which place a backup has consented, in this view or one before; the primary has
    /// executed everything up to there.
    var consent = 0
    var transfer = Transfer.notNeeded
    /// The place of the last operation that the snapshot of the current view contains.
    var transferredThrough = 0
    var retry = RetrySchedule(Leadership.retryTiming)
    var isRetryArmed = false
    /// The last operation that was under way when the retry timer was armed; later ones have not
    /// waited long enough to be sent again.
    var retryThrough = 0

    /// For when the retry timer never fires. Whether it is armed stays: arming it again would be
    /// one more effect to die before.
    mutating func forgetRetries() {
      retry.reset()
      retryThrough = 0
    }

    func isPending(_ request: RequestID) -> Bool {
      pending.contains { $0.ordered.request == request }
    }

    func fingerprint(into hasher: inout StableHasher) {
      for operation in pending {
        hasher.combine(operation.ordered)
        hasher.combine(operation.response != nil)
        hasher.combine(operation.isAnswered)
      }
      hasher.combine(pending.count)
      hasher.combine(lastOrdered)
      hasher.combine(consent)
      hasher.combine(UInt64(transfer.rawValue))
      hasher.combine(transferredThrough)
      hasher.combine(retry)
      hasher.combine(isRetryArmed)
      hasher.combine(retryThrough)
    }
  }
}
