import SimulationKernel

extension TwoNodeStore {
  /// The crash table of the document: "Approach #3", the three slides of crashes 1.1 to 3.3, and
  /// the system behaviour on a crash. Where a slide has one entry for several rows, it stands in
  /// each of them.
  static let crashTable = CrashTable(
    source: "the document's slides of approach 3, crashes 1.1 to 3.3",
    variants: ["correct", "approach-3-drawn", "approach-3-coded", "BS-01", "BS-02"],
    rows: [
      CrashTable.Row(
        "1.1", "primary: START in its log, the backup not asked", primaryBeforeCommit),
      CrashTable.Row(
        "1.2", "primary: the log says that the backup is asked, nothing is sent",
        primaryBeforeCommit),
      CrashTable.Row("2.1", "backup: Commit has arrived, nothing is done", backupBeforeCommit),
      CrashTable.Row("2.2", "backup: START in its log, not committed", backupBeforeCommit),
      CrashTable.Row("2.3", "backup: COMMIT in its log, not answered", backupAfterCommit),
      CrashTable.Row("3.1", "primary: the backup has committed, nothing renamed", primaryAfterward),
      CrashTable.Row("3.2", "primary: files renamed into place, no COMMIT", primaryAfterward),
      CrashTable.Row("3.3", "primary: COMMIT in its log, the client not answered", nobody),
    ])

  private static let primaryBeforeCommit = [
    CrashTable.Promise(
      "primary", "on reboot reconciles the transaction and fetches what is pending"),
    CrashTable.Promise("backup", "becomes primary"),
    CrashTable.Promise("client", "retries"),
  ]

  private static let backupBeforeCommit = [
    CrashTable.Promise(
      "primary", "logs that replication is pending, keeps the transaction in memory, commits it"),
    CrashTable.Promise(
      "backup", "on reboot asks for the outcome, applies the changes and what is pending"),
    CrashTable.Promise("client", "notices nothing"),
  ]

  private static let backupAfterCommit = [
    CrashTable.Promise(
      "primary", "logs that replication is pending, keeps the transaction in memory, commits it"),
    CrashTable.Promise("backup", "has nothing to do"),
    CrashTable.Promise("client", "notices nothing"),
  ]

  private static let primaryAfterward = [
    CrashTable.Promise(
      "primary", "on reboot asks for the outcome, applies the changes and what is pending"),
    CrashTable.Promise("backup", "has nothing to do"),
    CrashTable.Promise("client", "notices nothing"),
  ]

  private static let nobody = [
    CrashTable.Promise("primary", "has nothing to do"),
    CrashTable.Promise("backup", "has nothing to do"),
    CrashTable.Promise("client", "notices nothing"),
  ]
}
