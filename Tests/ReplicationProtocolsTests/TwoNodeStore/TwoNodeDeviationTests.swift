import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// One test a known bug: the decision that it changes. That each of them breaks the store is what
/// the scenarios show.
@Suite struct TwoNodeDeviationTests {
  private let write = Operation.writeBlocks(first: 0, count: 1, value: "a")
  private let wide = Operation.writeBlocks(first: 0, count: 2, value: "a")
  private let logged = Two.write(1, 1, Two.id("c1", 1), [0], "a")
  private let id = TwoNodeStore.TransactionID(epoch: 1, number: 1)

  private func asking(
    _ bug: TwoNodeStore.Deviation, _ operation: Operation? = nil
  ) -> TwoNodeScript<TwoNodeStore.Server> {
    var server = Two.server("s1", [bug])
    server.receive(Two.request("c1", 1, operation ?? write), from: "lb")
    server.resumeAll()
    return server
  }

  private func settings(_ bugs: TwoNodeStore.Deviation...) -> TwoNodeStore.Settings {
    TwoNodeStore.Settings(Two.setting(bugs))
  }

  @Test func idsAreThePublicOnes() {
    #expect(
      TwoNodeStore.Deviation.allCases.map(\.rawValue) == [
        "BS-01", "BS-02", "BS-03", "BS-04", "BS-05", "BS-06", "BS-08", "BS-09", "BS-10", "BS-11",
        "BS-12", "BS-13", "BS-14", "BS-15", "BS-16", "BS-17", "BS-19", "BS-20",
        "approach-3-drawn", "approach-3-coded",
      ])
    for deviation in TwoNodeStore.Deviation.allCases { #expect(!deviation.change.isEmpty) }
  }

  @Test func onlyTheCorrectVariantComparesContents() {
    #expect(settings().comparesContents)
    for bug in TwoNodeStore.Deviation.allCases { #expect(!settings(bug).comparesContents) }
  }

  @Test func approach1CommitsBeforeItAsks() {
    var server = asking(.primaryCommitsFirst)
    #expect(Two.text(server.node.contents) == "0:a")
    let read = Operation.readBlocks(first: 0, count: 1)
    #expect(server.receive(Two.request("c2", 1, read), from: "lb") == ["c2 <- Reply(1)"])
    #expect(server.receive(.committed(id), from: "s2") == ["c1 <- Reply(1)"])
  }

  @Test func approach2AsksBeforeItWritesAndGivesUpWithoutAnAnswer() {
    var server = Two.server("s1", [.backupCommitsFirst])
    #expect(
      server.receive(Two.request("c1", 1, write), from: "lb") == ["s2 <- Commit(1.1: 0, 1)"])
    #expect(server.fileOperations.isEmpty)
    server.receive(.assignment(Two.assignment(2, "s1", .absent)), from: "lb")
    #expect(server.resumeAll() == ["c1 <- Refused(1)"])
    #expect(Two.text(server.node.contents).isEmpty)
  }

  @Test func theFileIsInPlaceBeforeTheBackupIsAsked() {
    #expect(Two.text(asking(.renamesBeforeRecord).node.contents) == "0:a")
    #expect(Two.text(asking(.locksLastBlockOnly).node.contents) == "0:a")
    #expect(Two.text(asking(.unalignedWriteIsTwoRenames, wide).node.contents) == "0:a")
  }

  @Test func onlyTheFirstPendingWriteIsSent() {
    var server = Two.server("s1", [.transfersFirstPendingOnly])
    server.receive(.assignment(Two.assignment(2, "s1", .absent)), from: "lb")
    for number in 1...2 {
      server.receive(Two.request("c1", number, write), from: "lb")
      server.resumeAll()
    }
    let recovering = Two.assignment(3, "s1", .recovering, incarnations: [1, 2])
    #expect(server.receive(.fetchPending(recovering), from: "s2") == ["s2 <- Pending(2.1)"])
  }

