import LinearizabilityChecking
import ModelChecking
import ReplicationProtocols
import SimulationKernel
import Testing

@testable import ClusterSimulation

/// Every step of a seeded run, faults included, is a step of the search. A mismatch is our bug.
@Suite("Seeded runs are paths of the search")
struct PathTests {
  private struct Case<P: ReplicationProtocol>
  where P.Message.Operation == Operation, P.Message.Response == Response {
    var servers: Int
    var coordinator: String?
    var detector: DetectorWord
    var object: Workload.Object
    var budget: [ExploredBudget.Item: Int]
    var kinds: [CrashKind] = [.process]

    func verdicts(seeds: Range<UInt64>) -> [PathVerdict] {
      let layout = ClusterLayout(
        serverCount: servers, coordinatorName: coordinator, clientCount: 2)
      let setting = ClusterSetting<P>(
        nodes: ProtocolSetting(layout: layout, detector: detector), detector: detector,
        diskProfile: "default+atomic-dir", checks: [], powerLoss: .open)
      var plan = RunPlan()
      plan.workload.operationsPerClient = 3
      plan.workload.object = object
      plan.workload.unaligned = 0.5
      var bounds = ExplorePlan(operations: [])
      bounds.budget = ExploredBudget(budget)
      bounds.crashKinds = kinds
      return seeds.map { verifyPath(setting, plan, bounds, seed: $0) }
    }
  }

  /// - Parameter paths: that many runs at least have to stay within what the search does.
  private func expectPaths(_ verdicts: [PathVerdict], paths: Int) {
    var followed = 0
    for (seed, verdict) in verdicts.enumerated() {
      switch verdict {
      case .path(let steps):
        followed += 1
        #expect(steps > 20)
      case .beyond: break
      case .mismatch(let step, let text): Issue.record("run \(seed), step \(step): \(text)")
      }
    }
    #expect(followed >= paths)
  }

  @Test("two-node-store: crashes, power losses and restarts")
  func store() {
    let example = Case<TwoNodeStore>(
      servers: 2, coordinator: "lb", detector: .perfect, object: .blocks(2),
      budget: [.crash: 2, .restart: 2], kinds: [.process, .powerLoss])
    expectPaths(example.verdicts(seeds: 1..<13), paths: 6)
  }

  @Test("chain: crashes and restarts")
  func chain() {
    let example = Case<Chain>(
      servers: 3, coordinator: "master", detector: .perfect, object: .keys(2),
      budget: [.crash: 2, .restart: 1])
    expectPaths(example.verdicts(seeds: 1..<13), paths: 6)
  }

  @Test("chain over links that lose, double and reorder")
  func badNetwork() {
    let example = Case<Chain>(
      servers: 2, coordinator: "master", detector: .perfect, object: .keys(1),
      budget: [.crash: 1, .loss: 1, .duplicate: 1, .overtaking: 1])
    expectPaths(example.verdicts(seeds: 1..<9), paths: 4)
  }

  @Test("primary-backup: crashes and restarts, with a perfect detector and with time-outs")
  func primaryBackup() {
    for detector in DetectorWord.allCases {
      let example = Case<PrimaryBackup>(
        servers: 2, coordinator: "vs", detector: detector, object: .keys(1),
        budget: [.crash: 1, .restart: 1])
      expectPaths(example.verdicts(seeds: 1..<9), paths: 2)
    }
  }

  @Test("master-backup and ranked-kv: crashes and revivals")
  func membership() {
    let master = Case<MasterBackup>(
      servers: 3, coordinator: "master", detector: .perfect, object: .keys(1),
      budget: [.crash: 2, .restart: 1])
    expectPaths(master.verdicts(seeds: 1..<9), paths: 4)
    let ranked = Case<RankedKv>(
      servers: 2, coordinator: RankedKv.summary.coordinatorName, detector: .perfect,
      object: .keys(1), budget: [.crash: 1, .restart: 1])
    expectPaths(ranked.verdicts(seeds: 1..<9), paths: 4)
  }

  @Test("a step that no step of the search explains is told with its number")
  func mismatch() throws {
    let layout = ClusterLayout(serverCount: 2, coordinatorName: "master", clientCount: 1)
    let setting = ClusterSetting<Chain>(
      nodes: ProtocolSetting(layout: layout, detector: .perfect), detector: .perfect,
      diskProfile: "", checks: [], powerLoss: .open)
    var plan = ExplorePlan(operations: [[.get(key: 0)]])
    plan.budget = ExploredBudget([.pace: ExploredBudget.unlimited])
    var path = PathCheck<Chain>(setting, plan)
    let starts = (0..<layout.nodeCount).map {
      RecordedStep(time: .start, action: .start(NodeID($0)))
    }
    // The search is to read, the run writes.
    let write = RecordedStep(
      time: .start, action: .invoke(layout.client(0), .put(key: 0, value: "a")))
    guard case .mismatch(let step, let text) = path.follow(starts + [write]) else {
      Issue.record("the write passed for a read")
      return
    }
    #expect(step == 5)
    #expect(text.contains("c1 invokes put(0, \"a\")"))
  }
}
