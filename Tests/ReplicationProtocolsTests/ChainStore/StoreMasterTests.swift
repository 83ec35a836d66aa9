import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite("The master of the chain store")
struct StoreMasterTests {
  private typealias Script = StoreScript<ChainStore.Master>

  private func chain(_ script: Script) -> [Int] {
    script.node.configuration.chain.map { $0.node.index + 1 }
  }

  private func fail(_ servers: [Int], _ script: inout Script) {
    for server in servers { script.step { $0.serverFailed(NodeID(server - 1), &$1) } }
  }

  private func beat(_ script: inout Script) -> [String] { script.fire(.pace()) }

  @Test("the first chain begins when all its nodes have registered, in their order")
  func first() {
    var script = Script(ChainStore.makeCoordinator(Store.setting()), Store.node("master"))
    script.start()
    for server in [3, 1, 5, 2] {
      #expect(script.receive(.register(incarnation: 1, committed: 0), from: "s\(server)").isEmpty)
    }
    script.receive(.register(incarnation: 1, committed: 0), from: "s4")
    #expect(chain(script) == [1, 2, 3, 4, 5] && script.node.configuration.epoch == 1)
  }

  @Test("neighbours that fail are taken out in one correction")
  func adjacent() {
    var script = Store.master()
    fail([2, 3], &script)
    #expect(chain(script) == [1, 2, 3, 4, 5], "failures are corrected with the heartbeat")
    let lines = beat(&script)
    #expect(chain(script) == [1, 4, 5] && script.node.configuration.epoch == 2)
    #expect(lines.first == "s4 <- ChangeMode(epoch 2: s1 s4 s5)", "S+ is told first")
  }

  @Test("failures that are apart take two corrections in one round")
  func disjoint() {
    var script = Store.master()
    fail([4, 1], &script)
    _ = beat(&script)
    #expect(chain(script) == [2, 3, 5] && script.node.configuration.epoch == 3)
    let decided = script.observations.compactMap { observation -> Int? in
      if case .decided(let view) = observation { view.number } else { nil }
    }
    #expect(decided == [2, 3])
  }

  @Test("a predecessor is linked when its new successor has said what it has")
  func link() {
    var script = Store.master()
    fail([3], &script)
    _ = beat(&script)
    let reception = ChainStore.Reception(
      successor: Store.member(4), predecessor: Store.member(2), number: 7, committed: 5, epoch: 2)
    #expect(script.receive(.received(reception), from: "s4") == ["s2 <- Link(epoch 2, after 7)"])
    fail([2], &script)
    _ = beat(&script)
    #expect(script.receive(.received(reception), from: "s4").isEmpty, "s2 is not there any more")
  }

  @Test("after a total failure the chain waits for whoever may have acknowledged something")
  func totalFailure() {
    var script = Store.master()
    fail([5], &script)
    _ = beat(&script)
    fail([1, 2, 3, 4], &script)
    _ = beat(&script)
    #expect(chain(script).isEmpty)
    // s4 was made tail and has not said that it has committed what s5 may have acknowledged.
    script.receive(.register(incarnation: 2, committed: 9), from: "s1")
    script.receive(.register(incarnation: 2, committed: 8), from: "s4")
    #expect(chain(script).isEmpty)
    script.receive(.register(incarnation: 2, committed: 10), from: "s5")
    #expect(chain(script) == [5])
  }

  @Test("a tail that is settled is enough")
  func settled() {
    var script = Store.master()
    fail([5], &script)
    _ = beat(&script)
    script.receive(.heartbeatReply(epoch: 2, isSettled: true), from: "s4")
    fail([1, 2, 3, 4], &script)
    _ = beat(&script)
    script.receive(.register(incarnation: 2, committed: 9), from: "s1")
    #expect(chain(script).isEmpty)
    script.receive(.register(incarnation: 2, committed: 8), from: "s4")
    #expect(chain(script) == [4])
    #expect(script.node.configuration.founders == [Store.member(4, 2)])
    #expect(script.node.configuration.joiner?.member == Store.member(1, 2))
  }

  @Test("CR-23 takes the first, the report the last that failed")
  func otherRules() {
    for (bug, order, expected) in [
      (ChainStore.Deviation.firstRegistrantIsTheChain, [1, 5], 1), (.asReported, [1, 3], 3),
    ] {
      var script = Store.master([bug])
      fail([1, 2, 4, 5, 3], &script)
      _ = beat(&script)
      for server in order {
        script.receive(.register(incarnation: 2, committed: 0), from: "s\(server)")
      }
      #expect(chain(script) == [expected])
    }
  }

  @Test("a node that is back before its failure was corrected joins anew")
  func quickRestart() {
    var script = Store.master()
    fail([2], &script)
    script.receive(.register(incarnation: 2, committed: 3), from: "s2")
    #expect(chain(script) == [1, 3, 4, 5])
    let joiner = script.node.configuration.joiner
    #expect(joiner?.member == Store.member(2, 2) && joiner?.committed == 3)
    let transfer = joiner?.transfer ?? 0
    script.receive(.restoreDone(transfer: transfer), from: "s5")
    #expect(script.node.configuration.joiner?.isSwitching == true)
    script.receive(.tailReady(Store.member(2, 2), transfer: transfer), from: "s2")
    #expect(chain(script) == [1, 3, 4, 5, 2] && script.node.configuration.joiner == nil)
  }

  @Test("the tail fails while it hands over: the new tail begins the copy anew")
  func tailFailsInIntegration() {
    var script = Store.master()
    fail([2], &script)
    script.receive(.register(incarnation: 2, committed: 3), from: "s2")
    let transfer = script.node.configuration.joiner?.transfer ?? 0
    script.receive(.restoreDone(transfer: transfer), from: "s5")
    fail([5], &script)
    _ = beat(&script)
    let joiner = script.node.configuration.joiner
    #expect(joiner?.isSwitching == false && (joiner?.transfer ?? 0) > transfer)
    script.receive(.tailReady(Store.member(2, 2), transfer: transfer), from: "s2")
    #expect(chain(script) == [1, 3, 4])
  }

  @Test("CB-20: a member that misses a heartbeat is dropped")
  func missedHeartbeat() {
    for (bugs, expected) in [([], [1, 2, 3, 4, 5]), ([.oneMissedHeartbeat], [1, 2, 4, 5])]
      as [([ChainStore.Deviation], [Int])]
    {
      var script = Store.master(bugs)
      for server in [1, 2, 4, 5] {
        script.receive(.heartbeatReply(epoch: 1, isSettled: false), from: "s\(server)")
      }
      _ = beat(&script)
      #expect(chain(script) == expected)
    }
  }

  @Test("checksums are asked for every so many heartbeats, and told")
  func checksums() {
    var script = Store.master([], ["checksumEvery": .integer(2)])
    #expect(!beat(&script).contains("s1 <- ChecksumSystem(epoch 1)"))
    #expect(beat(&script).contains("s1 <- ChecksumSystem(epoch 1)"))
    script.receive(.checksumResult(agrees: false), from: "s5")
    #expect(script.observations == [.note("checksums differ")])
  }
}
