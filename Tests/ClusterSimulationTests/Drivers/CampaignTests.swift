import ClusterSimulation
import SimulationKernel
import Synchronization
import Testing

@Suite("Campaigns")
struct CampaignTests {
  static let seeds = SeedSequence(first: 1, count: 200)

  @Test("results do not depend on the number of jobs", arguments: [2, 3, 8])
  func jobs(_ jobs: Int) {
    for deviations in [[], [DurableRegister.Deviation.noDirectorySync]] {
      let runner = registerRunner(deviations, SeededRunTests.powerLosses)
      let one = Campaign(runner: runner, seeds: Self.seeds, jobs: 1).run()
      let many = Campaign(runner: runner, seeds: Self.seeds, jobs: jobs).run()
      #expect(one.runs == many.runs)
      #expect(one.steps == many.steps)
      #expect(one.operations == many.operations)
      #expect(one.faults == many.faults)
      #expect(one.failure == many.failure)
      #expect(one.longestRecovery == many.longestRecovery)
    }
  }

  @Test("a campaign stops at the first seed that fails, in the order of the seeds")
  func firstFailure() throws {
    let runner = registerRunner([.noDirectorySync], SeededRunTests.powerLosses)
    let result = Campaign(runner: runner, seeds: Self.seeds, jobs: 2).run()
    let failure = try #require(result.failure)
    #expect(result.runs == Int(failure.seed))
    let before = SeedSequence(first: 1, count: Int(failure.seed) - 1)
    #expect(Campaign(runner: runner, seeds: before, jobs: 1).run().failure == nil)
    let only = SeedSequence(first: failure.seed, count: 1)
    let alone = Campaign(runner: runner, seeds: only, jobs: 1).run()
    #expect(alone.failure == failure)
  }

  @Test("a cancelled campaign says so and keeps what whole batches found")
  func cancellation() {
    let asked = Atomic<Int>(0)
    let told = Mutex<[Int]>([])
    let campaign = Campaign(
      runner: registerRunner(), seeds: Self.seeds, jobs: 2,
      isCancelled: { asked.add(1, ordering: .relaxed).oldValue == 2 },
      progress: { count in told.withLock { $0.append(count) } })
    let result = campaign.run()
    #expect(result.wasCancelled)
    #expect(result.runs == 128)
    #expect(told.withLock { $0 } == [64, 128])
    #expect(result.failure == nil)
  }

  @Test("a campaign without seeds runs nothing and was not cancelled")
  func noSeeds() {
    let result = Campaign(
      runner: registerRunner(), seeds: SeedSequence(first: 1, count: 0), jobs: 4
    ).run()
    #expect(result.runs == 0)
    #expect(!result.wasCancelled)
  }

  @Test("a deviation that the protocol does not have makes no runner")
  func unknownDeviation() {
    let setting = RunnerSetting(
      servers: 1, clients: 1, deviations: ["DR-99"], detector: .timeouts, checks: [])
    #expect(ClusterRunner(DurableRegister.self, setting, RunPlan()) == nil)
  }
}
