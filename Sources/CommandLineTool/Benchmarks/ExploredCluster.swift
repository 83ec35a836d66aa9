import ClusterSimulation
import LinearizabilityChecking
import ModelChecking
import SimulationKernel

/// A real protocol in bounds that a benchmark can afford.
struct ExploredCluster {
  let name: String
  let protocolName: String
  let setting: RunnerSetting
  let plan: ExplorePlan
  /// Levels to expand at most: what comes after would take too long.
  let depth: Int

  var crashes: Int { plan.budget[.crash] }

  /// - Returns: `nil` if the user does not want to go on.
  func search(_ options: SearchOptions) -> ExploreReport? {
    guard let entry = ProtocolCatalog.entry(named: protocolName),
      let runner = entry.makeRunner(setting, RunPlan())
    else { programmingError("a benchmark names a protocol that the catalog does not know") }
    var request = ExploreRequest(plan: plan)
    request.options = options
    request.options.budget.depth = depth
    request.progress = { _ in !Interruption.hasHappened }
    let report = runner.explore(request)
    if case .violation(let found) = report.verdict {
      programmingError("\(name): \(found.violation.message)")
    }
    return Interruption.hasHappened ? nil : report
  }

  static var all: [ExploredCluster] {
    [chain(crashes: 0), chain(crashes: 1), chain(crashes: 2), primaryBackup, twoNodeStore]
  }

  /// The comparison model's cluster, operations and checks.
  private static func chain(crashes: Int) -> ExploredCluster {
    let operations: [[Operation]] = (1...2).map { client in
      [.put(key: 0, value: "<c\(client).1>"), .get(key: 0)]
    }
    var plan = ExplorePlan(operations: operations)
    plan.budget = ExploredBudget([.crash: crashes])
    plan.reductions = .sound
    let depth = [Int.max, 22, 16][crashes]
    return ExploredCluster(
      name: "protocol chain of 3, 2 clients, \(crashes) crash\(crashes == 1 ? "" : "es")"
        + (depth == .max ? "" : ", to depth \(depth)"),
      protocolName: "chain",
      setting: RunnerSetting(
        servers: 3, clients: 2, detector: .perfect,
        checks: [.linearizability, .updatePropagation]),
      plan: plan, depth: depth)
  }

  private static var primaryBackup: ExploredCluster {
    var plan = ExplorePlan(operations: [[.put(key: 0, value: "<c1.1>")], [.get(key: 0)]])
    plan.budget = ExploredBudget([.crash: 1, .pace: 3])
    plan.reductions = .sound
    return ExploredCluster(
      name: "protocol primary-backup of 3, 2 clients, 1 crash, to depth 14",
      protocolName: "primary-backup",
      setting: RunnerSetting(
        servers: 3, clients: 2, detector: .perfect,
        checks: [.linearizability, .atMostOnce, .viewValidity, .splitBrain]),
      plan: plan, depth: 14)
  }

  /// Every disk outcome of a power loss at every effect, and the recovery from it.
  private static var twoNodeStore: ExploredCluster {
    var plan = ExplorePlan(operations: [
      [.writeBlocks(first: 0, count: 2, value: "<c1.1>")], [.readBlocks(first: 0, count: 2)],
    ])
    plan.budget = ExploredBudget([
      .crash: 1, .restart: 1, .pace: ExploredBudget.unlimited,
    ])
    plan.crashKinds = [.process, .powerLoss]
    plan.reductions = .sound
    return ExploredCluster(
      name: "protocol two-node-store, 2 clients, 1 crash or power loss, 1 restart",
      protocolName: "two-node-store",
      setting: RunnerSetting(
        servers: 2, clients: 2, detector: .perfect, diskProfile: "default+atomic-dir",
        checks: [.linearizability, .atMostOnce]),
      plan: plan, depth: .max)
  }
}
