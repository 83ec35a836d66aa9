import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// A node comes back after its process died anywhere in a write, and recovers.
@Suite struct TwoNodeRecoveryTests {
  typealias Script = TwoNodeScript<TwoNodeStore.Server>

  private let operation = Operation.writeBlocks(first: 3, count: 2, value: "new")
  private let write = Two.write(1, 2, Two.id("c1", 2), [3, 4], "new")

  /// A node that holds "old" in blocks 3 and 4, executed as request 1.
  private func holdingOld(_ name: String) -> Script {
    var server = Two.server(name)
    let old = Two.write(1, 1, Two.id("c1", 1), [3, 4], "old")
    if name == "s1" {
      server.receive(
        Two.request("c1", 1, .writeBlocks(first: 3, count: 2, value: "old")), from: "lb")
      server.resumeAll()
      server.receive(.committed(old.id), from: "s2")
    } else {
      server.receive(.commit(Two.assignment(1, "s1"), old), from: "s1")
    }
    server.resumeAll()
    return server
  }

  /// All states of the files in which the node's process can die during the write.
  private func crashes(of name: String) -> [Script] {
    var crashed: [Script] = []
    var server = holdingOld(name)
    func cutEverywhere(
      _ body: (inout TwoNodeStore.Server, inout Host<TwoNodeStore.Message>) -> Void
    ) {
      var whole = server
      whole.step(body)
      for count in 0...whole.effects.count {
        var part = server
        part.step(keeping: count, body)
        crashed.append(part)
      }
      server = whole
    }
    let request = Two.id("c1", 2)
    if name == "s1" {
      cutEverywhere { $0.receive(.request(request, operation), from: Two.node("lb"), &$1) }
    } else {
      let commit = TwoNodeStore.Message.commit(Two.assignment(1, "s1"), write)
      cutEverywhere { $0.receive(commit, from: Two.node("s1"), &$1) }
    }
    var hasAsked = false
    while true {
      if server.postponed.isEmpty {
        guard name == "s1", !hasAsked else { break }
        hasAsked = true
        let id = write.id
        cutEverywhere { $0.receive(.committed(id), from: Two.node("s2"), &$1) }
      } else {
        let continuation = server.postponed.removeFirst()
        cutEverywhere { $0.resume(continuation, &$1) }
      }
    }
    return crashed
  }

  /// Takes a restarted node through its recovery; the other node knows `value` in both blocks.
  private func recover(
    _ crashed: Script, isCommitted: Bool, pending: [TwoNodeStore.LoggedWrite] = []
  ) -> Script {
    var node = Two.restarted(crashed)
    let other = crashed.me == Two.node("s1") ? "s2" : "s1"
    let incarnations = other == "s2" ? [2, 1] : [1, 2]
    node.receive(
      .assignment(Two.assignment(3, other, .recovering, incarnations: incarnations)), from: "lb")
    if case .getState(_, let writes)? = node.messages.last {
      node.receive(.states(epoch: 3, writes.map { _ in isCommitted }), from: other)
      node.resumeAll()
    }
    let value = isCommitted || !pending.isEmpty ? "new" : "old"
    var executed = TwoNodeStore.RequestSet()
    executed.insert(Two.id("c1", 1))
    if value == "new" { executed.insert(Two.id("c1", 2)) }
    let checksums = [3, 4].map {
      TwoNodeStore.BlockChecksum(
        block: $0, checksum: TwoNodeStore.BlockFiles.checksum(of: value))
    }
    node.receive(
      .pending(
        epoch: 3,
        TwoNodeStore.Arrears(writes: pending, executed: executed, checksums: checksums)),
      from: other)
    node.resumeAll()
    return node
  }

