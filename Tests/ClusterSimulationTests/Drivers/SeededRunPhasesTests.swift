import ClusterSimulation
import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel
import Testing

@Suite("The course of a run")
struct SeededRunPhasesTests {
  /// A run whose fault phase lasts 60 ms, with a disturbed network in it.
  static func disturbed(_ seed: UInt64, _ change: (inout RunPlan) -> Void) -> RelayRun {
    RelayRun(seed: seed) { plan in
      var faults = DrawnFaults()
      faults.window = .milliseconds(60)
      plan.faults = .drawn(faults)
      plan.workload.operationsPerClient = 12
      change(&plan)
    }
  }

  @Test("loss strikes, ends with the fault phase, and every operation completes all the same")
  func loss() {
    var losses = 0
    for seed in 1...20 as ClosedRange<UInt64> {
      let run = Self.disturbed(seed) { $0.network.loss = 0.3 }
      #expect(run.result.verdict == .pass)
      losses += run.result.faults.losses
      for step in run.steps {
        if case .lose = step.action { #expect(step.time <= .start + .milliseconds(60)) }
      }
    }
    #expect(losses > 40)
  }

  @Test("duplication strikes and ends with the fault phase")
  func duplication() {
    var copies = 0
    for seed in 1...20 as ClosedRange<UInt64> {
      let run = Self.disturbed(seed) { $0.network.duplication = 0.3 }
      #expect(run.result.verdict == .pass)
      copies += run.result.faults.duplications
      for step in run.steps {
        if case .duplicate = step.action { #expect(step.time <= .start + .milliseconds(60)) }
      }
    }
    #expect(copies > 40)
  }

  @Test("reordering strikes only if it is asked for")
  func reordering() {
    func overtakings(_ rate: Double) -> Int {
      (1...20 as ClosedRange<UInt64>).reduce(0) { sum, seed in
        let run = Self.disturbed(seed) { plan in
          plan.network.reordering = rate
          plan.workload.openPerClient = 4
        }
        #expect(run.result.verdict == .pass)
        return sum + run.cluster.servers.reduce(0) { $0 + $1.overtakings }
      }
    }
    #expect(overtakings(0) == 0)
    #expect(overtakings(0.4) > 5)
  }

  @Test("channels stay first in, first out when receivers are busy and links uneven")
  func fifo() {
    for seed in 1...20 as ClosedRange<UInt64> {
      let run = RelayRun(seed: seed, work: .milliseconds(4)) { plan in
        plan.workload.clientCount = 4
        plan.workload.openPerClient = 3
        plan.network.slowness = 0.3
        plan.network.slowBy = DurationRange(.milliseconds(1), .milliseconds(30))
        plan.network.latency = LatencyModel(
          .exponential, from: .microseconds(100), to: .milliseconds(20))
      }
      #expect(run.result.verdict == .pass)
      #expect(run.cluster.servers.allSatisfy { $0.overtakings == 0 })
      #expect(run.cluster.servers.reduce(0) { $0 + $1.told } >= 24)
      var last: [[NodeID]: UInt32] = [:]
      for case .deliver(let from, let to, let number) in run.steps.map(\.action) {
        if let before = last[[from, to]] { #expect(number > before, "seed \(seed)") }
        last[[from, to]] = number
      }
    }
  }

  @Test("a busy node takes its next step when it has finished the one before")
  func busy() {
    let run = RelayRun(work: .milliseconds(10)) { $0.workload.clientCount = 4 }
    var times: [NodeID: VirtualTime] = [:]
    for (step, line) in zip(run.steps, run.lines) {
      guard let node = step.action.node, run.cluster.layout.role(of: node) == .server else {
        continue
      }
      if let free = times[node] { #expect(step.time >= free) }
      if line.contains("receives Request") { times[node] = step.time + .milliseconds(20) }
    }
    #expect(times.count == 3)
  }

  @Test("an operation that healing does not help is a violation of progress")
  func lackOfProgress() {
    let run = RelayRun(deviations: [.silent]) { plan in
      SeededRunFaultsTests.oneRequest(&plan)
      plan.limits.healWithin = .seconds(2)
      plan.faults = .scripted([
        .isolate(
          NodeID(1), start: .start + .milliseconds(1), end: .start + .milliseconds(50))
      ])
    }
    guard case .violation(let violation) = run.result.verdict else {
      Issue.record("a lost request without retry cannot complete")
      return
    }
    #expect(violation.check == .progress)
    #expect(
      violation.message
        == "request 1 of c1 had not completed 2s after the faults ended at 50ms")
    #expect(run.cluster.openRequests.count == 1)
  }

  @Test("a run ends with a read of every key by the first client, if it is asked to")
  func finalReads() {
    for reads in [true, false] {
      let run = RelayRun { plan in
        plan.workload.object = .keys(3)
        plan.workload.operationsPerClient = 2
        plan.workload.readsAtEnd = reads
      }
      let operations = run.cluster.history.entries.map(\.operation)
      #expect(operations.count == (reads ? 7 : 4))
      if reads {
        #expect(operations.suffix(3) == [.get(key: 0), .get(key: 1), .get(key: 2)])
        #expect(run.cluster.history.entries.suffix(3).allSatisfy { $0.client == 0 })
      }
    }
  }

  @Test("a client keeps as many operations open as it may, and no more", arguments: [1, 2, 5])
  func openOperations(limit: Int) {
    let run = RelayRun { plan in
      plan.workload.openPerClient = limit
      plan.workload.operationsPerClient = 12
    }
    #expect(run.result.verdict == .pass)
    #expect(run.cluster.clients.map(\.mostOpen) == [limit, limit])
  }

  @Test("a scripted operation that does not wait is invoked at its time, whatever is open")
  func unwaiting() {
    let run = RelayRun { plan in
      plan.workload.clientCount = 1
      plan.workload.script = [
        (0..<4).map { number in
          PlannedOperation(.put(key: 0, value: "\(number)"), waits: number == 0)
        }
      ]
    }
    #expect(run.cluster.clients[0].mostOpen == 4)
    #expect(run.result.verdict == .pass)
  }

  @Test("equal seeds give equal runs, other seeds other ones")
  func determinism() {
    func disturbance(_ plan: inout RunPlan) {
      plan.network.loss = 0.1
      plan.network.reordering = 0.1
    }
    let runs = (1...10 as ClosedRange<UInt64>).map { Self.disturbed($0, disturbance) }
    let again = (1...10 as ClosedRange<UInt64>).map { Self.disturbed($0, disturbance) }
    #expect(runs.map(\.result) == again.map(\.result))
    #expect(runs.map(\.lines) == again.map(\.lines))
    #expect(Set(runs.map(\.result.digest)).count == 10)
  }

  @Test("a disk writes back at its interval what is pending, and never without one")
  func writeBack() {
    func writeBacks(_ interval: VirtualDuration?) -> [VirtualTime] {
      let layout = ClusterLayout(serverCount: 1, coordinatorName: nil, clientCount: 1)
      let setting = ClusterSetting<DurableRegister>(
        nodes: ProtocolSetting(layout: layout, deviations: [.noFileSync]), detector: .timeouts,
        diskProfile: "default+atomic-dir", checks: [], writeBackInterval: interval)
      var plan = RunPlan()
      plan.workload.clientCount = 1
      plan.workload.mix.read = 0
      plan.workload.object = .keys(1)
      var run = SeededRun(setting, plan, seed: 1)
      run.recorder = StepRecorder(writesLines: false)
      var checker = StoreChecker(limit: 1_000)
      #expect(run.run(&checker).verdict == .pass)
      return (run.recorder?.steps ?? []).filter { $0.action == .writeBack(NodeID(0)) }.map(\.time)
    }
    #expect(writeBacks(nil).isEmpty)
    let times = writeBacks(.milliseconds(1))
    #expect(times.count > 3)
    #expect(times.allSatisfy { $0.nanoseconds % 1_000_000 == 0 })
  }
}
