import SimulationKernel
import Testing

@testable import ReplicationProtocols

/// Which failures the store promises to survive.
@Suite struct TwoNodeAssumptionTests {
  /// The servers that may fail, after the load balancer has heard the heartbeats and failures.
  private func tolerated(
    up: [Bool] = [true, true],
    _ events: (inout TwoNodeScript<TwoNodeStore.Coordinator>) -> Void
  ) -> [String] {
    var balancer = TwoNodeScript(
      TwoNodeStore.makeCoordinator(Two.setting()), Two.node("lb"))
    events(&balancer)
    var incarnations = [1, 1]
    for server in 0..<2 {
      incarnations[server] = max(1, balancer.node.currentAssignment.incarnations[server])
    }
    let servers = ["s1", "s2"].enumerated().map { index, name in
      var script = TwoNodeScript(
        TwoNodeStore.makeServer(Two.node(name), Two.setting()), Two.node(name),
        incarnation: incarnations[index])
      script.start()
      return script.node
    }
    let facts = ClusterFacts<TwoNodeStore>(
      layout: Two.layout, servers: servers, isUp: up, coordinator: balancer.node)
    return ["s1", "s2"].filter {
      TwoNodeStore.tolerates(failureOf: Two.node($0), in: facts)
    }
  }

  private func form(_ balancer: inout TwoNodeScript<TwoNodeStore.Coordinator>) {
    balancer.receive(.heartbeat(incarnation: 1, recovered: 0), from: "s1")
    balancer.receive(.heartbeat(incarnation: 1, recovered: 0), from: "s2")
  }

  @Test func nobodyMayFailBeforeBothHaveRegistered() {
    #expect(tolerated { _ in }.isEmpty)
  }

  @Test func eitherMayFailWhileBothAreStable() {
    #expect(tolerated(form) == ["s1", "s2"])
  }

  @Test func theOtherMustRun() {
    #expect(tolerated(up: [true, false], form) == ["s2"])
  }

  @Test func onlyTheRecoveringNodeMayFail() {
    let names = tolerated {
      form(&$0)
      $0.step { $0.serverFailed(Two.node("s1"), &$1) }
      $0.receive(.heartbeat(incarnation: 2, recovered: 0), from: "s1")
    }
    #expect(names == ["s1"])
  }
}
