import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// The backup's side of a server, driven by hand.
@Suite struct BackupTests {
  private func append(_ sequence: Int, _ value: String) -> PrimaryBackup.OrderedOperation {
    Names.ordered(sequence, "c1", sequence, .append(key: 0, value: value))
  }

  @Test func aForwardIsExecutedAndAcknowledged() {
    var server = Names.backup()
    #expect(
      server.receive(.forward(append(1, "x"), view: 2), from: "s1") == ["s1 <- Ack(view 2, #1)"])
    #expect(server.observations == [.applied(Names.id("c1", 1), sequence: 1)])
    #expect(server.crashPoints == ["applied", "acknowledged"])
    #expect(server.node.contents == [KeyedValue(key: 0, value: "x")])
  }

  @Test func aCopyGetsTheSameAcknowledgement() {
    var server = Names.backup()
    server.receive(.forward(append(1, "x"), view: 2), from: "s1")
    #expect(
      server.receive(.forward(append(1, "x"), view: 2), from: "s1") == ["s1 <- Ack(view 2, #1)"])
    #expect(server.node.contents == [KeyedValue(key: 0, value: "x")])
  }

  @Test func whatOvertookAnotherIsNotExecuted() {
    var server = Names.backup()
    #expect(
      server.receive(.forward(append(2, "y"), view: 2), from: "s1") == ["s1 <- Ack(view 2, #0)"])
    #expect(server.node.contents.isEmpty)
    server.receive(.forward(append(1, "x"), view: 2), from: "s1")
    #expect(
      server.receive(.forward(append(2, "y"), view: 2), from: "s1") == ["s1 <- Ack(view 2, #2)"])
    #expect(server.node.contents == [KeyedValue(key: 0, value: "xy")])
  }

  @Test func aForwardOfAnotherViewIsRejected() {
    var server = Names.backup()
    #expect(
      server.receive(.forward(append(1, "x"), view: 1), from: "s1")
        == ["s1 <- Reject(view 1, current 2)"])
    #expect(
      server.receive(.forward(append(1, "x"), view: 3), from: "s3") == [
        "s3 <- Reject(view 3, current 2)", "vs <- Ping(2, in view 2)",
      ])
    #expect(server.node.contents.isEmpty)
  }

  @Test func aPromotedBackupRejectsItsOldPrimary() {
    var server = Names.backup()
    server.receive(Names.view(3, "s2"), from: "vs")
    #expect(
      server.receive(.forward(append(1, "x"), view: 2), from: "s1")
        == ["s1 <- Reject(view 2, current 3)"])
  }

  @Test func aBackupRefusesClients() {
    var server = Names.backup()
    #expect(
      server.receive(Names.request("c1", 1, .get(key: 0)), from: "c1")
        == ["c1 <- Refused(1, view 2)"])
  }

  @Test func theBackupOfAnotherIncarnationIsIdle() {
    var server = Names.server("s2", incarnation: 2)
    server.receive(Names.view(2, "s1", "s2"), from: "vs")
    #expect(server.node.role == .idle)
    #expect(
      server.receive(.forward(append(1, "x"), view: 2), from: "s1")
        == ["s1 <- Reject(view 2, current 2)"])
    server.receive(Names.view(4, "s1", "s2*"), from: "vs")
    #expect(server.node.role == .backup)
  }

  @Test func theFingerprintTellsStatesApart() {
    var server = Names.backup()
    let before = server.node.fingerprint
    server.receive(.forward(append(1, "x"), view: 2), from: "s1")
    let after = server.node.fingerprint
    #expect(before != after)
    server.receive(.forward(append(1, "x"), view: 2), from: "s1")
    #expect(server.node.fingerprint == after)
  }
}
