import LinearizabilityChecking
import ReplicationProtocols
import SimulationKernel

@testable import ClusterSimulation

/// A cluster and bounds so small that the plainest search ends.
struct SmallBounds<Subject: ReplicationProtocol>
where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
  let setting: ClusterSetting<Subject>
  var plan: ExplorePlan

  var system: ClusterSystem<Subject> { ClusterSystem<Subject>(setting, plan) }

  init(
    servers: Int, coordinator: String, detector: DetectorWord, operations: [[Operation]],
    _ budget: [ExploredBudget.Item: Int], crashKinds: [CrashKind] = [.process]
  ) {
    let layout = ClusterLayout(
      serverCount: servers, coordinatorName: coordinator, clientCount: operations.count)
    setting = ClusterSetting<Subject>(
      nodes: ProtocolSetting(layout: layout, detector: detector), detector: detector,
      diskProfile: "default+atomic-dir",
      checks: CheckSet(Subject.summary.checks.compactMap { CheckName(rawValue: $0) }),
      powerLoss: .open)
    plan = ExplorePlan(operations: operations)
    plan.budget = ExploredBudget(budget)
    plan.crashKinds = crashKinds
  }
}

extension SmallBounds where Subject == Chain {
  /// A write by one client, a read by the other.
  static func chain(servers: Int = 3, crashes: Int) -> Self {
    Self(
      servers: servers, coordinator: "master", detector: .perfect,
      operations: [[.put(key: 0, value: "a")], [.get(key: 0)]], [.crash: crashes])
  }
}

extension SmallBounds where Subject == TwoNodeStore {
  /// One write of one block.
  static func store(crashes: Int) -> Self {
    Self(
      servers: 2, coordinator: "lb", detector: .perfect,
      operations: [[.writeBlocks(first: 0, count: 1, value: "a")]],
      [.crash: crashes, .restart: crashes], crashKinds: [.process, .powerLoss])
  }
}
