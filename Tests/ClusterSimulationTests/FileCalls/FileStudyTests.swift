import LinearizabilityChecking
import SimulationKernel
import Testing

@testable import ClusterSimulation

/// A library user's own protocol under study.
@Suite("Studies of file calls")
struct FileStudyTests {
  private static func runner(_ study: FileStudy?, powerLoss: PowerLossOutcome = .open)
    -> ClusterRunner
  {
    registerRunner(powerLoss: powerLoss, study: study) { plan in
      plan.workload.clientCount = 1
      plan.workload.operationsPerClient = 3
    }
  }

  private static func enumerate(
    _ study: FileStudy?, jobs: Int = 1, collectsEnds: Bool = false
  ) -> CrashPointReport {
    var plan = CrashPointPlan()
    plan.collectsEnds = collectsEnds
    var request = CrashPointRequest(
      seeds: SeedSequence(first: 1, count: 1), plan: plan, jobs: jobs)
    request.stopsAtFailure = !collectsEnds
    return runner(study).crashPoints(request)
  }

  private static func mutations() -> [MutationFinding] {
    let study = FileStudy()
    _ = enumerate(study)
    return study.mutations
  }

  @Test("a study finds every fsync and every pair of neighbours, in the order of the source")
  func coverage() {
    let found = Self.mutations().map { finding in
      let word = if case .drop = finding.mutation { "drop" } else { "swap" }
      return "\(word) \(finding.first)" + (finding.second.map { ", \($0)" } ?? "")
    }
    #expect(
      found == [
        "swap creat tmp, truncate tmp", "swap truncate tmp, write tmp", "swap write tmp, fsync tmp",
        "drop fsync tmp", "swap fsync tmp, rename tmp value", "swap rename tmp value, fsync .",
        "drop fsync .",
      ])
  }

  @Test("crash points catch every one of them")
  func caught() {
    for finding in Self.mutations() {
      let study = FileStudy(finding.mutation)
      let report = Self.enumerate(study)
      let fails = report.firstFailure != nil || report.failedSchedule != nil
      #expect(fails, "\(finding.first), \(finding.second ?? "")")
      #expect(study.hasChanged)
    }
  }

  @Test("seeds without faults catch nothing but what breaks the schedule: too weak a scenario")
  func weakScenario() {
    var caught: [String] = []
    for finding in Self.mutations() {
      let runner = Self.runner(FileStudy(finding.mutation), powerLoss: .drawn)
      var checker = StoreChecker(limit: 10_000)
      if case .violation = runner.run(1, &checker).verdict { caught.append(finding.first) }
    }
    // A name is truncated before it exists, and synced after it has gone: refused in any run.
    #expect(caught == ["creat tmp", "fsync tmp"])
  }

  @Test("looking on changes nothing", arguments: [1, 2])
  func onlooker(jobs: Int) {
    let plain = Self.enumerate(nil, collectsEnds: true)
    let studied = Self.enumerate(FileStudy(), jobs: jobs, collectsEnds: true)
    #expect(studied.results == plain.results)
    #expect(studied.ends == plain.ends)
    #expect(!plain.ends.isEmpty)
    var checker = StoreChecker(limit: 10_000)
    let seeded = Self.runner(nil, powerLoss: .drawn).run(7, &checker)
    #expect(Self.runner(FileStudy(), powerLoss: .drawn).run(7, &checker) == seeded)
  }

  @Test("the first failure is the same with one thread and with two")
  func jobs() throws {
    let finding = try #require(Self.mutations().first { $0.first.hasPrefix("fsync tmp") })
    let one = Self.enumerate(FileStudy(finding.mutation), jobs: 1)
    let two = Self.enumerate(FileStudy(finding.mutation), jobs: 2)
    #expect(one.firstFailure == two.firstFailure)
    #expect(one.results == two.results)
    #expect(one.firstFailure != nil)
  }

  @Test("a difference that shows in no check shows in the ends")
  func ends() throws {
    let finding = try #require(Self.mutations().last)
    let study = FileStudy(finding.mutation)
    let mutated = Self.enumerate(study, collectsEnds: true)
    #expect(study.hasLostPowerSince)
    #expect(mutated.ends != Self.enumerate(nil, collectsEnds: true).ends)
  }
}
