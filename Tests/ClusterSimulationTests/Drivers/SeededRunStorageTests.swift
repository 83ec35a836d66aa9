import ClusterSimulation
import DiskSimulation
import LinearizabilityChecking
import SimulationKernel
import Testing

@Suite("Storage faults of seeded runs")
struct SeededRunStorageTests {
  static let s1 = NodeID(0)

  static func scripted(
    _ request: StorageFaultRequest, _ more: [ScriptedFault] = [], assumed: Set<StorageWord> = []
  ) -> ClusterRunner {
    registerRunner(assumedStorage: assumed) { plan in
      plan.workload.clientCount = 1
      plan.workload.mix.read = 0
      plan.faults = .scripted(
        [.storage(.server(s1), request, at: .start)] + more
          + [.restart(s1, at: .start + .milliseconds(200))])
    }
  }

  static func drawn(
    _ kinds: [DrawnStorageFaults], swarm: Bool = false, assumed: Set<StorageWord> = [],
    _ change: (inout DrawnFaults) -> Void = { _ in }
  ) -> ClusterRunner {
    registerRunner(assumedStorage: assumed) { plan in
      var faults = DrawnFaults()
      faults.restarts = 6
      faults.window = .milliseconds(60)
      faults.storage = kinds
      change(&faults)
      plan.faults = .drawn(faults)
      plan.isSwarm = swarm
    }
  }

  static let everything = StorageWord.allCases.map { DrawnStorageFaults($0, count: 2) }

  static func campaign(_ runner: ClusterRunner, seeds: Int, jobs: Int = 1) -> CampaignResult {
    Campaign(
      runner: runner, seeds: SeedSequence(first: 1, count: seeds), jobs: jobs,
      verifiesDeterminism: true
    ).run()
  }

  @Test("a call that fails ends the process, which restarts and goes on")
  func failedCalls() {
    for fault in [StorageFault.writeError, .noSpace, .syncError(.clean)] {
      let request = StorageFaultRequest(fault, file: FilePattern("tmp"))
      let recording = Self.scripted(request, assumed: [fault.word]).record(7, true)
      #expect(recording.result.verdict == .pass, "\(fault)")
      #expect(recording.result.faults.storageFaults == 1)
      #expect(recording.result.faults.aborts == 1)
      #expect(recording.result.faults.restarts == 1)
      #expect(recording.result.faults.crashes == 0)
      #expect(recording.result.withinAssumptions)
      #expect(recording.lines.contains { $0.contains("DISK of s1: ") && $0.contains("ABORTS") })
    }
  }

  @Test("a fault that strikes and is not assumed puts the run outside the assumptions")
  func labels() {
    let request = StorageFaultRequest(.bitRot(byte: 0), file: FilePattern("value"))
    for assumed in [[], [.lostWrite], [.bitRot]] as [Set<StorageWord>] {
      let runner = registerRunner(assumedStorage: assumed) { plan in
        plan.workload.script = [
          [
            PlannedOperation(.put(key: 0, value: "a")),
            PlannedOperation(.get(key: 0), earliest: .start + .milliseconds(300)),
          ]
        ]
        plan.workload.clientCount = 1
        plan.faults = .scripted([
          .storage(.server(Self.s1), request, at: .start + .milliseconds(100)),
          .crash(.server(Self.s1), .process, at: .start + .milliseconds(150)),
          .restart(Self.s1, at: .start + .milliseconds(200)),
        ])
      }
      let result = runner.record(1, false).result
      guard case .violation(let violation) = result.verdict else {
        Issue.record("rot went unnoticed")
        continue
      }
      #expect(violation.check == .linearizability)
      #expect(result.withinAssumptions == assumed.contains(.bitRot))
      #expect(result.faults.storageFaults == 1)
    }
  }

  @Test("a fault that never strikes breaks nothing")
  func unstruck() {
    let request = StorageFaultRequest(.readError, file: FilePattern("none"))
    let result = Self.scripted(request).record(3, false).result
    #expect(result.verdict == .pass)
    #expect(result.withinAssumptions)
    #expect(result.faults.storageFaults == 0)
  }

  @Test("healing waits for scripted faults to strike, and ends those that never do")
  func healing() {
    let late = StorageFaultRequest(.writeError, file: FilePattern("tmp"), passes: 3)
    let recording = Self.scripted(late, assumed: [.writeError]).record(2, true)
    #expect(recording.result.faults.storageFaults == 1)
    let never = StorageFaultRequest(.readError, file: FilePattern("none"))
    let lines = Self.scripted(never).record(2, true).lines
    #expect(lines.contains { $0.hasSuffix("disk of s1 gets well") })
  }

