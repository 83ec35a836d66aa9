import SimulationKernel

extension PrimaryBackup {
  /// Known bugs of view services and of primary/backup stores.
  ///
  /// The bugs that let a server without state lead (VS-01, VS-04, VS-05, PB-05, PB-07) come from
  /// designs whose servers believe whatever the view service says; with one of them in force,
  /// servers do (`Settings.believesViews`).
  public enum Deviation: String, ProtocolDeviation {
    case movesWithoutAcknowledgement = "VS-01"
    case promotesIdleServer = "VS-04"
    case ignoresRestartOfPrimary = "VS-05"
    case choosesDeadIdleServer = "VS-08"
    case answersBeforeBackup = "PB-01"
    case readsWithoutBackup = "PB-02"
    case goesOnAloneAfterError = "PB-03"
    case acceptsForeignForwards = "PB-04"
    case appliesBeforeSnapshot = "PB-05"
    case acknowledgesBeforeTransfer = "PB-07"
    case transfersNoTable = "PB-08"
    case appliesInArrivalOrder = "PB-12"
    case backupAnswersReads = "PB-15"

    public var change: String {
      switch self {
      case .movesWithoutAcknowledgement:
        "the view service starts the next view without the primary's acknowledgement"
      case .promotesIdleServer:
        "if no member of the view is left, the view service makes an idle server primary"
      case .ignoresRestartOfPrimary:
        "a primary that restarts before it is missed stays primary, with nothing in memory"
      case .choosesDeadIdleServer:
        "the view service does not ask whether the idle server that it makes backup is alive"
      case .answersBeforeBackup:
        "the primary executes and answers before the backup has acknowledged"
      case .readsWithoutBackup:
        "the primary answers reads without asking the backup"
      case .goesOnAloneAfterError:
        "the primary takes a refused or unanswered forward for the backup's death and answers alone"
      case .acceptsForeignForwards:
        "a server accepts what is forwarded to it whatever its role and view"
      case .appliesBeforeSnapshot:
        "a new backup applies forwarded operations before it has the snapshot, which then "
          + "overwrites them"
      case .acknowledgesBeforeTransfer:
        "the primary acknowledges a view before the new backup has the state"
      case .transfersNoTable:
        "the snapshot does not contain the duplicate table"
      case .appliesInArrivalOrder:
        "forwarded operations carry no number, so the backup applies them as they arrive"
      case .backupAnswersReads:
        "clients read from any server, and a backup answers them"
      }
    }
  }
}
