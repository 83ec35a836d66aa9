import ClusterSimulation
import LinearizabilityChecking
import SimulationKernel
import Testing

@Suite("Enabled actions")
struct ClusterEnabledActionsTests {
  /// Replays a run and asks before each step whether it was on offer.
  private func expectOffered<Subject>(
    _ setting: ClusterSetting<Subject>, _ steps: [RecordedStep]
  ) where Subject.Message.Operation == Operation, Subject.Message.Response == Response {
    var cluster = Cluster<Subject>(
      setting, choices: Choices(stream: SeededStream(seed: 0, name: "replay")))
    for (index, step) in steps.enumerated() {
      switch step.action {
      case .deliver, .fire, .resume, .reportFailure:
        #expect(
          cluster.enabledActions(overtaking: true).contains(step.action), "step \(index + 1)")
      case .start(let node) where cluster.processes[node.index].starts == 0:
        #expect(cluster.enabledActions().contains(step.action), "step \(index + 1)")
      default: break
      }
      #expect(cluster.isEnabled(step.action), "step \(index + 1)")
      let crash = step.crash.map {
        CrashRequest(kind: $0.kind, place: .afterEffect($0.effectCount))
      }
      cluster.offerChoices(step.choices)
      #expect(cluster.apply(step.action, at: step.time, crash: crash) == true)
      #expect(!cluster.choicesDiverged)
    }
  }

  @Test(
    "whatever a seeded run with every kind of fault does was among them",
    arguments: 1...12 as ClosedRange<UInt64>)
  func seededRun(seed: UInt64) {
    let run = RelayRun(seed: seed, detector: .perfect) { plan in
      var faults = DrawnFaults()
      faults.crashes = 3
      faults.restarts = 3
      faults.partitions = 1
      faults.oneWayCuts = 1
      faults.slowLinks = 1
      faults.window = .milliseconds(40)
      plan.faults = .drawn(faults)
      plan.network.loss = 0.05
      plan.network.duplication = 0.05
      plan.network.reordering = 0.2
    }
    #expect(run.steps.count > 50)
    expectOffered(run.cluster.setting, run.steps)
  }

  @Test("whatever a seeded run of a register with a disk does was among them")
  func registerRun() {
    let layout = ClusterLayout(serverCount: 1, coordinatorName: nil, clientCount: 2)
    let setting = ClusterSetting<DurableRegister>(
      nodes: ProtocolSetting(layout: layout), detector: .timeouts,
      diskProfile: "default+atomic-dir", checks: [], writeBackInterval: .milliseconds(3))
    var plan = RunPlan()
    SeededRunTests.powerLosses(&plan)
    for seed in 1...5 as ClosedRange<UInt64> {
      var run = SeededRun(setting, plan, seed: seed)
      run.recorder = StepRecorder(writesLines: false)
      var checker = StoreChecker(limit: 10_000)
      _ = run.run(&checker)
      expectOffered(setting, run.recorder?.steps ?? [])
    }
  }

  @Test("only the first parcel of a channel is offered, all of them if the network reorders")
  func overtaking() {
    var cluster = Cluster.puppets()
    let acts = (1...3).map { Puppet.Act.send(Puppet.Message(number: $0), NodeID(1)) }
    cluster.order(NodeID(0), acts)
    func deliveries(_ actions: [ClusterAction]) -> Int {
      actions.count { if case .deliver = $0 { true } else { false } }
    }
    #expect(deliveries(cluster.enabledActions()) == 1)
    #expect(deliveries(cluster.enabledActions(overtaking: true)) == 3)
  }

  @Test("a parcel that a node sends to itself is offered like any other")
  func selfSend() {
    var cluster = Cluster.puppets()
    cluster.order(NodeID(0), [.send(Puppet.Message(number: 1), NodeID(0))])
    let delivery = ClusterAction.deliver(from: NodeID(0), to: NodeID(0), number: 0)
    #expect(cluster.isEnabled(delivery))
    #expect(cluster.enabledActions().contains(delivery))
  }

  @Test("an action that is not enabled is refused and changes nothing")
  func refusal() {
    var cluster = Cluster.puppets(detector: .perfect)
    cluster.order(
      NodeID(0),
      [
        .send(Puppet.Message(number: 1), NodeID(1)), .setTimer(.pace(3), .seconds(1)),
        .resume(4), .file(.create("a")),
      ])
    cluster.act(.crash(NodeID(2), .process))
    let layout = cluster.layout
    var actions: [ClusterAction] = [.clusterPowerLoss]
    for node in (0..<layout.nodeCount).map({ NodeID($0) }) {
      actions += [
        .start(node), .fire(node, .pace(3)), .fire(node, .retry()), .resume(node, 4),
        .resume(node, 5), .reportFailure(node), .writeBack(node), .crash(node, .process),
        .crash(node, .powerLoss), .invoke(node, .get(key: 0)),
      ]
      for other in (0..<layout.nodeCount).map({ NodeID($0) }) {
        actions += [.cut(from: node, to: other), .heal(from: node, to: other)]
        for number in 0...1 as ClosedRange<UInt32> {
          actions += [
            .deliver(from: node, to: other, number: number),
            .lose(from: node, to: other, number: number),
            .duplicate(from: node, to: other, number: number),
          ]
        }
      }
    }
    var refused = 0
    for action in actions {
      var after = cluster
      let isEnabled = cluster.isEnabled(action)
      let wasApplied = after.apply(action, at: cluster.now + .seconds(1))
      #expect(wasApplied == isEnabled, "\(action)")
      if isEnabled {
        #expect(after.stepCount == cluster.stepCount + 1)
        #expect(after.traceDigest != cluster.traceDigest)
        continue
      }
      refused += 1
      #expect(after.fingerprint == cluster.fingerprint, "\(action)")
      #expect(after.traceDigest == cluster.traceDigest, "\(action)")
      #expect(after.now == cluster.now)
      #expect(after.stepCount == cluster.stepCount)
      #expect(after.history == cluster.history)
    }
    #expect(refused > 150)
  }

  @Test("worlds that differ in one thing have different fingerprints")
  func fingerprints() {
    var worlds = [Cluster.puppets()]
    func add(_ change: (inout Cluster<Puppet>) -> Void) {
      var cluster = worlds[0]
      change(&cluster)
      worlds.append(cluster)
    }
    let node = NodeID(0)
    add { $0.order(node, []) }
    add { $0.order(node, [.send(Puppet.Message(number: 1), NodeID(1))]) }
    add { $0.order(node, [.send(Puppet.Message(number: 1), NodeID(2))]) }
    add { $0.order(node, [.setTimer(.pace(), .seconds(1))]) }
    add { $0.order(node, [.setTimer(.retry(), .seconds(1))]) }
    add { $0.order(node, [.resume(1)]) }
    add { $0.order(node, [.resume(2)]) }
    add { $0.order(node, [.file(.create("a"))]) }
    add { $0.order(NodeID(1), []) }
    add { $0.act(.crash(node, .process)) }
    add { $0.act(.cut(from: node, to: NodeID(1))) }
    add { $0.act(.invoke($0.layout.client(0), .get(key: 0))) }
    #expect(Set(worlds.map(\.fingerprint)).count == worlds.count)
  }

  @Test("a timer that is armed again fires once; a cancelled one does not fire")
  func timers() {
    var cluster = Cluster.puppets()
    let node = NodeID(0)
    cluster.order(
      node,
      [
        .setTimer(.pace(), .seconds(1)), .setTimer(.pace(), .seconds(2)),
        .setTimer(.retry(), .seconds(1)), .cancelTimer(.retry()), .cancelTimer(.suspicion()),
      ])
    #expect(cluster.timers[0].armed == [.pace()])
    let generations = cluster.report.armings.elements.prefix(2).map(\.generation)
    #expect(cluster.timers[0].generation(of: .pace()) == generations[1])
    cluster.act(.fire(node, .pace()))
    #expect(!cluster.isEnabled(.fire(node, .pace())))
  }
}
