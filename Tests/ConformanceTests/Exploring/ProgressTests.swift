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
    _ budget: [ExploredBudget.Item: Int]
  ) throws -> ExploreReport
  where P.Message.Operation == Operation, P.Message.Response == Response {
    let layout = ClusterLayout(
      serverCount: servers, coordinatorName: coordinator, clientCount: 1)
    let deviations = try bug.map { [try #require(P.Deviation(rawValue: $0))] } ?? []
    let setting = ClusterSetting<P>(
      nodes: ProtocolSetting(
        layout: layout, deviations: DeviationSet(deviations), detector: .perfect),
      detector: .perfect, diskProfile: "default+atomic-dir", checks: [.progress],
      powerLoss: .open)
    var request = ExploreRequest(plan: ExplorePlan(operations: [[operation]]))
    request.plan.budget = ExploredBudget(budget)
    request.plan.tellsFailuresApart = true
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
}
