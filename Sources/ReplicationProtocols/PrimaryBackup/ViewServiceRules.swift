extension PrimaryBackup {
  /// How a view service judges: the parameters in which courses differ, and those that known bugs
  /// change.
  struct ViewServiceRules: Hashable, Sendable {
    /// A server that has not pinged for so many ticks is taken for dead.
    var deadTicks = 5
    /// Whether silence makes a server dead; not where a perfect detector reports failures.
    var suspectsSilence = true
    /// Whether a primary that pings as a new incarnation has failed (VS-05 says no). In the MIT lab
    /// a ping of number 0 says so; DSLabs knows no restarts.
    var restartedPrimaryIsDead = true
    /// R5 (VS-01 says no).
    var waitsForAcknowledgement = true
    /// Whether an idle server becomes primary if no member is left; never in a correct service
    /// (VS-04).
    var promotesIdleServer = false
    /// Whether only a live idle server becomes backup (VS-08 says no).
    var choosesLiveServersOnly = true
    /// Whether a member of a synchronised view must confirm that it carries on before the other is
    /// dropped.
    ///
    /// The lecture's service drops a silent member on its own authority. If the survivor dies in
    /// the same moment, the service waits for a dead server for ever, while the one that it dropped
    /// may be alive and up to date: a wrong suspicion and one crash together stop the store. With
    /// this rule a member that has confirmed is the one that must not fail, and it knows so before
    /// the service acts.
    var survivorConfirms = false

    /// The 6.824 labs: five missed pings.
    static let lecture = ViewServiceRules()

    /// DSLabs: dead when silent from one check to the next; servers do not restart.
    static let checkedTwice = ViewServiceRules(deadTicks: 2, restartedPrimaryIsDead: false)
  }
}
