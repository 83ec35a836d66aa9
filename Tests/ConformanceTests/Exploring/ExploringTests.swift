import LinearizabilityChecking
import ModelChecking
import ReplicationProtocols
import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite struct ExploringTests {
  func search<P: ReplicationProtocol>(
    _ p: P.Type, servers: Int, coordinator: String, detector: DetectorWord,
    operations: [[Operation]], _ budget: [ExploredBudget.Item: Int], options: ProtocolOptions = ProtocolOptions(),
    kinds: [CrashKind] = [.process], disk: String = "", limit: Int = 200_000
  ) where P.Message.Operation == Operation, P.Message.Response == Response {
    let layout = ClusterLayout(
      serverCount: servers, coordinatorName: coordinator, clientCount: operations.count)
    let setting = ClusterSetting<P>(
      nodes: ProtocolSetting(layout: layout, options: options, detector: detector),
      detector: detector, diskProfile: disk,
      checks: [.linearizability, .updatePropagation, .inProcessRequests, .viewValidity, .splitBrain])
    var plan = ExplorePlan(operations: operations)
    plan.budget = ExploredBudget(budget)
    plan.crashKinds = kinds
    let system = ClusterSystem<P>(setting, plan)
    let search = NaiveSearch(system, limit: limit)
    print(P.name, budget.map { "\($0.key.word)=\($0.value)" }.sorted(), search.states, search.transitions, search.depth, search.violation as Any, search.isExhausted)
  }

  @Test func chain() throws {
    search(Chain.self, servers: 3, coordinator: "master", detector: .perfect, operations: [[.put(key: 0, value: "a")], [.get(key: 0)]], [.crash: 1])
  }
  @Test func pb() throws {
    for crashes in [0, 1] {
      search(PrimaryBackup.self, servers: 2, coordinator: "vs", detector: .perfect, operations: [[.put(key: 0, value: "a")]], [.crash: crashes, .pace: -1], limit: 100_000)
    }
    search(PrimaryBackup.self, servers: 2, coordinator: "vs", detector: .timeouts, operations: [[.put(key: 0, value: "a")]], [.pace: -1], limit: 100_000)
  }
  @Test func two() throws {
    for (crashes, retries) in [(0, 0), (1, 0), (1, 1)] {
      search(TwoNodeStore.self, servers: 2, coordinator: "lb", detector: .perfect, operations: [[.writeBlocks(first: 0, count: 1, value: "a")]], [.crash: crashes, .pace: -1, .retry: retries, .restart: crashes], kinds: [.process, .powerLoss], disk: "default+atomic-dir", limit: 100_000)
    }
  }
}
