import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// A client, driven by hand.
@Suite struct TwoNodeClientTests {
  private let write = Operation.writeBlocks(first: 0, count: 2, value: "a")

  private func invoking(
    _ bugs: [TwoNodeStore.Deviation] = []
  ) -> TwoNodeScript<TwoNodeStore.Client> {
    var client = TwoNodeScript(
      TwoNodeStore.makeClient(Two.node("c1"), Two.setting(bugs)), Two.node("c1"))
    client.step { $0.invoke(Two.id("c1", 1), write, &$1) }
    return client
  }

  @Test func asksAgainUnderTheSameIdentity() {
    var client = invoking()
    #expect(client.fire(.retry(1)) == ["lb <- Request(1, write 0+)"])
    #expect(client.fire(.retry(1)) == ["lb <- Request(1, write 0+)"])
  }

  @Test func aRefusalIsNoAnswer() {
    var client = invoking()
    #expect(client.receive(.refusal(Two.id("c1", 1)), from: "s1").isEmpty)
    #expect(client.receive(.reply(Two.id("c1", 1), .done), from: "s2") == ["complete 1: done"])
    #expect(client.receive(.reply(Two.id("c1", 1), .done), from: "s1").isEmpty)
  }

  /// BS-19.
  @Test func aClientThatDoesNotRetryArmsNoTimer() {
    func timers(_ client: TwoNodeScript<TwoNodeStore.Client>) -> Int {
      client.effects.count { if case .setTimer = $0 { true } else { false } }
    }
    #expect(timers(invoking()) == 1)
    #expect(timers(invoking([.clientDoesNotRetry])) == 0)
  }
}

/// The load balancer as a node: what it says to whom.
@Suite struct TwoNodeBalancerTests {
  private func formed() -> TwoNodeScript<TwoNodeStore.Coordinator> {
    var balancer = TwoNodeScript(
      TwoNodeStore.makeCoordinator(Two.setting()), Two.node("lb"))
    balancer.receive(.heartbeat(incarnation: 1, recovered: 0), from: "s1")
    balancer.receive(.heartbeat(incarnation: 1, recovered: 0), from: "s2")
    return balancer
  }

  @Test func tellsBothOfANewAssignment() {
    let balancer = formed()
    #expect(
      balancer.messages.map(\.summary)
        == Array(repeating: "Assignment(1: s1 + s2)", count: 2))
    #expect(balancer.node.currentView.members == [Two.node("s1"), Two.node("s2")])
  }

  @Test func readsGoToBothAndWritesToThePrimary() {
    var balancer = formed()
    let read = Operation.readBlocks(first: 0, count: 1)
    let write = Operation.writeBlocks(first: 0, count: 1, value: "a")
    #expect(
      balancer.receive(Two.request("c1", 1, read), from: "c1") == ["s1 <- Request(1, read 0)"])
    #expect(
      balancer.receive(Two.request("c1", 2, read), from: "c1") == ["s2 <- Request(2, read 0)"])
    for number in 3...4 {
      #expect(
        balancer.receive(Two.request("c1", number, write), from: "c1")
          == ["s1 <- Request(\(number), write 0)"])
    }
  }

  @Test func refusesWhileNobodyLeads() {
    var balancer = TwoNodeScript(
      TwoNodeStore.makeCoordinator(Two.setting()), Two.node("lb"))
    let read = Operation.readBlocks(first: 0, count: 1)
    #expect(balancer.receive(Two.request("c1", 1, read), from: "c1") == ["c1 <- Refused(1)"])
  }

  @Test func promotesTheBackupWhenThePrimaryIsDead() {
    var balancer = formed()
    balancer.step { $0.serverFailed(Two.node("s1"), &$1) }
    #expect(balancer.messages.map(\.summary) == ["Assignment(2: s2)"])
  }
}
