import SimulationKernel

extension ChainStore {
  /// What a scenario sets, looked up once: options as values, deviations as one value for each
  /// decision that they change.
  struct Settings: Sendable {
    let layout: ClusterLayout
    let sectorsPerBlock: Int
    let volumes: VolumeChoice
    let initialChain: Int
    let joinAfter: VirtualDuration
    let transferChunk: Int
    let heartbeat: VirtualDuration
    /// Whether relaying an acknowledgement is a call that returns when the head has committed.
    let waitsForAcknowledgement: Bool
    let retransmitAfter: VirtualDuration
    let askAfter: VirtualDuration
    let dropAfterRetries: Int
    let checksumEvery: Int
    let survivesTotalFailure: Bool
    let clientRetry: RetryTiming

    let volumeDesign: VolumeDesign
    let newHeadCountsAnew: Bool
    let resendLosesIdentity: Bool
    let emptyResendLocks: Bool
    let handsOverSent: Bool
    let forwardsBeforeWriting: Bool
    let readsWhatIsPending: Bool
    let everyReplicaMerges: Bool
    let forgetsAcknowledged: Forgetting
    let olderIsAcknowledged: Bool
    let retriesUnderNewIdentity: Bool
    let cleansByAge: Bool
    let payloadIsString: Bool
    let dropsSilentNodes: Bool
    let replaysWhatIsHandedOver: Bool
    let queuedIsDone: Bool
    let restart: RestartRule
    /// Whether a tail serves only once it has committed what an earlier tail may have.
    let servesWhenSettled: Bool
    /// Whether a relayed write of a removed predecessor is refused.
    let refusesOldEpochs: Bool
    /// Whether a node that comes back to an empty chain remembers whose writes it holds.
    let replayIsDurable: Bool
    /// Whether a read must find what the node remembers. Not where a bug is in force: it would hide
    /// what the bug does.
    let comparesContents: Bool

    /// Which formats the nodes' volumes have.
    enum VolumeChoice: Hashable, Sendable {
      case all(VolumeFormat)
      /// Atomic and linear in turn.
      case mixed
    }

    /// What an acknowledgement takes out of the replay log at once.
    enum Forgetting: Hashable, Sendable {
      case nothing
      case entry
      /// The document: older entries of the client too.
      case entryAndOlder
    }

    /// Who may begin a chain when all nodes had failed.
    enum RestartRule: Hashable, Sendable {
      /// Whichever has committed most of those that may have acknowledged something.
      case holders
      /// The document: the last one that failed.
      case lastFailed
      /// CR-23.
      case anybody
    }

    func format(of node: NodeID) -> VolumeFormat {
      switch volumes {
      case .all(let format): format
      case .mixed: node.index % 2 == 0 ? .atomic : .linear
      }
    }

    var master: NodeID { layout.coordinator ?? NodeID(layout.serverCount) }

    /// Silence after which a server repeats for the `attempt`-th time (from 0).
    func wait(attempt: Int) -> VirtualDuration {
      retransmitAfter * Int64(1 << min(attempt, Self.largestAttempt))
    }

    /// Waits double up to this attempt, and counters of attempts stop here.
    static let largestAttempt = 4
    /// Replay entries that a root has room for beside the entries to be redone; a head takes no
    /// more writes than that.
    static let replayRoom = 400
  }
}

extension ChainStore.Settings {
  init(_ setting: ProtocolSetting<ChainStore.Deviation>) {
    let options = setting.options
    let bugs = setting.deviations
    let published = bugs.contains(.asPublished)
    let documented = published || bugs.contains(.asReported)
    func has(_ bug: ChainStore.Deviation) -> Bool { bugs.contains(bug) }

    layout = setting.layout
    sectorsPerBlock = max(1, min(options.integer("sectorsPerBlock", default: 2), 8))
    volumes = Self.volumes(options)
    let servers = setting.layout.serverCount
    let initial = options.integer("initialChain", default: 0)
    initialChain = initial < 1 ? servers : min(initial, servers)
    joinAfter = options.duration("joinAfter", default: Self.joinAfterDefault)
    transferChunk = max(1, options.integer("transferChunk", default: Self.transferChunkDefault))
    heartbeat = max(
      options.duration("heartbeat", default: Self.heartbeatDefault), .microseconds(10))
    waitsForAcknowledgement =
      options.choice("acknowledgements", default: "cumulative") == "blocking"
    retransmitAfter = max(
      options.duration("retransmitAfter", default: Self.retransmitDefault), .microseconds(10))
    askAfter = max(options.duration("askAfter", default: Self.askDefault), .microseconds(1))
    dropAfterRetries = max(0, options.integer("dropAfterRetries", default: 0))
    checksumEvery = max(0, options.integer("checksumEvery", default: 0))
    survivesTotalFailure = options.flag("totalFailure", default: false)
    clientRetry = setting.retry

    volumeDesign = Self.volumeDesign(bugs)
    newHeadCountsAnew = published || has(.newHeadCountsAnew)
    resendLosesIdentity = published || has(.resendLosesIdentity)
    emptyResendLocks = published || has(.emptyResendLocksForEver)
    handsOverSent = !published && !has(.joinWithoutSentList)
    forwardsBeforeWriting = published || has(.forwardsBeforeWriting)
    readsWhatIsPending = published || has(.readsWhatIsPending)
    everyReplicaMerges = documented || has(.everyReplicaMerges)
    forgetsAcknowledged =
      published || has(.acknowledgedIsForgotten)
      ? .entry : has(.asReported) ? .entryAndOlder : .nothing
    olderIsAcknowledged = published || has(.olderIsAcknowledged)
    retriesUnderNewIdentity = published || has(.retriesUnderNewIdentity)
    cleansByAge = has(.cleansByAge)
    payloadIsString = published || has(.payloadIsString)
    dropsSilentNodes = published || has(.oneMissedHeartbeat)
    replaysWhatIsHandedOver = !has(.replayLogOfTheBeginning)
    queuedIsDone = has(.queuedIsDone)
    restart =
      published || has(.firstRegistrantIsTheChain)
      ? .anybody : has(.asReported) ? .lastFailed : .holders
    servesWhenSettled = !documented
    refusesOldEpochs = !documented
    replayIsDurable = !documented
    comparesContents = bugs.isEmpty
  }

  private static func volumes(_ options: ProtocolOptions) -> VolumeChoice {
    switch options.choice("volume", default: "atomic") {
    case "linear": .all(.linear)
    case "mixed": .mixed
    default: .all(.atomic)
    }
  }

  private static func volumeDesign(
    _ bugs: DeviationSet<ChainStore.Deviation>
  ) -> ChainStore.VolumeDesign {
    let published = bugs.contains(.asPublished)
    let documented = published || bugs.contains(.asReported)
    var design = ChainStore.VolumeDesign()
    design.keepsTwoRoots = !documented && !bugs.contains(.oneRoot)
    design.redoesEntries = !documented && !bugs.contains(.entriesWithoutRedo)
    design.keepsNewerPending =
      !published && !bugs.contains(.readsWhatIsPending) && !bugs.contains(.everyReplicaMerges)
    design.findsUsedPlaces = !bugs.contains(.freeListOfWrongIndex)
    return design
  }

  static let joinAfterDefault = VirtualDuration.milliseconds(20)
  static let transferChunkDefault = 8
  static let heartbeatDefault = VirtualDuration.milliseconds(50)
  static let retransmitDefault = VirtualDuration.milliseconds(60)
  static let askDefault = VirtualDuration.milliseconds(3)
}
