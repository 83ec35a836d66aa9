import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite("Acknowledgements that block")
struct BlockingAcknowledgementTests {
  private typealias Script = StoreScript<ChainStore.Server>

  private func server(_ number: Int, _ acknowledgements: String = "blocking") -> Script {
    let chain = Store.configuration(1, [1, 2, 3])
    var script = Store.server(number, chain, [], ["acknowledgements": .choice(acknowledgements)])
    if number < 3 {
      script.receive(
        .link(
          ChainStore.Link(
            configuration: chain, successor: Store.member(number + 1), number: 0, committed: 0)),
        from: "master")
    }
    return script
  }

  /// A tail that has two writes.
  private func tail(_ acknowledgements: String = "blocking") -> Script {
    var tail = server(3, acknowledgements)
    tail.receive(Store.relayed(1, 0, "a", epoch: 1), from: "s2")
    tail.receive(Store.relayed(2, 1, "b", epoch: 1), from: "s2")
    return tail
  }

  @Test("the tail commits the next write when the acknowledgement of the last is back")
  func tailWaits() {
    var cumulative = tail("cumulative")
    cumulative.work()
    #expect(cumulative.node.volume.committed == 2)

    var tail = tail()
    #expect(tail.work() == ["s2 <- RelayWriteAck(1, epoch 1)"])
    #expect(tail.node.volume.committed == 1)
    tail.receive(.ackReturned(through: 0), from: "s2")
    #expect(tail.work().isEmpty, "an older call's return says nothing")
    tail.receive(.ackReturned(through: 1), from: "s2")
    #expect(tail.work() == ["s2 <- RelayWriteAck(2, epoch 1)"])
  }

  @Test("a middle commits, calls its predecessor, and returns when that has returned")
  func middleNests() {
    var middle = server(2)
    middle.receive(Store.relayed(1, 0, "a", epoch: 1), from: "s1")
    middle.work()
    middle.receive(.relayAck(through: 1, epoch: 1), from: "s3")
    #expect(middle.work() == ["s1 <- RelayWriteAck(1, epoch 1)"])
    #expect(
      middle.receive(.relayAck(through: 1, epoch: 1), from: "s3").isEmpty, "the call is open")
    #expect(middle.receive(.ackReturned(through: 1), from: "s1") == ["s3 <- AckReturned(1)"])
    #expect(
      middle.receive(.relayAck(through: 1, epoch: 1), from: "s3") == ["s3 <- AckReturned(1)"],
      "the return was lost")
  }

  @Test("the head returns when it has committed")
  func headReturns() {
    var head = server(1)
    head.receive(Store.write(1, 0, "a"), from: "c1")
    head.work()
    head.receive(.relayAck(through: 1, epoch: 1), from: "s2")
    #expect(head.work() == ["s2 <- AckReturned(1)"])
  }

  @Test("a repeated write calls again; a change of mode breaks the call off")
  func breaksOff() {
    var tail = tail()
    tail.work()
    #expect(
      tail.receive(.resend([], epoch: 1), from: "s2").contains("s2 <- RelayWriteAck(1, epoch 1)"))
    tail.receive(.configure(Store.configuration(2, [1, 3])), from: "master")
    tail.work()
    #expect(tail.node.volume.committed == 2)
  }
}
