import ClusterSimulation
import SimulationKernel
import Testing

@testable import CommandLineTool

@Suite("Storage faults in protocols with disks")
struct StorageFaultTests {
  static let names = ProtocolCatalog.entries.filter(\.usesDisk).map(\.name)

  private static func runner(
    _ name: String, _ words: [StorageWord], swarm: Bool = false, restarts: Int = 8
  ) throws -> ClusterRunner {
    let entry = try #require(ProtocolCatalog.entry(named: name))
    var plan = RunPlan()
    plan.workload.object = entry.summary.hasBlocks ? .blocks(6) : .keys(4)
    plan.workload.unaligned = 0.4
    plan.workload.operationsPerClient = 12
    plan.workload.think = DurationRange(.zero, .milliseconds(60))
    var faults = DrawnFaults()
    faults.powerLosses = 2
    faults.crashes = 2
    faults.restarts = restarts
    faults.window = .milliseconds(1000)
    // A server that reads its files only when it starts must be able to crash while a fault waits
    // for the read.
    faults.largestDown = entry.summary.defaultServers > 2 ? 2 : 1
    faults.storage = words.map { DrawnStorageFaults($0, count: 3) }
    plan.faults = .drawn(faults)
    plan.isSwarm = swarm
    let setting = RunnerSetting(
      servers: entry.summary.defaultServers, clients: 2, detector: .perfect,
      diskProfile: "default+atomic-dir", writeBackInterval: .milliseconds(200),
      checks: CheckSet(entry.summary.checks.compactMap { CheckName(rawValue: $0) }))
    return try #require(entry.makeRunner(setting, plan))
  }

  @Test("each kind strikes", arguments: names, StorageWord.allCases)
  func strikes(name: String, word: StorageWord) throws {
    let runner = try Self.runner(name, [word])
    var struck = 0
    // Torn sectors strike only what is pending when the power fails, which may be little.
    for seed in 1...400 as ClosedRange<UInt64> where struck < 1 {
      let result = runner.record(seed, false).result
      struck += result.faults.storageFaults
      #expect(result.withinAssumptions == (result.faults.storageFaults == 0))
    }
    #expect(struck > 0)
  }

  @Test("a run with all of them replays step by step", arguments: names)
  func replays(name: String) throws {
    let runner = try Self.runner(name, StorageWord.allCases, swarm: true)
    let text = StepText(runner.layout)
    var kinds: Set<String> = []
    var aborts = 0
    for seed in 1...12 as ClosedRange<UInt64> {
      let recording = runner.record(seed, true)
      let steps = try recording.steps.map { try text.decode(text.encode($0)) }
      let replay = runner.replay(ReplayRequest(steps: steps, detail: .steps))
      #expect(replay.result.divergedAt == nil, "seed \(seed): \(replay.result.divergence ?? "")")
      #expect(replay.result.digest == recording.result.digest)
      #expect(replay.lines == recording.lines)
      aborts += recording.result.faults.aborts
      for line in recording.lines where line.contains("DISK of") { kinds.insert(line) }
    }
    #expect(aborts > 2)
    #expect(kinds.count > 6)
  }
}
