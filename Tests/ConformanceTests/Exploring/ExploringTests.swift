import LinearizabilityChecking
import ModelChecking
import ReplicationProtocols
import SimulationKernel
import Testing

@testable import ClusterSimulation

@Suite struct ExploringTests {
  func search<P: ReplicationProtocol>(
    _ p: P.Type, servers: Int, coordinator: String, detector: DetectorWord,
    operations: [[Operation]], _ budget: [ExploredBudget.Item: Int],
    options: ProtocolOptions = ProtocolOptions(),
    kinds: [CrashKind] = [.process], disk: String = "", limit: Int = 20_000_000
  ) where P.Message.Operation == Operation, P.Message.Response == Response {
    let layout = ClusterLayout(
      serverCount: servers, coordinatorName: coordinator, clientCount: operations.count)
    let setting = ClusterSetting<P>(
      nodes: ProtocolSetting(layout: layout, options: options, detector: detector),
      detector: detector, diskProfile: disk,
      checks: CheckSet(P.summary.checks.compactMap { CheckName(rawValue: $0) }))
    var plan = ExplorePlan(operations: operations)
    plan.budget = ExploredBudget(budget)
    plan.crashKinds = kinds
    let clock = ContinuousClock()
    let start = clock.now
    let system = ClusterSystem<P>(setting, plan)
    let naive = NaiveSearch(system, limit: 2000)
    print(
      "naive", naive.states, naive.transitions, naive.depth, naive.violation as Any,
      naive.isExhausted, system.ledger.coverage)
    var options = SearchOptions()
    options.budget.states = limit
    let report = ModelSearch(system, options: options).run()
    print(
      P.name, report.states, report.transitions, report.depth, start.duration(to: clock.now),
      system.ledger.coverage)
    if case .violation(let i, let t) = report.verdict {
      print("violation", system.invariants[i].name, t.steps.count)
    }
  }

  @Test func chain() throws {
    search(
      Chain.self, servers: 3, coordinator: "master", detector: .perfect,
      operations: [[.put(key: 0, value: "a")], [.get(key: 0)]], [.crash: 0])
  }
  @Test func two() throws {
    for (crashes, retries) in [(0, 0)] {
      search(
        TwoNodeStore.self, servers: 2, coordinator: "lb", detector: .perfect,
        operations: [[.writeBlocks(first: 0, count: 1, value: "a")]],
        [.crash: crashes, .pace: -1, .retry: retries, .restart: crashes],
        kinds: [.process, .powerLoss], disk: "default+atomic-dir")
    }
  }
}
