import SimulationKernel

extension MasterBackup {
  /// What every node is told before it starts.
  struct Settings: Sendable {
    let serverCount: Int
    let clients: [NodeID]
    let master: NodeID
    let joinAfter: VirtualDuration
    let serverRetry: RetryTiming
    let clientRetry: RetryTiming

    let waitsForAcknowledgements: Bool
    let queriesWait: Bool
    let promotesLongest: Bool
    let bringsOthersUpToDate: Bool
    let suspendsBackups: Bool
    let waitsForAll: Bool
    let anyServerAnswersQueries: Bool
    let knowsRetries: Bool

    init(_ setting: ProtocolSetting<Deviation>) {
      let options = setting.options
      let bugs = setting.deviations
      serverCount = setting.layout.serverCount
      clients = setting.layout.clients
      master = setting.layout.coordinator ?? NodeID(serverCount)
      joinAfter = options.duration("joinAfter", default: Self.joinAfterDefault)
      let wait = max(
        options.duration("retransmitAfter", default: Self.retransmitDefault), .microseconds(1))
      serverRetry = RetryTiming(after: wait, limit: wait * 8)
      clientRetry = setting.retry
      waitsForAcknowledgements = !bugs.contains(.answersBeforeAcknowledgements)
      queriesWait = !bugs.contains(.queriesDoNotWait)
      promotesLongest = !bugs.contains(.promotesAnyBackup)
      bringsOthersUpToDate = !bugs.contains(.othersStayBehind)
      suspendsBackups = !bugs.contains(.backupsNotSuspended)
      waitsForAll = !bugs.contains(.majorityIsEnough)
      anyServerAnswersQueries = bugs.contains(.anyServerAnswersQueries)
      knowsRetries = !bugs.contains(.retriesExecuteTwice)
    }

    static let joinAfterDefault = VirtualDuration.milliseconds(5)
    static let retransmitDefault = VirtualDuration.milliseconds(60)

    /// `s1` is primary, the others are backups.
    var firstConfiguration: Configuration {
      let members = (0..<serverCount).map { Member(server: $0, incarnation: 1) }
      return Configuration(
        number: 1, term: 1, primary: members[0], backups: Array(members.dropFirst()))
    }
  }

  /// Known bugs; all of them are ours, but for MB-07, which is the paper's "weak" primary/backup.
  public enum Deviation: String, ProtocolDeviation {
    case answersBeforeAcknowledgements = "MB-01"
    case queriesDoNotWait = "MB-02"
    case promotesAnyBackup = "MB-03"
    case othersStayBehind = "MB-04"
    case backupsNotSuspended = "MB-05"
    case majorityIsEnough = "MB-06"
    case anyServerAnswersQueries = "MB-07"
    case retriesExecuteTwice = "MB-08"

    public var change: String {
      switch self {
      case .answersBeforeAcknowledgements:
        "the primary answers an update when it has forwarded it, before any acknowledgement"
      case .queriesDoNotWait:
        "the primary answers a query at once, with updates that are not acknowledged"
      case .promotesAnyBackup:
        "the master promotes the first backup, whatever the others have"
      case .othersStayBehind:
        "a new primary takes it that the other backups have what it has"
      case .backupsNotSuspended:
        "backups go on taking the old primary's updates after they were counted"
      case .majorityIsEnough: "the primary answers when a majority of the servers has the update"
      case .anyServerAnswersQueries:
        "weak primary/backup: clients ask any server, and it answers with what it has"
      case .retriesExecuteTwice: "an update that a client sends again is executed again"
      }
    }
  }
}
