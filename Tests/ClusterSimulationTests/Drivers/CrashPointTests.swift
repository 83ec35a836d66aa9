import ClusterSimulation
import LinearizabilityChecking
import SimulationKernel
import Testing

@Suite("Crash points")
struct CrashPointTests {
  static func enumerate(
    _ deviations: [DurableRegister.Deviation], depth: Int = 1, operations: Int = 2, jobs: Int = 1
  ) -> CrashPointReport {
    let runner = registerRunner(deviations) { plan in
      plan.workload.clientCount = 1
      plan.workload.operationsPerClient = operations
      plan.workload.mix.read = depth == 1 ? 1 : 0
    }
    var plan = CrashPointPlan()
    plan.depth = depth
    return runner.crashPoints(CrashPointRequest(seed: 1, plan: plan, jobs: jobs))
  }

  @Test("temporary file, fsync, rename, fsync of the directory survive a crash anywhere")
  func correct() {
    let report = Self.enumerate([])
    #expect(report.failures.map(\.point.action) == [])
    #expect(report.firstUndecided == nil)
    #expect(report.results.count == report.total)
    #expect(report.outcomes + report.merged >= report.total)
  }

  @Test("two crashes in a row, recovery included")
  func twice() {
    let report = Self.enumerate([], depth: 2, operations: 1)
    #expect(report.failures.map(\.point.action) == [])
    #expect(report.outcomes > Self.enumerate([], operations: 1).outcomes)
  }

  @Test(
    "each missing fsync is caught by a power loss, and never by a mere crash",
    arguments: [DurableRegister.Deviation.noFileSync, .noDirectorySync])
  func missingSync(_ bug: DurableRegister.Deviation) throws {
    let report = Self.enumerate([bug])
    #expect(report.failures.map(\.kind).contains(.powerLoss))
    #expect(!report.failures.map(\.kind).contains(.process))
  }

  @Test("a failure replays from its steps alone")
  func replay() throws {
    let runner = registerRunner([.noDirectorySync]) { plan in
      plan.workload.clientCount = 1
      plan.workload.operationsPerClient = 2
    }
    let report = runner.crashPoints(
      CrashPointRequest(seed: 1, plan: CrashPointPlan(), jobs: 1))
    let failure = try #require(report.firstFailure)
    let text = StepText(runner.layout)
    let steps = try failure.steps.map { try text.decode(text.encode($0)) }
    let open = registerRunner([.noDirectorySync], powerLoss: .open) { plan in
      plan.workload.clientCount = 1
      plan.workload.operationsPerClient = 2
    }
    let replay = open.replay(ReplayRequest(steps: steps))
    #expect(replay.result.divergedAt == nil)
    #expect(replay.result.digest == failure.digest)
    guard case .violation(let violation) = replay.result.verdict else {
      Issue.record("the replay passed")
      return
    }
    #expect(violation.check == failure.violation.check)
  }

  @Test("the result does not depend on the number of jobs")
  func jobs() {
    #expect(Self.enumerate([], jobs: 1).results == Self.enumerate([], jobs: 2).results)
  }
}
