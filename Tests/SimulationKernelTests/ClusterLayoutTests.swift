import SimulationKernel
import Testing

@Suite("Cluster layouts")
struct ClusterLayoutTests {
  static let withService = ClusterLayout(serverCount: 3, coordinatorName: "vs", clientCount: 2)
  static let without = ClusterLayout(serverCount: 1, coordinatorName: nil, clientCount: 1)

  @Test("servers come first, then the coordinator, then the clients")
  func names() {
    let nodes = (0..<6).map { NodeID($0) }
    #expect(nodes.map { Self.withService.name(of: $0) } == ["s1", "s2", "s3", "vs", "c1", "c2"])
    #expect(
      nodes.map { Self.withService.role(of: $0) }
        == [.server, .server, .server, .coordinator, .client, .client])
    #expect(Self.withService.nodeCount == 6)
    #expect(Self.withService.coordinator == NodeID(3))
  }

  @Test("without a coordinator the clients follow the servers")
  func noCoordinator() {
    #expect(Self.without.nodeCount == 2)
    #expect(Self.without.coordinator == nil)
    #expect(Self.without.client(0) == NodeID(1))
    #expect(Self.without.role(of: NodeID(1)) == .client)
  }

  @Test("every name finds its node, and no other name finds one")
  func lookup() {
    for layout in [Self.withService, Self.without] {
      for node in (0..<layout.nodeCount).map({ NodeID($0) }) {
        #expect(layout.node(named: layout.name(of: node)) == node)
      }
    }
    for name in ["s0", "s4", "c0", "c3", "master", "", "S1", "s1 ", "s01"] {
      #expect(Self.withService.node(named: name) == nil, "\(name)")
    }
    #expect(Self.without.node(named: "vs") == nil)
  }

  @Test("positions among servers and among clients count from 0")
  func positions() {
    let layout = Self.withService
    #expect(layout.servers == [NodeID(0), NodeID(1), NodeID(2)])
    #expect(layout.clients == [NodeID(4), NodeID(5)])
    #expect(layout.clients.map { layout.clientIndex(of: $0) } == [0, 1])
    #expect(layout.server(2) == NodeID(2))
  }

  @Test("requests are ordered by client, then by number, and keep both")
  func requests() {
    let first = RequestID(client: NodeID(4), number: 9)
    let second = RequestID(client: NodeID(5), number: 1)
    #expect(first < second)
    #expect(RequestID(client: NodeID(4), number: 10) > first)
    #expect(first.fingerprint != second.fingerprint)
    #expect(Incarnation(1) < Incarnation(2))
  }
}
