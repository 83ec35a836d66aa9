import LinearizabilityChecking
import ModelChecking
import ReplicationProtocols
import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite struct ExploringTests {
  @Test(arguments: [0, 1]) func chain(_ crashes: Int) throws {
    let layout = ClusterLayout(serverCount: 3, coordinatorName: "master", clientCount: 2)
    let setting = ClusterSetting<Chain>(
      nodes: ProtocolSetting(layout: layout, detector: .perfect), detector: .perfect,
      diskProfile: "", checks: [.linearizability, .updatePropagation, .inProcessRequests])
    var plan = ExplorePlan(operations: [
      [.put(key: 0, value: "a")], [.get(key: 0)],
    ])
    plan.budget = ExploredBudget([.crash: crashes, .retry: 0])
    let system = ClusterSystem<Chain>(setting, plan)
    let search = NaiveSearch(system, limit: 300_000)
    print("chain", crashes, search.states, search.transitions, search.depth, search.violation as Any, search.isExhausted)
  }
}
