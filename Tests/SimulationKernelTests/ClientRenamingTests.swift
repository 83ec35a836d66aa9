import SimulationKernel
import Testing

@Suite("Clients that change names")
struct ClientRenamingTests {
  private let layout = ClusterLayout(serverCount: 2, coordinatorName: "master", clientCount: 3)

  private var exchange: ClientRenaming {
    ClientRenaming(layout, clients: [1, 0, 2], tokens: [("<a>", "<b>"), ("<b>", "<a>")])
  }

  @Test("nodes and requests: servers, coordinator and other clients keep their names")
  func names() {
    let names = (0..<layout.nodeCount).map { layout.name(of: exchange.node(NodeID($0))) }
    #expect(names == ["s1", "s2", "master", "c2", "c1", "c3"])
    #expect(
      RequestID(client: layout.client(0), number: 7).renamed(by: exchange)
        == RequestID(client: layout.client(1), number: 7))
    #expect(exchange.permuted(["one", "two", "three"], firstNode: 3) == ["two", "one", "three"])
  }

  @Test("values: every written value in a composed one is translated")
  func values() {
    #expect(exchange.text("") == "")
    #expect(exchange.text("<a>") == "<b>")
    #expect(exchange.text("<a><b>#3<a>") == "<b><a>#3<b>")
    #expect(exchange.text("<c>") == "<c>")
  }

  @Test("sentences: names are words of their own")
  func sentences() {
    #expect(
      exchange.sentence("s1 applied request 2 of c1 twice, c12 did not, c2", layout)
        == "s1 applied request 2 of c2 twice, c12 did not, c1")
  }
}
