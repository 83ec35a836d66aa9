import ClusterSimulation
import NetworkSimulation
import SimulationKernel
import Testing

@Suite("Swarm plans")
struct SwarmTests {
  /// The plan that a seed makes of one with every kind of fault.
  static func plan(_ seed: UInt64, swarm: Bool = true) -> RunPlan {
    var plan = RunPlan()
    plan.isSwarm = swarm
    plan.network.loss = 0.2
    plan.network.duplication = 0.1
    plan.network.reordering = 0.3
    plan.network.slowness = 0.1
    plan.workload.mix.append = 1
    plan.workload.openPerClient = 4
    var faults = DrawnFaults()
    faults.crashes = 4
    faults.restarts = 4
    faults.powerLosses = 2
    faults.partitions = 3
    faults.oneWayCuts = 2
    faults.slowLinks = 2
    plan.faults = .drawn(faults)
    let layout = ClusterLayout(serverCount: 3, coordinatorName: "boss", clientCount: 2)
    let setting = ClusterSetting<Relay>(
      nodes: ProtocolSetting(layout: layout), detector: .timeouts, diskProfile: "", checks: [])
    return SeededRun(setting, plan, seed: seed).plan
  }

  static func words(_ plan: RunPlan) -> String {
    "\(plan.network) \(plan.workload) \(plan.faults)"
  }

  @Test("equal seeds draw equal plans, and most seeds plans of their own")
  func stable() {
    let plans = (0..<60 as Range<UInt64>).map { Self.words(Self.plan($0)) }
    #expect(plans == (0..<60 as Range<UInt64>).map { Self.words(Self.plan($0)) })
    #expect(Set(plans).count > 55)
  }

  @Test("a plan that is no swarm is every seed's plan")
  func noSwarm() {
    let plans = (0..<10 as Range<UInt64>).map { Self.words(Self.plan($0, swarm: false)) }
    #expect(Set(plans).count == 1)
  }

  @Test("what a scenario allows is never exceeded, and each kind of fault is left out by some")
  func bounds() {
    var without = [0, 0, 0, 0, 0, 0]
    let seeds = 0..<200 as Range<UInt64>
    for seed in seeds {
      let plan = Self.plan(seed)
      guard case .drawn(let faults) = plan.faults else { continue }
      #expect(plan.network.loss <= 0.2 && plan.network.loss >= 0)
      #expect(plan.network.reordering <= 0.3)
      #expect(faults.crashes <= 4 && faults.restarts <= 4 && faults.powerLosses <= 2)
      #expect(faults.partitions <= 3 && faults.oneWayCuts <= 2 && faults.slowLinks <= 2)
      #expect((1...4).contains(plan.workload.openPerClient))
      #expect(plan.workload.mix.read > 0)
      let rates = [
        plan.network.loss > 0, plan.network.reordering > 0, faults.crashes > 0,
        faults.partitions > 0, faults.oneWayCuts > 0, faults.slowLinks > 0,
      ]
      for (index, isUsed) in rates.enumerated() where !isUsed { without[index] += 1 }
    }
    for count in without { #expect((20...150).contains(count), "\(without)") }
  }

  @Test("a kind of fault that the scenario leaves out is never drawn")
  func zeroStaysZero() {
    for seed in 0..<50 as Range<UInt64> {
      guard case .drawn(let faults) = Self.plan(seed).faults else { continue }
      #expect(faults.clusterPowerLosses == 0)
    }
  }
}
