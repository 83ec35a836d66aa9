import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// What a node has to ask about when it comes back, in the three approaches, counted; and what a
/// recovery does in the document's own measurement: a hundred writes while both nodes are up, fifty
/// while one is down.
@Suite struct TwoNodeReconciliationTests {
  private typealias Script = TwoNodeScript<TwoNodeStore.Server>

  private func write(_ number: Int) -> Operation {
    .writeBlocks(first: number % 8, count: 1, value: "v\(number)")
  }

  private func logged(_ number: Int, epoch: Int = 1) -> TwoNodeStore.LoggedWrite {
    Two.write(epoch, number, Two.id("c1", number), [number % 8], "v\(number)")
  }

  /// The contents of a node's logs.
  private func log(_ script: Script) -> [[UInt8]] {
    script.files.contents.keys.sorted().filter { $0.hasPrefix("log.") }
      .compactMap { script.files.contents[$0] }
  }

  /// A primary does `count` writes. Of each: its log when the backup has not been told, and when
  /// the backup has confirmed; and what a process that starts on the first must ask about.
  private func primary(
    _ bugs: [TwoNodeStore.Deviation], writes count: Int
  ) -> (likeLogs: Int, questions: Int) {
    var server = Two.server("s1", bugs)
    var like = 0
    var questions = 0
    for number in 1...count {
      server.receive(Two.request("c1", number, write(number)), from: "lb")
      server.resumeAll()
      let untold = server
      server.receive(.committed(logged(number).id), from: "s2")
      server.resumeAll()
      if log(untold) == log(server) { like += 1 }
      questions = max(questions, Two.restarted(untold, bugs).node.unfinished.count)
    }
    return (like, questions)
  }

  /// "When primary reboots, it must reconcile with backup for all requests": the log of approach 1
  /// does not tell a write that the backup has from one of which it has never heard.
  @Test func approach1LeavesAllWritesInQuestion() {
    let found = primary([.primaryCommitsFirst], writes: 100)
    #expect(found.likeLogs == 100)
    #expect(found.questions == 0)
  }

  /// "When backup reboots, it must reconcile with primary for all txns": whether the primary has
  /// committed or aborted, the backup's log is the same, while the primary's is not.
  @Test func approach2LeavesAllTransactionsInQuestion() {
    var backup = Two.server("s2", [.backupCommitsFirst])
    for number in 1...100 {
      backup.receive(.commit(Two.assignment(1, "s1"), logged(number)), from: "s1")
      backup.resumeAll()
    }
    let restarted = Two.restarted(backup, [.backupCommitsFirst]).node
    #expect(restarted.unfinished.isEmpty && restarted.pending.isEmpty)
    let known = (1...100).filter { restarted.executed.contains(Two.id("c1", $0)) }
    #expect(known.count == 100)
    // A primary that got no answer has given up any of them.
    for number in 1...100 {
      var primary = Two.server("s1", [.backupCommitsFirst])
      primary.receive(Two.request("c1", number, write(number)), from: "lb")
      primary.receive(.assignment(Two.assignment(2, "s1", .absent)), from: "lb")
      #expect(primary.resumeAll() == ["c1 <- Refused(\(number))"])
      #expect(primary.node.contents.isEmpty)
    }
  }

  /// The chosen approach: one write at most, the one under way, is in question.
  @Test func approach3LeavesOneWriteInQuestion() {
    let found = primary([], writes: 100)
    #expect(found.likeLogs == 0)
    #expect(found.questions == 1)
  }

  /// "4.7 ms for parsing 100 writes, 6.5 ms for 50 pending writes, 1.5 ms for looping through the
  /// 100 states, 0.2 ms to delete the map and truncate the log": what each of these is about.
  @Test func aRecoveryOfAHundredWritesAndFiftyPendingOnes() {
    var backup = Two.server("s2")
    for number in 1...100 {
      backup.receive(.commit(Two.assignment(1, "s1"), logged(number)), from: "s1")
      backup.resumeAll()
    }
    // Parsing: three records a write.
    let (records, _) = TwoNodeStore.LogRecord.scan(log(backup).last ?? [])
    #expect(records.count == 1 + 3 * 100)
    // The states: all of them are committed, and nothing is asked.
    var node = Two.restarted(backup)
    #expect(node.node.unfinished.isEmpty)
    let recovering = Two.assignment(3, "s1", .recovering, incarnations: [1, 2])
    #expect(node.receive(.assignment(recovering), from: "lb") == ["s1 <- FetchPending"])
    // The pending writes: one message, and five file calls for each.
    let pending = (101...150).map { logged($0, epoch: 2) }
    var executed = TwoNodeStore.RequestSet()
    for number in 1...150 { executed.insert(Two.id("c1", number)) }
    let checksums = (0..<8).map { block in
      TwoNodeStore.BlockChecksum(
        block: block,
        checksum: TwoNodeStore.BlockFiles.checksum(of: "v\(150 - (150 - block) % 8)"))
    }
    var calls: [Int] = []
    node.receive(
      .pending(
        epoch: 3,
        TwoNodeStore.Arrears(writes: pending, executed: executed, checksums: checksums)),
      from: "s1")
    calls.append(node.fileOperations.count)
    while !node.postponed.isEmpty {
      node.resume()
      calls.append(node.fileOperations.count)
    }
    #expect(node.abort == nil)
    #expect(calls.count == 51)
    #expect(calls.dropLast().allSatisfy { $0 == 5 }, "\(calls)")
    // The end: a new log in place of the old one.
    #expect(calls.last == 5)
    #expect(log(node).count == 1)
    #expect((log(node).last?.count ?? 0) * 20 < (log(backup).last?.count ?? 0))
  }

  /// An unaligned request touches two files, so all that is done to files is done twice.
  @Test func anUnalignedWriteTouchesTwoFiles() {
    func calls(_ count: Int) -> (files: Int, all: Int) {
      var server = Two.server("s1")
      var operations: [FileOperation] = []
      func note(_ script: Script) { operations += script.fileOperations }
      server.receive(
        Two.request("c1", 1, .writeBlocks(first: 3, count: count, value: "v")), from: "lb")
      note(server)
      while !server.postponed.isEmpty {
        server.resume()
        note(server)
      }
      server.receive(
        .committed(Two.write(1, 1, Two.id("c1", 1), [3, 4], "v").id), from: "s2")
      note(server)
      while !server.postponed.isEmpty {
        server.resume()
        note(server)
      }
      let onFiles = operations.filter { operation in
        switch operation {
        case .create, .rename: true
        default: false
        }
      }
      return (onFiles.count, operations.count)
    }
    #expect(calls(1).files == 2)
    #expect(calls(2).files == 4)
    #expect(calls(2).all > calls(1).all)
  }
}
