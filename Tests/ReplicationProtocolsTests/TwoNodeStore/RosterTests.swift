import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// Who is what: the load balancer's decisions.
@Suite struct RosterTests {
  private let s1 = Two.node("s1")
  private let s2 = Two.node("s2")

  private func formed() -> TwoNodeStore.Roster {
    var roster = TwoNodeStore.Roster()
    roster.heartbeat(from: s2, incarnation: 1, recovered: 0)
    roster.heartbeat(from: s1, incarnation: 1, recovered: 0)
    return roster
  }

  @Test func waitsForBothNodes() {
    var roster = TwoNodeStore.Roster()
    roster.heartbeat(from: s2, incarnation: 1, recovered: 0)
    #expect(roster.assignment.epoch == 0)
    roster.heartbeat(from: s1, incarnation: 1, recovered: 0)
    #expect(roster.assignment.description == "1: s1 + s2")
  }

  @Test func theBackupFollowsAFailedPrimary() {
    var roster = formed()
    roster.serverFailed(s1)
    #expect(roster.assignment.description == "2: s2")
  }

  @Test func aNodeThatReturnsRecoversAndIsStableWhenItSaysSo() {
    var roster = formed()
    roster.serverFailed(s1)
    roster.heartbeat(from: s1, incarnation: 2, recovered: 0)
    #expect(roster.assignment.description == "3: s2 (s1 recovers)")
    roster.heartbeat(from: s1, incarnation: 2, recovered: 2)
    #expect(roster.assignment.description == "3: s2 (s1 recovers)")
    roster.heartbeat(from: s1, incarnation: 2, recovered: 3)
    #expect(roster.assignment.description == "4: s2 + s1")
  }

  /// s1 fails, and then s2, which has gone on alone: s1 may not lead, however early it returns.
  @Test func onlyANodeThatHoldsEverythingMayLead() {
    var roster = formed()
    roster.serverFailed(s1)
    roster.serverFailed(s2)
    roster.heartbeat(from: s1, incarnation: 2, recovered: 0)
    #expect(roster.assignment.description == "3: none")
    roster.heartbeat(from: s2, incarnation: 2, recovered: 0)
    #expect(roster.assignment.description == "4: s2 (s1 recovers)")
  }

  @Test func aRecoveringNodeThatFailsLeavesThePrimaryAlone() {
    var roster = formed()
    roster.serverFailed(s2)
    roster.heartbeat(from: s2, incarnation: 2, recovered: 0)
    roster.serverFailed(s2)
    #expect(roster.assignment.description == "4: s1")
  }

  @Test func aPrimaryThatFailsDuringARecoveryIsWaitedFor() {
    var roster = formed()
    roster.serverFailed(s2)
    roster.heartbeat(from: s2, incarnation: 2, recovered: 0)
    roster.serverFailed(s1)
    roster.heartbeat(from: s2, incarnation: 2, recovered: 3)
    #expect(roster.assignment.description == "4: none")
    roster.heartbeat(from: s1, incarnation: 2, recovered: 0)
    #expect(roster.assignment.description == "5: s1 (s2 recovers)")
  }

  /// BS-15: both are told that they are primary, in the same epoch.
  @Test func aLonelyBackupPromotesItself() {
    var roster = TwoNodeStore.Roster(promotesLonelyBackup: true)
    roster.heartbeat(from: s2, incarnation: 1, recovered: 0)
    #expect(roster.assignment.description == "1: s2")
    roster.heartbeat(from: s1, incarnation: 1, recovered: 0)
    #expect(roster.assignment.description == "1: s1 + s2")
  }
}
