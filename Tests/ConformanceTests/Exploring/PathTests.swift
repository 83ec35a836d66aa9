import LinearizabilityChecking
import ModelChecking
import ReplicationProtocols
import SimulationKernel
import Testing

@testable import ClusterSimulation

/// Every step of a seeded run is a step of the search.
@Suite("Seeded runs are paths of the search")
struct PathTests {
  private func check<P: ReplicationProtocol>(
    _ p: P.Type, servers: Int, coordinator: String, detector: DetectorWord, blocks: Bool
  ) throws where P.Message.Operation == Operation, P.Message.Response == Response {
    let layout = ClusterLayout(
      serverCount: servers, coordinatorName: coordinator, clientCount: 2)
    let setting = ClusterSetting<P>(
      nodes: ProtocolSetting(layout: layout, detector: detector),
      detector: detector, diskProfile: "default+atomic-dir",
      checks: [.linearizability], powerLoss: .open)
    var plan = RunPlan()
    plan.workload.operationsPerClient = 2
    plan.workload.object = blocks ? .blocks(2) : .keys(2)
    plan.workload.readsAtEnd = false
    var run = SeededRun<P>(setting, plan, seed: 1)
    run.cluster.explores = true
    run.recorder = StepRecorder(writesLines: true)
    var checker = StoreChecker()
    let result = run.run(&checker)
    #expect(result.steps > 20)
    var stream = SeededStream(seed: 1, name: "workload")
    let operations = plan.workload.plan(&stream).map { $0.map(\.operation) }
    var bounds = ExplorePlan(operations: operations)
    bounds.budget = ExploredBudget([.crash: 0, .pace: -1, .retry: 9, .restart: 0])
    let system = ClusterSystem<P>(setting, bounds)
    var path = PathCheck<P>(system, setting)
    let mismatch = path.firstMismatch(run.recorder?.steps ?? [])
    #expect(mismatch == nil, "\(P.name): differs in \(path.mismatch(path.world) ?? "nothing")")
  }

  @Test("two-node-store")
  func store() throws {
    try check(TwoNodeStore.self, servers: 2, coordinator: "lb", detector: .perfect, blocks: true)
  }

  @Test("chain")
  func chain() throws {
    try check(Chain.self, servers: 3, coordinator: "master", detector: .perfect, blocks: false)
  }

  @Test("primary-backup")
  func primaryBackup() throws {
    try check(PrimaryBackup.self, servers: 2, coordinator: "vs", detector: .timeouts, blocks: false)
  }
}
