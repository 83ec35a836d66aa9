import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite("At most once")
struct AtMostOnceMonitorTests {
  static let layout = ClusterLayout(serverCount: 2, coordinatorName: nil, clientCount: 2)

  static func request(_ client: Int, _ number: Int) -> RequestID {
    RequestID(client: layout.client(client), number: number)
  }

  @Test("each request once at each server is accepted, over several words of bits")
  func once() {
    var monitor = AtMostOnceMonitor(layout: Self.layout)
    for server in Self.layout.servers {
      for client in 0..<2 {
        for number in 1...200 {
          #expect(monitor.applied(Self.request(client, number), by: server) == nil)
        }
      }
    }
  }

  @Test("a request that one server applies twice is rejected", arguments: [1, 63, 64, 65, 1_000])
  func twice(number: Int) {
    var monitor = AtMostOnceMonitor(layout: Self.layout)
    #expect(monitor.applied(Self.request(1, number), by: NodeID(1)) == nil)
    let found = monitor.applied(Self.request(1, number), by: NodeID(1))
    #expect(found?.message == "s2 applied request \(number) of c2 twice")
    #expect(found?.check == .atMostOnce)
  }

  @Test("a restarted process may apply again what its predecessor had applied")
  func restart() {
    var monitor = AtMostOnceMonitor(layout: Self.layout)
    #expect(monitor.applied(Self.request(0, 1), by: NodeID(0)) == nil)
    #expect(monitor.applied(Self.request(0, 1), by: NodeID(1)) == nil)
    monitor.forget(NodeID(0))
    #expect(monitor.applied(Self.request(0, 1), by: NodeID(0)) == nil)
    #expect(monitor.applied(Self.request(0, 1), by: NodeID(1)) != nil)
  }

  @Test("a token that stands twice in a value is found, whatever stands between")
  func duplicatedTokens() {
    let tokens = ["<c1.1>", "<c1.11>", "<c2.1>"]
    func duplicated(_ value: String) -> String? {
      AtMostOnceMonitor.duplicatedToken(in: value, among: tokens)
    }
    #expect(duplicated("<c1.1><c1.1>") == "<c1.1>")
    #expect(duplicated("<c2.1><c1.11><c2.1>") == "<c2.1>")
    #expect(duplicated("<c1.1><c1.11><c2.1>") == nil)
    #expect(duplicated("<c1.1>") == nil)
    #expect(duplicated("") == nil)
    #expect(AtMostOnceMonitor.duplicatedToken(in: "aa", among: [""]) == nil)
  }

  @Test("observations about requests that no client can have made are passed over")
  func nonsense() {
    var monitors = Monitors([.atMostOnce, .splitBrain], layout: Self.layout)
    let strangers = [
      RequestID(client: NodeID(0), number: 1), RequestID(client: NodeID(40), number: 1),
      RequestID(client: Self.layout.client(0), number: 0),
      RequestID(client: Self.layout.client(0), number: -5),
      RequestID(client: Self.layout.client(0), number: Int(Int32.max)),
    ]
    for request in strangers {
      for _ in 0..<2 {
        #expect(monitors.applied(request, by: NodeID(0)) == nil)
        monitors.accepted(request, epoch: 1)
        #expect(monitors.answered(request, epoch: 1, by: NodeID(0)) == nil)
      }
    }
    let request = Self.request(0, 1)
    for _ in 0..<2 { #expect(monitors.applied(request, by: Self.layout.client(0)) == nil) }
  }
}
