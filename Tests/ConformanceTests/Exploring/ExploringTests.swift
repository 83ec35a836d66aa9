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
    let system = ClusterSystem<P>(setting, plan)
    typealias W = [ClusterComponent<P>]
    var seen = Set<W>()
    var frontier: [W] = system.initialWorlds
    seen.formUnion(frontier)
    var levels: [Int] = [frontier.count]
    var interned: [ClusterComponent<P>: ClusterComponent<P>] = [:]
    frontier = frontier.map { $0.map { c in if let k = interned[c] { return k }; interned[c] = c; return c } }
    while !frontier.isEmpty, levels.count < 40 {
      var next: [W] = []
      for world in frontier {
        for step in StepEnumeration(system).steps(from: world) where seen.insert(step.world).inserted {
          next.append(step.world.map { c in if let k = interned[c] { return k }; interned[c] = c; return c })
        }
      }
      levels.append(next.count)
      frontier = next
    }
    print("plain", levels)
    for w in seen { if let b = NaiveSearch.broken(system, w) { print("broken", system.invariants[b].name); break } }
    print("engine", ModelSearch(system, options: SearchOptions()).run().levels)
    print(system.layout)
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
