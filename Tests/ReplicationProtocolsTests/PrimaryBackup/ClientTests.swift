import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite struct ClientTests {
  private let put = Operation.put(key: 0, value: "a")

  private func client(
    _ bugs: [PrimaryBackup.Deviation] = []
  ) -> NodeScript<PrimaryBackup.Client> {
    NodeScript(PrimaryBackup.makeClient(Names.node("c1"), Names.setting(bugs)), Names.node("c1"))
  }

  private func invoke(
    _ client: inout NodeScript<PrimaryBackup.Client>, _ number: Int, _ operation: Operation
  ) -> [String] {
    client.step { $0.invoke(Names.id("c1", number), operation, &$1) }
  }

  @Test func withoutAViewTheClientAsksForOne() {
    var client = client()
    #expect(invoke(&client, 1, put) == ["vs <- GetView"])
    #expect(client.armed == [.retry(1)])
    #expect(client.receive(Names.view(1, "s1"), from: "vs") == ["s1 <- Request(1, put 0)"])
    #expect(client.receive(.reply(Names.id("c1", 1), .done), from: "s1") == ["complete 1: done"])
  }

  @Test func theViewIsKeptForLaterOperations() {
    var client = client()
    client.receive(Names.view(2, "s1", "s2"), from: "vs")
    #expect(invoke(&client, 1, put) == ["s1 <- Request(1, put 0)"])
  }

  @Test func aRefusalSendsTheClientToTheViewService() {
    var client = client()
    client.receive(Names.view(1, "s1"), from: "vs")
    _ = invoke(&client, 1, put)
    #expect(client.receive(.refusal(Names.id("c1", 1), view: 1), from: "s1") == ["vs <- GetView"])
    #expect(client.receive(Names.view(1, "s1"), from: "vs") == [])
    #expect(client.receive(Names.view(2, "s2"), from: "vs") == ["s2 <- Request(1, put 0)"])
  }

  /// The view service may be out of reach: the client goes on with what it knows.
  @Test func silenceMakesTheClientAskAndTryAgain() {
    var client = client()
    client.receive(Names.view(1, "s1"), from: "vs")
    _ = invoke(&client, 1, put)
    #expect(client.fire(.retry(1)) == ["vs <- GetView", "s1 <- Request(1, put 0)"])
    #expect(client.loses("s1") == ["vs <- GetView"])
  }

  @Test func oldViewsAndOldAnswersAreIgnored() {
    var client = client()
    client.receive(Names.view(3, "s2"), from: "vs")
    _ = invoke(&client, 1, put)
    #expect(client.receive(Names.view(2, "s1"), from: "vs") == [])
    client.receive(.reply(Names.id("c1", 1), .done), from: "s2")
    #expect(client.receive(.reply(Names.id("c1", 1), .done), from: "s2") == [])
    #expect(client.fire(.retry(1)) == [])
    #expect(client.receive(.refusal(Names.id("c1", 1), view: 4), from: "s2") == [])
    #expect(client.loses("s1") == [])
  }

  @Test func severalOperationsAreOpenAtOnce() {
    var client = client()
    client.receive(Names.view(1, "s1"), from: "vs")
    _ = invoke(&client, 1, put)
    _ = invoke(&client, 2, .get(key: 0))
    #expect(lowestOpen(client) == 1)
    client.receive(.reply(Names.id("c1", 2), .value("")), from: "s1")
    _ = invoke(&client, 3, .get(key: 0))
    #expect(lowestOpen(client) == 1)
    client.receive(.reply(Names.id("c1", 1), .done), from: "s1")
    _ = invoke(&client, 4, .get(key: 0))
    #expect(lowestOpen(client) == 3)
    #expect(
      client.receive(Names.view(2, "s2"), from: "vs") == [
        "s2 <- Request(3, get 0)", "s2 <- Request(4, get 0)",
      ])
  }

  private func lowestOpen(_ client: NodeScript<PrimaryBackup.Client>) -> Int32? {
    guard case .request(let request)? = client.messages.last else { return nil }
    return request.lowestOpen
  }

  @Test func withPB15ReadsGoToEveryServer() {
    var client = client([.backupAnswersReads])
    client.receive(Names.view(2, "s1", "s2"), from: "vs")
    #expect(invoke(&client, 1, put) == ["s1 <- Request(1, put 0)"])
    #expect(invoke(&client, 2, .get(key: 0)) == ["s2 <- Request(2, get 0)"])
    #expect(invoke(&client, 3, .get(key: 0)) == ["s3 <- Request(3, get 0)"])
    #expect(invoke(&client, 4, .get(key: 0)) == ["s1 <- Request(4, get 0)"])
  }
}
