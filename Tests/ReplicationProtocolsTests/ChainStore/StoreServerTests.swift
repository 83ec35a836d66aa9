import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite("Nodes of the chain store")
struct StoreServerTests {
  private typealias Script = StoreScript<ChainStore.Server>

  /// A middle of s1, s2, s3 whose predecessor has sent something.
  private func middle(_ bugs: [ChainStore.Deviation] = []) -> Script {
    var script = Store.server(2, Store.configuration(1, [1, 2, 3]), bugs)
    script.receive(link(to: 3, 1, [1, 2, 3]), from: "master")
    return script
  }

  private func link(
    to successor: Int, _ epoch: Int, _ chain: [Int], number: Int = 0, committed: Int = 0
  ) -> ChainStore.Message {
    .link(
      ChainStore.Link(
        configuration: Store.configuration(epoch, chain), successor: Store.member(successor),
        number: number, committed: committed))
  }

  @Test("a write is queued, written and forwarded, and committed when the successor has")
  func wayDown() {
    var head = Store.server(1, Store.configuration(1, [1, 2]))
    head.receive(link(to: 2, 1, [1, 2]), from: "master")
    #expect(head.receive(Store.write(1, 0, "a"), from: "c1") == ["c1 <- Queued(1)"])
    #expect(head.work() == ["s2 <- RelayWrite(1: 1, epoch 1)"])
    #expect(head.node.sentList.count == 1 && head.node.volume.committed == 0)
    head.receive(.relayAck(through: 1, epoch: 1), from: "s2")
    head.work()
    #expect(head.node.sentList.isEmpty && head.node.volume.committed == 1)
    #expect(head.receive(Store.write(1, 0, "a"), from: "c1") == ["c1 <- Queued(1)"])
    #expect(head.work().isEmpty, "a retry is not executed again")
  }