  /// The backup was never asked, or took over before it was: all that the primary did is undone.
  @Test func aPrimaryThatDiesBeforeItAsksGoesBackToTheOldValue() {
    let crashed = crashes(of: "s1").filter { $0.crashPoints.allSatisfy { !$0.hasPrefix("3") } }
    #expect(crashed.count > 15)
    for script in crashed where Two.text(script.node.contents) != "3:new 4:new" {
      let node = recover(script, isCommitted: false)
      #expect(Two.text(node.node.contents) == "3:old 4:old")
      #expect(node.node.recoveredIn == 3)
      #expect(node.files.contents.keys.allSatisfy { !$0.hasSuffix(".tmp") })
    }
  }

  /// The backup has it: wherever the primary died after it asked, it ends with the new value.
  @Test func aPrimaryThatDiesAfterItAskedEndsWithWhatTheBackupCommitted() {
    let pending = [write]
    for script in crashes(of: "s1") {
      // Had the record not reached the log, the retry would have been executed by the backup.
      let node = recover(script, isCommitted: true, pending: pending)
      #expect(Two.text(node.node.contents) == "3:new 4:new")
      #expect(node.node.recoveredIn == 3)
    }
  }

  /// Wherever the backup dies, the primary goes on alone and keeps the write for it.
  @Test func aBackupThatDiesGetsTheWriteAgain() {
    let crashed = crashes(of: "s2")
    #expect(crashed.count > 15)
    for script in crashed {
      let node = recover(script, isCommitted: true, pending: [write])
      #expect(Two.text(node.node.contents) == "3:new 4:new")
      #expect(node.node.recoveredIn == 3)
      #expect(node.node.executed.contains(Two.id("c1", 2)))
    }
  }

  /// Dies again after every effect of every step of its recovery, and recovers once more.
  @Test func aNodeThatDiesWhileItRecoversStartsOver() {
    guard let crashed = crashes(of: "s2").last(where: { $0.crashPoints == ["2.2"] }) else {
      Issue.record("no crash at 2.2")
      return
    }
    let effects = recover(crashed, isCommitted: true, pending: [write]).effects.count
    #expect(effects > 3)
    for count in 0...effects {
      var node = Two.restarted(crashed)
      node.receive(
        .assignment(Two.assignment(3, "s1", .recovering, incarnations: [1, 2])), from: "lb")
      node.receive(.states(epoch: 3, [true]), from: "s1")
      let continuation = node.postponed.removeFirst()
      node.step(keeping: count) { $0.resume(continuation, &$1) }
      let again = recover(node, isCommitted: true, pending: [write])
      #expect(Two.text(again.node.contents) == "3:new 4:new", "after effect \(count)")
    }
  }

  @Test func aNodeWhoseContentsDifferEndsItsProcess() {
    var node = Two.restarted(holdingOld("s2"))
    node.receive(
      .assignment(Two.assignment(3, "s1", .recovering, incarnations: [1, 2])), from: "lb")
    node.receive(
      .pending(
        epoch: 3,
        TwoNodeStore.Arrears(
          writes: [], executed: TwoNodeStore.RequestSet(),
          checksums: [TwoNodeStore.BlockChecksum(block: 3, checksum: 1)])), from: "s1")
    #expect(node.abort == "contents differ after recovery")
    #expect(node.node.recoveredIn == 0)
  }

  /// Both were down, and this node holds everything: it finishes what it had begun, and keeps it
  /// for the other one.
  @Test func aNodeThatLeadsAloneFinishesWhatItHadBegun() {
    for script in crashes(of: "s2") where !script.crashPoints.isEmpty {
      var node = Two.restarted(script)
      let began = node.node.unfinished
      node.receive(
        .assignment(Two.assignment(3, "s2", .absent, incarnations: [0, 2])), from: "lb")
      node.resumeAll()
      #expect(node.node.isReplica)
      #expect(node.node.pending == began)
      let text = Two.text(node.node.contents)
      #expect(text == "3:old 4:old" || text == "3:new 4:new")
      #expect(began.isEmpty || text == "3:new 4:new")
    }
  }
}
