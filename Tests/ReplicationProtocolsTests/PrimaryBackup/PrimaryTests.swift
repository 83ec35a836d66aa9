import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// The primary's side of a server, driven by hand.
@Suite struct PrimaryTests {
  private let put = Operation.put(key: 0, value: "a")

  // MARK: Taking the lead

  @Test func theFirstPrimaryServesAloneAndAcknowledges() {
    var server = Names.server("s1")
    #expect(server.receive(Names.view(1, "s1"), from: "vs") == [])
    #expect(server.observations == [.adopted(role: .primary, epoch: 1)])
    #expect(server.fire(.pace()) == ["vs <- Ping(1, in view 1)"])
    #expect(server.receive(Names.request("c1", 1, put), from: "c1") == ["c1 <- Reply(1, done)"])
    #expect(server.crashPoints == ["ordered", "applied", "answered"])
  }

  @Test func aProcessWithoutStateNeverLeadsALaterView() {
    var server = Names.server("s1")
    server.receive(Names.view(3, "s1"), from: "vs")
    #expect(
      server.receive(Names.request("c1", 1, put), from: "c1") == ["c1 <- Refused(1, view 3)"])
    #expect(server.fire(.pace()) == ["vs <- Ping(0, in view 3)"])
    #expect(!server.node.isReplica)
  }

  @Test func anotherIncarnationsRoleIsNotMine() {
    var server = Names.server("s1", incarnation: 2)
    server.receive(Names.view(1, "s1"), from: "vs")
    #expect(server.node.role == .idle)
    #expect(
      server.receive(Names.request("c1", 1, put), from: "c1") == ["c1 <- Refused(1, view 1)"])
  }

  @Test func anOlderViewIsIgnored() {
    var server = Names.primary()
    server.receive(Names.view(1, "s2"), from: "vs")
    #expect(server.node.epoch == 2)
    #expect(server.node.role == .primary)
  }

  @Test func aPromotedBackupGoesOnWithTheStateAndTheNumbersItHas() {
    var server = Names.backup()
    server.receive(.forward(Names.ordered(1, "c1", 1, put), view: 2), from: "s1")
    server.receive(Names.view(3, "s2"), from: "vs")
    #expect(
      server.receive(Names.request("c2", 1, .get(key: 0)), from: "c2")
        == ["c2 <- Reply(1, \"a\")"])
    #expect(server.node.replica.sequence == 2)
  }

  // MARK: Ordering and consent

  @Test func anOperationIsAnsweredWhenTheBackupHasExecutedIt() {
    var server = Names.primary()
    #expect(
      server.receive(Names.request("c1", 1, put), from: "c1")
        == ["s2 <- Forward(view 2, #1 put 0)"])
    #expect(server.observations == [.accepted(Names.id("c1", 1), epoch: 2)])
    #expect(server.crashPoints == ["ordered", "forwarded"])
    #expect(server.node.contents.isEmpty)
    #expect(
      server.receive(.acknowledgement(view: 2, sequence: 1), from: "s2")
        == ["c1 <- Reply(1, done)"])
    #expect(
      server.observations == [
        .applied(Names.id("c1", 1), sequence: 1), .answered(Names.id("c1", 1), epoch: 2),
      ])
    #expect(server.crashPoints == ["acknowledged", "applied", "answered"])
  }

  @Test func readsAreForwardedToo() {
    var server = Names.primary()
    #expect(
      server.receive(Names.request("c1", 1, .get(key: 0)), from: "c1")
        == ["s2 <- Forward(view 2, #1 get 0)"])
  }

  @Test func oneAcknowledgementAnswersEverythingThroughItInOrder() {
    var server = Names.primary()
    server.receive(Names.request("c1", 1, .append(key: 0, value: "x")), from: "c1")
    server.receive(Names.request("c2", 1, .append(key: 0, value: "y")), from: "c2")
    server.receive(Names.request("c1", 2, .get(key: 0)), from: "c1")
    #expect(
      server.receive(.acknowledgement(view: 2, sequence: 2), from: "s2")
        == ["c1 <- Reply(1, \"x\")", "c2 <- Reply(1, \"xy\")"])
    #expect(server.receive(.acknowledgement(view: 2, sequence: 1), from: "s2") == [])
    #expect(
      server.receive(.acknowledgement(view: 2, sequence: 3), from: "s2")
        == ["c1 <- Reply(2, \"xy\")"])
  }

  @Test func consentOfAnotherViewCountsForNothing() {
    var server = Names.primary()
    server.receive(Names.request("c1", 1, put), from: "c1")
    #expect(server.receive(.acknowledgement(view: 1, sequence: 1), from: "s2") == [])
    #expect(server.receive(.acknowledgement(view: 3, sequence: 1), from: "s2") == [])
  }

  @Test func theOutcomeOfADrawIsForwarded() {
    var server = Names.primary()
    server.receive(
      Names.request("c1", 1, .putDrawn(key: 0, value: "v", outcomes: 1000)), from: "c1")
    guard case .forward(let ordered, _)? = server.messages.first else {
      Issue.record("nothing was forwarded")
      return
    }
    var backup = Names.backup()
    backup.receive(.forward(ordered, view: 2), from: "s1")
    server.receive(.acknowledgement(view: 2, sequence: 1), from: "s2")
    #expect(backup.node.contents == server.node.contents)
    #expect(backup.node.contents == [KeyedValue(key: 0, value: "v#\(ordered.drawn)")])
  }

  // MARK: No consent, no answer

  @Test func aRejectionIsNoAnswerAndSendsTheServerToTheViewService() {
    var server = Names.primary()
    server.receive(Names.request("c1", 1, put), from: "c1")
    #expect(
      server.receive(.rejection(view: 2, current: 3), from: "s2") == ["vs <- Ping(2, in view 2)"])
    #expect(server.receive(.rejection(view: 2, current: 1), from: "s2") == [])
  }

  @Test func whatIsNotAcknowledgedIsSentAgainForEver() {
    var server = Names.primary()
    server.receive(Names.request("c1", 1, put), from: "c1")
    for _ in 1...20 {
      // The timer may have been armed before the operation came; then it fires once in vain.
      server.fire(.retry())
      #expect(server.armed == [.retry()])
    }
    #expect(server.fire(.retry()) == ["s2 <- Forward(view 2, #1 put 0)"])
    server.receive(.acknowledgement(view: 2, sequence: 1), from: "s2")
    #expect(server.fire(.retry()) == [])
    #expect(server.armed == [])
  }

  // MARK: At most once

  @Test func aCopyOfAPendingRequestIsNotOrderedAgain() {
    var server = Names.primary()
    server.receive(Names.request("c1", 1, put), from: "c1")
    #expect(server.receive(Names.request("c1", 1, put), from: "c1") == [])
  }

  @Test func aCopyOfAnExecutedRequestGetsTheStoredAnswer() {
    var server = Names.primary()
    let append = Operation.append(key: 0, value: "x")
    server.receive(Names.request("c1", 1, append), from: "c1")
    server.receive(.acknowledgement(view: 2, sequence: 1), from: "s2")
    server.receive(Names.request("c2", 1, .append(key: 0, value: "y")), from: "c2")
    server.receive(.acknowledgement(view: 2, sequence: 2), from: "s2")
    #expect(
      server.receive(Names.request("c1", 1, append), from: "c1") == ["c1 <- Reply(1, \"x\")"])
    #expect(server.observations == [.answered(Names.id("c1", 1), epoch: 2)])
    #expect(server.node.contents == [KeyedValue(key: 0, value: "xy")])
  }

  @Test func aCopyOfAFinishedRequestIsIgnored() {
    var server = Names.primary()
    server.receive(Names.request("c1", 1, put), from: "c1")
    server.receive(.acknowledgement(view: 2, sequence: 1), from: "s2")
    server.receive(Names.request("c1", 2, .get(key: 0), lowestOpen: 2), from: "c1")
    server.receive(.acknowledgement(view: 2, sequence: 2), from: "s2")
    #expect(server.receive(Names.request("c1", 1, put), from: "c1") == [])
  }

  // MARK: Change of view

  /// Executed at once in the next view: alone if there is no backup.
  @Test func pendingOperationsAreAnsweredWhenTheBackupIsDropped() {
    var server = Names.primary()
    server.receive(Names.request("c1", 1, put), from: "c1")
    #expect(server.receive(Names.view(3, "s1"), from: "vs") == ["c1 <- Reply(1, done)"])
    #expect(server.observations.contains(.accepted(Names.id("c1", 1), epoch: 3)))
    #expect(server.observations.contains(.answered(Names.id("c1", 1), epoch: 3)))
  }

  /// They go into the snapshot of the next view, and are answered when it is installed.
  @Test func pendingOperationsBecomePartOfTheNextSnapshot() {
    var server = Names.primary()
    server.receive(Names.request("c1", 1, put), from: "c1")
    #expect(
      server.receive(Names.view(3, "s1", "s3"), from: "vs")
        == ["s3 <- Snapshot(view 3, through #1)"])
    #expect(server.receive(Names.request("c1", 1, put), from: "c1") == [])
    #expect(
      server.receive(.acknowledgement(view: 3, sequence: 1), from: "s3")
        == ["c1 <- Reply(1, done)"])
  }

  @Test func aDemotedPrimaryForgetsEverything() {
    var server = Names.primary()
    server.receive(Names.request("c1", 1, put), from: "c1")
    #expect(server.receive(Names.view(3, "s2", "s3"), from: "vs") == [])
    #expect(server.node.role == .idle)
    #expect(!server.node.isReplica)
    #expect(server.receive(.acknowledgement(view: 2, sequence: 1), from: "s2") == [])
    #expect(server.fire(.retry()) == [])
    #expect(
      server.receive(Names.request("c1", 1, put), from: "c1") == ["c1 <- Refused(1, view 3)"])
  }

  // MARK: The survivor confirms

  @Test func aServerThatIsAskedConfirmsInAStepOfItsOwn() {
    var server = Names.primary()
    #expect(server.receive(Names.view(2, "s1", "s2", asked: true), from: "vs") == ["resume 1"])
    #expect(server.node.carriesOnFrom == 2)
    #expect(server.resume(1) == ["vs <- Ping(2, in view 2, carries on from 2)"])
    #expect(server.receive(Names.view(2, "s1", "s2", asked: true), from: "vs") == [])
    #expect(server.fire(.pace()) == ["vs <- Ping(2, in view 2, carries on from 2)"])
  }

  @Test func aQuestionAboutAnOldViewIsNotConfirmed() {
    var server = Names.primary()
    #expect(server.receive(Names.view(1, "s1", asked: true), from: "vs") == [])
    #expect(server.node.carriesOnFrom == 0)
  }
}
