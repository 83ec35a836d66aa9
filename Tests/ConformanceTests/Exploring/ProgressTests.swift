import LinearizabilityChecking
import ModelChecking
import ReplicationProtocols
import SimulationKernel
import Testing

@testable import ClusterSimulation

/// Dead ends and closed cycles are found where a bug makes them, and nowhere else.
@Suite("Progress in the search")
struct ProgressTests {
  private func report<P: ReplicationProtocol>(
    _ p: P.Type, servers: Int, coordinator: String, bug: String?, operation: Operation,
    _ budget: [ExploredBudget.Item: Int], furtherTicks: Int = 0,
    checks: CheckSet = [.progress], detector: DetectorWord = .perfect
  ) throws -> ExploreReport
  where P.Message.Operation == Operation, P.Message.Response == Response {
    let layout = ClusterLayout(
      serverCount: servers, coordinatorName: coordinator, clientCount: 1)
    let deviations = try bug.map { [try #require(P.Deviation(rawValue: $0))] } ?? []
    let setting = ClusterSetting<P>(
      nodes: ProtocolSetting(
        layout: layout, deviations: DeviationSet(deviations), detector: detector),
      detector: detector, diskProfile: "default+atomic-dir", checks: checks,
      powerLoss: .open)
    var request = ExploreRequest(plan: ExplorePlan(operations: [[operation]]))
    request.plan.budget = ExploredBudget(budget)
    request.plan.tellsFailuresApart = true
    request.plan.furtherTicks = furtherTicks
    request.options.progress = ProgressQuestion(excluding: ExplorePlan.faultTag)
    return exploreCluster(setting, request)
  }

  private func chain(_ bug: String?, retries: Int = 1) throws -> ExploreReport {
    try report(
      Chain.self, servers: 2, coordinator: "master", bug: bug,
      operation: .put(key: 0, value: "a"),
      [.crash: 1, .retry: retries, .pace: ExploredBudget.unlimited])
  }

  private func store(_ bug: String?) throws -> ExploreReport {
    try report(
      TwoNodeStore.self, servers: 2, coordinator: "lb", bug: bug,
      operation: .writeBlocks(first: 0, count: 1, value: "a"), [.crash: 1, .retry: 1])
  }

  @Test("a tail that forgets what it owes leaves its client waiting, and the trace ends there")
  func forgetful() throws {
    guard case .violation(let found) = try chain("CR-07").verdict else {
      Issue.record("CR-07 passed")
      return
    }
    #expect(found.violation.check == .progress)
    #expect(found.violation.message.contains("every operation of c1 is answered"))
    #expect(found.withinAssumptions)
    #expect(found.lines.contains { $0.contains("CRASHES") })
    #expect(found.lines.allSatisfy { $0.contains("changed: ") })
  }

  @Test("the correct chain always can go on, and states without retries are excused")
  func correctChain() throws {
    let report = try chain(nil, retries: 2)
    guard case .exhausted = report.verdict else {
      Issue.record("\(report.verdict)")
      return
    }
    let progress = try #require(report.progress)
    #expect(progress.deadEnds + progress.cycling == 0)
    #expect(progress.exempt > 0)
  }

  @Test("a client that does not repeat waits for ever; one that does is answered")
  func impatience() throws {
    guard case .violation(let found) = try store("BS-19").verdict else {
      Issue.record("BS-19 passed")
      return
    }
    #expect(found.violation.check == .progress)
    #expect(found.withinAssumptions)
    guard case .exhausted = try store(nil).verdict else {
      Issue.record("the correct store waits as well")
      return
    }
  }

  private func primaryBackup(_ detector: DetectorWord, _ ticks: Int) throws -> ExploreReport {
    try report(
      PrimaryBackup.self, servers: 2, coordinator: "vs", bug: nil,
      operation: .put(key: 0, value: "a"), [.crash: 1, .pace: 1], furtherTicks: ticks,
      checks: [.progress, .convergence], detector: detector)
  }

  @Test("where ticks are bounded, new ones are enough for whoever makes progress at all")
  func beyondTheBounds() throws {
    let report = try primaryBackup(.perfect, ExploredBudget.unlimited)
    guard case .exhausted = report.verdict else {
      Issue.record("\(report.verdict)")
      return
    }
    let progress = try #require(report.progress)
    let further = try #require(progress.continuation)
    #expect(progress.deadEnds + progress.cycling == 0)
    #expect(progress.diverging == 0)
    #expect(!progress.endsForWantOfTicks)
    #expect(further.worlds > 100)
    #expect(further.states >= further.worlds)
  }

  @Test("a time-out of five ticks does not end within one more, and the message says so")
  func tooFewTicks() throws {
    guard case .violation(let found) = try primaryBackup(.timeouts, 1).verdict else {
      Issue.record("one tick is enough")
      return
    }
    #expect(found.violation.message.contains("with at most 1 further ticks"))
  }

  @Test("replicas that never agree again, once all is done")
  func divergence() throws {
    let operations = [[Operation.put(key: 0, value: "a")], [.put(key: 0, value: "b")]]
    for bugs in [[], [RankedKv.Deviation.broadcastsInterleave]] {
      var bounds = SmallBounds<RankedKv>.rankedKv(.nothing, operations: operations, bugs: bugs)
      bounds.setting.checks = [.convergence]
      bounds.plan.budget[.pace] = ExploredBudget.unlimited
      var request = ExploreRequest(plan: bounds.plan)
      request.plan.furtherTicks = ExploredBudget.unlimited
      request.options.progress = ProgressQuestion(excluding: ExplorePlan.faultTag)
      switch exploreCluster(bounds.setting, request).verdict {
      case .exhausted: #expect(bugs.isEmpty)
      case .violation(let found):
        #expect(!bugs.isEmpty)
        #expect(found.violation.check == .convergence)
      case .undecided(let reason): Issue.record("\(reason)")
      }
    }
  }
}
