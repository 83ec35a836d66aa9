import SimulationKernel

extension TwoNodeStore {
  /// Who commits a write first.
  enum CommitOrder: Hashable, Sendable {
    /// The primary prepares, the backup commits, the primary commits.
    case prepared
    /// Approach 1: the primary commits, then the backup.
    case primaryFirst
    /// Approach 2: the backup commits, then the primary.
    case backupFirst
  }

  /// What a scenario sets, looked up once: options as values, deviations as one value for each
  /// decision that they change.
  struct Settings: Sendable {
    let loadBalancer: NodeID
    let heartbeat: VirtualDuration
    let filesPerDirectory: Int
    /// When a node repeats what it asked the other.
    let peerRetry: RetryTiming
    let clientRetry: RetryTiming

    let order: CommitOrder
    /// Whether the primary's files are in place before the backup is asked.
    let renamesBeforeRecord: Bool
    /// Whether the backup prepares in a round of its own before it is told to commit.
    let preparesBackup: Bool
    let renamesFirstBlockAtOnce: Bool
    let forcesFiles: Bool
    let forcesDirectories: Bool
    /// Whether recovery finishes a write from the log, or from the temporary files that are left.
    let redoesFromLog: Bool
    let transfersAllPending: Bool
    let understandsPendingRecord: Bool
    let remembersOutcomes: Bool
    let readsWaitForLock: Bool
    let locksAllBlocks: Bool
    let servesWhileRecovering: Bool
    let refusesWritesWhilePeerRecovers: Bool
    let backupPromotesItself: Bool
    let silenceIsDeath: Bool
    let refusesStaleCommits: Bool
    let clientsRetryWrites: Bool
    let timeoutDropsTransaction: Bool
    /// Whether a recovered node serves only if its contents equal the other's, and a read answers
    /// only what the node remembers. Not where a bug is in force: it would hide what the bug does
    /// behind a node that never serves.
    let comparesContents: Bool

    init(_ setting: ProtocolSetting<Deviation>) {
      let options = setting.options
      let bugs = setting.deviations
      let drawn = bugs.contains(.approach3AsDrawn)
      let coded = bugs.contains(.approach3AsCoded)
      let late = bugs.contains(.timeoutDropsTransaction)
      loadBalancer = setting.layout.coordinator ?? NodeID(setting.layout.serverCount)
      heartbeat = max(
        options.duration("heartbeat", default: .milliseconds(100)), .microseconds(1))
      filesPerDirectory = max(1, options.integer("filesPerDirectory", default: 4))
      let wait = max(
        options.duration("answerWithin", default: .milliseconds(60)), .microseconds(1))
      peerRetry = RetryTiming(after: wait, limit: wait * 8)
      clientRetry = setting.retry
      order =
        bugs.contains(.primaryCommitsFirst)
        ? .primaryFirst : bugs.contains(.backupCommitsFirst) ? .backupFirst : .prepared
      let lastOnly = bugs.contains(.locksLastBlockOnly) || coded
      renamesBeforeRecord =
        bugs.contains(.renamesBeforeRecord) || bugs.contains(.locksLastBlockOnly) || late || coded
      preparesBackup = coded
      renamesFirstBlockAtOnce = bugs.contains(.unalignedWriteIsTwoRenames)
      forcesFiles = !bugs.contains(.fileNotForced)
      forcesDirectories = !bugs.contains(.directoryNotForced) && !drawn && !coded
      redoesFromLog = !drawn && !coded
      transfersAllPending = !bugs.contains(.transfersFirstPendingOnly) && !coded
      understandsPendingRecord = !bugs.contains(.pendingRecordNotUnderstood) && !coded
      remembersOutcomes = !bugs.contains(.outcomesForgotten)
      readsWaitForLock = !bugs.contains(.readsWithoutLock)
      locksAllBlocks = !lastOnly
      servesWhileRecovering = bugs.contains(.registersBeforeRecovery) || coded
      refusesWritesWhilePeerRecovers = !bugs.contains(.writesDuringRecovery) && !coded
      backupPromotesItself = bugs.contains(.backupPromotesItself)
      silenceIsDeath = bugs.contains(.silenceIsDeath)
      refusesStaleCommits = !bugs.contains(.staleCommitAccepted) && !drawn && !coded
      clientsRetryWrites = !bugs.contains(.clientDoesNotRetry) && !drawn
      timeoutDropsTransaction = late || coded
      comparesContents = bugs.isEmpty
    }
  }
}
