import SimulationKernel

extension PrimaryBackup {
  /// Whether an up-to-date server that the view service can still turn to remains if `server` fails
  /// now. The store survives any number of failures one after the other, but needs time between
  /// them: a view whose primary has not acknowledged it hangs on that primary.
  ///
  /// - A process without a role may fail.
  /// - A backup may fail while the primary lives and holds the state. If the transfer was not
  ///   complete, the primary gets another backup.
  /// - A primary may fail if it has acknowledged the view and the backup's process lives. This asks
  ///   what the view service was told, not what the backup holds, so that a primary that
  ///   acknowledges too early is found out.
  /// - Whoever has confirmed that it carries on without the other member may not fail until the
  ///   next view. Everybody may be the first primary before there is a view.
  public static func tolerates(
    failureOf server: NodeID, in facts: ClusterFacts<PrimaryBackup>
  ) -> Bool {
    guard let service = facts.coordinator?.service, let primary = service.view.primary else {
      return false
    }
    let victim = facts.servers[server.index]
    let role = service.view.role(of: victim.member)
    if role == .idle { return true }
    if victim.carriesOnFrom == service.view.number { return false }
    if role == .primary {
      guard service.isAcknowledged, let backup = service.view.backup else { return false }
      return isRunning(backup, in: facts)
    }
    return isRunning(primary, in: facts) && facts.servers[primary.server].isSynchronised
  }

  private static func isRunning(
    _ member: Member, in facts: ClusterFacts<PrimaryBackup>
  ) -> Bool {
    facts.isUp[member.server] && facts.servers[member.server].member == member
  }
}
