import ClusterSimulation
import LinearizabilityChecking
import NetworkSimulation
import SimulationKernel
import Testing

@Suite("Scripted and drawn faults")
struct SeededRunFaultsTests {
  static let s1 = NodeID(0)
  static let s2 = NodeID(1)
  static let s3 = NodeID(2)

  static func milliseconds(_ count: Int64) -> VirtualTime { .start + .milliseconds(count) }

  /// One client with one request, which goes to s2 at 10 ms over links that take exactly 1 ms, so
  /// that s2 works on it from 11 ms until 13.005 ms.
  static func oneRequest(_ plan: inout RunPlan) {
    plan.workload.script = [
      [PlannedOperation(.put(key: 0, value: "a"), earliest: milliseconds(10))]
    ]
    plan.workload.clientCount = 1
    plan.workload.readsAtEnd = false
    plan.network.latency = LatencyModel(.fixed, from: .milliseconds(1), to: .milliseconds(1))
  }

  static func run(_ faults: [ScriptedFault], _ change: (inout RunPlan) -> Void = { _ in })
    -> RelayRun
  {
    RelayRun { plan in
      oneRequest(&plan)
      plan.faults = .scripted(faults)
      change(&plan)
    }
  }

  // MARK: Crashes

  @Test("a crash at a time within a busy step happens within the step")
  func timedCrash() {
    // Work until 12.005 ms, two notes, work until 13.005 ms, the reply.
    let places: [(VirtualTime, Int)] = [
      (.start + .microseconds(11_001), 0), (.start + .microseconds(11_500), 0),
      (.start + .microseconds(12_010), 3), (.start + .microseconds(13_000), 3),
    ]
    for (time, effects) in places {
      let run = Self.run([.crash(.server(Self.s2), .process, at: time)])
      #expect(run.crashes.map(\.crash?.effectCount) == [effects], "\(time)")
      #expect(run.result.faults.crashes == 1)
      #expect(run.result.verdict == .pass)
    }
  }

  @Test("a crash at a time when the server is idle happens between two steps")
  func idleCrash() {
    let run = Self.run([.crash(.server(Self.s2), .powerLoss, at: Self.milliseconds(5))])
    #expect(run.crashes.map(\.action) == [.crash(Self.s2, .powerLoss)])
    #expect(run.crashes.first?.time == Self.milliseconds(5))
    #expect(run.result.faults.powerLosses == 1)
    #expect(run.result.faults.crashes == 0)
  }

  @Test("a crash at a label happens on its boundary", arguments: ["begun", "told", "answered"])
  func labelCrash(label: String) {
    let run = Self.run([
      .crashAtLabel(.server(Self.s2), .process, LabelTrigger(label: label), occurrence: 1)
    ])
    let effects = ["begun": 0, "told": 3, "answered": 5]
    #expect(run.crashes.map(\.crash?.effectCount) == [effects[label]])
  }

  @Test("a crash at the n-th occurrence of a label passes the ones before")
  func labelOccurrence() {
    for occurrence in 1...3 {
      let run = RelayRun(servers: 1) { plan in
        plan.workload.clientCount = 1
        plan.workload.readsAtEnd = false
        plan.faults = .scripted([
          .crashAtLabel(
            .role(.single), .process, LabelTrigger(label: "told"), occurrence: occurrence)
        ])
        plan.limits.healWithin = .milliseconds(500)
      }
      let requests = run.lines.prefix { !$0.contains("CRASHES") }
        .count { $0.contains("s1 receives Request") }
      #expect(run.crashes.count == 1)
      #expect(requests == occurrence - 1)
    }
  }

