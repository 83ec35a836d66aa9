import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// A node whose disk fails, or has damaged something, ends its process instead of guessing.
@Suite struct TwoNodeStorageTests {
  typealias Script = TwoNodeScript<TwoNodeStore.Server>

  /// A primary that holds "old" in block 3.
  private func primary(_ bugs: [TwoNodeStore.Deviation] = []) -> Script {
    var server = Two.server("s1", bugs)
    server.receive(
      Two.request("c1", 1, .writeBlocks(first: 3, count: 1, value: "old")), from: "lb")
    server.resumeAll()
    server.receive(
      .committed(Two.write(1, 1, Two.id("c1", 1), [3], "old").id), from: "s2")
    server.resumeAll()
    return server
  }

  private let read = Two.request("c1", 2, .readBlocks(first: 3, count: 1))

  @Test func aNodeWhoseDiskRefusesACallEndsItsProcess() {
    for path in ["d0/b3.tmp", "log.1"] {
      var server = primary()
      server.files.broken = [path]
      server.receive(
        Two.request("c1", 2, .writeBlocks(first: 3, count: 1, value: "new")), from: "lb")
      var sent: [String] = []
      while server.abort == nil, !server.postponed.isEmpty { sent += server.resume() }
      #expect(server.abort == "file error", "\(path)")
      #expect(sent == [])
      #expect(server.postponed == [])
    }
  }

  @Test func aReadThatFailsIsNotAnsweredWithAnEmptyBlock() {
    var server = primary()
    #expect(server.receive(read, from: "lb") == ["c1 <- Reply(2)"])
    server.files.broken = ["d0/b3"]
    #expect(server.receive(read, from: "lb") == [])
    #expect(server.abort == "file error")
  }

  @Test func aBlockThatIsNotThereIsEmpty() {
    var server = primary()
    let lines = server.receive(Two.request("c1", 2, .readBlocks(first: 9, count: 1)), from: "lb")
    #expect(lines == ["c1 <- Reply(2)"])
    #expect(server.abort == nil)
  }

  @Test func aLogThatCannotBeReadIsNotAnEmptyOne() {
    for path in [".", "log.1", "d0", "d0/b3"] {
      var crashed = primary()
      crashed.files.broken = [path]
      let server = Two.restarted(crashed)
      #expect(server.abort == "file error", "\(path)")
      #expect(server.messages.isEmpty)
    }
  }

  @Test func aBlockThatIsNotWhatTheNodeRemembersIsNotServed() {
    for stored in ["OLD", ""] {
      var server = primary()
      server.files.contents["d0/b3"] = TwoNodeStore.BlockFiles.bytes(of: stored)
      #expect(server.receive(read, from: "lb") == [])
      #expect(server.abort == "damaged block")
    }
  }

  /// Zeros behind a value are no part of it.
  @Test func rotBehindAValueDoesNotMatter() {
    var server = primary()
    server.files.contents["d0/b3"]?[4000] = 1
    #expect(server.receive(read, from: "lb") == ["c1 <- Reply(2)"])
  }

  /// It would hide what a known bug does.
  @Test func knownBugsServeWhatTheyRead() {
    var server = primary([.transfersFirstPendingOnly])
    server.files.contents["d0/b3"] = TwoNodeStore.BlockFiles.bytes(of: "OLD")
    #expect(server.receive(read, from: "lb") == ["c1 <- Reply(2)"])
    #expect(server.abort == nil)
  }

  @Test func aRecoveredNodeThatHoldsSomethingElseEndsItsProcess() {
    var crashed = primary()
    crashed.files.contents["d0/b3"] = TwoNodeStore.BlockFiles.bytes(of: "OLD")
    var server = Two.restarted(crashed)
    #expect(server.abort == nil)
    server.receive(
      .assignment(Two.assignment(3, "s2", .recovering, incarnations: [2, 1])), from: "lb")
    var executed = TwoNodeStore.RequestSet()
    executed.insert(Two.id("c1", 1))
    let checksum = TwoNodeStore.BlockChecksum(
      block: 3, checksum: TwoNodeStore.BlockFiles.checksum(of: "old"))
    if case .getState(_, let writes)? = server.messages.last {
      server.receive(.states(epoch: 3, writes.map { _ in false }), from: "s2")
    }
    server.receive(
      .pending(
        epoch: 3, TwoNodeStore.Arrears(writes: [], executed: executed, checksums: [checksum])),
      from: "s2")
    #expect(server.abort == "contents differ after recovery")
    #expect(server.node.recoveredIn == 0)
  }
}