  @Test("the tail commits, acknowledges upstream and answers questions")
  func tail() {
    var tail = Store.server(3, Store.configuration(1, [1, 2, 3]))
    tail.receive(Store.relayed(1, 0, "a", epoch: 1), from: "s2")
    #expect(
      tail.receive(.ackWrite(Store.id(1), floor: 1), from: "c1").last
        == "c1 <- AckStatus(1, not committed)")
    #expect(tail.work() == ["s2 <- RelayWriteAck(1, epoch 1)"])
    #expect(
      tail.receive(.ackWrite(Store.id(1), floor: 1), from: "c1") == [
        "c1 <- AckStatus(1, committed)"
      ])
    #expect(
      tail.receive(.read(Store.id(2), .readBlocks(first: 0, count: 2)), from: "c1") == [
        "c1 <- Answer(2)"
      ])
    #expect(
      tail.receive(Store.relayed(1, 0, "a", epoch: 1), from: "s2") == [
        "s2 <- RelayWriteAck(1, epoch 1)"
      ], "the acknowledgement was lost")
  }

  @Test("a new head goes on with the numbers; CB-01 begins anew")
  func newHead() {
    for (bugs, expected) in [([], 2), ([.newHeadCountsAnew], 1)]
      as [([ChainStore.Deviation], Int)]
    {
      var script = middle(bugs)
      script.receive(Store.relayed(1, 0, "a", epoch: 1), from: "s1")
      script.work()
      script.receive(.configure(Store.configuration(2, [2, 3])), from: "master")
      script.receive(Store.write(2, 1, "b"), from: "c1")
      #expect(script.node.pending.map(\.number) == [expected])
      script.work()
      #expect(script.node.volume.written == expected)
    }
  }

  @Test("late writes of a removed head are refused")
  func lateWrites() {
    for (bugs, expected) in [([], 0), ([.asReported], 1)] as [([ChainStore.Deviation], Int)] {
      var script = middle(bugs)
      script.receive(.configure(Store.configuration(2, [2, 3])), from: "master")
      script.receive(Store.relayed(1, 0, "a", epoch: 1), from: "s1")
      script.work()
      #expect(script.node.volume.written == expected)
    }
  }

  @Test("what a removed predecessor sent and nobody wrote may come again")
  func droppedPending() {
    var script = middle()
    script.receive(Store.relayed(1, 0, "a", epoch: 1), from: "s1")
    script.receive(.configure(Store.configuration(2, [2, 3])), from: "master")
    #expect(script.node.pending.isEmpty)
    script.receive(Store.write(1, 0, "a"), from: "c1")
    script.work()
    #expect(script.node.volume.written == 1)
  }

  @Test("after a middle failure the new successor gets what it lacks")
  func resend() {
    for (bugs, expected) in [
      ([], "s3 <- Resend(2: 2, epoch 2)"), ([.resendLosesIdentity], "s3 <- Resend(2: 0, epoch 2)"),
    ] as [([ChainStore.Deviation], String)] {
      var head = Store.server(1, Store.configuration(1, [1, 2, 3]), bugs)
      head.receive(link(to: 2, 1, [1, 2, 3]), from: "master")
      for number in 1...2 {
        head.receive(Store.write(number, number, "v\(number)"), from: "c1")
        head.work()
      }
      #expect(head.receive(link(to: 3, 2, [1, 3], number: 1), from: "master").last == expected)
    }
  }

  @Test("CB-03: nothing to resend, and changes of mode are over")
  func locked() {
    for (bugs, expected) in [([], 3), ([.emptyResendLocksForEver], 2)]
      as [([ChainStore.Deviation], Int)]
    {
      var head = Store.server(1, Store.configuration(1, [1, 2, 3]), bugs)
      head.receive(link(to: 2, 1, [1, 2, 3]), from: "master")
      head.receive(Store.write(1, 0, "a"), from: "c1")
      head.work()
      head.receive(link(to: 3, 2, [1, 3], number: 1), from: "master")
      head.receive(.configure(Store.configuration(3, [1])), from: "master")
      #expect(head.node.epoch == expected)
    }
  }

  @Test("a new tail commits its sent list before it answers reads")
  func newTail() {
    var script = middle()
    script.receive(Store.relayed(1, 0, "a", epoch: 1), from: "s1")
    script.postponed.removeAll()
    script.step { $0.writeNext(&$1) }
    script.receive(.configure(Store.configuration(2, [1, 2])), from: "master")
    let read = ChainStore.Message.read(Store.id(2), .readBlocks(first: 0, count: 1))
    #expect(script.receive(read, from: "c1").isEmpty)
    #expect(
      script.work() == [
        "s1 <- RelayWriteAck(1, epoch 2)", "master <- Alive(epoch 2, settled)",
        "c1 <- Answer(2)",
      ])
  }

  @Test("a volume and its replay log come back after a restart")
  func restart() {
    var single = Store.server(1, Store.configuration(1, [1]))
    single.receive(Store.write(1, 0, "a"), from: "c1")
    single.work()
    var again = StoreScript(
      ChainStore.makeServer(NodeID(0), Store.setting()), NodeID(0), incarnation: 2)
    again.disk = single.disk
    #expect(again.start() == ["master <- Register(committed 1)"])
    #expect(again.node.replay.standing(of: Store.id(1)) == .committed)
    #expect(again.node.contents == [KeyedValue(key: 0, value: "a")])
  }

  @Test("CB-06: a write is written when the successor has answered, or is gone")
  func forwardedFirst() {
    var script = middle([.forwardsBeforeWriting])
    script.receive(Store.relayed(1, 0, "a", epoch: 1), from: "s1")
    #expect(script.work().contains("s3 <- RelayWrite(1: 1, epoch 1)"))
    #expect(script.node.volume.written == 0 && script.node.sentList.isEmpty)
    script.receive(.relayed(number: 1), from: "s3")
    script.work()
    #expect(script.node.volume.written == 1)
  }
}