  @Test(arguments: [true, false])
  func theOutcomeOfACommittedWrite(isForgotten: Bool) {
    var server = Two.server("s2", isForgotten ? [.outcomesForgotten] : [])
    server.receive(.commit(Two.assignment(1, "s1"), logged), from: "s1")
    server.resumeAll()
    server.receive(
      .assignment(Two.assignment(2, "s2", .absent, incarnations: [0, 1])), from: "lb")
    let recovering = Two.assignment(3, "s2", .recovering, incarnations: [2, 1])
    let answer = isForgotten ? "unknown" : "committed"
    #expect(
      server.receive(.getState(recovering, [logged]), from: "s1") == ["s1 <- States(\(answer))"])
  }

  @Test func whatIsNotForced() {
    func syncs(_ bugs: [TwoNodeStore.Deviation]) -> [FileOperation] {
      var server = Two.server("s2", bugs)
      server.receive(.commit(Two.assignment(1, "s1"), logged), from: "s1")
      var operations = server.fileOperations
      while !server.postponed.isEmpty {
        server.resume()
        operations += server.fileOperations
      }
      return operations.filter {
        $0 == .syncFile("d0/b0.tmp") || $0 == .syncDirectory("d0")
      }
    }
    #expect(syncs([]) == [.syncFile("d0/b0.tmp"), .syncDirectory("d0")])
    #expect(syncs([.directoryNotForced]) == [.syncFile("d0/b0.tmp")])
    #expect(syncs([.fileNotForced]) == [.syncDirectory("d0")])
  }

  @Test func readsDoNotWait() {
    let read = Operation.readBlocks(first: 0, count: 1)
    var unlocked = asking(.readsWithoutLock)
    #expect(unlocked.receive(Two.request("c2", 1, read), from: "lb") == ["c2 <- Reply(1)"])
    var half = asking(.locksLastBlockOnly, wide)
    #expect(half.receive(Two.request("c2", 1, read), from: "lb") == ["c2 <- Reply(1)"])
    let last = Operation.readBlocks(first: 1, count: 1)
    #expect(half.receive(Two.request("c2", 2, last), from: "lb").isEmpty)
  }

  @Test(arguments: [true, false])
  func aRecoveringNodeIsAsked(tooEarly: Bool) {
    var balancer = TwoNodeScript(
      TwoNodeStore.makeCoordinator(Two.setting(tooEarly ? [.registersBeforeRecovery] : [])),
      Two.node("lb"))
    for name in ["s1", "s2"] {
      balancer.receive(.heartbeat(incarnation: 1, recovered: 0), from: name)
    }
    balancer.step { $0.serverFailed(Two.node("s2"), &$1) }
    balancer.receive(.heartbeat(incarnation: 2, recovered: 0), from: "s2")
    let read = Operation.readBlocks(first: 0, count: 1)
    let first = balancer.receive(Two.request("c1", 1, read), from: "c1")
    let second = balancer.receive(Two.request("c1", 2, read), from: "c1")
    #expect(first == ["s1 <- Request(1, read 0)"])
    #expect(second == [tooEarly ? "s2 <- Request(2, read 0)" : "s1 <- Request(2, read 0)"])
  }

  @Test func writesGoOnDuringARecovery() {
    var server = Two.server("s1", [.writesDuringRecovery])
    server.receive(
      .assignment(Two.assignment(2, "s1", .recovering, incarnations: [1, 2])), from: "lb")
    server.receive(Two.request("c1", 1, write), from: "lb")
    #expect(server.resumeAll() == ["s2 <- Commit(2.1: 0, 2)"])
  }

  @Test func silenceIsTakenForDeath() {
    var server = asking(.silenceIsDeath)
    #expect(server.fire(.retry(1)).isEmpty)
    #expect(server.resumeAll() == ["c1 <- Reply(1)"])
  }

  @Test func aLateAnswerDropsTheWriteAndKeepsTheFile() {
    var server = asking(.timeoutDropsTransaction)
    #expect(server.fire(.retry(1)) == ["c1 <- Refused(1)"])
    #expect(Two.text(server.node.contents) == "0:a")
    #expect(!server.node.hasApplied(Two.id("c1", 1)))
  }

  @Test func theCommitOfADeadPrimaryIsExecuted() {
    var server = Two.server("s2", [.staleCommitAccepted])
    server.receive(
      .assignment(Two.assignment(2, "s2", .absent, incarnations: [0, 1])), from: "lb")
    server.receive(.commit(Two.assignment(1, "s1"), logged), from: "s1")
    server.resumeAll()
    #expect(Two.text(server.node.contents) == "0:a")
  }

  @Test func approach3AsCodedPreparesInARoundOfItsOwn() {
    var primary = asking(.approach3AsCoded)
    #expect(Two.text(primary.node.contents).isEmpty)
    #expect(primary.receive(.prepared(id), from: "s2").isEmpty)
    #expect(Two.text(primary.node.contents) == "0:a")
    #expect(primary.resumeAll() == ["s2 <- Commit(1.1: 0, 1)"])

    var backup = Two.server("s2", [.approach3AsCoded])
    backup.receive(.prepare(Two.assignment(1, "s1"), logged), from: "s1")
    #expect(backup.resumeAll() == ["s1 <- Prepared(1.1)"])
    #expect(Two.text(backup.node.contents).isEmpty)
    backup.receive(.commit(Two.assignment(1, "s1"), logged), from: "s1")
    #expect(backup.resumeAll() == ["s1 <- Committed(1.1)"])
    #expect(Two.text(backup.node.contents) == "0:a")
  }

  @Test func approach3AsDrawnFinishesFromTheFilesThatAreLeft() {
    let drawn = settings(.approach3AsDrawn)
    #expect(!drawn.redoesFromLog)
    #expect(!drawn.forcesDirectories)
    #expect(!drawn.refusesStaleCommits)
    #expect(!drawn.clientsRetryWrites)
    #expect(drawn.order == .prepared)
  }
}
