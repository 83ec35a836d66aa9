import SimulationKernel

extension PrimaryBackup {
  /// What a scenario sets, looked up once: options as values, known bugs as one Boolean for each
  /// decision that they change.
  struct Settings: Sendable {
    let serverCount: Int
    let viewService: NodeID
    let rules: ViewServiceRules
    /// From one ping of a server, or tick of the view service, to the next.
    let pingInterval: VirtualDuration
    let clientRetry: RetryTiming
    /// Whether the view service sends each new view to all servers.
    let pushesViews: Bool
    /// How long the primary works on a snapshot before it can send it.
    let transferTime: VirtualDuration
    /// Whether the primary goes on with other work, pings among it, while it prepares a snapshot.
    let pingsWhileTransferring: Bool

    /// Whether a server leads because the view service says so, without state of its own.
    let believesViews: Bool
    let answersBeforeBackup: Bool
    let readsWithoutBackup: Bool
    let goesOnAloneAfterError: Bool
    let acceptsForeignForwards: Bool
    let appliesBeforeSnapshot: Bool
    let acknowledgesBeforeTransfer: Bool
    let transfersTable: Bool
    let appliesInArrivalOrder: Bool
    let backupAnswersReads: Bool

    init(_ setting: ProtocolSetting<Deviation>) {
      let options = setting.options
      let bugs = setting.deviations
      serverCount = setting.layout.serverCount
      viewService = setting.layout.coordinator ?? NodeID(serverCount)
      rules = Self.rules(setting)
      pingInterval = max(
        options.duration("pingInterval", default: .milliseconds(100)), .microseconds(1))
      clientRetry = setting.retry
      pushesViews = options.choice("views", default: "ping") == "push"
      transferTime = options.duration("transfer", default: .zero)
      pingsWhileTransferring = options.flag("pingWhileTransferring", default: true)
      believesViews =
        bugs.contains(.movesWithoutAcknowledgement) || bugs.contains(.promotesIdleServer)
        || bugs.contains(.ignoresRestartOfPrimary) || bugs.contains(.acknowledgesBeforeTransfer)
        || bugs.contains(.appliesBeforeSnapshot)
      answersBeforeBackup = bugs.contains(.answersBeforeBackup)
      readsWithoutBackup = bugs.contains(.readsWithoutBackup)
      goesOnAloneAfterError = bugs.contains(.goesOnAloneAfterError)
      acceptsForeignForwards = bugs.contains(.acceptsForeignForwards)
      appliesBeforeSnapshot = bugs.contains(.appliesBeforeSnapshot)
      acknowledgesBeforeTransfer = bugs.contains(.acknowledgesBeforeTransfer)
      transfersTable = !bugs.contains(.transfersNoTable)
      appliesInArrivalOrder = bugs.contains(.appliesInArrivalOrder)
      backupAnswersReads = bugs.contains(.backupAnswersReads)
    }

    private static func rules(_ setting: ProtocolSetting<Deviation>) -> ViewServiceRules {
      var rules = ViewServiceRules.lecture
      rules.deadTicks = max(1, setting.options.integer("deadPings", default: rules.deadTicks))
      rules.suspectsSilence = setting.detector == .timeouts
      rules.survivorConfirms = setting.options.flag("confirmSurvivor", default: true)
      rules.waitsForAcknowledgement =
        !setting.deviations.contains(.movesWithoutAcknowledgement)
      rules.promotesIdleServer = setting.deviations.contains(.promotesIdleServer)
      rules.restartedPrimaryIsDead = !setting.deviations.contains(.ignoresRestartOfPrimary)
      rules.choosesLiveServersOnly = !setting.deviations.contains(.choosesDeadIdleServer)
      return rules
    }
  }
}
