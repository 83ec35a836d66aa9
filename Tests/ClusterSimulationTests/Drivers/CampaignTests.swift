import ClusterSimulation
import LinearizabilityChecking
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

  @Test("after the first failure, further failing seeds are counted one by one", arguments: [1, 3])
  func sampling(_ jobs: Int) throws {
    let runner = registerRunner([.noDirectorySync], SeededRunTests.powerLosses)
    var checker = StoreChecker(limit: runner.plan.limits.configurations)
    let failing = (1...200 as ClosedRange<UInt64>).filter { seed in
      if case .violation = runner.run(seed, &checker).verdict { true } else { false }
    }
    #expect(failing.count > 8)
    func sample(_ sampling: HitSampling) -> CampaignResult {
      var campaign = Campaign(runner: runner, seeds: Self.seeds, jobs: jobs)
      campaign.sampling = sampling
      return campaign.run()
    }
    let five = sample(HitSampling(hits: 5, steps: .max))
    #expect(five.sample == HitSample(seeds: Int(failing[4]), hits: 5))
    // What the campaign itself says is what it would say without.
    let plain = Campaign(runner: runner, seeds: Self.seeds, jobs: jobs).run()
    #expect(five.runs == plain.runs && five.steps == plain.steps && five.failure == plain.failure)
    #expect(plain.sample == nil)
    let all = sample(HitSampling(hits: .max, steps: .max))
    #expect(all.sample == HitSample(seeds: 200, hits: failing.count))
    // The first failure counts as it is; of the others none violates that check.
    let other = sample(HitSampling(hits: 5, steps: .max, checks: [.splitBrain]))
    #expect(other.sample == HitSample(seeds: 200, hits: 1))
    #expect(sample(HitSampling(hits: 5, steps: 1)).sample?.hits == 1)
  }

  @Test("a campaign that is cancelled while it counts says so")
  func cancelledSampling() {
    let runner = registerRunner([.noDirectorySync], SeededRunTests.powerLosses)
    let asked = Atomic<Int>(0)
    var campaign = Campaign(
      runner: runner, seeds: Self.seeds, jobs: 1,
      isCancelled: { asked.add(1, ordering: .relaxed).oldValue > 0 })
    campaign.sampling = HitSampling(hits: .max, steps: .max)
    let result = campaign.run()
    #expect(result.failure != nil)
    #expect(result.wasCancelled)
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
