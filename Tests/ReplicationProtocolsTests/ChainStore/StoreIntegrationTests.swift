import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// A tail and a joining node, message by message.
@Suite("Integration in the chain store")
struct StoreIntegrationTests {
  private typealias Script = StoreScript<ChainStore.Server>

  private func configuration(
    _ epoch: Int, isSwitching: Bool = false
  ) -> ChainStore.Configuration {
    var configuration = Store.configuration(epoch, [1], founders: [1])
    configuration.joiner = ChainStore.Joiner(
      member: Store.member(2), committed: 0, transfer: 2, isSwitching: isSwitching)
    return configuration
  }

  /// The tail with one write committed, and the joining node, started.
  private func pair(_ bugs: [ChainStore.Deviation] = []) -> (tail: Script, joiner: Script) {
    var tail = Store.server(1, Store.configuration(1, [1], founders: [1]), bugs)
    tail.receive(Store.write(1, 0, "a"), from: "c1")
    tail.work()
    var joiner = Script(ChainStore.makeServer(NodeID(1), Store.setting(bugs)), NodeID(1))
    joiner.start()
    return (tail, joiner)
  }

  /// Delivers what one sent to the other.
  private func pass(_ source: Script, _ name: String, to target: inout Script) {
    for item in source.messages where item.to == target.me {
      target.receive(item.message, from: name)
    }
  }

  /// Up to the hand-over, with a write committed during the copy and one under way.
  private func handedOver(_ bugs: [ChainStore.Deviation] = []) -> (tail: Script, joiner: Script) {
    var (tail, joiner) = pair(bugs)
    tail.receive(.configure(configuration(2)), from: "master")
    pass(tail, "s1", to: &joiner)
    tail.receive(Store.write(2, 1, "b"), from: "c1")
    tail.work()
    tail.receive(Store.write(3, 2, "c"), from: "c1")
    tail.receive(.restored(parts: 1, transfer: 2), from: "s2")
    tail.receive(.configure(configuration(3, isSwitching: true)), from: "master")
    pass(tail, "s1", to: &joiner)
    return (tail, joiner)
  }

  @Test("the node is restored, then gets the sent list, then the tail's role")
  func integration() {
    var (tail, joiner) = handedOver()
    #expect(!tail.node.isTail && tail.node.volume.committed == 2)
    #expect(joiner.node.role == .joining)
    let lines = joiner.work()
    #expect(lines.contains("master <- TailReady(transfer 2)"))
    #expect(joiner.node.volume.committed == 2)
    tail.work()
    pass(tail, "s1", to: &joiner)
    joiner.work()
    #expect(joiner.node.volume.written == 3 && joiner.node.volume.committed == 2)
    joiner.receive(.configure(Store.configuration(4, [1, 2], founders: [1])), from: "master")
    joiner.work()
    #expect(joiner.node.role == .tail && joiner.node.volume.committed == 3)
    #expect(joiner.node.replay.standing(of: Store.id(2)) == .committed)
  }

  @Test("CB-04: without the sent list the node never gets what was committed meanwhile")
  func withoutSentList() {
    var (tail, joiner) = handedOver([.joinWithoutSentList])
    joiner.work()
    tail.work()
    pass(tail, "s1", to: &joiner)
    joiner.work()
    #expect(joiner.node.volume.written == 1 && joiner.node.pending.map(\.number) == [3])
  }

  @Test("CB-21: of writes that came with the sent list the node has no replay entries")
  func withoutReplayEntries() {
    var (_, joiner) = handedOver([.replayLogOfTheBeginning])
    joiner.work()
    #expect(joiner.node.volume.committed == 2)
    #expect(joiner.node.replay.standing(of: Store.id(1)) == .committed)
    #expect(joiner.node.replay.standing(of: Store.id(2)) == .new)
  }

  @Test("CB-13: a block is cut at its first zero byte")
  func cutPayload() {
    var (tail, joiner) = pair([.payloadIsString])
    tail.receive(Store.write(2, 1, "b"), from: "c1")
    tail.work()
    tail.receive(.configure(configuration(2)), from: "master")
    pass(tail, "s1", to: &joiner)
    #expect(tail.node.contents.map(\.value) == ["a", "b"])
    #expect(joiner.node.contents.map(\.value) == ["a"])
  }

  @Test("the joining node fails: the tail takes its role back")
  func joinerFails() {
    var (tail, _) = handedOver()
    tail.receive(.configure(Store.configuration(4, [1], founders: [1])), from: "master")
    tail.work()
    #expect(tail.node.role == .single && tail.node.copying == nil)
    #expect(tail.node.volume.committed == 3)
  }

  @Test("another tail begins anew: what was only written is thrown away")
  func anotherTail() {
    var (tail, joiner) = handedOver()
    joiner.work()
    tail.work()
    pass(tail, "s1", to: &joiner)
    joiner.work()
    #expect(joiner.node.volume.written == 3)
    let part = ChainStore.Restoration(
      transfer: 7, part: 0, parts: 1, blocks: [], through: 2, replay: ChainStore.ReplayLog(),
      history: UpdateLog())
    joiner.receive(.restore(part), from: "s3")
    #expect(joiner.node.volume.written == 2 && joiner.node.sentList.isEmpty)
    #expect(joiner.node.role == .joining && joiner.node.joining.isRestored)
  }
}
