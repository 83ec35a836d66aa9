import SimulationKernel

extension ChainStore {
  /// Known bugs of the chain store, and the document's own designs.
  ///
  /// A design is a set of smaller deviations; `Settings` says which.
  public enum Deviation: String, ProtocolDeviation {
    case newHeadCountsAnew = "CB-01"
    case resendLosesIdentity = "CB-02"
    case emptyResendLocksForEver = "CB-03"
    case joinWithoutSentList = "CB-04"
    case forwardsBeforeWriting = "CB-06"
    case readsWhatIsPending = "CB-07"
    case everyReplicaMerges = "CB-08"
    case acknowledgedIsForgotten = "CB-09"
    case olderIsAcknowledged = "CB-10"
    case retriesUnderNewIdentity = "CB-11"
    case cleansByAge = "CB-12"
    case payloadIsString = "CB-13"
    case entriesWithoutRedo = "CB-14"
    case oneRoot = "CB-17"
    case freeListOfWrongIndex = "CB-18"
    case oneMissedHeartbeat = "CB-20"
    case replayLogOfTheBeginning = "CB-21"
    case firstRegistrantIsTheChain = "CR-23"
    case queuedIsDone = "CR-24"
    case asReported = "as-reported"
    case asPublished = "as-published"

    public var change: String {
      switch self {
      case .newHeadCountsAnew:
        "a head numbers writes by those that it numbered, not by those that were relayed to it"
      case .resendLosesIdentity:
        "writes that are resent lose their client request id, and the successor drops them as old"
      case .emptyResendLocksForEver:
        "if the new successor lacks nothing, the lock of mode changes is never released"
      case .joinWithoutSentList:
        "a joining node gets what is committed when the copy begins, and no sent list"
      case .forwardsBeforeWriting:
        "a node forwards a write before it has written it, and adds it to its sent list after that"
      case .readsWhatIsPending:
        "reads see what is pending, and a commit forgets what is pending of the same blocks"
      case .everyReplicaMerges:
        "every replica merges an unaligned write with its own version, whose age depends on commits"
      case .acknowledgedIsForgotten:
        "an acknowledgement removes the replay log's entry, and a late retry counts as new"
      case .olderIsAcknowledged:
        "a request older than the oldest in the replay log counts as acknowledged"
      case .retriesUnderNewIdentity: "a client's retry of a write is a request of its own"
      case .cleansByAge: "the replay log forgets entries by the age of the client's time stamp"
      case .payloadIsString: "blocks sent to a joining node are cut at the first zero byte"
      case .entriesWithoutRedo:
        "a linear volume changes the two entries of an unaligned write without a record of both"
      case .oneRoot: "a volume has one root block without a checksum, written in place"
      case .freeListOfWrongIndex:
        "a restarted volume looks used blocks up by their number in the volume, not in the file"
      case .oneMissedHeartbeat:
        "the master drops a node that misses one heartbeat, and the node is not fenced"
      case .replayLogOfTheBeginning:
        "a joining node gets the replay log as it was when the copy began, and nothing added since"
      case .firstRegistrantIsTheChain:
        "after a failure of all nodes the first one that registers is the chain"
      case .queuedIsDone: "a client takes a write that the head has queued for a write that is done"
      case .asReported: "the store as its report describes it"
      case .asPublished: "the store as its published code behaves"
      }
    }
  }
}
