import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite("Clients of the chain store")
struct StoreClientTests {
  private typealias Script = StoreScript<ChainStore.Client>

  private func client(
    _ bugs: [ChainStore.Deviation] = [], _ options: [String: ProtocolOptions.Value] = [:]
  ) -> Script {
    let me = Store.node("c1")
    var script = Script(ChainStore.makeClient(me, Store.setting(bugs, options)), me)
    script.receive(.configure(Store.configuration(1, [1, 2])), from: "master")
    return script
  }

  private func write(_ number: Int, _ script: inout Script) -> [String] {
    script.step {
      $0.invoke(Store.id(number), .writeBlocks(first: 0, count: 1, value: "v\(number)"), &$1)
    }
  }

  @Test("a write is complete when AckWrite says that it is committed")
  func acknowledged() {
    var script = client()
    #expect(write(1, &script) == ["s1 <- Write(1)"])
    #expect(script.receive(.queued(Store.id(1)), from: "s1") == ["s2 <- AckWrite(1)"])
    #expect(script.receive(.ackStatus(Store.id(1), isCommitted: false), from: "s2").isEmpty)
    #expect(script.fire(.retry(1)) == ["s2 <- AckWrite(1)"])
    #expect(
      script.receive(.ackStatus(Store.id(1), isCommitted: true), from: "s2") == [
        "complete 1: done"
      ])
    #expect(script.node.floor == 2)
  }

  @Test("CR-24: a queued write is done")
  func queuedIsDone() {
    var script = client([.queuedIsDone])
    _ = write(1, &script)
    #expect(script.receive(.queued(Store.id(1)), from: "s1") == ["complete 1: done"])
  }

  @Test("the oldest write is sent again under its identity, others wait for it")
  func retryTop() {
    var script = client()
    for number in 1...2 {
      _ = write(number, &script)
      script.receive(.queued(Store.id(number)), from: "s1")
    }
    var sent: [[String]] = [[], []]
    for _ in 0..<8 {
      for number in 1...2 { sent[number - 1] += script.fire(.retry(number)) }
    }
    #expect(sent[0].contains("s1 <- Write(1)"))
    #expect(!sent[1].contains("s1 <- Write(2)"))
  }

  @Test("CB-11: a retry has an identity of its own")
  func newIdentity() {
    var script = client([.retriesUnderNewIdentity])
    _ = write(1, &script)
    #expect(script.fire(.retry(1)).contains("s1 <- Write(65537)"))
    #expect(
      script.receive(.queued(Store.id(65537)), from: "s1") == ["s2 <- AckWrite(65537)"])
    #expect(
      script.receive(.ackStatus(Store.id(65537), isCommitted: true), from: "s2") == [
        "complete 1: done"
      ])
  }

  @Test("a client may drop its oldest write, and then waits for it no more")
  func dropping() {
    var script = client([], ["dropAfterRetries": .integer(1)])
    _ = write(1, &script)
    #expect(script.fire(.retry(1)).contains("s1 <- Write(1)"))
    #expect(script.fire(.retry(1)).isEmpty)
    #expect(script.node.open.isEmpty && script.node.floor == 2)
  }

  @Test("news of the chain sends again what went to a node that has left")
  func failover() {
    var script = client()
    _ = write(1, &script)
    let lines = script.receive(.configure(Store.configuration(2, [2])), from: "master")
    #expect(lines == ["s2 <- Write(1)"])
    #expect(
      script.receive(.redirect(Store.id(1), epoch: 2), from: "s2") == [
        "master <- WhichConfiguration"
      ])
  }
}
