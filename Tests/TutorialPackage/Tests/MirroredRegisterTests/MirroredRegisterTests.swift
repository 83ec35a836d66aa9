import ClusterSimulation
import LinearizabilityChecking
import MirroredRegister
import SimulationKernel
import Testing

@Suite("The mirrored register")
struct MirroredRegisterTests {
  /// Three clients on one register; mirrors die and lose power.
  static func runner(
    _ bugs: [MirroredRegister.Deviation] = [], _ change: (inout RunPlan) -> Void = { _ in }
  ) throws -> ClusterRunner {
    var plan = RunPlan()
    plan.workload.object = .keys(1)
    plan.workload.clientCount = 3
    var faults = DrawnFaults()
    faults.crashes = 1
    faults.powerLosses = 2
    faults.restarts = 3
    faults.window = .milliseconds(60)
    plan.faults = .drawn(faults)
    change(&plan)
    let setting = RunnerSetting(
      servers: 2, clients: plan.workload.clientCount, deviations: bugs.map(\.rawValue),
      detector: .timeouts, diskProfile: "default+atomic-dir",
      checks: [.linearizability, .durability, .convergence, .progress])
    return try #require(ClusterRunner(MirroredRegister.self, setting, plan))
  }

  static func campaign(_ runner: ClusterRunner, seeds: Int) -> CampaignResult {
    Campaign(runner: runner, seeds: SeedSequence(first: 1, count: seeds), jobs: 1).run()
  }

  @Test("the correct variant survives 300 seeds")
  func seeds() throws {
    let result = Self.campaign(try Self.runner(), seeds: 300)
    #expect(result.failure == nil)
    #expect(result.undecided == nil)
    #expect(result.faults.powerLosses > 300)
  }

  @Test("every known bug is caught", arguments: MirroredRegister.Deviation.allCases)
  func bugs(_ bug: MirroredRegister.Deviation) throws {
    let result = Self.campaign(try Self.runner([bug]), seeds: 1000)
    let failure = try #require(result.failure)
    #expect(failure.withinAssumptions)
  }

  @Test("a crash at every effect boundary of a write and a read")
  func crashPoints() throws {
    let runner = try Self.runner { plan in
      plan.workload.clientCount = 1
      plan.workload.script = [
        [PlannedOperation(.put(key: 0, value: "<1>")), PlannedOperation(.get(key: 0))]
      ]
      plan.faults = .scripted([])
    }
    let seeds = SeedSequence(first: 1, count: 1)
    let report = runner.crashPoints(
      CrashPointRequest(seeds: seeds, plan: CrashPointPlan(), jobs: 1))
    #expect(report.total > 40)
    #expect(report.failures.isEmpty)
    #expect(report.undecided.isEmpty)
  }

  @Test("every order of two writes and a read")
  func search() throws {
    let runner = try Self.runner()
    var plan = ExplorePlan(operations: [
      [.put(key: 0, value: "<1>")], [.put(key: 0, value: "<2>")], [.get(key: 0)],
    ])
    plan.crashKinds = []
    guard case .exhausted = runner.explore(ExploreRequest(plan: plan)).verdict else {
      Issue.record("the search has not come to an end")
      return
    }
  }
}
