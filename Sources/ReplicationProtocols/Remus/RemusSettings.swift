import SimulationKernel

extension Remus {
  /// What every node is told before it starts.
  struct Settings: Sendable {
    let serverCount: Int
    let clients: [NodeID]
    let epoch: VirtualDuration
    let suspectAfter: VirtualDuration
    let clientRetry: RetryTiming
    /// Whether it is an assumption that both hosts may fail, if both come back.
    let bothMayFail: Bool

    // Decision points.
    let releasesOnSend: Bool
    let releasesLaterEpochs: Bool
    let buffersDiskWrites: Bool
    let acknowledgesWhole: Bool
    let writesActivation: Bool
    let dropsIncomplete: Bool
    let copiesBeforeResuming: Bool
    let writesThrough: Bool
    let suspectsSilence: Bool

    init(_ setting: ProtocolSetting<Deviation>) {
      let options = setting.options
      let bugs = setting.deviations
      serverCount = setting.layout.serverCount
      clients = setting.layout.clients
      epoch = max(options.duration("epoch", default: Self.epochDefault), .microseconds(1))
      suspectAfter = max(
        options.duration("suspectAfter", default: Self.suspectDefault), .microseconds(1))
      clientRetry = setting.retry
      bothMayFail = options.flag("bothMayFail", default: false)
      releasesOnSend = bugs.contains(.releasedWhenSent)
      releasesLaterEpochs = bugs.contains(.noBarrier)
      buffersDiskWrites = !bugs.contains(.diskWritesAtOnce)
      acknowledgesWhole = !bugs.contains(.acknowledgedInPart)
      writesActivation = !bugs.contains(.noActivationRecord)
      dropsIncomplete = !bugs.contains(.incompleteApplied)
      copiesBeforeResuming = !bugs.contains(.resumedBeforeCopy)
      writesThrough = !bugs.contains(.writesHeld)
      suspectsSilence = bugs.contains(.silenceIsDeath)
    }

    static let epochDefault = VirtualDuration.milliseconds(25)
    static let suspectDefault = VirtualDuration.milliseconds(200)
  }

  /// Known bugs.
  public enum Deviation: String, ProtocolDeviation {
    case releasedWhenSent = "RM-01"
    case noBarrier = "RM-02"
    case diskWritesAtOnce = "RM-03"
    case acknowledgedInPart = "RM-04"
    case noActivationRecord = "RM-06"
    case incompleteApplied = "RM-08"
    case resumedBeforeCopy = "RM-09"
    case writesHeld = "RM-10"
    case silenceIsDeath = "RM-11"

    public var change: String {
      switch self {
      case .releasedWhenSent:
        "an epoch's outputs leave when its checkpoint is sent, not when it is acknowledged"
      case .noBarrier:
        "an acknowledgement lets all buffered outputs out, those of later epochs too"
      case .diskWritesAtOnce:
        "the backup applies disk writes as they arrive, before their checkpoint is complete"
      case .acknowledgedInPart:
        "the backup acknowledges a checkpoint when its first page arrives"
      case .noActivationRecord:
        "a backup that takes over writes no activation record, so nobody can tell whose disk is "
          + "valid"
      case .incompleteApplied:
        "a backup that takes over also uses the pages of a checkpoint that did not arrive whole"
      case .resumedBeforeCopy:
        "the guest runs on before its changed pages are copied, so they hold later changes"
      case .writesHeld:
        "the active host keeps disk writes in memory until their checkpoint is acknowledged"
      case .silenceIsDeath:
        "each host takes the other's silence for its death (RM-12 is the same on one side only)"
      }
    }
  }
}