  @Test("a crash at a label of one request leaves the others alone")
  func labelOfRequest() {
    let run = RelayRun(servers: 2) { plan in
      plan.workload.clientCount = 1
      plan.faults = .scripted([
        .crashAtLabel(
          .server(Self.s2), .process, LabelTrigger(label: "begun", requestOrdinal: 3),
          occurrence: 1)
      ])
    }
    #expect(run.crashes.count == 1)
    #expect(
      run.lines.contains { $0.contains("s2 receives Request(3)") && $0.contains("CRASHES") })
  }

  @Test("a crash at a label happens although the same server is to crash later by the clock")
  func labelBeforeTime() {
    let run = Self.run([
      .crashAtLabel(.server(Self.s2), .powerLoss, LabelTrigger(label: "told"), occurrence: 1),
      .restart(Self.s2, at: Self.milliseconds(60)),
      .crash(.server(Self.s2), .process, at: Self.milliseconds(90)),
    ])
    #expect(
      run.crashes.map(\.crash) == [CrashWithinStep(effectCount: 3, kind: .powerLoss), nil])
    #expect(run.crashes.last?.action == .crash(Self.s2, .process))
  }

  @Test("of two labels of one server, each has its own kind of crash")
  func kindsOfLabels() {
    let run = Self.run([
      .crashAtLabel(.server(Self.s2), .process, LabelTrigger(label: "never"), occurrence: 1),
      .crashAtLabel(.server(Self.s2), .powerLoss, LabelTrigger(label: "told"), occurrence: 1),
    ])
    #expect(run.crashes.map(\.crash) == [CrashWithinStep(effectCount: 3, kind: .powerLoss)])
  }

  @Test("a crash in step n after effect k counts the server's steps from its first start")
  func stepCrash() {
    // The start is s2's first step, the request its second.
    for effect in 0...5 {
      let run = Self.run([
        .crashInStep(.server(Self.s2), .process, step: 2, effect: effect)
      ])
      #expect(run.crashes.map(\.crash?.effectCount) == [effect])
    }
    // Nobody is up to be told: the process dies while it starts, and is never seen again.
    let early = Self.run([.crashInStep(.server(Self.s2), .process, step: 1, effect: 0)])
    #expect(early.crashes.map(\.action) == [.start(Self.s2)])
  }

  @Test("a power loss of the cluster takes every server down at once")
  func clusterPowerLoss() {
    let run = Self.run(
      [.clusterPowerLoss(at: Self.milliseconds(5))]
        + (0..<3).map { .restart(NodeID($0), at: Self.milliseconds(8)) })
    #expect(run.crashes.map(\.action) == [.clusterPowerLoss])
    #expect(run.result.faults.powerLosses == 3)
    #expect(run.result.faults.restarts == 3)
    #expect(run.result.verdict == .pass)
    #expect(!run.result.withinAssumptions)
  }

  @Test("a restart waits until the perfect detector has reported the death")
  func restartAfterReport() throws {
    let run = RelayRun(detector: .perfect) { plan in
      Self.oneRequest(&plan)
      plan.network.detectAfter = DurationRange(.milliseconds(7), .milliseconds(7))
      plan.faults = .scripted([
        .crash(.server(Self.s1), .process, at: Self.milliseconds(2)),
        .restart(Self.s1, at: Self.milliseconds(3)),
      ])
    }
    let restart = try #require(run.steps.last { $0.action == .start(Self.s1) })
    #expect(restart.time == Self.milliseconds(9))
    #expect(run.cluster.coordinator.failed == [Self.s1])
    #expect(run.result.faults.restarts == 1)
  }

  // MARK: Links

  @Test("a cut link loses what arrives, until it is healed")
  func cutAndHeal() {
    let run = Self.run([
      .cut(
        from: NodeID(4), to: Self.s2, oneWay: true, start: Self.milliseconds(1),
        end: Self.milliseconds(30))
    ])
    #expect(run.lines.contains { $0.contains("lost: Request(1) from c1 to s2") })
    #expect(run.count { $0 == .heal(from: NodeID(4), to: Self.s2) } == 1)
    #expect(run.count { $0 == .cut(from: Self.s2, to: NodeID(4)) } == 0)
    #expect(run.result.verdict == .pass)
    #expect(run.result.faults.cuts == 1)
  }

  @Test("a heal by script ends a cut without an end; what is still cut at the end is healed")
  func healByScript() {
    let cut = ScriptedFault.cut(
      from: Self.s1, to: Self.s2, oneWay: false, start: Self.milliseconds(1), end: .never)
    let healed = Self.run([cut, .heal(Self.s2, Self.s1, at: Self.milliseconds(7))])
    let times = healed.steps.filter { step in
      if case .heal = step.action { true } else { false }
    }.map(\.time)
    #expect(times == [Self.milliseconds(7), Self.milliseconds(7)])
    let open = Self.run([cut])
    #expect(!open.cluster.network.isCut(from: Self.s1, to: Self.s2))
    #expect(!open.cluster.network.isCut(from: Self.s2, to: Self.s1))
  }

  @Test("an isolated node is cut off from every other, both ways")
  func isolate() {
    let run = Self.run([
      .isolate(Self.s2, start: Self.milliseconds(1), end: Self.milliseconds(100))
    ])
    for other in [0, 2, 3, 4].map({ NodeID($0) }) {
      #expect(run.count { $0 == .cut(from: Self.s2, to: other) } == 1)
      #expect(run.count { $0 == .cut(from: other, to: Self.s2) } == 1)
      #expect(run.count { $0 == .heal(from: other, to: Self.s2) } == 1)
    }
    // The request finds its way to another server.
    #expect(run.cluster.servers[1].told == 0)
    #expect(run.cluster.servers[2].told == 1)
  }

  @Test("a delayed link is slower by so much while the delay lasts")
  func delay() throws {
    func arrival(_ start: Int64, _ end: Int64) throws -> VirtualTime {
      let run = Self.run([]) { plan in
        plan.network.delays = [
          LinkDelay(
            from: NodeID(4), to: Self.s2, extra: .milliseconds(5),
            start: Self.milliseconds(start), end: Self.milliseconds(end))
        ]
      }
      return try #require(
        run.steps.first { step in
          if case .deliver(_, Self.s2, _) = step.action { true } else { false }
        }
      ).time
    }
    #expect(try arrival(0, 50) == Self.milliseconds(16))
    #expect(try arrival(10, 11) == Self.milliseconds(16))
    #expect(try arrival(0, 10) == Self.milliseconds(11))
    #expect(try arrival(11, 50) == Self.milliseconds(11))
  }

  // MARK: Assumptions

  @Test("a scripted partition is outside the assumptions unless the scenario names partitions")
  func partitionAssumption() {
    for assumed in [[.fifo], [.fifo, .partitions]] as [Set<NetworkWord>] {
      let run = RelayRun(assumed: assumed) { plan in
        plan.faults = .scripted([
          .isolate(Self.s1, start: Self.milliseconds(1), end: Self.milliseconds(9))
        ])
      }
      #expect(run.result.withinAssumptions == assumed.contains(.partitions))
    }
  }

  @Test("a scripted slow link is outside the assumptions unless the scenario names slow links")
  func slowAssumption() {
    for assumed in [[.fifo], [.fifo, .slow]] as [Set<NetworkWord>] {
      let run = RelayRun(assumed: assumed) { plan in
        plan.network.delays = [
          LinkDelay(
            from: Self.s1, to: Self.s2, extra: .milliseconds(1), end: Self.milliseconds(9))
        ]
      }
      #expect(run.result.withinAssumptions == assumed.contains(.slow))
    }
  }

  @Test("a scripted crash of the last server is outside what the protocol tolerates")
  func crashAssumption() {
    func withinAssumptions(_ victims: [NodeID]) -> Bool {
      Self.run(
        victims.map { .crash(.server($0), .process, at: Self.milliseconds(2)) }
      ) { $0.limits.healWithin = .milliseconds(200) }.result.withinAssumptions
    }
    #expect(withinAssumptions([Self.s1, Self.s2]))
    #expect(!withinAssumptions([Self.s1, Self.s2, Self.s3]))
  }

  @Test(
    "drawn crashes never take the last server, nor more than may be down at once",
    arguments: [1, 2, 9])
  func drawnCrashes(largestDown: Int) {
    var crashes = 0
    for seed in 1...40 as ClosedRange<UInt64> {
      let run = RelayRun(seed: seed, servers: 4) { plan in
        var faults = DrawnFaults()
        faults.crashes = 4
        faults.powerLosses = 2
        faults.clusterPowerLosses = 1
        faults.restarts = 2
        faults.largestDown = largestDown
        faults.window = .milliseconds(40)
        plan.faults = .drawn(faults)
      }
      var down: Set<NodeID> = []
      for step in run.steps {
        #expect(step.action != .clusterPowerLoss)
        if case .start(let node) = step.action { down.remove(node) }
        if case .crash(let node, _) = step.action { down.insert(node) }
        if step.crash != nil, let node = step.action.node { down.insert(node) }
        #expect(down.count <= min(largestDown, 3), "seed \(seed)")
      }
      crashes += run.crashes.count
      #expect(run.result.withinAssumptions)
      #expect(run.result.verdict == .pass)
    }
    #expect(crashes > 40)
  }
}
