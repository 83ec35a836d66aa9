import SimulationKernel

extension TwoNodeStore {
  /// Known bugs of the two-node store, and the document's own designs.
  ///
  /// A design is a set of smaller deviations (`Settings` says which). Approaches 1 and 2 are what
  /// BS-01 and BS-02 describe, and go by these names.
  public enum Deviation: String, ProtocolDeviation {
    case primaryCommitsFirst = "BS-01"
    case backupCommitsFirst = "BS-02"
    case renamesBeforeRecord = "BS-03"
    case transfersFirstPendingOnly = "BS-04"
    case pendingRecordNotUnderstood = "BS-05"
    case outcomesForgotten = "BS-06"
    case directoryNotForced = "BS-08"
    case fileNotForced = "BS-09"
    case unalignedWriteIsTwoRenames = "BS-10"
    case readsWithoutLock = "BS-11"
    case locksLastBlockOnly = "BS-12"
    case registersBeforeRecovery = "BS-13"
    case writesDuringRecovery = "BS-14"
    case backupPromotesItself = "BS-15"
    case silenceIsDeath = "BS-16"
    case staleCommitAccepted = "BS-17"
    case clientDoesNotRetry = "BS-19"
    case timeoutDropsTransaction = "BS-20"
    case approach3AsDrawn = "approach-3-drawn"
    case approach3AsCoded = "approach-3-coded"

    public var change: String {
      switch self {
      case .primaryCommitsFirst:
        "approach 1: the primary commits a write before it tells the backup of it"
      case .backupCommitsFirst:
        "approach 2: the backup commits first, and the primary gives up a write whose answer fails"
      case .renamesBeforeRecord:
        "the primary renames the file into place before the log says that the backup is asked"
      case .transfersFirstPendingOnly:
        "a recovering node gets the first pending write only"
      case .pendingRecordNotUnderstood:
        "a restarted node does not understand the log's records of pending writes"
      case .outcomesForgotten:
        "the outcome of a transaction is looked up among those under way, and is unknown otherwise"
      case .directoryNotForced: "the directory is not forced after a rename"
      case .fileNotForced: "the temporary file is not forced before it is renamed"
      case .unalignedWriteIsTwoRenames:
        "the first block of an unaligned write is renamed into place while the second is prepared"
      case .readsWithoutLock: "reads do not wait for the lock of a block that is being written"
      case .locksLastBlockOnly:
        "an unaligned write locks its last block only, and the primary renames before the backup"
      case .registersBeforeRecovery:
        "a restarted node registers for reads before its recovery has ended"
      case .writesDuringRecovery:
        "the primary goes on with writes while the other node recovers"
      case .backupPromotesItself:
        "a backup that finds no other node registered makes itself primary"
      case .silenceIsDeath:
        "the primary takes a backup that does not answer for dead, whatever the load balancer says"
      case .staleCommitAccepted: "a node accepts the Commit of a primary that it has replaced"
      case .clientDoesNotRetry: "a client does not repeat a write that got no answer"
      case .timeoutDropsTransaction:
        "if the backup's answer is late, the primary drops the write and keeps the renamed file"
      case .approach3AsDrawn:
        "approach 3 as the slides draw it: no forced directories, no epochs, no data in the log"
      case .approach3AsCoded:
        "approach 3 in the order of its published code: prepare, rename, record, commit"
      }
    }
  }
}
