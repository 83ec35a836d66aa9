import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// The primary's side of a node, driven by hand.
@Suite struct TwoNodePrimaryTests {
  private let write = Operation.writeBlocks(first: 3, count: 2, value: "a")
  private let read = Operation.readBlocks(first: 3, count: 1)

  /// A primary whose write 1.1 of blocks 3 and 4 waits for the backup.
  private func asking(
    _ bugs: [TwoNodeStore.Deviation] = []
  ) -> TwoNodeScript<TwoNodeStore.Server> {
    var server = Two.server("s1", bugs)
    server.receive(Two.request("c1", 1, write), from: "lb")
    server.resumeAll()
    return server
  }

  @Test func preparesRecordsAndAsks() {
    var server = Two.server("s1")
    #expect(server.receive(Two.request("c1", 1, write), from: "lb").isEmpty)
    #expect(server.observations == [.accepted(Two.id("c1", 1), epoch: 1)])
    #expect(
      server.fileOperations.map(\.short) == [
        "mkdir d0", "sync .", "create d0/b3.tmp", "write d0/b3.tmp", "fsync d0/b3.tmp",
        "mkdir d1", "sync .", "create d1/b4.tmp", "write d1/b4.tmp", "fsync d1/b4.tmp",
      ])
    #expect(server.resume().isEmpty)
    #expect(server.fileOperations.map(\.short) == ["write log.1", "write log.1", "fsync log.1"])
    #expect(server.crashPoints == ["1.1"])
    #expect(server.resume() == ["s2 <- Commit(1.1: 3 4, 1)"])
    #expect(server.crashPoints == ["1.2"])
    #expect(Two.text(server.node.contents).isEmpty)
  }

  @Test func commitsAndAnswersWhenTheBackupHas() {
    var server = asking()
    let id = TwoNodeStore.TransactionID(epoch: 1, number: 1)
    #expect(server.receive(.committed(id), from: "s2").isEmpty)
    #expect(server.crashPoints == ["3.1", "3.2"])
    #expect(
      server.fileOperations.map(\.short) == [
        "rename d0/b3.tmp", "rename d1/b4.tmp", "sync d0", "sync d1",
      ])
    #expect(server.resume() == ["c1 <- Reply(1)"])
    #expect(server.crashPoints == ["3.3"])
    #expect(server.fileOperations.map(\.short) == ["write log.1"])
    #expect(Two.text(server.node.contents) == "3:a 4:a")
    #expect(server.node.pending.isEmpty)
    #expect(server.receive(Two.request("c1", 1, write), from: "lb") == ["c1 <- Reply(1)"])
  }

  @Test func goesOnAloneWhenTheLoadBalancerSaysThatTheBackupIsDead() {
    var server = asking()
    #expect(
      server.receive(.assignment(Two.assignment(2, "s1", .absent)), from: "lb").isEmpty)
    #expect(server.resumeAll() == ["c1 <- Reply(1)"])
    #expect(server.node.pending == [Two.write(1, 1, Two.id("c1", 1), [3, 4], "a")])
  }

  @Test func readsWaitForTheLock() {
    var server = asking()
    #expect(server.receive(Two.request("c2", 1, read), from: "lb").isEmpty)
    server.receive(
      .committed(TwoNodeStore.TransactionID(epoch: 1, number: 1)), from: "s2")
    #expect(server.resume() == ["c1 <- Reply(1)", "c2 <- Reply(1)"])
  }

  @Test func aReadOfAnotherBlockDoesNotWait() {
    var server = asking()
    let other = Operation.readBlocks(first: 0, count: 1)
    #expect(server.receive(Two.request("c2", 1, other), from: "lb") == ["c2 <- Reply(1)"])
  }

  @Test func aCopyOfARequestUnderWayIsIgnored() {
    var server = asking()
    #expect(server.receive(Two.request("c1", 1, write), from: "lb").isEmpty)
    #expect(server.effects.count == 0)
  }

  @Test func refusesWritesAndServesReadsWhileTheOtherNodeRecovers() {
    var server = Two.server("s1")
    server.receive(.assignment(Two.assignment(2, "s1", .recovering)), from: "lb")
    #expect(server.receive(Two.request("c1", 1, write), from: "lb") == ["c1 <- Refused(1)"])
    #expect(server.receive(Two.request("c2", 1, read), from: "lb") == ["c2 <- Reply(1)"])
  }

  @Test func anUnansweredCommitIsRepeated() {
    var server = asking()
    #expect(server.fire(.retry(1)) == ["s2 <- Commit(1.1: 3 4, 1)"])
  }

  @Test func answersARecoveringNodeWhenNoWriteIsUnderWay() {
    var server = asking()
    let recovering = Two.assignment(3, "s1", .recovering, incarnations: [1, 2])
    server.receive(.assignment(Two.assignment(2, "s1", .absent)), from: "lb")
    #expect(server.receive(.fetchPending(recovering), from: "s2").isEmpty)
    #expect(server.resumeAll() == ["c1 <- Reply(1)", "s2 <- Pending(1.1)"])
  }
}

