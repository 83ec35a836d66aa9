import Testing

@testable import ReplicationProtocols

/// The nine public view-service cases of the 6.824 labs, in one continuous run: each goes on where
/// the one before ended. The views in between are not asserted by the labs, but follow from the
/// rules.
@Suite struct ViewServiceLectureTests {
  @Test func nineCasesInOneRun() {
    var script = ViewServiceScript(.lecture)
    #expect(script.view == "0: - -")
    firstPrimaryAndBackup(&script)
    backupTakesOver(&script)
    idleServerFollows(&script)
    restartedPrimary(&script)
    deadBackup(&script)
    unacknowledgedView(&script)
    uninitialisedServer(&script)
  }

  /// Cases 1 and 2.
  private func firstPrimaryAndBackup(_ script: inout ViewServiceScript) {
    script.play("s1.0", "1: s1 -")
    script.play("s1.1", "1: s1 -")
    script.play("s2.0", "2: s1 s2")
  }

  /// Case 3: at the fifth tick after the primary's last ping, not before. Case 4: the old primary
  /// restarts and becomes backup.
  private func backupTakesOver(_ script: inout ViewServiceScript) {
    script.play("s1.2 s2.2", "2: s1 s2")
    script.play("s2.2 tick", times: 4, "2: s1 s2")
    script.play("s2.2", "2: s1 s2")
    script.play("tick s2.2", "3: s2 -")
    script.play("s2.3", "3: s2 -")
    script.play("s1.0 s2.3", "4: s2 s1")
  }

  /// Case 5: the idle server becomes backup in the same step.
  private func idleServerFollows(_ script: inout ViewServiceScript) {
    script.play("s2.4", "4: s2 s1")
    script.play("s3.0 s1.4 tick", times: 4, "4: s2 s1")
    script.play("s3.0 s1.4", "4: s2 s1")
    script.play("tick s3.0 s1.4", "5: s1 s3")
  }

  /// Case 6: a primary that restarts has failed, however quickly it comes back.
  private func restartedPrimary(_ script: inout ViewServiceScript) {
    script.play("s1.5", "5: s1 s3")
    script.play("s1.0 s3.5", "6: s3 -")
  }

  /// Case 7.
  private func deadBackup(_ script: inout ViewServiceScript) {
    script.play("s3.6 tick", "7: s3 s1")
    script.play("s3.7 tick", times: 3, "7: s3 s1")
    script.play("s3.7", "7: s3 s1")
    script.play("tick", "8: s3 -")
    script.play("s3.8 tick", times: 10, "8: s3 -")
  }

  /// Case 8: the primary dies before it acknowledges; then nothing moves any more.
  private func unacknowledgedView(_ script: inout ViewServiceScript) {
    script.play("s1.0 s3.8", "9: s3 s1")
    script.play("s1.9 tick", times: 15, "9: s3 s1")
  }

  /// Case 9: both members die; the idle server is never promoted.
  private func uninitialisedServer(_ script: inout ViewServiceScript) {
    script.play("s1.9 s2.0 s3.9 tick", times: 10, "9: s3 s1")
    script.play("s2.0 tick", times: 10, "9: s3 s1")
  }
}
