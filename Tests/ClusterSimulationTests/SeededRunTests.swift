import ClusterSimulation
import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel
import Testing

@Suite("Seeded runs of a durable register")
struct SeededRunTests {
  static func powerLosses(_ plan: inout RunPlan) {
    var faults = DrawnFaults()
    faults.powerLosses = 2
    faults.crashes = 1
    faults.restarts = 3
    faults.window = .milliseconds(60)
    plan.faults = .drawn(faults)
  }

  static func campaign(_ runner: ClusterRunner, seeds: Int, jobs: Int = 1) -> CampaignResult {
    Campaign(runner: runner, seeds: SeedSequence(first: 1, count: seeds), jobs: jobs).run()
  }

  @Test("without faults, every operation completes")
  func noFaults() {
    let result = Self.campaign(registerRunner(), seeds: 30)
    #expect(result.failure == nil)
    #expect(result.undecided == nil)
    #expect(result.operations == 30 * (12 + 1))
  }

  @Test("temporary file, fsync, rename, fsync of the directory survive power losses")
  func correctSurvives() {
    let result = Self.campaign(registerRunner([], Self.powerLosses), seeds: 300)
    #expect(result.failure == nil)
    #expect(result.faults.crashes > 60)
    #expect(result.faults.powerLosses > 140)
    #expect(result.faults.restarts > 200)
  }

  @Test(
    "a missing fsync is caught",
    arguments: [
      DurableRegister.Deviation.noFileSync, .noDirectorySync,
    ])
  func missingSync(_ bug: DurableRegister.Deviation) throws {
    let result = Self.campaign(registerRunner([bug], Self.powerLosses), seeds: 300)
    let failure = try #require(result.failure)
    guard case .violation(let violation) = failure.verdict else { return }
    #expect([.linearizability, .durability].contains(violation.check))
    #expect(failure.withinAssumptions)
  }

  @Test("a process crash without power loss needs no fsync")
  func pageCacheSurvives() {
    let runner = registerRunner([.noFileSync, .noDirectorySync]) { plan in
      var faults = DrawnFaults()
      faults.crashes = 2
      faults.restarts = 2
      faults.window = .milliseconds(60)
      plan.faults = .drawn(faults)
    }
    #expect(Self.campaign(runner, seeds: 200).failure == nil)
  }

  @Test("the result does not depend on the number of jobs")
  func jobs() {
    let runner = registerRunner([.noDirectorySync], Self.powerLosses)
    let one = Self.campaign(runner, seeds: 200, jobs: 1)
    let two = Self.campaign(runner, seeds: 200, jobs: 2)
    #expect(one.failure == two.failure)
    #expect(one.runs == two.runs)
    #expect(one.steps == two.steps)
  }

  @Test("a recorded run replays to the same digest, through the text of its steps")
  func replay() throws {
    let runner = registerRunner([.noDirectorySync], Self.powerLosses)
    let failure = try #require(Self.campaign(runner, seeds: 300).failure)
    let recording = runner.record(failure.seed, true)
    #expect(recording.result == failure)
    let text = StepText(runner.layout)
    let steps = try recording.steps.map { try text.decode(text.encode($0)) }
    #expect(steps == recording.steps)
    let replay = runner.replay(ReplayRequest(steps: steps, detail: .steps))
    #expect(replay.result.divergedAt == nil)
    #expect(replay.result.digest == failure.digest)
    #expect(replay.result.verdict == failure.verdict)
    #expect(replay.lines == recording.lines)
  }

  @Test("a replay against other code says where it diverges")
  func replayDiverges() throws {
    let buggy = registerRunner([.noDirectorySync], Self.powerLosses)
    let failure = try #require(Self.campaign(buggy, seeds: 300).failure)
    let steps = buggy.record(failure.seed, false).steps
    let fixed = registerRunner([], Self.powerLosses).replay(ReplayRequest(steps: steps))
    #expect(fixed.result.divergedAt != nil)
  }

  @Test("a step budget that runs out is undecided, never a pass")
  func stepBudget() throws {
    let runner = registerRunner { $0.limits.steps = 20 }
    let result = Self.campaign(runner, seeds: 3)
    #expect(result.failure == nil)
    #expect(result.undecidedCount == 3)
  }

  @Test("a handler that iterates a Set is caught by the determinism double run")
  func plantedLeak() {
    let leaky = registerRunner([.unorderedMemory])
    let seeds = SeedSequence(first: 1, count: 200)
    let result = Campaign(
      runner: leaky, seeds: seeds, jobs: 1, verifiesDeterminism: true
    ).run()
    #expect(result.leak != nil)
    let clean = Campaign(
      runner: registerRunner([], Self.powerLosses), seeds: seeds, jobs: 1,
      verifiesDeterminism: true
    ).run()
    #expect(clean.leak == nil)
  }
}
