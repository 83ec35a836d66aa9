import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// One test a known bug: the decision that it changes. Those of the view service stand in
/// `ViewServiceRuleTests`; here is how they get there.
@Suite struct PrimaryBackupDeviationTests {
  private let put = Operation.put(key: 0, value: "a")

  @Test func idsAreThePublicOnes() {
    #expect(
      PrimaryBackup.Deviation.allCases.map(\.rawValue) == [
        "VS-01", "VS-04", "VS-05", "VS-08", "PB-01", "PB-02", "PB-03", "PB-04", "PB-05", "PB-07",
        "PB-08", "PB-12", "PB-15",
      ])
    for deviation in PrimaryBackup.Deviation.allCases { #expect(!deviation.change.isEmpty) }
  }

  /// Scenario files may name the labels that the summary lists, and no others.
  @Test func everyCrashPointIsListed() {
    var seen: [String] = []
    var primary = Names.server("s1")
    primary.receive(Names.view(1, "s1"), from: "vs")
    primary.receive(Names.view(2, "s1", "s2"), from: "vs")
    seen += primary.crashPoints
    primary.receive(.acknowledgement(view: 2, sequence: 0), from: "s2")
    primary.receive(Names.request("c1", 1, put), from: "c1")
    seen += primary.crashPoints
    primary.receive(.acknowledgement(view: 2, sequence: 1), from: "s2")
    seen += primary.crashPoints
    seen += Names.backup().crashPoints
    #expect(Set(seen) == Set(PrimaryBackup.summary.crashPoints))
  }

  @Test func bugsOfTheViewServiceChangeItsRules() {
    func rules(_ bugs: PrimaryBackup.Deviation...) -> PrimaryBackup.ViewServiceRules {
      PrimaryBackup.Settings(Names.setting(bugs)).rules
    }
    var expected = PrimaryBackup.ViewServiceRules.lecture
    expected.survivorConfirms = true
    #expect(rules() == expected)
    #expect(!rules(.movesWithoutAcknowledgement).waitsForAcknowledgement)
    #expect(rules(.promotesIdleServer).promotesIdleServer)
    #expect(!rules(.ignoresRestartOfPrimary).restartedPrimaryIsDead)
    #expect(!rules(.choosesDeadIdleServer).choosesLiveServersOnly)
  }

  /// With each of these a server that holds nothing takes the lead that the view service gives it.
  @Test(arguments: [
    PrimaryBackup.Deviation.movesWithoutAcknowledgement, .promotesIdleServer,
    .ignoresRestartOfPrimary, .appliesBeforeSnapshot, .acknowledgesBeforeTransfer,
  ])
  func anEmptyServerServes(_ bug: PrimaryBackup.Deviation) {
    var server = Names.server("s2", [bug])
    server.receive(Names.view(3, "s2"), from: "vs")
    #expect(
      server.receive(Names.request("c1", 1, .get(key: 0)), from: "c1")
        == ["c1 <- Reply(1, \"\")"])
  }

  @Test func pb01AnswersWhileTheForwardIsUnderWay() {
    var server = Names.primary([.answersBeforeBackup])
    #expect(
      server.receive(Names.request("c1", 1, put), from: "c1") == [
        "s2 <- Forward(view 2, #1 put 0)", "c1 <- Reply(1, done)",
      ])
    #expect(server.receive(.acknowledgement(view: 2, sequence: 1), from: "s2") == [])
  }

  @Test func pb02AnswersReadsAlone() {
    var server = Names.primary([.readsWithoutBackup])
    #expect(
      server.receive(Names.request("c1", 1, .get(key: 0)), from: "c1")
        == ["c1 <- Reply(1, \"\")"])
  }

  @Test func pb03TakesAnErrorForDeath() {
    var rejected = Names.primary([.goesOnAloneAfterError])
    rejected.receive(Names.request("c1", 1, put), from: "c1")
    #expect(
      rejected.receive(.rejection(view: 2, current: 3), from: "s2").first
        == "c1 <- Reply(1, done)")

    var unanswered = Names.primary([.goesOnAloneAfterError])
    unanswered.receive(Names.request("c1", 1, put), from: "c1")
    let lines = (1...4).map { _ in unanswered.fire(.retry()) }
    #expect(lines.contains { $0.contains("c1 <- Reply(1, done)") })

    var unavailable = Names.primary([.goesOnAloneAfterError])
    unavailable.receive(Names.request("c1", 1, put), from: "c1")
    #expect(unavailable.loses("s2") == ["c1 <- Reply(1, done)"])
  }

  @Test func pb04AcceptsForwardsOfAnOldView() {
    var server = Names.backup([.acceptsForeignForwards])
    server.receive(Names.view(3, "s2"), from: "vs")
    #expect(
      server.receive(.forward(Names.ordered(1, "c1", 1, put), view: 2), from: "s1")
        == ["s1 <- Ack(view 2, #1)"])
    #expect(server.node.contents == [KeyedValue(key: 0, value: "a")])
  }

  @Test func pb05LetsTheSnapshotOverwriteWhatWasForwarded() {
    var server = Names.server("s2", [.appliesBeforeSnapshot])
    server.receive(Names.view(2, "s1", "s2"), from: "vs")
    let later = Names.ordered(2, "c1", 2, .put(key: 0, value: "b"))
    #expect(server.receive(.forward(later, view: 2), from: "s1") == ["s1 <- Ack(view 2, #2)"])
    #expect(server.node.contents == [KeyedValue(key: 0, value: "b")])
    let snapshot = PrimaryBackup.Snapshot(view: 2, replica: Names.replica(put))
    #expect(server.receive(.snapshot(snapshot), from: "s1") == ["s1 <- Ack(view 2, #2)"])
    #expect(server.node.contents == [KeyedValue(key: 0, value: "a")])
  }

  @Test func pb07AcknowledgesWhileTheSnapshotIsUnderWay() {
    var server = Names.server("s1", [.acknowledgesBeforeTransfer])
    server.receive(Names.view(1, "s1"), from: "vs")
    server.receive(Names.view(2, "s1", "s2"), from: "vs")
    #expect(server.fire(.pace()) == ["vs <- Ping(2, in view 2)"])
  }

  @Test func pb08LeavesTheTableBehind() {
    var server = Names.server("s1", [.transfersNoTable])
    server.receive(Names.view(1, "s1"), from: "vs")
    server.receive(Names.request("c1", 1, put), from: "c1")
    server.receive(Names.view(2, "s1", "s2"), from: "vs")
    guard case .snapshot(let snapshot)? = server.messages.last else {
      Issue.record("no snapshot was sent")
      return
    }
    #expect(snapshot.replica.contents == [KeyedValue(key: 0, value: "a")])
    #expect(!snapshot.replica.table.contains(Names.id("c1", 1)))
  }

  @Test func pb12ExecutesInOrderOfArrival() {
    var server = Names.backup([.appliesInArrivalOrder])
    for (sequence, value) in [(2, "y"), (1, "x"), (2, "y")] {
      let ordered = Names.ordered(sequence, "c1", sequence, .append(key: 0, value: value))
      server.receive(.forward(ordered, view: 2), from: "s1")
    }
    #expect(server.node.contents == [KeyedValue(key: 0, value: "yx")])
  }

  @Test func pb15AnswersReadsAsBackup() {
    var server = Names.backup([.backupAnswersReads])
    #expect(
      server.receive(Names.request("c1", 1, .get(key: 0)), from: "c1")
        == ["c1 <- Reply(1, \"\")"])
    #expect(
      server.receive(Names.request("c1", 2, put), from: "c1") == ["c1 <- Refused(2, view 2)"])
  }
}