  @Test("a record replays without a generator, whatever struck", arguments: [false, true])
  func replay(isSwarm: Bool) throws {
    let runner = Self.drawn(Self.everything, swarm: isSwarm) {
      $0.powerLosses = 2
      $0.crashes = 1
    }
    let text = StepText(runner.layout)
    var struck = 0
    var decided = 0
    var failures = 0
    for seed in 1...150 as ClosedRange<UInt64> {
      let recording = runner.record(seed, true)
      struck += recording.result.faults.storageFaults
      decided += recording.steps.count { !$0.decisions.isEmpty }
      let steps = try recording.steps.map { try text.decode(text.encode($0)) }
      #expect(steps == recording.steps)
      var expectsProgress = false
      if case .violation(let violation) = recording.result.verdict {
        expectsProgress = violation.check == .progress
        failures += 1
      }
      let replay = runner.replay(
        ReplayRequest(steps: steps, expectsProgress: expectsProgress, detail: .steps))
      #expect(replay.result.divergedAt == nil, "seed \(seed): \(replay.result.divergence ?? "")")
      #expect(replay.result.digest == recording.result.digest)
      #expect(replay.lines == recording.lines)
      // A replay says of missing progress only that it is missing.
      #expect(expectsProgress || replay.result.verdict == recording.result.verdict)
    }
    #expect(struck > 100)
    #expect(decided > 20)
    #expect(failures > 5)
  }

  @Test("results do not depend on the number of jobs, and running twice gives the same")
  func jobs() {
    let runner = Self.drawn([DrawnStorageFaults(.stall, count: 2)], assumed: [.stall])
    let one = Self.campaign(runner, seeds: 130)
    let two = Self.campaign(runner, seeds: 130, jobs: 2)
    #expect(one.failure == nil && one.leak == nil)
    #expect(one.faults == two.faults && one.steps == two.steps)
    #expect(one.faults.storageFaults > 40)
  }

  @Test("stalls delay, and break nothing")
  func stalls() {
    let quick = Self.campaign(Self.drawn([]), seeds: 60)
    let slow = Self.campaign(
      Self.drawn([DrawnStorageFaults(.stall, count: 2)], assumed: [.stall]), seeds: 60)
    #expect(slow.failure == nil)
    #expect(slow.longestRecovery > quick.longestRecovery)
  }

  /// A register with one file has nowhere else to write, reads only when it starts, and seldom has
  /// anything pending when the power fails.
  @Test(
    "what is drawn strikes",
    arguments: [
      StorageWord.syncError, .writeError, .noSpace, .lostWrite, .bitRot, .stall,
    ])
  func strikes(word: StorageWord) {
    var kind = DrawnStorageFaults(word, count: 3)
    kind.stall = DurationRange(.milliseconds(1), .milliseconds(2))
    let runner = Self.drawn([kind])
    var struck = 0
    for seed in 1...40 as ClosedRange<UInt64> {
      struck += runner.record(seed, false).result.faults.storageFaults
    }
    #expect(struck > 20)
  }

  @Test("a budget of none draws nothing: the runs are those without the key")
  func zeroCost() {
    let none = StorageWord.allCases.map { DrawnStorageFaults($0, count: 0) }
    for swarm in [false, true] {
      let crashes = { (faults: inout DrawnFaults) in faults.powerLosses = 2 }
      let with = Self.drawn(none, swarm: swarm, crashes)
      let without = Self.drawn([], swarm: swarm, crashes)
      for seed in 1...20 as ClosedRange<UInt64> {
        let one = with.record(seed, false).result
        #expect(one.verdict == without.record(seed, false).result.verdict)
        if !swarm { #expect(one == without.record(seed, false).result) }
      }
    }
  }

  @Test("a swarm leaves out kinds, and its counts are within the budget")
  func swarm() {
    var plan = RunPlan()
    var faults = DrawnFaults()
    faults.storage = Self.everything
    plan.faults = .drawn(faults)
    plan.isSwarm = true
    let layout = ClusterLayout(serverCount: 1, coordinatorName: nil, clientCount: 1)
    let setting = ClusterSetting<DurableRegister>(
      nodes: ProtocolSetting(layout: layout), detector: .timeouts,
      diskProfile: "default+atomic-dir", checks: [])
    var counts: Set<[Int]> = []
    for seed in 0..<60 as Range<UInt64> {
      guard case .drawn(let drawn) = SeededRun(setting, plan, seed: seed).plan.faults else {
        continue
      }
      #expect(drawn.storage.map(\.word) == StorageWord.allCases)
      #expect(drawn.storage.allSatisfy { (0...2).contains($0.count) })
      counts.insert(drawn.storage.map(\.count))
    }
    #expect(counts.count > 50)
  }

  @Test("no storage fault is armed while it would break the budget of servers that are down")
  func budget() {
    let runner = registerRunner { plan in
      var faults = DrawnFaults()
      faults.largestDown = 0
      faults.storage = Self.everything
      plan.faults = .drawn(faults)
    }
    let result = runner.record(5, true)
    #expect(result.result.faults.storageFaults == 0)
    #expect(!result.lines.contains { $0.contains("disk of s1") })
  }
}
