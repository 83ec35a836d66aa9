import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// The transfer of the state to a new backup, both sides driven by hand.
@Suite struct TransferTests {
  private let put = Operation.put(key: 0, value: "a")

  /// The primary of `(1: s1)` with one operation executed.
  private func alone(
    _ bugs: [PrimaryBackup.Deviation] = [], _ options: [String: ProtocolOptions.Value] = [:]
  ) -> NodeScript<PrimaryBackup.Server> {
    var server = Names.server("s1", bugs, options)
    server.receive(Names.view(1, "s1"), from: "vs")
    server.receive(Names.request("c1", 1, put), from: "c1")
    return server
  }

  @Test func theViewIsAcknowledgedWhenTheBackupHasTheState() {
    var server = alone()
    #expect(
      server.receive(Names.view(2, "s1", "s2"), from: "vs")
        == ["s2 <- Snapshot(view 2, through #1)"])
    #expect(server.crashPoints == ["snapshot sent"])
    #expect(server.fire(.pace()) == ["vs <- Ping(1, in view 2)"])
    server.receive(.acknowledgement(view: 2, sequence: 1), from: "s2")
    #expect(server.fire(.pace()) == ["vs <- Ping(2, in view 2)"])
  }

  @Test func theSnapshotIsSentAgainUntilItIsInstalled() {
    var server = alone()
    server.receive(Names.view(2, "s1", "s2"), from: "vs")
    server.receive(Names.request("c1", 2, .get(key: 0)), from: "c1")
    #expect(server.fire(.retry()) == ["s2 <- Snapshot(view 2, through #1)"])
    #expect(
      server.fire(.retry()) == [
        "s2 <- Snapshot(view 2, through #1)", "s2 <- Forward(view 2, #2 get 0)",
      ])
  }

  /// With pings: the server goes on, but what comes waits for the snapshot, and is part of it.
  @Test func aLongTransferLeavesTheServerAtWork() {
    var server = alone([], ["transfer": .duration(.milliseconds(700))])
    #expect(server.receive(Names.view(2, "s1", "s2"), from: "vs") == [])
    #expect(server.armed == [.pace(1)])
    #expect(server.fire(.pace()) == ["vs <- Ping(1, in view 2)"])
    #expect(server.receive(Names.request("c1", 2, .append(key: 0, value: "b")), from: "c1") == [])
    #expect(server.fire(.pace(1)) == ["s2 <- Snapshot(view 2, through #2)"])
    #expect(
      server.receive(.acknowledgement(view: 2, sequence: 2), from: "s2")
        == ["c1 <- Reply(2, \"ab\")"])
  }

  /// Without: it does nothing else meanwhile.
  @Test func aLongTransferCanKeepTheServerBusy() {
    var server = alone(
      [], ["transfer": .duration(.milliseconds(700)), "pingWhileTransferring": .flag(false)])
    #expect(
      server.receive(Names.view(2, "s1", "s2"), from: "vs")
        == ["s2 <- Snapshot(view 2, through #1)"])
    let work = server.effects.contains {
      if case .work(.milliseconds(700)) = $0 { true } else { false }
    }
    #expect(work)
  }

  @Test func aViewThatEndsDuringTheTransferEndsIt() {
    var server = alone([], ["transfer": .duration(.milliseconds(700))])
    server.receive(Names.view(2, "s1", "s2"), from: "vs")
    server.receive(Names.view(3, "s1"), from: "vs")
    #expect(server.fire(.pace(1)) == [])
    #expect(server.fire(.pace()) == ["vs <- Ping(3, in view 3)"])
  }

  @Test func theBackupInstallsTheSnapshotOfItsViewOnce() {
    var server = Names.server("s2")
    server.receive(Names.view(2, "s1", "s2"), from: "vs")
    #expect(!server.node.isReplica)
    let snapshot = PrimaryBackup.Message.snapshot(
      PrimaryBackup.Snapshot(view: 2, replica: Names.replica(put)))
    #expect(server.receive(snapshot, from: "s1") == ["s1 <- Ack(view 2, #1)"])
    #expect(server.crashPoints == ["snapshot installed"])
    #expect(server.node.isReplica)
    #expect(server.node.replica.table.contains(Names.id("c1", 1)))
    server.receive(
      .forward(Names.ordered(2, "c1", 2, .put(key: 0, value: "b")), view: 2), from: "s1")
    // A copy that was under way for long.
    #expect(server.receive(snapshot, from: "s1") == ["s1 <- Ack(view 2, #2)"])
    #expect(server.node.contents == [KeyedValue(key: 0, value: "b")])
  }

  @Test func aSnapshotOfAnotherViewIsRejected() {
    var server = Names.backup()
    let old = PrimaryBackup.Snapshot(view: 1, replica: Names.replica(put))
    #expect(server.receive(.snapshot(old), from: "s3") == ["s3 <- Reject(view 1, current 2)"])
    let new = PrimaryBackup.Snapshot(view: 4, replica: Names.replica(put))
    #expect(
      server.receive(.snapshot(new), from: "s3") == [
        "s3 <- Reject(view 4, current 2)", "vs <- Ping(2, in view 2)",
      ])
    #expect(server.node.contents.isEmpty)
  }

  @Test func aPrimaryInstallsNoSnapshot() {
    var server = Names.primary()
    let snapshot = PrimaryBackup.Snapshot(view: 2, replica: Names.replica(put))
    #expect(
      server.receive(.snapshot(snapshot), from: "s2") == ["s2 <- Reject(view 2, current 2)"])
  }

  /// A server that was backup before starts from nothing when it becomes backup again (DSLabs
  /// recipe 19): the primary may have gone on alone meanwhile.
  @Test func aBackupOfALaterViewWaitsForItsOwnSnapshot() {
    var server = Names.backup()
    server.receive(.forward(Names.ordered(1, "c1", 1, put), view: 2), from: "s1")
    server.receive(Names.view(4, "s1", "s2"), from: "vs")
    #expect(!server.node.isReplica)
    #expect(
      server.receive(.forward(Names.ordered(2, "c1", 2, put), view: 4), from: "s1") == [])
    let snapshot = PrimaryBackup.Snapshot(
      view: 4, replica: Names.replica(put, .put(key: 1, value: "b")))
    #expect(server.receive(.snapshot(snapshot), from: "s1") == ["s1 <- Ack(view 4, #2)"])
    #expect(server.node.contents.count == 2)
  }
}
