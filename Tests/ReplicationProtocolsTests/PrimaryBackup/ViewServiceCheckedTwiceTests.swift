import Testing

@testable import ReplicationProtocols

/// The twelve hand-driven view-server cases of DSLabs: dead is who was silent from one check to the
/// next, and a ping of number 0 from the primary is no restart.
@Suite struct ViewServiceCheckedTwiceTests {
  private func primary(isAcknowledged: Bool) -> ViewServiceScript {
    var script = ViewServiceScript(.checkedTwice)
    script.play("s1.0", "1: s1 -")
    if isAcknowledged { script.play("s1.1", "1: s1 -") }
    return script
  }

  private func primaryAndBackup(isAcknowledged: Bool) -> ViewServiceScript {
    var script = primary(isAcknowledged: true)
    script.play("s2.0", "2: s1 s2")
    if isAcknowledged { script.play("s1.2", "2: s1 s2") }
    return script
  }

  @Test func thereIsNoViewAtFirst() {
    #expect(ViewServiceScript(.checkedTwice).view == "0: - -")
  }

  @Test func theFirstServerBecomesPrimary() {
    #expect(primary(isAcknowledged: false).view == "1: s1 -")
  }

  @Test func theSecondServerBecomesBackup() {
    #expect(primaryAndBackup(isAcknowledged: false).view == "2: s1 s2")
  }

  @Test func theBackupIsAddedAtTheAcknowledgement() {
    var script = primary(isAcknowledged: false)
    script.play("s2.0", "1: s1 -")
    script.play("s1.1", "2: s1 s2")
  }

  @Test func twoChecksWithoutPingMakeThePrimaryDead() {
    var script = primaryAndBackup(isAcknowledged: true)
    script.play("s2.2 tick s2.2", "2: s1 s2")
    script.play("tick", "3: s2 -")
  }

  @Test func anOldPrimaryComesBackAsBackup() {
    var script = primaryAndBackup(isAcknowledged: true)
    script.pass(2)
    #expect(script.view == "3: s2 -")
    script.play("s2.3", "3: s2 -")
    script.play("s1.2", "4: s2 s1")
  }

  @Test func promotionAndReplacementAreOneStep() {
    var script = primaryAndBackup(isAcknowledged: true)
    script.pass(2, 3)
    #expect(script.view == "3: s2 s3")
  }

  @Test func anUnacknowledgedPrimaryIsNotReplaced() {
    var script = ViewServiceScript(.checkedTwice)
    script.play("s1.0 s2.0", "1: s1 -")
    script.play("s1.1", "2: s1 s2")
    script.play("s2.1", "2: s1 s2")
    script.pass(2)
    #expect(script.view == "2: s1 s2")
  }

  @Test func aDeadBackupIsRemoved() {
    var script = primaryAndBackup(isAcknowledged: true)
    script.pass(1)
    #expect(script.view == "3: s1 -")
  }

  @Test func anUninitialisedBackupIsNotPromoted() {
    var script = primaryAndBackup(isAcknowledged: true)
    script.pass(2, 3)
    script.pass(3)
    #expect(script.view == "3: s2 s3")
  }

  @Test func aDeadIdleServerIsNotChosen() {
    var script = primary(isAcknowledged: false)
    script.play("s2.0", "1: s1 -")
    script.pass()
    script.play("s1.1", "1: s1 -")
  }

  @Test func theSameViewGetsNoNewNumber() {
    var script = primary(isAcknowledged: false)
    script.pass(1)
    script.pass()
    script.play("s1.1", "1: s1 -")
    script.pass(1)
    script.pass()
    #expect(script.view == "1: s1 -")
    // The only case in which a primary that is thought dead gets a backup.
    script.play("s2.0", "2: s1 s2")
    script.play("s1.2", "2: s1 s2")
    script.pass(1, 2)
    script.pass()
    #expect(script.view == "2: s1 s2")
  }
}