/// The backup's side of a node, driven by hand.
@Suite struct TwoNodeBackupTests {
  private let write = Two.write(1, 1, Two.id("c1", 1), [0], "a")

  @Test func commitsBeforeItAnswers() {
    var server = Two.server("s2")
    #expect(server.receive(.commit(Two.assignment(1, "s1"), write), from: "s1").isEmpty)
    #expect(server.crashPoints == ["2.1"])
    server.resume()
    #expect(server.fileOperations.map(\.short) == ["write log.1", "fsync log.1"])
    #expect(server.crashPoints == ["2.2"])
    server.resume()
    #expect(server.fileOperations.map(\.short) == ["rename d0/b0.tmp", "sync d0"])
    #expect(server.resume() == ["s1 <- Committed(1.1)"])
    #expect(server.crashPoints == ["2.3"])
    #expect(server.observations == [.applied(Two.id("c1", 1), sequence: 0)])
    #expect(Two.text(server.node.contents) == "0:a")
  }

  @Test func aCopyOfACommitIsAnsweredAgainAndNotExecuted() {
    var server = Two.server("s2")
    server.receive(.commit(Two.assignment(1, "s1"), write), from: "s1")
    #expect(server.receive(.commit(Two.assignment(1, "s1"), write), from: "s1").isEmpty)
    #expect(server.resumeAll() == ["s1 <- Committed(1.1)"])
    #expect(
      server.receive(.commit(Two.assignment(1, "s1"), write), from: "s1")
        == ["s1 <- Committed(1.1)"])
  }

  @Test func refusesTheCommitOfAPrimaryThatItHasReplaced() {
    var server = Two.server("s2")
    server.receive(
      .assignment(Two.assignment(2, "s2", .absent, incarnations: [0, 1])), from: "lb")
    #expect(server.receive(.commit(Two.assignment(1, "s1"), write), from: "s1").isEmpty)
    #expect(server.fileOperations.isEmpty)
  }

  @Test func refusesWritesOfClients() {
    var server = Two.server("s2")
    let operation = Operation.writeBlocks(first: 0, count: 1, value: "a")
    #expect(server.receive(Two.request("c1", 1, operation), from: "lb") == ["c1 <- Refused(1)"])
  }

  @Test func readsWaitUntilItsOwnCopyHasChanged() {
    var server = Two.server("s2")
    server.receive(.commit(Two.assignment(1, "s1"), write), from: "s1")
    let operation = Operation.readBlocks(first: 0, count: 1)
    #expect(server.receive(Two.request("c2", 1, operation), from: "lb").isEmpty)
    #expect(server.resumeAll() == ["s1 <- Committed(1.1)", "c2 <- Reply(1)"])
    guard case .reply(_, let response)? = server.messages.last else {
      Issue.record("no reply")
      return
    }
    #expect(response == .blocks(["a"]))
  }

  @Test func finishesWhatItHasBegunWhenItIsPromoted() {
    var server = Two.server("s2")
    server.receive(.commit(Two.assignment(1, "s1"), write), from: "s1")
    server.receive(
      .assignment(Two.assignment(2, "s2", .absent, incarnations: [0, 1])), from: "lb")
    server.resumeAll()
    #expect(server.node.hasApplied(Two.id("c1", 1)))
    let operation = Operation.writeBlocks(first: 0, count: 1, value: "a")
    #expect(server.receive(Two.request("c1", 1, operation), from: "lb") == ["c1 <- Reply(1)"])
  }
}

extension FileOperation {
  /// `fsync d0/b1.tmp`.
  fileprivate var short: String {
    switch self {
    case .create(let path): "create \(path)"
    case .write(let path, _, _): "write \(path)"
    case .truncate(let path, _): "truncate \(path)"
    case .rename(let path, _): "rename \(path)"
    case .link(let path, _): "link \(path)"
    case .unlink(let path): "unlink \(path)"
    case .makeDirectory(let path): "mkdir \(path)"
    case .syncFile(let path): "fsync \(path)"
    case .syncDirectory(let path): "sync \(path)"
    }
  }
}
