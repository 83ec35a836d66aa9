import SimulationKernel

extension VmLog {
  /// What every node is told before it starts.
  struct Settings: Sendable {
    let serverCount: Int
    let clients: [NodeID]
    let storage: NodeID
    /// Whether silence means failure; with a perfect detector nobody needs to guess.
    let suspectsSilence: Bool
    let heartbeatInterval: VirtualDuration
    let suspectAfter: VirtualDuration
    /// How many entries the primary keeps for the backup.
    let logBuffer: Int
    /// How long each entry waits at the backup before it is replayed.
    let replayLag: VirtualDuration
    let serverRetry: RetryTiming
    let clientRetry: RetryTiming

    // Decision points.
    let obeysOutputRule: Bool
    let replaysBeforeGoingLive: Bool
    let logsClock: Bool
    let deliversAtInstruction: Bool
    let testsAndSets: Bool
    let rearmsFlag: Bool
    let stallsWhenFull: Bool
    let issuesAgain: Bool
    let knowsRepeatedOutputs: Bool
    let acknowledgesReceipt: Bool

    init(_ setting: ProtocolSetting<Deviation>) {
      let options = setting.options
      let bugs = setting.deviations
      serverCount = setting.layout.serverCount
      clients = setting.layout.clients
      storage = setting.layout.coordinator ?? NodeID(serverCount)
      suspectsSilence = setting.detector == .timeouts
      heartbeatInterval = max(
        options.duration("heartbeatInterval", default: Self.heartbeatDefault), .microseconds(1))
      suspectAfter = max(
        options.duration("suspectAfter", default: Self.suspectDefault), .microseconds(1))
      logBuffer = max(options.integer("logBuffer", default: Self.bufferDefault), Self.stepEntries)
      replayLag = options.duration("replayLag", default: .zero)
      let wait = max(
        options.duration("retransmitAfter", default: Self.retransmitDefault), .microseconds(1))
      serverRetry = RetryTiming(after: wait, limit: wait * 8)
      clientRetry = setting.retry
      obeysOutputRule = !bugs.contains(.outputNotHeld)
      replaysBeforeGoingLive = !bugs.contains(.liveBeforeReplay)
      logsClock = !bugs.contains(.clockNotLogged)
      deliversAtInstruction = !bugs.contains(.deliveredElsewhere)
      testsAndSets = !bugs.contains(.noTestAndSet) && !bugs.contains(.asDescribed)
      rearmsFlag = !bugs.contains(.flagStaysSet)
      stallsWhenFull = !bugs.contains(.fullBufferDrops)
      issuesAgain = !bugs.contains(.pendingTakenForDone)
      knowsRepeatedOutputs = !bugs.contains(.exactlyOnceExpected)
      acknowledgesReceipt = !bugs.contains(.asDescribed)
    }

    static let heartbeatDefault = VirtualDuration.milliseconds(20)
    static let suspectDefault = VirtualDuration.milliseconds(100)
    static let retransmitDefault = VirtualDuration.milliseconds(60)
    static let bufferDefault = 16
    /// The most entries that one input of the guest leads to: a completion, the output that it
    /// allows, and of the next request the clock and the output.
    static let stepEntries = 4

    /// `s1` is primary and `s2` backup; the others are spare.
    var firstConfiguration: Configuration {
      Configuration(
        number: 1, primary: Member(server: 0, incarnation: 1),
        backup: serverCount > 1 ? Member(server: 1, incarnation: 1) : nil)
    }
  }

  /// Known bugs, and the lecture's own words.
  public enum Deviation: String, ProtocolDeviation {
    case outputNotHeld = "VM-01"
    case liveBeforeReplay = "VM-03"
    case clockNotLogged = "VM-04"
    case deliveredElsewhere = "VM-05"
    case noTestAndSet = "VM-08"
    case flagStaysSet = "VM-09"
    case fullBufferDrops = "VM-10"
    case pendingTakenForDone = "VM-11"
    case exactlyOnceExpected = "VM-12"
    case asDescribed = "as-described"

    public var change: String {
      switch self {
      case .outputNotHeld:
        "outputs leave the primary at once, whether the backup has their log entries or not"
      case .liveBeforeReplay:
        "the backup goes live where it is, and drops the log that it has not replayed yet"
      case .clockNotLogged:
        "what the guest reads from its clock is not logged; the backup reads a clock of its own"
      case .deliveredElsewhere:
        "the backup gives its guest an input as soon as it can, not at the logged instruction"
      case .noTestAndSet:
        "a machine that misses the other goes live without asking the shared storage"
      case .flagStaysSet:
        "a new backup does not arm the test-and-set again, so after the next failure nobody wins"
      case .fullBufferDrops:
        "when the log buffer is full the primary runs on, and what it would log is dropped"
      case .pendingTakenForDone:
        "a machine that goes live takes a pending disk write for done instead of issuing it again"
      case .exactlyOnceExpected:
        "a client counts on outputs that come exactly once: any answer is for its oldest request"
      case .asDescribed:
        "the lecture's words: the primary waits for the backup's output, the two monitor each "
          + "other, and the backup takes over when it misses the primary"
      }
    }
  }
}
