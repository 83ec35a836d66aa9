import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ReplicationProtocols

@Suite("Ranked store: clients")
struct RankedKvClientTests {
  private let layout = ClusterLayout(serverCount: 4, coordinatorName: nil, clientCount: 2)

  private func client(
    _ options: [String: ProtocolOptions.Value] = [:], index: Int = 0
  ) -> (RankedKv.Client, Host<RankedKv.Message>) {
    let setting = ProtocolSetting<RankedKv.Deviation>(
      layout: layout, options: ProtocolOptions(options))
    let host = Host<RankedKv.Message>(
      layout: layout, costs: setting.costs,
      choices: Choices(stream: SeededStream(seed: 1, name: "choices")))
    return (RankedKv.makeClient(layout.client(index), setting), host)
  }

  private func targets(_ host: Host<RankedKv.Message>) -> [Int] {
    host.effects.compactMap { if case .send(_, let peer) = $0 { peer.index } else { nil } }
  }

  private func arms(_ host: Host<RankedKv.Message>) -> Bool {
    host.effects.contains { if case .setTimer = $0 { true } else { false } }
  }

  @Test("a client knows as many servers as it is told, from its own number on")
  func subset() {
    #expect(client().0.servers.map(\.index) == [0, 1, 2, 3])
    #expect(client(["knownServers": .integer(2)], index: 1).0.servers.map(\.index) == [1, 2])
  }

  @Test("it tries each server once before it pauses, and then begins again")
  func exclusion() {
    var (client, host) = client(["knownServers": .integer(3)])
    let request = RequestID(client: layout.client(0), number: 1)
    host.begin(layout.client(0), incarnation: Incarnation(1), time: .start, skew: .zero)
    client.invoke(request, .get(key: 0), &host)
    var tried = targets(host)
    for _ in 0..<2 {
      let last = NodeID(tried[tried.count - 1])
      host.begin(layout.client(0), incarnation: Incarnation(1), time: .start, skew: .zero)
      client.peerUnavailable(last, &host)
      tried += targets(host)
    }
    #expect(tried.sorted() == [0, 1, 2])
    host.begin(layout.client(0), incarnation: Incarnation(1), time: .start, skew: .zero)
    client.receive(.refused(request), from: NodeID(tried[2]), &host)
    #expect(targets(host) == [] && arms(host))
    host.begin(layout.client(0), incarnation: Incarnation(1), time: .start, skew: .zero)
    client.timerFired(.retry(1), &host)
    #expect(targets(host).count == 1)
  }

  @Test("if it is set to give up, it does so when all have failed")
  func givesUp() {
    var (client, host) = client([
      "knownServers": .integer(1), "clientsGiveUp": .flag(true),
    ])
    host.begin(layout.client(0), incarnation: Incarnation(1), time: .start, skew: .zero)
    client.invoke(RequestID(client: layout.client(0), number: 1), .get(key: 0), &host)
    host.begin(layout.client(0), incarnation: Incarnation(1), time: .start, skew: .zero)
    client.peerUnavailable(NodeID(0), &host)
    #expect(targets(host) == [] && !arms(host))
  }
}
